"""What becomes a fact: exactly what stands at Bookeo, whatever led there, and nothing of the people."""

import itertools
import json
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.bookeo import Booking, Money, PeopleNumber, PhoneNumber, Price
from booking.models import BookingFact, PaymentFact, ProductFact, SlotFact
from booking.services import booking_changes, catalogue, days, fact_following, facts
from booking.services.errors import ServiceError
from tests.reports.ground import (
    TABLES,
    book_slot,
    catch_up,
    coming_slots,
    fill,
    forget,
    pay,
    rows_of_the_sandbox,
    snapshot,
)
from tests.shop import Shop

ROME = ZoneInfo("Europe/Rome")


def _booking(shop: Shop) -> Booking:
    return book_slot(shop, coming_slots(shop)[2])


@pytest.mark.usefixtures("usual_reach")
def test_facts_are_what_the_sandbox_holds(shop: Shop, tmp_path: Path) -> None:
    pay(shop, _booking(shop), "20", "other", payment_method_other="hotel")
    fill()
    query = """
        SELECT number, product_id, starts, canceled, accepted, paid,
               json_extract(details, '$.price.gross') AS gross FROM booking
    """
    held = {
        row["number"]: (
            row["product_id"],
            row["starts"],
            bool(row["canceled"]),
            bool(row["accepted"]),
            Decimal(row["paid"]),
            Decimal(row["gross"]),
        )
        for row in rows_of_the_sandbox(tmp_path, query)
    }
    kept = {
        fact.number: (fact.product_id, fact.start.timestamp(), fact.canceled, fact.accepted, fact.paid, fact.gross)
        for fact in BookingFact.objects.all()
    }
    assert len(held) > 100
    assert kept == held

    paid = {
        row["id"]: (days.day_of(datetime.fromtimestamp(row["received"], UTC)), row["method"], Decimal(row["amount"]))
        for row in rows_of_the_sandbox(tmp_path, "SELECT * FROM payment")
    }
    assert {fact.payment_id: (fact.day, fact.method, fact.amount) for fact in PaymentFact.objects.all()} == paid
    assert {method for _, method, _ in paid.values()} >= {"cash", "creditCard", "other"}


def test_slots_are_those_on_offer(shop: Shop) -> None:
    fill()
    slot = coming_slots(shop)[0]
    fact = SlotFact.objects.get(event_id=slot.event_id)
    assert (fact.start, fact.seats_left) == (slot.start_time, slot.num_seats_available)
    assert ProductFact.objects.get(product_id=fact.product_id).name == "Kayak tour to the islands"


FACT_TABLES = [table for table in apps.get_app_config("booking").get_models() if "Fact" in table.__name__]


def _told_of_people(tmp_path: Path) -> set[str]:
    """Each name, address and number of a customer, and each word that staff wrote beside a payment."""
    told = {"hotel", "robinson"}
    for row in rows_of_the_sandbox(tmp_path, "SELECT first_name, last_name, email, details FROM customer"):
        told |= {row["first_name"], row["last_name"], row["email"]}
        told |= {phone["number"] for phone in json.loads(row["details"]).get("phoneNumbers", [])}
    return {text.lower() for text in told if text}


def test_nothing_personal_is_kept(shop: Shop, tmp_path: Path) -> None:
    phone = PhoneNumber(number="+39 055 501 7342", type="mobile")
    canary = {"email_address": "canary.mark@example.com", "phone_numbers": (phone,)}
    booking = book_slot(shop, coming_slots(shop)[1], **canary)
    pay(shop, booking, "5", "other", payment_method_other="hotel", comment="From Mrs Robinson")
    fill()
    told = _told_of_people(tmp_path)
    assert {"alex", "example", "guest", "canary.mark@example.com", "+39 055 501 7342"} <= told
    assert len(told) > 50

    kept = {table.__name__: str(list(table.objects.values_list())).lower() for table in FACT_TABLES}
    assert {"FactSheet", "ProductFact", *(table.__name__ for table in TABLES)} <= set(kept)
    assert "[]" not in kept.values(), "an empty table would prove nothing"
    assert [(name, text) for name, rows in kept.items() for text in sorted(told) if text in rows] == []
    columns = {field.name for table in FACT_TABLES for field in table._meta.concrete_fields} - {"name"}
    assert not columns & {"customer_id", "customer", "title", "agent", "comment", "reason", "source"}
    assert [table.__name__ for table in FACT_TABLES if "name" in {field.name for field in table._meta.fields}] == [
        "ProductFact"
    ]


