"""How the facts are kept in step: by few calls, behind everybody who waits, and whatever is missed is found later."""

import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from prometheus_client import generate_latest
from prometheus_client.core import CollectorRegistry
from pytest_django import Settings

from booking import tasks
from booking.bookeo import SeatBlockInput
from booking.management.commands import facts as command
from booking.models import BookingFact, FactKind, FactReading, FactSheet, FactWeek, PaymentFact, SlotFact
from booking.services import days, fact_following, fact_weeks, figures, lanes, sharing
from booking.services.errors import Unavailable
from booking.services.lanes import Lane
from tests.manager.desk import allow_only
from tests.messages import ADDRESS, Letter, content
from tests.reports.ground import (
    book_slot,
    calls_of_a_turn,
    catch_up,
    coming_slots,
    fill,
    pay,
    rows_of_the_sandbox,
    snapshot,
)
from tests.shop import Shop

MOST_CALLS = fact_following.UNREAD_WEEKS + fact_following.QUIET_WEEKS + 2


def _later(minutes: float) -> None:
    """As if the last turn had been so long ago."""
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    FactReading.objects.update(asked_at=moment)


def _due(kind: FactKind) -> None:
    FactWeek.objects.filter(kind=kind).update(due_at=datetime.now(UTC))


@pytest.mark.usefixtures("usual_reach")
def test_first_filling_is_paced_and_begins_with_this_week(shop: Shop) -> None:
    assert len(calls_of_a_turn(shop)) <= MOST_CALLS
    this = fact_weeks.monday_of(days.today())
    read = FactWeek.objects.exclude(read_at=None)
    assert set(read.filter(monday=this).values_list("kind", flat=True)) == set(FactKind)
    assert fact_weeks.progress().read == fact_following.UNREAD_WEEKS

    while fact_weeks.any_unread():
        assert len(calls_of_a_turn(shop)) <= MOST_CALLS
    progress = fact_weeks.progress()
    assert progress.is_complete
    assert progress.first is not None
    assert progress.last is not None
    assert (days.today() - progress.first).days >= 90
    assert (progress.last - days.today()).days >= 90


def test_quiet_turn_costs_three_calls_at_most(shop: Shop) -> None:
    fill()
    catch_up()
    for kind in FactKind:
        _due(kind)
        assert len(calls_of_a_turn(shop)) <= 3


def test_most_turns_ask_nobody(shop: Shop) -> None:
    fill()
    before = len(shop.calls)
    assert fact_following.follow() == 0
    assert len(shop.calls) == before
    _later(minutes=5.1)
    fact_following.follow()
    assert len(shop.calls) > before


def test_turns_are_taken_in_the_last_lane(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Lane] = []
    monkeypatch.setattr(tasks.fact_following, "follow", lambda: seen.append(lanes.current()) or 0)
    tasks.ask(tasks.FACTS)
    assert seen == [Lane.BACKGROUND]


def test_of_two_workers_one_takes_the_turn(shop: Shop) -> None:
    sharing.claim(fact_following.LOCK, seconds=60)
    assert calls_of_a_turn(shop) == []
    sharing.release(fact_following.LOCK)
    assert calls_of_a_turn(shop)


def test_change_that_is_notified_is_counted_with_the_next_turn(shop: Shop, settings: Settings) -> None:
    settings.WEBHOOK_URL = ADDRESS
    fill()
    slot = coming_slots(shop)[2]
    booking = book_slot(shop, slot, adults=3)
    assert fact_following.follow() == 0
    Letter(body=content(bookingNumber=booking.booking_number)).post()
    assert fact_following.follow() > 0

    assert BookingFact.objects.get(number=booking.booking_number).people == 3
    assert SlotFact.objects.get(event_id=slot.event_id).seats_left == slot.num_seats_available - 3


def test_lost_notifications_are_made_up_for(shop: Shop) -> None:
    fill()
    slots = coming_slots(shop)
    booking = book_slot(shop, slots[2])
    payment = pay(shop, booking, "10")
    shop.client.cancel_booking(booking_number=book_slot(shop, slots[3]).booking_number)
    _later(minutes=6)
    fact_following.follow()
    assert BookingFact.objects.filter(number=booking.booking_number).exists()
    assert PaymentFact.objects.filter(payment_id=payment).exists()
    assert BookingFact.objects.filter(event_id=slots[3].event_id, canceled=True).exists()


