"""Money is exact, on both sides of the wire, whatever the amounts."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.bookeo import Money, to_wire
from sandbox import create_app
from sandbox.demo_products import ADULTS, CHILDREN, INFANTS, KAYAK
from sandbox.money import amount_text, cents, render_money
from tests.contract.document import schema
from tests.sandbox.bodies import kayak, kayak_for_robin
from tests.sandbox.client import Api, Json
from tests.sandbox.conftest import NOW

AMOUNT_TEXT = st.from_regex(
    r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?", fullmatch=True, alphabet=st.characters(codec="ascii")
)
EXACT = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2)
ANY_PLACES = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False)
PARTY = st.fixed_dictionaries({ADULTS: st.integers(0, 6), CHILDREN: st.integers(0, 4), INFANTS: st.integers(0, 2)})
ADJUSTMENT = st.fixed_dictionaries(
    {
        "unitPrice": EXACT.filter(lambda amount: abs(amount) < 10**6).map(lambda amount: render_money(amount, "EUR")),
        "quantity": st.integers(-20, 20),
        "description": st.just("Adjustment"),
    }
)
quick = settings(max_examples=60, deadline=None, database=None)


def euros(amount: Decimal) -> Money:
    """An amount as the client holds it."""
    return Money(amount=amount, currency="EUR")


def amount_of(money: dict[str, str]) -> Decimal:
    """An amount as the sandbox answers it."""
    return Decimal(money["amount"])


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One sandbox for all examples."""
    database: Path = tmp_path_factory.mktemp("money") / "sandbox.sqlite3"
    app = create_app(database, data="empty", knob_values={"clock": NOW})
    yield Api(app)
    app.store.close()


@given(AMOUNT_TEXT)
def test_client_keeps_the_text_of_every_amount(text: str) -> None:
    read = Money.model_validate({"amount": text, "currency": "EUR"})
    assert to_wire(read) == {"amount": text, "currency": "EUR"}
    assert read.amount == Decimal(text)


@given(EXACT, EXACT, EXACT)
def test_sums_are_exact_in_any_order(a: Decimal, b: Decimal, c: Decimal) -> None:
    together = euros(a) + euros(b) + euros(c)
    assert together == euros(c) + euros(b) + euros(a)
    assert together - euros(c) - euros(b) == euros(a)
    assert together.amount == a + b + c


@given(ANY_PLACES)
def test_sandbox_writes_amounts_that_the_contract_knows_and_the_client_reads(amount: Decimal) -> None:
    written = render_money(amount, "EUR")
    assert schema("Money").is_valid(written)
    assert Money.model_validate(written).amount == cents(amount)
    assert abs(cents(amount) - amount) <= Decimal("0.005")


@given(ANY_PLACES)
def test_sandbox_writes_one_text_for_one_amount(amount: Decimal) -> None:
    text = amount_text(amount)
    assert amount_text(Decimal(text)) == text
    assert not text.startswith("-") or Decimal(text) < 0
    assert not text.endswith(".00")


@quick
@given(
    party=PARTY.filter(lambda numbers: sum(numbers.values()) > 0),
    codes=st.fixed_dictionaries(
        {},
        optional={
            "promotionCodeInput": st.sampled_from(["WELCOME10", "LAKE5", "LAKE5,WELCOME10"]),
            "giftVoucherCodeInput": st.sampled_from(["GIFT25", "KAYAK-FREE", "KAYAK-FREE, GIFT25"]),
        },
    ),
    boxes=st.integers(0, 12),
    adjustments=st.lists(ADJUSTMENT, max_size=3),
)
def test_price_of_a_hold_adds_up(
    api: Api, party: dict[str, int], codes: dict[str, str], boxes: int, adjustments: list[Any]
) -> None:
    numbers = [{"peopleCategoryId": category, "number": number} for category, number in party.items()]
    options = [{"id": f"{KAYAK}_3JWX6LTA", "value": str(boxes)}]
    body = kayak(participants={"numbers": numbers}, options=options, priceAdjustments=adjustments) | codes
    hold = api.created("/holds", body)
    assert api.delete(f"/holds/{hold['id']}").status == 204

    price = {name: amount_of(money) for name, money in hold["price"].items() if name != "taxes"}
    assert price["totalNet"] + price["totalTaxes"] == price["totalGross"] >= 0
    assert sum(amount_of(tax["amount"]) for tax in hold["price"].get("taxes", [])) == price["totalTaxes"]
    voucher = amount_of(hold.get("applicableGiftVoucherCredit", {"amount": "0"}))
    assert amount_of(hold["totalPayable"]) + voucher == price["totalGross"]
    assert amount_of(hold["totalPayable"]) >= 0


@quick
@given(amounts=st.lists(ANY_PLACES.map(lambda amount: f"{amount:f}"[:16].rstrip(".")), max_size=6))
def test_payments_and_refunds_add_up_as_they_are_shown(api: Api, amounts: list[str]) -> None:
    booking = f"/bookings/{api.created('/bookings', kayak_for_robin(1))['bookingNumber']}"
    try:
        shown = [amount_of(api.created(f"{booking}/payments", cash(amount))["amount"]) for amount in amounts]
        assert amount_of(api.get(booking).body["price"]["totalPaid"]) == sum(shown)
        assert [amount_of(payment["amount"]) for payment in api.get(f"{booking}/payments").data] == shown
    finally:
        api.delete(booking)


def cash(amount: str) -> Json:
    """A payment to record."""
    return {"reason": "Payment", "amount": {"amount": amount, "currency": "EUR"}, "paymentMethod": "cash"}
