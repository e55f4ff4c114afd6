"""The price while seats are held: what it is made of, what is left to pay, and what the last button says."""

from collections.abc import Mapping
from dataclasses import dataclass

from booking.bookeo import Hold, Money, Product, Tax
from booking.presenters import texts
from booking.services.holds import Codes


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    amount: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class PriceBox:
    """`changed` says how the final price came to differ from the estimate on the page of times. `later`: the business
    names the price itself, with its answer. `press` is what the last button says, `note` what follows from it."""

    total: str
    lines: list[Line]
    payable: str
    payable_differs: bool
    press: str
    note: str
    changed: str = ""
    later: bool = False


def price_box(
    hold: Hold, estimate: Money | None, taxes: Mapping[str, Tax], product: Product, *, payment_note: str = ""
) -> PriceBox:
    """`payment_note` is what the business says about paying; it is left out where nothing is due."""
    price = hold.price
    payable = hold.total_payable or price.total_gross
    return PriceBox(
        total=_total(hold),
        lines=[*_tax_lines(hold, taxes), *_credit_lines(hold)],
        payable=texts.money(payable),
        payable_differs=payable.amount != price.total_gross.amount,
        press=_press(hold, product),
        note=_note(hold, product, payment_note),
        changed=_changed(hold, estimate),
        later=price_is_told_later(product, price.total_gross),
    )


def price_is_told_later(product: Product, total: Money | None) -> bool:
    """A request for something without rates costs nothing yet: that is no price."""
    return product.accept_deny and not product.default_rates and (total is None or total.is_zero)


def codes_text(codes: Codes) -> str:
    """WELCOME10 and GIFT25; empty when there is none."""
    return texts.joined(filter(None, (codes.promotion, codes.voucher)))


def credits_text(number: int) -> str:
    """2 prepaid credits"""
    return texts.counted(number, "prepaid credit", "prepaid credits")


def _total(hold: Hold) -> str:
    if _is_paid_by_credits(hold):
        return credits_text(hold.applicable_prepaid_credits or 0)
    return texts.money(hold.price.total_gross)


def _is_paid_by_credits(hold: Hold) -> bool:
    return bool(hold.applicable_prepaid_credits) and hold.price.total_gross.is_zero


def _press(hold: Hold, product: Product) -> str:
    total, payable = hold.price.total_gross, hold.total_payable or hold.price.total_gross
    if product.accept_deny:
        return "Send the request"
    if hold.applicable_prepaid_credits and _is_paid_by_credits(hold):
        return f"Book with {texts.counted(hold.applicable_prepaid_credits, 'credit', 'credits')}"
    if total.is_zero:
        return "Book, free of charge"
    if payable.is_zero:
        return "Book, nothing left to pay"
    return f"Book for {texts.money(total)}" if payable == total else f"Book, {texts.money(payable)} left to pay"


def _note(hold: Hold, product: Product, payment_note: str) -> str:
    once = "Pressing twice sends it once." if product.accept_deny else "Pressing twice books once."
    if _is_paid_by_credits(hold):
        return f"Your credit is used for this booking. {once}"
    payable = hold.total_payable or hold.price.total_gross
    is_due = not payable.is_zero or price_is_told_later(product, hold.price.total_gross)
    return f"{payment_note} {once}".strip() if is_due else once


def _tax_lines(hold: Hold, taxes: Mapping[str, Tax]) -> list[Line]:
    if hold.price.taxes:
        return [
            Line(f"Of which {taxes[t.tax_id].name if t.tax_id in taxes else 'tax'}", texts.money(t.amount), quiet=True)
            for t in hold.price.taxes
            if not t.amount.is_zero
        ]
    if hold.price.total_taxes.is_zero:
        return []
    return [Line("Of which taxes", texts.money(hold.price.total_taxes), quiet=True)]


def _credit_lines(hold: Hold) -> list[Line]:
    lines = []
    if hold.applied_promotion_discount and not hold.applied_promotion_discount.is_zero:
        lines.append(Line("Your code saved you", texts.money(hold.applied_promotion_discount), quiet=True))
    if hold.applicable_gift_voucher_credit and not hold.applicable_gift_voucher_credit.is_zero:
        lines.append(Line("Gift voucher", f"−{texts.money(hold.applicable_gift_voucher_credit)}"))
    if hold.applicable_money_credit and not hold.applicable_money_credit.is_zero:
        lines.append(Line("Your credit", f"−{texts.money(hold.applicable_money_credit)}"))
    if hold.applicable_prepaid_credits and not _is_paid_by_credits(hold):
        lines.append(Line("Paid with", credits_text(hold.applicable_prepaid_credits)))
    return lines


def _changed(hold: Hold, estimate: Money | None) -> str:
    total = hold.price.total_gross
    if estimate is None or estimate.currency != total.currency or estimate.amount == total.amount:
        return ""
    if _is_paid_by_credits(hold):
        return ""
    if total.amount < estimate.amount:
        return f"Less than the estimate of {texts.money(estimate)}."
    taxes = hold.price.total_taxes
    if total.amount - taxes.amount <= estimate.amount:
        return f"The estimate of {texts.money(estimate)} was without taxes; they are in now."
    return f"The estimate was {texts.money(estimate)}. This is the final price, with everything in it."
