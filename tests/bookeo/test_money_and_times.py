"""Promises about amounts and times: exact, and never without their currency or offset."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import ValidationError

from booking.bookeo import (
    ACCOUNT_LOCAL,
    BookingInput,
    Customer,
    LinkedPersonInput,
    Money,
    PaymentInput,
    Slot,
    changed_document,
    to_wire,
)
from tests.bookeo.samples import payload

# --- money


@pytest.mark.parametrize("text", ["27", "49.50", "-142", "0", "0.00", "12345678901234.567"])
def test_money_keeps_the_text_of_its_amount(text: str) -> None:
    assert to_wire(Money.model_validate({"amount": text, "currency": "EUR"}))["amount"] == text


@pytest.mark.parametrize("amount", [27.5, 27.0, True, None, "", "1e3", "NaN", "1,50", "٣", " 1", [], "9" * 4000])
def test_money_refuses_what_is_not_an_exact_decimal(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "EUR"})


@pytest.mark.parametrize("amount", [Decimal("-0.5"), 27])
def test_money_is_built_from_exact_numbers(amount: object) -> None:
    assert Money.model_validate({"amount": amount, "currency": "EUR"}).amount == amount


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity")])
def test_money_is_finite(amount: Decimal) -> None:
    with pytest.raises(ValidationError):
        Money(amount=amount, currency="EUR")


def test_money_adds_and_subtracts_exactly() -> None:
    a, b = Money(amount=Decimal("0.10"), currency="EUR"), Money(amount=Decimal("0.20"), currency="EUR")
    assert (a + b).amount == Decimal("0.30")
    assert (a - b).amount == Decimal("-0.10")
    assert (a - a).is_zero
    assert not a.is_zero


def test_money_of_two_currencies_does_not_add_up() -> None:
    euros, dollars = Money(amount=Decimal(1), currency="EUR"), Money(amount=Decimal(1), currency="USD")
    with pytest.raises(ValueError, match="EUR and USD"):
        euros + dollars


# --- times


def _slot(start_time: object) -> Slot:
    return Slot.model_validate({**payload("slots.response")["data"][0], "startTime": start_time})


def test_answered_time_keeps_its_offset() -> None:
    told = _slot("2026-07-18T10:00:00+02:00").start_time
    assert told == datetime(2026, 7, 18, 8, tzinfo=UTC)
    assert told.utcoffset() == timedelta(hours=2)


def test_answered_time_reads_z_as_utc() -> None:
    assert _slot("2026-07-18T10:00:00Z").start_time == datetime(2026, 7, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-07-18T10:00:00", "2026-07-18T10:00:00-00:00", "2026-07-18", "2026-02-30T10:00:00Z", 1784013005, None, ""],
)
def test_answered_time_without_an_offset_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        _slot(text)


def test_requested_time_may_be_the_local_time_of_the_account() -> None:
    booking = BookingInput.model_validate(payload("booking.flexible.request"))
    assert booking.start_time == datetime(2026, 7, 20, 9, tzinfo=ACCOUNT_LOCAL)
    assert to_wire(booking)["startTime"] == "2026-07-20T09:00:00-00:00"


def test_requested_time_must_not_be_naive() -> None:
    with pytest.raises(ValidationError):
        BookingInput.model_validate(
            {**payload("booking.flexible.request"), "startTime": datetime(2026, 7, 20, 9)}  # noqa: DTZ001
        )


def test_local_time_of_the_account_cannot_be_compared_with_a_real_moment() -> None:
    local = datetime(2026, 7, 20, 9, tzinfo=ACCOUNT_LOCAL)
    with pytest.raises(TypeError):
        local < datetime(2026, 7, 20, 9, tzinfo=UTC)  # noqa: B015


def test_local_time_of_the_account_has_no_offset() -> None:
    local = datetime(2026, 7, 20, 9, tzinfo=ACCOUNT_LOCAL)
    assert (local.utcoffset(), local.dst(), local.tzname()) == (None, None, "-00:00")


def test_times_are_written_to_the_second() -> None:
    moment = datetime(2026, 7, 20, 9, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=-3)))
    payment = PaymentInput(reason="r", amount=Money(amount=Decimal(1), currency="EUR"), payment_method="cash")
    assert changed_document(payment, received_time=moment)["receivedTime"] == "2026-07-20T09:30:15-03:00"


def test_date_of_birth_is_a_day() -> None:
    assert Customer.model_validate(payload("customer.response")).date_of_birth == date(1990, 1, 31)


@pytest.mark.parametrize("value", [date(1990, 1, 31), "1990-01-31", "1990-01-31T00:00:00Z"])
def test_date_of_birth_accepts_a_day(value: object) -> None:
    assert LinkedPersonInput.model_validate({"dateOfBirth": value}).date_of_birth == date(1990, 1, 31)


@pytest.mark.parametrize("value", [datetime(1990, 1, 31, tzinfo=UTC), 19900131, "31.01.1990", ""])
def test_date_of_birth_refuses_what_is_not_a_day(value: object) -> None:
    with pytest.raises(ValidationError):
        LinkedPersonInput.model_validate({"dateOfBirth": value})
