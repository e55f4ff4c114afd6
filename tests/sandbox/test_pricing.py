"""What a booking costs: pure (reference 4.3, 4.5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.catalogue import Promotion, Tax, Voucher
from sandbox.demo_business import harbour_and_hills
from sandbox.demo_products import ADULTS, CHILDREN, KAYAK, SAIL4
from sandbox.money import amount_text
from sandbox.pricing import Adjustment, Order, display_price, quote, settle


def order(product_id: str = KAYAK, **numbers: int) -> Order:
    """Some people in a product."""
    product = harbour_and_hills().product(product_id)
    assert product is not None
    return Order(product, {}, numbers, sum(numbers.values()))


def tax(percent: int = 10) -> Tax:
    """A tax."""
    return Tax("t", {}, Decimal(percent))


@pytest.mark.parametrize(
    ("amount", "text"), [("142.00", "142"), ("49.5", "49.50"), ("118.333", "118.33"), ("0.005", "0.01"), ("-20", "-20")]
)
def test_amounts_have_no_needless_zeros(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text


def test_tax_is_added_or_contained() -> None:
    added = quote(order(Cadults=1), tax())
    assert (added.net, added.gross, added.taxes) == (Decimal("49.00"), Decimal("53.90"), Decimal("4.90"))
    contained = quote(order(SAIL4, Cadults=1), tax())
    assert (contained.gross, contained.net, contained.taxes) == (Decimal(260), Decimal("236.36"), Decimal("23.64"))


def test_rates_of_the_hour_replace_headline_rates() -> None:
    early = replace(order(Cadults=2, Cchildren=1), rates={ADULTS: Decimal(45)})
    assert display_price(early) == 122


def test_discounts_never_go_below_zero() -> None:
    big = Promotion("BIG", "Big", amount=Decimal(1000))
    assert quote(replace(order(Cadults=1), promotions=(big,)), tax()).gross == 0
    minus = Adjustment(Decimal(-1000), 1)
    assert quote(replace(order(Cadults=1), adjustments=(minus,)), tax()).gross == 0


def test_specific_voucher_pays_the_rate_of_the_hour() -> None:
    voucher = Voucher("V", product_id=KAYAK, category=ADULTS)
    early = replace(order(Cadults=2), rates={ADULTS: Decimal(45)}, voucher=voucher)
    assert quote(early, tax(0)).gross == 45
    assert quote(replace(order(Cchildren=1), voucher=voucher), tax(0)).gross == 32


def test_prepaid_credits_pay_for_people() -> None:
    paid = quote(replace(order(Cadults=2), prepaid_credits=2), tax())
    assert (paid.gross, paid.prepaid_used) == (0, 2)


def test_vouchers_pay_before_store_credit_and_neither_too_much() -> None:
    vouchers = (Voucher("A", Decimal(25)),)
    settled = settle(Decimal(30), vouchers, Decimal(20))
    assert (settled.voucher, settled.credit, settled.payable) == (25, 5, 0)
    settled = settle(Decimal(10), vouchers, Decimal(20))
    assert (settled.voucher, settled.credit, settled.payable) == (10, 0, 0)


def test_people_without_a_rate_cost_nothing() -> None:
    assert display_price(order(**{CHILDREN: 1, "Cinfants": 2})) == 32
