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
from typing import Any

from booking.models import BookingFact, FactSheet, PaymentFact, SlotFact

# The sheet of the day's payments, of which nobody tells for which product they are.
PAYMENTS = ""
THOUSAND = 1000
ROWS_AT_ONCE = 200


@dataclass(slots=True)
class Sheet:
    """`seats`: booked, capacity, and booked apart, where nobody tells the capacity. `money`, by currency: price and
    paid of bookings that stand, paid of cancelled ones. `leads` and `notices` count bookings by days and by hours."""

    made: int = 0
    canceled: int = 0
    people: int = 0
    seats: list[int] = field(default_factory=lambda: [0, 0, 0])
    money: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    leads: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """What is not zero."""
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}


def make_anew(days: Iterable[date]) -> None:
    """The sheets of these days. Within the caller's transaction."""
    days = set(days)
    sheets: dict[tuple[date, str], Sheet] = defaultdict(Sheet)
    capacities = _add_slots(sheets, days)
    for fact in BookingFact.objects.filter(day__in=days):
        _add_booking(sheets[fact.day, fact.product_id], fact, is_told=fact.event_id in capacities)
    rows = [FactSheet(day=day, product_id=product, figures=sheet.as_json()) for (day, product), sheet in sheets.items()]
    rows += [FactSheet(day=day, product_id=PAYMENTS, figures=flows) for day, flows in _payments(days).items()]
    FactSheet.objects.filter(day__in=days).delete()
    FactSheet.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _add_slots(sheets: dict[tuple[date, str], Sheet], days: set[date]) -> set[str]:
    """The seats that are left, for those booked come to them; answers the events of which they are known."""
    slots = list(SlotFact.objects.filter(day__in=days))
    for slot in slots:
        sheets[slot.day, slot.product_id].seats[1] += slot.seats_left
    return {slot.event_id for slot in slots}


def _add_booking(sheet: Sheet, fact: BookingFact, *, is_told: bool) -> None:
    if fact.canceled:
        sheet.made += 1
        sheet.canceled += 1
        sheet.notices["" if fact.notice_hours is None else str(fact.notice_hours)] += 1
        _add_money(sheet, fact, (Decimal(0), Decimal(0), fact.paid))
        return
    if is_told:  # one that waits for an answer takes its seats too
        sheet.seats[1] += fact.seats
    if fact.accepted:
        sheet.made += 1
        sheet.people += fact.people
        sheet.seats[0 if is_told else 2] += fact.seats
        sheet.leads[str(max(fact.lead_days, 0))] += 1
        _add_money(sheet, fact, (fact.gross, fact.paid, Decimal(0)))


def _add_money(sheet: Sheet, fact: BookingFact, amounts: tuple[Decimal, Decimal, Decimal]) -> None:
    if fact.currency:
        sheet.money[fact.currency] = [
            known + _thousandths(amount) for known, amount in zip(sheet.money[fact.currency], amounts, strict=True)
        ]


def _payments(days: set[date]) -> dict[date, dict[str, dict[str, list[int]]]]:
    """By day, currency and method: taken, and given back."""
    found: dict[date, dict[str, dict[str, list[int]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(lambda: [0, 0]))
    )
    for payment in PaymentFact.objects.filter(day__in=days):
        found[payment.day][payment.currency][payment.method][payment.amount < 0] += _thousandths(payment.amount)
    return found


def _thousandths(amount: Decimal) -> int:
    return int(amount * THOUSAND)
