"""Payments of a booking in words: how each came, the running balance, the receipt."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from booking.bookeo import Booking, Money, Payment, PaymentMethod
from booking.presenters import texts
from booking.services.desk_payments import balance_of, size_of

METHODS: dict[str, str] = {
    PaymentMethod.CASH: "Cash",
    PaymentMethod.CREDIT_CARD: "Credit card",
    PaymentMethod.DEBIT_CARD: "Debit card",
    PaymentMethod.BANK_TRANSFER: "Bank transfer",
    PaymentMethod.PAYPAL: "PayPal",
    PaymentMethod.CHECQUE: "Cheque",
    PaymentMethod.ACCOUNT_CREDIT: "Credit on the account",
    PaymentMethod.EXISTING_CREDIT: "Credit from before",
    PaymentMethod.MONEY_VOUCHER: "Voucher",
    PaymentMethod.OTHER: "Another way",
}
# What our payments end with, so that they can be found again.
REFERENCE = re.compile(r"\s*\[web-[0-9a-f]{32}\]$")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """`payment_id` names a payment that has a receipt."""

    day: str
    what: str
    how: str
    amount: str
    balance: str
    payment_id: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """From the price down to what is due; `balance` says how it stands."""

    lines: list[LedgerLine]
    balance: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`moment_label` says which moment it is: when it was received, or given back."""

    title: str
    amount: str
    moment_label: str
    moment: str
    method: str
    reason: str
    standing: str


def ledger_of(booking: Booking, payments: Iterable[Payment]) -> Ledger:
    if booking.price is None:
        return Ledger([], "No price is told")
    total, currency = booking.price.total_gross, booking.price.total_gross.currency
    left = total.amount
    made = texts.date_alone(texts.day_of(booking.creation_time))
    lines = [LedgerLine(made, "Price", "", texts.money(total), texts.money(total))]
    for payment in payments:
        left -= payment.amount.amount
        lines.append(_line(payment, Money(amount=left, currency=currency)))
    other = left - balance_of(booking)
    if other:  # credits, or payments that the key may not read
        left -= other
        balance = texts.money(Money(amount=left, currency=currency))
        lines.append(
            LedgerLine("", "Paid otherwise", "", texts.money(Money(amount=-other, currency=currency)), balance)
        )
    return Ledger(lines, balance_text(booking))


def balance_text(booking: Booking) -> str:
    """€102.00 due; nothing due; €20.00 paid too much"""
    balance = balance_of(booking)
    if booking.price is None or not balance:
        return "Nothing due"
    amount = texts.money(Money(amount=abs(balance), currency=booking.price.total_gross.currency))
    return f"{amount} due" if balance > 0 else f"{amount} paid too much"


def receipt_of(booking: Booking, payment: Payment) -> Receipt:
    is_refund = payment.amount.amount < 0
    return Receipt(
        title="Refund" if is_refund else "Receipt",
        amount=texts.money(size_of(payment)),
        moment_label="Given back" if is_refund else "Received",
        moment=texts.full_moment(payment.received_time),
        method=method_of(payment),
        reason=payment.reason,
        standing=_standing(booking),
    )


def method_of(payment: Payment) -> str:
    """Cash; the business's own name for another one"""
    if payment.payment_method == "other" and payment.payment_method_other:
        return payment.payment_method_other
    return method_name(payment.payment_method)


def method_name(method: str) -> str:
    """Cash; a method that came later than this program as Bookeo writes it"""
    return METHODS.get(method, method)


def comment_of(payment: Payment) -> str:
    """What somebody wrote, without our reference."""
    return REFERENCE.sub("", payment.comment or "")


def _standing(booking: Booking) -> str:
    """€110.00 paid in all. Nothing due. Empty where no price is told"""
    if booking.price is None:
        return ""
    paid = booking.price.total_paid
    size = texts.money(Money(amount=abs(paid.amount), currency=paid.currency))
    in_all = f"{size} paid in all" if paid.amount >= 0 else f"{size} more given back than paid"
    return f"{in_all}. {balance_text(booking)}."


def _line(payment: Payment, left: Money) -> LedgerLine:
    how = ", ".join(filter(None, (method_of(payment), payment.agent, comment_of(payment))))
    taken = Money(amount=-payment.amount.amount, currency=payment.amount.currency)
    day = texts.date_alone(texts.day_of(payment.received_time))
    return LedgerLine(day, payment.reason, how, texts.money(taken), texts.money(left), payment.id)
