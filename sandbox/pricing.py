"""What a booking costs. Pure; a search's display price and a hold's final price differ by taxes (reference 4.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sandbox.catalogue import Product, Promotion, Tax, Voucher
from sandbox.money import ZERO, cents
from sandbox.questions import Option, Surcharge


@dataclass(frozen=True)
class Chosen:
    """An option with its stored value: a choice id, digits, `true`/`false` or text."""

    option: Option
    value: str


@dataclass(frozen=True)
class Adjustment:
    """An extra line: a surcharge, or a discount when negative."""

    unit_price: Decimal
    quantity: int

    @property
    def total(self) -> Decimal:
        """Unit price times quantity."""
        return self.unit_price * self.quantity


@dataclass(frozen=True)
class Order:
    """What is to be priced. `numbers` counts people by category, `seats` what they take together.

    People pay `part` of the rates: less for some classes of a course, and as members.
    """

    product: Product
    rates: Mapping[str, Decimal]
    numbers: Mapping[str, int]
    seats: int
    part: Decimal = Decimal(1)
    chosen: Sequence[Chosen] = ()
    promotions: Sequence[Promotion] = ()
    voucher: Voucher | None = None
    prepaid_credits: int = 0
    adjustments: Sequence[Adjustment] = ()


@dataclass(frozen=True)
class Quote:
    """The final price. `discount` is already inside it; `prepaid_used` counts credits."""

    gross: Decimal
    net: Decimal
    tax_id: str
    discount: Decimal = ZERO
    prepaid_used: int = 0

    @property
    def taxes(self) -> Decimal:
        """Gross less net."""
        return self.gross - self.net


@dataclass(frozen=True)
class Settlement:
    """How a price is paid: by gift voucher, by store credit, and what is left to pay."""

    voucher: Decimal
    credit: Decimal
    payable: Decimal


def settle(gross: Decimal, vouchers: Sequence[Voucher], credit: Decimal) -> Settlement:
    """Use gift vouchers first and store credit next, neither beyond the price."""
    by_voucher = min(gross, sum((voucher.amount for voucher in vouchers), ZERO))
    by_credit = min(gross - by_voucher, credit)
    return Settlement(by_voucher, by_credit, gross - by_voucher - by_credit)


def display_price(order: Order) -> Decimal:
    """The estimate of a matching slot: people and options, without taxes that the prices do not include."""
    return cents(_people_price(order) + _options_price(order))


def quote(order: Order, tax: Tax) -> Quote:
    """The final price, with discounts, prepaid credits, adjustments and taxes."""
    prepaid_used = min(order.prepaid_credits, sum(order.numbers.values()))
    people = ZERO if prepaid_used else _people_price(order) - _voucher_value(order)
    before = people + _options_price(order)
    discount = _discount(before, order.promotions)
    total = before - discount + sum((line.total for line in order.adjustments), ZERO)
    return _with_tax(max(total, ZERO), order.product.tax_included, tax, discount, prepaid_used)


def _with_tax(total: Decimal, included: bool, tax: Tax, discount: Decimal, prepaid_used: int) -> Quote:
    factor = 1 + tax.percent / 100
    gross = cents(total if included else total * factor)
    net = cents(total / factor if included else total)
    return Quote(gross, net, tax.id, cents(discount), prepaid_used)


def _people_price(order: Order) -> Decimal:
    total = ZERO
    for category, amount in order.product.rates:
        if category is None:
            total += amount
        else:
            total += order.rates.get(category, amount) * order.numbers.get(category, 0)
    return total * order.part


def _options_price(order: Order) -> Decimal:
    return sum((_option_price(chosen, order.seats) for chosen in order.chosen), ZERO)


def _option_price(chosen: Chosen, seats: int) -> Decimal:
    option = chosen.option
    if option.kind == "choice":
        surcharge = next((choice.surcharge for choice in option.choices if choice.id == chosen.value), None)
        return _surcharge(surcharge, seats, 0)
    if option.kind == "number":
        return _surcharge(option.surcharge, seats, int(chosen.value))
    if option.kind == "onOff" and chosen.value == "true":
        return _surcharge(option.surcharge, seats, 1)
    return ZERO


def _surcharge(surcharge: Surcharge | None, seats: int, units: int) -> Decimal:
    if surcharge is None:
        return ZERO
    factor = {"booking": 1, "seat": seats, "unit": units}[surcharge.per]
    return surcharge.amount * factor


def _voucher_value(order: Order) -> Decimal:
    voucher = order.voucher
    if voucher is None or voucher.category is None or not order.numbers.get(voucher.category):
        return ZERO
    headline = dict(order.product.rates).get(voucher.category, ZERO)
    return order.rates.get(voucher.category, headline) * order.part


def _discount(total: Decimal, promotions: Sequence[Promotion]) -> Decimal:
    discount = ZERO
    for promotion in promotions:
        discount += (total - discount) * promotion.percent / 100 + promotion.amount
    return min(discount, total)