def test_long_absence_is_made_up_for_step_by_step(shop: Shop) -> None:
    fill()
    catch_up()
    booking = book_slot(shop, coming_slots(shop)[2])
    FactReading.objects.update(followed_until=datetime.now(UTC) - timedelta(days=20))
    turns = [Counter(calls_of_a_turn(shop))["list_bookings"] for _ in range(3)]
    assert max(turns) <= fact_following.STEPS + fact_following.BUSY_WEEKS
    assert BookingFact.objects.filter(number=booking.booking_number).exists()
    assert datetime.now(UTC) - FactReading.objects.get(kind=FactKind.BOOKINGS).followed_until < timedelta(minutes=1)


def _delete(tmp_path: Path, number: str) -> None:
    """As when its customer is deleted in the back office: no list tells of it any more."""
    list(rows_of_the_sandbox(tmp_path, "DELETE FROM booking WHERE number = ?", number))
    list(rows_of_the_sandbox(tmp_path, "DELETE FROM payment WHERE booking_number = ?", number))


def test_deleted_booking_is_counted_no_more(shop: Shop, tmp_path: Path, settings: Settings) -> None:
    settings.WEBHOOK_URL = ADDRESS
    booking = book_slot(shop, coming_slots(shop)[2])
    payment = pay(shop, booking, "10")
    fill()
    catch_up()
    _delete(tmp_path, booking.booking_number)
    Letter(kind="deleted", body=_about(booking.booking_number)).post()
    Letter(domain="payments", kind="deleted", body=_about(payment)).post()
    fact_following.follow()
    assert not BookingFact.objects.filter(number=booking.booking_number).exists()
    assert not PaymentFact.objects.filter(payment_id=payment).exists()


def _about(item: str) -> bytes:
    return content().replace(b'"itemId": "4151607147062318"', f'"itemId": "{item}"'.encode())


def test_deletion_that_nobody_told_of_is_found_when_the_week_is_read_again(shop: Shop, tmp_path: Path) -> None:
    booking = book_slot(shop, coming_slots(shop)[2])
    fill()
    _delete(tmp_path, booking.booking_number)
    _due(FactKind.BOOKINGS)
    catch_up()
    assert not BookingFact.objects.filter(number=booking.booking_number).exists()


def test_list_that_tells_of_nothing_deletes_nothing(shop: Shop) -> None:
    """A key whose rights were cut may get empty lists instead of a refusal."""
    fill()
    before = BookingFact.objects.count(), PaymentFact.objects.count()
    empty = {"data": [], "info": {"totalItems": 0, "totalPages": 1, "currentPage": 1}}
    app = shop.adapter.app

    def forgetful(environ, start_response):  # type: ignore[no-untyped-def]
        if environ["PATH_INFO"] in {"/v2/bookings", "/v2/payments"}:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [str(empty).replace("'", '"').encode()]
        return app(environ, start_response)

    shop.adapter.app = forgetful
    _due(FactKind.BOOKINGS)
    _due(FactKind.PAYMENTS)
    for _ in range(5):
        fact_following.follow(at_once=True)
    assert (BookingFact.objects.count(), PaymentFact.objects.count()) == before


def test_payment_with_an_earlier_date_is_found_when_the_week_is_read_again(shop: Shop) -> None:
    fill()
    payment = pay(shop, book_slot(shop, coming_slots(shop)[2]), "10", received_time=days.now() - timedelta(days=12))
    fact_following.follow(at_once=True)
    assert not PaymentFact.objects.filter(payment_id=payment).exists()
    _due(FactKind.PAYMENTS)
    catch_up()
    assert PaymentFact.objects.get(payment_id=payment).day == days.today() - timedelta(days=12)


def test_blocked_seats_are_seen_after_their_notification(shop: Shop, settings: Settings) -> None:
    settings.WEBHOOK_URL = ADDRESS
    fill()
    catch_up()
    slot = coming_slots(shop, ahead=6)[2]
    shop.client.create_seat_block(block=SeatBlockInput(event_id=slot.event_id, product_id=slot.product_id, num_seats=2))
    Letter(domain="seatblocks", kind="created").post()
    for _ in range(2):
        fact_following.follow(at_once=True)
    assert SlotFact.objects.get(event_id=slot.event_id).seats_left == slot.num_seats_available - 2


def test_full_slot_that_is_hidden_is_full(shop: Shop) -> None:
    slot = coming_slots(shop)[2]
    book_slot(shop, slot, adults=slot.num_seats_available)
    other = coming_slots(shop)[3]
    shop.knobs("full_slots=hide")
    fill()
    assert SlotFact.objects.get(event_id=slot.event_id).seats_left == 0
    assert SlotFact.objects.get(event_id=other.event_id).seats_left == other.num_seats_available


