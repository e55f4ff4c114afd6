"""One sheet for each day and product with all that the reports need of it, so that a page reads some hundred small
rows, however many bookings there are.

A sheet is made anew, from the facts of its day, in the transaction that has changed one of them (`facts`). Amounts are
whole thousandths, which add up exactly in every database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction

from booking.models import BookingFact, FactSheet, PaymentFact, SlotFact

# The sheet of a whole day: of all products, and with its payments, for nobody tells for which product those are.
WHOLE_DAY = ""
THOUSAND = 1000
ROWS_AT_ONCE = 200
DAYS_AT_ONCE = 31


@dataclass(slots=True)
class Sheet:
    """`made` counts bookings that stand or were cancelled, `canceled` the latter, `people` those of the former.

    `booked` seats are of the `capacity`; `apart` were booked where nobody tells the capacity. `money`, by currency:
    price and paid of bookings that stand, paid of cancelled ones. `leads` and `notices` count bookings by days and by
    hours. `payments`, by currency and method: taken, and given back.
    """

    made: int = 0
    canceled: int = 0
    people: int = 0
    booked: int = 0
    capacity: int = 0
    apart: int = 0
    money: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    leads: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    payments: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: [0, 0]))
    )

    def as_row(self, day: date, product_id: str) -> FactSheet:
        columns = {name: getattr(self, name) for name in COLUMNS}
        figures = {name: getattr(self, name) for name in FIGURES if getattr(self, name)}
        return FactSheet(day=day, product_id=product_id, **columns, figures=figures)


COLUMNS = ("made", "canceled", "people", "booked", "capacity", "apart")
FIGURES = ("money", "leads", "notices", "payments")


def make_anew(days: Iterable[date]) -> None:
    """The sheets of these days. Within the caller's transaction."""
    days = set(days)
    sheets: dict[tuple[date, str], Sheet] = defaultdict(Sheet)
    told = _add_slots(sheets, days)
    for fact in BookingFact.objects.filter(day__in=days):
        for product_id in (fact.product_id, WHOLE_DAY):
            _add_booking(sheets[fact.day, product_id], fact, is_told=(fact.day, fact.event_id) in told)
    for payment in PaymentFact.objects.filter(day__in=days):
        flow = sheets[payment.day, WHOLE_DAY].payments[payment.currency][payment.method]
        flow[payment.amount < 0] += _thousandths(payment.amount)
    FactSheet.objects.filter(day__in=days).delete()
    rows = [sheet.as_row(day, product_id) for (day, product_id), sheet in sheets.items()]
    FactSheet.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def make_all_anew() -> None:
    """Every sheet, as after a change of what is on them."""
    tables = (BookingFact, PaymentFact, SlotFact, FactSheet)
    every_day = sorted({day for table in tables for day in table._default_manager.values_list("day", flat=True)})
    for begin in range(0, len(every_day), DAYS_AT_ONCE):
        with transaction.atomic():
            make_anew(every_day[begin : begin + DAYS_AT_ONCE])


def _add_slots(sheets: dict[tuple[date, str], Sheet], days: set[date]) -> set[tuple[date, str]]:
    """The seats that are left, for those booked come to them; answers the events of which they are known, with their
    day: who joins a course late is counted on another one than its seats."""
    told = set()
    for slot in SlotFact.objects.filter(day__in=days):
        told.add((slot.day, slot.event_id))
        for product_id in (slot.product_id, WHOLE_DAY):
            sheets[slot.day, product_id].capacity += slot.seats_left
    return told


def _add_booking(sheet: Sheet, fact: BookingFact, *, is_told: bool) -> None:
    if fact.canceled:
        sheet.made += 1
        sheet.canceled += 1
        sheet.notices["" if fact.notice_hours is None else str(fact.notice_hours)] += 1
        _add_money(sheet, fact, (Decimal(0), Decimal(0), fact.paid))
        return
    if is_told:  # one that waits for an answer takes its seats too
        sheet.capacity += fact.seats
    if fact.accepted:
        sheet.made += 1
        sheet.people += fact.people
        sheet.booked += fact.seats if is_told else 0
        sheet.apart += 0 if is_told else fact.seats
        sheet.leads[str(max(fact.lead_days, 0))] += 1
        _add_money(sheet, fact, (fact.gross, fact.paid, Decimal(0)))


def _add_money(sheet: Sheet, fact: BookingFact, amounts: tuple[Decimal, Decimal, Decimal]) -> None:
    if fact.currency:
        sheet.money[fact.currency] = [
            known + _thousandths(amount) for known, amount in zip(sheet.money[fact.currency], amounts, strict=True)
        ]


def _thousandths(amount: Decimal) -> int:
    return int(amount * THOUSAND)
