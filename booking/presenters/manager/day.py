"""A day at the desk, in words: what runs when, who is coming, what is due, who is here."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from booking.bookeo import Booking, Money, PeopleCategory, Product
from booking.presenters import texts
from booking.presenters.manager.words import due_of, name_of, party_of
from booking.services.choices import Party
from booking.services.day_lists import DayList, DaySlot
from booking.services.desk_payments import balance_of

# Answers to options that say nothing worth a line.
EMPTY_ANSWERS = {"", "0", "false"}


@dataclass(frozen=True, slots=True)
class Row:
    """One booking. `due` is the balance in words, empty when nothing is due; `paid` says so then. `waiting`: the
    business has not accepted it yet. `no_show`: Bookeo has noted that nobody came."""

    number: str
    name: str
    party: str
    people: int
    phone: str
    note: str
    due: str
    paid: str
    waiting: bool
    here: bool
    no_show: bool
    clock: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A time of a product. `mark` is a word on how it stands today, `is_over` folds it, `is_next` points it out.
    `seats` is empty where the seats are not known; then there is no bar either. `book` is the address of the page that
    books this time, empty where it is full or over."""

    anchor: str
    clock: str
    until: str
    product: str
    mark: str
    is_over: bool
    is_next: bool
    seats: str
    taken: int
    capacity: int
    rows: list[Row]
    summary: str
    book: str = ""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time without a booking; `book` is the address of the page that books it."""

    text: str
    book: str


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    id: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    day: str
    short: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """`as_of` is when the list was fetched. `is_old`: Bookeo is down, and an older list is shown. `free` are times
    without a booking."""

    day: str
    heading: str
    when: str
    is_today: bool
    previous: Neighbour
    following: Neighbour
    figures: list[Figure]
    runs: list[Run]
    waiting: list[Row]
    cancelled: list[Row]
    free: list[FreeTime]
    as_of: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """What turns bookings into rows: the account's categories and products, and who is here."""

    categories: Mapping[str, PeopleCategory]
    products: Mapping[str, Product]
    here: Collection[str]
    slots: Mapping[str, DaySlot] = field(default_factory=dict)


def day_page(
    found: DayList,
    *,
    now: datetime,
    categories: Mapping[str, PeopleCategory],
    products: Iterable[Product],
    here: Collection[str],
) -> DayPage:
    words = _Words(categories, {p.product_id: p for p in products}, here, {s.event_id: s for s in found.slots})
    standing = [booking for booking in found.bookings if not booking.canceled]
    coming = [booking for booking in standing if booking.accepted]
    runs = _runs(standing, words, now)
    is_today = found.day == texts.day_of(now)
    return DayPage(
        day=found.day.isoformat(),
        heading=texts.long_day(found.day),
        when=_when(found.day, now),
        is_today=is_today,
        previous=_neighbour(found.day - timedelta(days=1)),
        following=_neighbour(found.day + timedelta(days=1)),
        figures=_figures(coming, runs, words, found.slots),
        runs=runs,
        waiting=[_row(booking, words) for booking in standing if not booking.accepted],
        cancelled=[_row(booking, words) for booking in found.bookings if booking.canceled],
        free=_free_times(found.slots, {booking.event_id for booking in standing}, words),
        as_of=texts.short_moment(found.fetched_at),
        is_old=found.is_old,
    )


def people_here(found: DayList, here: Collection[str]) -> str:
    """The figure of people who are here already."""
    return str(sum(_people(booking) for booking in found.bookings if _is_here(booking, here)))


def _runs(bookings: Iterable[Booking], words: _Words, now: datetime) -> list[Run]:
    ordered = sorted(bookings, key=_run_key)
    groups = [(key, list(group)) for key, group in groupby(ordered, key=_run_key)]
    next_start = min((group[0].start_time for _, group in groups if group[0].start_time >= now), default=None)
    return [
        _run(number, group, words, now, is_next=group[0].start_time == next_start)
        for number, (_, group) in enumerate(groups, start=1)
    ]


def _run_key(booking: Booking) -> tuple[datetime, str, str]:
    return booking.start_time, booking.product_id, booking.event_id or booking.booking_number


def _run(number: int, group: list[Booking], words: _Words, now: datetime, *, is_next: bool) -> Run:
    first = group[0]
    slot = words.slots.get(first.event_id or "")
    taken = sum(Party.of_booking(booking).seats(words.categories) for booking in group)
    rows = [_row(booking, words) for booking in group]
    is_over = first.end_time <= now
    return Run(
        anchor=f"run-{number}",
        clock=texts.clock_or_days(first.start_time, first.end_time),
        until=_until(first),
        product=_product_name(first, words),
        mark=_mark(first, slot, now, is_next=is_next and texts.day_of(now) == texts.day_of(first.start_time)),
        is_over=is_over,
        is_next=is_next and texts.day_of(now) == texts.day_of(first.start_time),
        seats=_seats_text(taken, slot),
        taken=taken,
        capacity=taken + slot.seats_left if slot else 0,
        rows=rows,
        summary=_summary(group, rows),
        book=""
        if is_over or (slot and not slot.seats_left)
        else _book(first.product_id, first.event_id, first.start_time),
    )