PATHS = ("/bookings", "/payments", "/slots")
ACTIONS = ("book", "cancel", "move", "pay", "refund", "party")


def _act(shop: Shop, action: str, booked: list[Booking], dice: random.Random) -> None:
    slots = coming_slots(shop, ahead=dice.choice((20, 21, 27, 35)))
    if action == "book" or not booked:
        booked.append(book_slot(shop, dice.choice(slots), dice.randint(1, 3)))
        return
    number = dice.choice(booked).booking_number
    booking = shop.client.get_booking(booking_number=number)
    if action == "cancel":
        shop.client.cancel_booking(booking_number=number)
    elif booking.canceled or action in {"pay", "refund"}:
        pay(shop, booking, "-5" if action == "refund" else "12.50", dice.choice(("cash", "creditCard")))
    elif action == "move":
        event = dice.choice(slots).event_id
        booking_changes.change_booking(
            booking_changes.get_booking(number), form=str(dice.random()), event_id=event, as_manager=True
        )
    else:
        numbers = (PeopleNumber(people_category_id="Cadults", number=dice.randint(1, 3)),)
        participants = booking.participants.model_copy(update={"numbers": numbers})
        booking_changes.change_booking(
            booking_changes.get_booking(number), form=str(dice.random()), participants=participants, as_manager=True
        )


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_and_whatever_is_missed_the_facts_end_the_same(shop: Shop, seed: int) -> None:
    """Turns that are left out, doubled, or broken off at any call, between changes of all sorts."""
    dice, booked = random.Random(seed), list[Booking]()
    fill()
    for _ in range(25):
        _act(shop, dice.choice(ACTIONS), booked, dice)
        turn = dice.choice(("none", "one", "two", "broken", "cut"))
        if turn in {"one", "two"}:
            fact_following.follow(at_once=True)
        if turn == "two":
            fact_following.follow(at_once=True)
        if turn in {"broken", "cut"}:
            fault, path = "fail=503" if turn == "broken" else "cut=after", dice.choice(PATHS)
            shop.knobs(fault, on=path)
            with suppress(ServiceError):
                fact_following.follow(at_once=True)
            shop.knobs("", times=0)
    catch_up()
    followed = snapshot()
    forget()
    fill()
    assert followed == snapshot()
    assert {booking.booking_number for booking in booked} <= set(BookingFact.objects.values_list("number", flat=True))


class Killed(BaseException):
    """What a worker meets that is killed."""


@pytest.mark.parametrize("call", [1, 2, 5, 9])
def test_worker_killed_half_way_is_taken_over(shop: Shop, call: int) -> None:
    left = itertools.count(call, -1)

    def kill(request: requests.PreparedRequest) -> None:
        if next(left) == 0:
            raise Killed

    shop.meddle(kill)
    with pytest.raises(Killed):
        fill()
    shop.meddle(lambda request: None)
    fill()
    taken_over = snapshot()
    forget()
    fill()
    assert taken_over == snapshot()


def _versions(booking: Booking) -> list[Booking]:
    """One booking as it was told after each of its changes."""
    start = booking.creation_time
    moved = {"event_id": "x", "start_time": booking.start_time + timedelta(days=3)}
    return [
        booking,
        booking.model_copy(update={"last_change_time": start + timedelta(hours=1), **moved}),
        booking.model_copy(
            update={
                "last_change_time": start + timedelta(hours=2),
                "canceled": True,
                "cancelation_time": start + timedelta(hours=2),
            }
        ),
    ]


