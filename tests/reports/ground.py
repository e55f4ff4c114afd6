"""What tests of the reports begin with: things that happen at Bookeo, and the facts that come of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from booking.bookeo import (
    Booking,
    BookingInput,
    CustomerInput,
    Money,
    ParticipantsInput,
    PaymentInput,
    PeopleNumber,
    Slot,
)
from booking.models import BookingFact, FactReading, FactSheet, FactWeek, PaymentFact, ProductFact, SlotFact
from booking.services import days, fact_following, fact_weeks
from booking.services.fact_sheets import COLUMNS
from tests.shop import KAYAK_ID, SETTINGS, Shop

TABLES = (BookingFact, PaymentFact, SlotFact)


def fill() -> None:
    """Take turns until every week was read."""
    for _ in range(100):
        fact_following.follow(at_once=True)
        if not fact_weeks.any_unread():
            return
    raise AssertionError("the first filling has no end")


def catch_up() -> None:
    """Take turns until nothing is due any more."""
    for _ in range(100):
        fact_following.follow(at_once=True)
        if not fact_weeks.next_ones(days.now(), unread=1, again=1):
            return
    raise AssertionError("something is always due")


def snapshot() -> dict[str, list[tuple[object, ...]]]:
    """All facts, by table, and the sheets that are made of them."""
    facts = {table.__name__: sorted(table.objects.values_list()) for table in TABLES}
    sheets = FactSheet.objects.order_by("day", "product_id").values_list("day", "product_id", *COLUMNS, "figures")
    return {**facts, "FactSheet": list(sheets)}


def forget() -> None:
    """Begin anew."""
    for table in (*TABLES, ProductFact, FactSheet, FactWeek, FactReading):
        table.objects.all().delete()


def calls_of_a_turn(shop: Shop) -> list[str]:
    """What one turn asks of Bookeo, settings apart: they are remembered."""
    before = len(shop.calls)
    fact_following.follow(at_once=True)
    return [operation for operation in shop.operations[before:] if operation not in SETTINGS]


def coming_slots(shop: Shop, ahead: int = 20) -> list[Slot]:
    """Times of the kayak tour on one day, with their seats."""
    day = days.today() + timedelta(days=ahead)
    return list(
        shop.client.list_slots(
            product_id=KAYAK_ID, start_time=days.midnight(day), end_time=days.midnight(day + timedelta(days=1))
        ).data
    )


def book_slot(shop: Shop, slot: Slot, adults: int = 2, **customer: Any) -> Booking:
    """At Bookeo itself, as somebody on the telephone would."""
    return shop.client.create_booking(
        booking=BookingInput(
            product_id=KAYAK_ID,
            event_id=slot.event_id,
            participants=ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=adults),)),
            customer=CustomerInput(first_name="Alex", last_name="Example", **customer),
        ),
        backend=True,
    )


def pay(shop: Shop, booking: Booking, amount: str, method: str = "cash", **more: Any) -> str:
    """Record a payment at Bookeo itself; answers its id."""
    payment = PaymentInput(
        amount=Money(amount=Decimal(amount), currency="EUR"), reason="At the desk", payment_method=method, **more
    )
    return shop.client.create_booking_payment(booking_number=booking.booking_number, payment=payment).id


def rows_of_the_sandbox(tmp_path: Path, query: str, *values: object) -> Iterator[sqlite3.Row]:
    """The sandbox's own state, past its interface. It may be changed too."""
    with closing(sqlite3.connect(tmp_path / "sandbox.sqlite3", isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        yield from database.execute(query, values).fetchall()