def _row(booking: Booking, words: _Words) -> Row:
    due = due_of(booking)
    is_priced = booking.price is not None and not booking.price.total_gross.is_zero
    return Row(
        number=booking.booking_number,
        name=name_of(booking),
        party=party_of(booking, words.categories),
        people=_people(booking),
        phone=booking.customer.phone_numbers[0].number if booking.customer and booking.customer.phone_numbers else "",
        note=_note(booking),
        due=due,
        paid="" if due else _settled(booking, is_priced=is_priced),
        waiting=not booking.accepted and not booking.canceled,
        here=booking.booking_number in words.here,
        no_show=bool(booking.no_show),
        clock=texts.clock_or_days(booking.start_time, booking.end_time),
        product=_product_name(booking, words),
    )


def _settled(booking: Booking, *, is_priced: bool) -> str:
    balance = balance_of(booking)
    if balance < 0 or (booking.canceled and booking.price and booking.price.total_paid.amount > 0):
        paid = booking.price.total_paid.amount if booking.price and booking.canceled else -balance
        return f"{texts.money(_money(paid, booking))} {'paid' if booking.canceled else 'too much paid'}"
    return "paid" if is_priced and not booking.canceled else ""


def _note(booking: Booking) -> str:
    """The answers to the product's options that say something; yes and no as words."""
    said = [option for option in booking.options if option.value.strip().lower() not in EMPTY_ANSWERS]
    return ". ".join(
        (option.name or "") if option.value.lower() == "true" else f"{option.name}: {option.value}" for option in said
    )


def _mark(first: Booking, slot: DaySlot | None, now: datetime, *, is_next: bool) -> str:
    if first.end_time <= now:
        return "Over"
    if first.start_time <= now:
        return "Running"
    if is_next:
        return "Next"
    return "Full" if slot and slot.seats_left == 0 else ""


def _seats_text(taken: int, slot: DaySlot | None) -> str:
    return f"{taken} taken, {slot.seats_left} free" if slot else ""


def _until(booking: Booking) -> str:
    if texts.whole_days(booking.start_time, booking.end_time):
        return ""
    return f"to {texts.end_of_span(booking.start_time, booking.end_time)}"


def _summary(group: list[Booking], rows: list[Row]) -> str:
    """3 bookings, 8 people, nothing due"""
    due = _sum(balance_of(booking) for booking in group)
    people = texts.counted(sum(row.people for row in rows), "person", "people")
    return f"{texts.counted(len(rows), 'booking', 'bookings')}, {people}, {f'{due} due' if due else 'nothing due'}"


def _figures(coming: list[Booking], runs: list[Run], words: _Words, slots: Iterable[DaySlot]) -> list[Figure]:
    expected = sum(_people(booking) for booking in coming)
    here = sum(_people(booking) for booking in coming if booking.booking_number in words.here)
    left = [slot.seats_left for slot in slots]
    figures = [
        Figure("People expected", str(expected), "expected"),
        Figure("Here already", str(here), "here"),
        Figure("To collect", _sum(map(balance_of, coming)) or "nothing", "to-collect"),
    ]
    return [*figures, Figure("Places still free", str(sum(left)), "still-free")] if left else figures


def _book(product_id: str, event_id: str | None, start: datetime) -> str:
    """The page that books, with all that the agenda knows; an appointment's time is another customer's."""
    known = {"product": product_id, "event": event_id or "", "date": texts.day_of(start).isoformat()}
    return f"{reverse('manager:book')}?{urlencode({name: value for name, value in known.items() if value})}"


def _free_times(slots: Iterable[DaySlot], taken: Collection[str | None], words: _Words) -> list[FreeTime]:
    """07:00 Morning yoga on the pier, 10 free"""
    empty = sorted((slot for slot in slots if slot.event_id not in taken), key=lambda slot: slot.start)
    return [
        FreeTime(
            f"{_start_text(slot)} {_name(slot.product_id, words)}, {slot.seats_left} free",
            _book(slot.product_id, slot.event_id, slot.start) if slot.seats_left and slot.product_id else "",
        )
        for slot in empty
    ]


def _start_text(slot: DaySlot) -> str:
    return texts.clock_or_days(slot.start, slot.end)


def _when(day: date, now: datetime) -> str:
    today = texts.day_of(now)
    names: dict[int, Callable[[], str]] = {
        0: lambda: f"Today, {texts.clock(now)}",
        1: lambda: "Tomorrow",
        -1: lambda: "Yesterday",
    }
    return names.get((day - today).days, lambda: str(day.year))()


def _neighbour(day: date) -> Neighbour:
    return Neighbour(day.isoformat(), texts.short_day(day))


def _product_name(booking: Booking, words: _Words) -> str:
    return booking.product_name or _name(booking.product_id, words)


def _name(product_id: str, words: _Words) -> str:
    product = words.products.get(product_id)
    return product.name if product else "A product that is closed to us"


def _people(booking: Booking) -> int:
    return sum(entry.number for entry in booking.participants.numbers)


def _is_here(booking: Booking, here: Collection[str]) -> bool:
    return booking.booking_number in here and booking.accepted and not booking.canceled


def _sum(balances: Iterable[Decimal]) -> str:
    """Only what is due; empty when nothing is."""
    due = sum((balance for balance in balances if balance > 0), Decimal(0))
    return texts.money(Money(amount=due, currency=settings.BUSINESS_CURRENCY)) if due else ""


def _money(amount: Decimal, booking: Booking) -> Money:
    currency = booking.price.total_gross.currency if booking.price else settings.BUSINESS_CURRENCY
    return Money(amount=amount, currency=currency)