def test_slot_that_is_taken_off_is_on_offer_no_more(shop: Shop) -> None:
    fill()
    ghost = SlotFact.objects.get(event_id=coming_slots(shop)[4].event_id)
    ghost.event_id = "taken-off"
    ghost.save(force_insert=True)
    _due(FactKind.SLOTS)
    catch_up()
    assert not SlotFact.objects.filter(event_id="taken-off").exists()


def test_key_without_payments_still_counts_bookings(shop: Shop) -> None:
    allow_only(shop, "availability_r", "bookings_r_all")
    fill()
    assert BookingFact.objects.exists()
    assert fact_following.standing().refused == {FactKind.PAYMENTS}
    assert fact_weeks.progress().is_complete
    assert "list_payments" not in calls_of_a_turn(shop)

    allow_only(shop, "availability_r", "bookings_r_all", "payments_r_all")
    _later(minutes=61)
    fill()
    assert fact_following.standing().refused == frozenset()
    assert PaymentFact.objects.exists()


def test_key_without_bookings_is_asked_once_an_hour(shop: Shop) -> None:
    allow_only(shop, "availability_r")
    fact_following.follow()
    before = len(shop.calls)
    assert fact_following.standing().refused == {FactKind.BOOKINGS, FactKind.PAYMENTS}
    _later(minutes=59)
    fact_following.follow()
    assert len(shop.calls) == before


def test_key_without_bookings_follows_payments_every_five_minutes(shop: Shop) -> None:
    allow_only(shop, "availability_r", "payments_r_all")
    fill()
    FactReading.objects.filter(kind=FactKind.BOOKINGS).update(asked_at=datetime.now(UTC) - timedelta(minutes=30))
    before = len(shop.calls)
    fact_following.follow()
    assert len(shop.calls) == before
    FactReading.objects.filter(kind=FactKind.PAYMENTS).update(asked_at=datetime.now(UTC) - timedelta(minutes=6))
    fact_following.follow()
    assert "list_payments" in shop.operations[before:]


@pytest.mark.parametrize("status", [400, 403])
def test_week_that_bookeo_will_not_tell_of_keeps_no_other_from_being_read(shop: Shop, status: int) -> None:
    shop.knobs(f"fail={status}", on="/availability/slots")
    fill()
    assert fact_weeks.progress().is_complete
    assert BookingFact.objects.exists()
    assert PaymentFact.objects.exists()
    assert not SlotFact.objects.exists()


def test_outage_puts_no_week_off(shop: Shop) -> None:
    shop.knobs("fail=503", on="/availability/slots")
    with pytest.raises(Unavailable):
        fill()
    assert not FactWeek.objects.filter(kind=FactKind.SLOTS).exclude(read_at=None).exists()


def test_operator_fills_further_back(shop: Shop) -> None:
    out = io.StringIO()
    call_command("facts", fill=120, stdout=out)
    progress = fact_weeks.progress()
    assert progress.first is not None
    assert (days.today() - progress.first).days >= 120
    assert out.getvalue().splitlines()[-1].startswith(f"{progress.read} of {progress.read} weeks read, from ")


def test_operator_may_have_everything_read_anew(shop: Shop) -> None:
    fill()
    before = snapshot()
    BookingFact.objects.filter(number=BookingFact.objects.first().number).update(people=99)
    FactSheet.objects.update(people=99)
    FactSheet.objects.create(day="2020-01-01", product_id="gone", figures={})
    call_command("facts", fill=14, anew=True, stdout=io.StringIO())
    assert snapshot() == before


def test_operator_waits_for_a_workers_turn(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    sharing.claim(fact_following.LOCK, seconds=60)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        sharing.release(fact_following.LOCK)

    monkeypatch.setattr(command.time, "sleep", wait)
    call_command("facts", fill=14, stdout=io.StringIO())
    assert waits[0] == command.OTHERS_TURN_SECONDS
    assert not fact_weeks.any_unread()


def test_operator_is_told_of_weeks_that_are_still_unread(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "MOST_TURNS", 1)
    with pytest.raises(CommandError, match="run the command again"):
        call_command("facts", fill=90, stdout=io.StringIO())


def test_operator_is_told_when_bookeo_does_not_answer(shop: Shop) -> None:
    shop.knobs("fail=503")
    with pytest.raises(CommandError, match="What was read is kept"):
        call_command("facts", fill=90, stdout=io.StringIO())


def test_age_of_the_facts_is_a_metric(shop: Shop) -> None:
    fill()
    _later(minutes=10)
    registry = CollectorRegistry()
    registry.register(figures.Figures([]))
    lines = dict(line.split(" ", 1) for line in generate_latest(registry).decode().splitlines() if line[0] != "#")
    assert 600 <= float(lines["report_facts_age_seconds"]) < 660