@given(order=st.lists(st.integers(0, 2), max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_last_change_wins_in_any_order(shop: Shop, order: list[int]) -> None:
    BookingFact.objects.all().delete()
    versions, categories = _versions(_one(shop)), catalogue.find_people_categories()
    facts.keep_bookings(versions[2:], categories)
    last = BookingFact.objects.values_list().get()
    BookingFact.objects.all().delete()
    for number in (*order, 2, *order):
        facts.keep_bookings([versions[number]], categories)
    assert BookingFact.objects.values_list().get() == last


def _one(shop: Shop) -> Booking:
    span = (days.now(), days.now() + timedelta(days=20))
    return booking_changes.find_bookings(starting=span)[0]


def test_the_same_again_changes_nothing(shop: Shop) -> None:
    categories = catalogue.find_people_categories()
    booking = _one(shop)
    assert facts.keep_bookings([booking], categories).changed == 1
    assert facts.keep_bookings([booking], categories) == facts.Kept()


def _made(shop: Shop, start: datetime, made: datetime, canceled: datetime | None = None) -> BookingFact:
    changes = {"start_time": start, "creation_time": made, "canceled": bool(canceled), "cancelation_time": canceled}
    booking = _one(shop).model_copy(update=changes)
    facts.keep_bookings([booking], catalogue.find_people_categories())
    return BookingFact.objects.get()


@pytest.mark.parametrize(
    ("start", "made", "lead"),
    [
        # The clocks go back on 25 October 2026 and forward on 28 March 2027.
        (datetime(2026, 10, 26, 0, 30, tzinfo=ROME), datetime(2026, 10, 25, 0, 30, tzinfo=ROME), 1),
        (datetime(2026, 10, 25, 23, 30, tzinfo=ROME), datetime(2026, 10, 25, 0, 10, tzinfo=ROME), 0),
        (datetime(2027, 3, 28, 23, 30, tzinfo=ROME), datetime(2027, 3, 27, 23, 30, tzinfo=ROME), 1),
        (datetime(2027, 6, 1, 0, 15, tzinfo=ROME), datetime(2027, 5, 31, 23, 50, tzinfo=ROME), 1),
    ],
)
def test_days_are_those_of_the_business(shop: Shop, start: datetime, made: datetime, lead: int) -> None:
    fact = _made(shop, start.astimezone(ZoneInfo("UTC")), made.astimezone(ZoneInfo("UTC")))
    assert (fact.day, fact.lead_days) == (start.date(), lead)


@pytest.mark.parametrize(
    ("canceled", "hours"),
    [
        (datetime(2026, 10, 24, 12, tzinfo=ROME), 25),  # in between lies the hour that comes twice
        (datetime(2026, 10, 25, 11, 30, tzinfo=ROME), 0),
        (datetime(2026, 10, 25, 12, 30, tzinfo=ROME), -1),
    ],
)
def test_notice_is_counted_as_time_passes(shop: Shop, canceled: datetime, hours: int) -> None:
    start, made = datetime(2026, 10, 25, 12, tzinfo=ROME), datetime(2026, 10, 1, 12, tzinfo=ROME)
    assert _made(shop, start, made, canceled).notice_hours == hours


def test_booking_without_a_price_counts_without_money(shop: Shop) -> None:
    facts.keep_bookings([_one(shop).model_copy(update={"price": None})], catalogue.find_people_categories())
    fact = BookingFact.objects.get()
    assert (fact.gross, fact.paid, fact.currency) == (0, 0, "")


def test_amounts_keep_the_places_of_every_currency(shop: Shop) -> None:
    dinar = Money(amount=Decimal("12.345"), currency="KWD")
    price = Price(total_gross=dinar, total_net=dinar, total_taxes=dinar, total_paid=dinar)
    facts.keep_bookings([_one(shop).model_copy(update={"price": price})], catalogue.find_people_categories())
    assert BookingFact.objects.get().gross == Decimal("12.345")


def test_name_of_another_method_is_no_fact(shop: Shop) -> None:
    payment_id = pay(shop, _booking(shop), "5", "other", payment_method_other="Ann")
    facts.keep_payments([shop.client.get_payment(payment_id=payment_id)])
    assert PaymentFact.objects.get().method == "other"
    assert "Ann" not in str(PaymentFact.objects.values().get())
