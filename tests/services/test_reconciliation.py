"""Attempts that nobody is waiting for are settled too: each kind, also those that arrive late."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from booking.bookeo import Booking, CustomerInput, Money
from booking.models import Attempt
from booking.services import attempts, booking_changes, customers, payments, reconciliation, sharing
from booking.services.attempts import AlreadyAttempted, Kind
from booking.services.errors import OutcomeUnknown, Unavailable
from booking.services.reconciliation import settle_open_attempts
from tests.services.test_settling import CHOICE
from tests.shop import KAYAK, Shop, book

pytestmark = pytest.mark.django_db


def _booked(shop: Shop) -> Booking:
    number = str(book(shop.at_check(KAYAK, "?adults=2")).page.one(".code data")["value"])
    return shop.client.get_booking(booking_number=number)


def _lost(shop: Shop, path: str, act: Callable[[], object], knob: str = "cut=after") -> Attempt:
    """Do something whose answer is lost, while every look for it fails too."""
    shop.knobs(f"{knob}", on=path, times=1)
    sharing.claim("settling", seconds=60)  # somebody else has just looked
    with pytest.raises(OutcomeUnknown):
        act()
    sharing.release("settling")
    attempt = Attempt.objects.latest("created_at")
    assert attempt.state == "unknown"
    return attempt


def _later(seconds: float) -> Any:
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True)


def test_nothing_open_asks_nobody(shop: Shop) -> None:
    assert settle_open_attempts() == 0
    assert shop.calls == []


def test_payment_is_found_by_the_reference_in_its_comment(shop: Shop) -> None:
    number = _booked(shop).booking_number

    def pay() -> object:
        money = Money(amount=Decimal(50), currency="EUR")
        return payments.record_payment(number, form="form", amount=money, reason="Desk", method="cash")

    attempt = _lost(shop, f"POST /v2/bookings/{number}/payments", pay)
    assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.state == "confirmed"
    assert pay() == payments.find_payments_of(number)[0]
    assert shop.counted["create_booking_payment"] == 1


def test_cancellation_is_found_by_looking_at_the_booking(shop: Shop) -> None:
    number = _booked(shop).booking_number
    attempt = _lost(
        shop, "DELETE /v2/bookings", lambda: booking_changes.cancel_booking(booking_changes.get_booking(number))
    )
    assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.target) == ("confirmed", number)


def test_change_is_found_by_the_time_of_the_last_one(shop: Shop) -> None:
    number = _booked(shop).booking_number

    def change() -> object:
        return booking_changes.change_booking(
            booking_changes.get_booking(number), form="form", as_manager=True, external_ref="changed"
        )

    attempt = _lost(shop, "PUT /v2/bookings", change)
    assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.state == "confirmed"


def test_customer_is_found_by_the_address_of_which_only_a_fingerprint_is_kept(shop: Shop) -> None:
    new = CustomerInput(first_name="New", email_address="New@example.com")
    attempt = _lost(shop, "POST /v2/customers", lambda: customers.create_customer(new, form="form"))
    assert "example" not in str(Attempt.objects.values().get(pk=attempt.pk))
    assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert customers.get_customer(attempt.target).email_address == "New@example.com"


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("DELETE /v2/bookings", lambda number: booking_changes.cancel_booking(booking_changes.get_booking(number))),
        (
            "PUT /v2/bookings",
            lambda number: booking_changes.change_booking(
                booking_changes.get_booking(number), form="f", external_ref="x"
            ),
        ),
    ],
)
def test_what_did_not_arrive_is_given_up_after_the_grace(shop: Shop, path: str, act: Callable[[str], object]) -> None:
    number = _booked(shop).booking_number
    attempt = _lost(shop, path, lambda: act(number), knob="fail=500")
    assert settle_open_attempts() == 0
    with _later(reconciliation.grace().total_seconds() + 5):
        assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert attempt.state == "lost"


def test_many_who_wait_look_once(shop: Shop) -> None:
    attempts.begin(Kind.BOOKING, uuid.uuid4().hex)
    with _later(reconciliation.PENDING_LIMIT.total_seconds() + 1):
        for _ in range(5):
            settle_open_attempts()
    assert shop.counted["list_bookings"] == 1


def test_failing_look_decides_nothing(shop: Shop) -> None:
    attempt = attempts.begin(Kind.BOOKING, uuid.uuid4().hex)
    shop.knobs("fail=503", on="GET /v2/bookings")
    with _later(3600), pytest.raises(Unavailable):
        settle_open_attempts()
    attempt.refresh_from_db()
    assert attempt.state == "pending"


def _arrives_late(shop: Shop, subject: str) -> tuple[Attempt, str]:
    """An attempt that was given up, and the booking that came of it after all."""
    attempt = attempts.begin(Kind.BOOKING, subject, product_id=CHOICE.wishes.product_id)
    attempts.leave_unknown(attempt, None)
    assert attempts.give_up(attempt)
    number = _booked(shop).booking_number
    document = shop.client.get_booking(booking_number=number).model_dump(by_alias=True, exclude_unset=True, mode="json")
    shop.client.update_booking(
        booking_number=number, document=document | {"externalRef": attempt.reference}, backend=True
    )
    return attempt, number


def test_late_booking_alone_is_confirmed(shop: Shop) -> None:
    attempt, number = _arrives_late(shop, uuid.uuid4().hex)
    assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.target) == ("confirmed", number)


def test_late_booking_beside_another_is_cancelled(shop: Shop) -> None:
    draft = uuid.uuid4()
    attempt, number = _arrives_late(shop, draft.hex)
    other = attempts.begin(Kind.BOOKING, draft.hex)
    attempts.confirm(other, _booked(shop).booking_number)
    assert settle_open_attempts() == 1
    attempt.refresh_from_db()
    assert (attempt.state, attempt.target) == ("duplicate", number)
    assert shop.client.get_booking(booking_number=number).canceled
    assert not shop.client.get_booking(booking_number=other.target).canceled


def test_late_booking_beside_one_on_its_way_waits_for_that_one(shop: Shop) -> None:
    draft = uuid.uuid4()
    attempt, number = _arrives_late(shop, draft.hex)
    attempts.begin(Kind.BOOKING, draft.hex)
    settle_open_attempts()
    attempt.refresh_from_db()
    assert attempt.state == "lost"
    assert not shop.client.get_booking(booking_number=number).canceled


def test_ledger_lets_one_through_and_says_which(shop: Shop) -> None:
    first = attempts.begin(Kind.PAYMENT, "form")
    with pytest.raises(AlreadyAttempted) as already:
        attempts.begin(Kind.PAYMENT, "form")
    assert already.value.attempt == first
    attempts.begin(Kind.CHANGE, "form")
    attempts.refuse(first, None)
    assert attempts.begin(Kind.PAYMENT, "form") != first


@pytest.mark.parametrize("state", ["pending", "unknown", "confirmed"])
def test_database_itself_refuses_a_second_live_attempt(state: str) -> None:
    for old in ("refused", "lost", "duplicate", "confirmed"):
        Attempt.objects.create(kind="payment", subject="s", reference=uuid.uuid4().hex, state=old)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(kind="payment", subject="s", reference=uuid.uuid4().hex, state=state)


def test_settled_attempt_cannot_be_given_up() -> None:
    attempt = attempts.begin(Kind.BOOKING, "draft")
    same = Attempt.objects.get(pk=attempt.pk)
    attempts.confirm(attempt, "123")
    assert not attempts.give_up(same)
    assert Attempt.objects.get().state == "confirmed"
