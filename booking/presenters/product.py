"""The page on which party and time are chosen: times as buttons, the month as a table of links."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from django.core import signing

from booking.bookeo import Money, PeopleCategory
from booking.presenters import texts
from booking.services.availability import DayOfMonth, PageOfTimes
from booking.services.choices import Choice, CourseClass, FreeTime, Party, Wishes

FEW_SEATS = 3
FEW_DAYS = 2
REMEMBERED = 2048
# Bookeo's own categories in English; the singular of other words cannot be known.
SINGULARS = {"Adults": "adult", "Children": "child", "Infants": "infant", "Students": "student", "Seniors": "senior"}

_signer = signing.Signer(salt="slot", sep="~")


@dataclass(frozen=True, slots=True)
class TimeButton:
    """`value` is what the button sends: the time itself, signed, so that choosing costs no second search."""

    value: str
    start: str
    end: str
    day: str
    price: str
    seats: str
    few: bool
    classes: str


@dataclass(frozen=True, eq=False)
class Day:
    """Immutable and told apart by identity, so that its HTML is made once."""

    id: str
    heading: str
    times: list[TimeButton]
    note: str = ""


@dataclass(frozen=True, slots=True)
class MonthCell:
    """`state` is one of: blank, none, full, free. Free cells carry a link."""

    number: int = 0
    weekday: str = ""
    note: str = ""
    state: str = "blank"
    href: str = ""
    few: bool = False
    current: bool = False
    today: bool = False


@dataclass(frozen=True, eq=False)
class Month:
    """Immutable and told apart by identity, so that its HTML is made once."""

    name: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[MonthCell]]
    previous: tuple[str, str] | None
    following: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Times:
    """Everything below “Choose a time”. `earlier` and `later` are addresses, empty where there is nothing."""

    days: list[Day]
    status: str
    notice: str
    earlier: str
    later: str
    until: str
    party: str


def party_text(party: Party, categories: Mapping[str, PeopleCategory]) -> str:
    """2 adults and 1 child. Category names are plurals of the account's own wording, in its own language."""
    return texts.joined(_people(number, categories.get(category), category) for category, number in party.numbers)


def times_of(
    found: PageOfTimes,
    whole_party: Party,
    categories: Mapping[str, PeopleCategory],
    *,
    query: str,
    asked: date | None,
    today: date,
    notice: str = "",
) -> Times:
    """`asked` is the day that the visitor named, if any; `query` the address of the wishes."""
    party = party_text(whole_party, categories)
    number = texts.counted(found.total, "time", "times")
    until = texts.long_day(found.until)
    return Times(
        days=days_of(found),
        status=f"{number} for {party} before {until}." if found.times else f"No free time for {party}.",
        notice=notice or _nothing_that_day(found, asked, party),
        earlier=_earlier(found, query, today),
        later=_later(found, query),
        until=until,
        party=party,
    )


@lru_cache(REMEMBERED)
def days_of(found: PageOfTimes) -> list[Day]:
    """Times under their days; under their months when there is but one time a day."""
    days = [(day, list(times)) for day, times in groupby(found.times, key=lambda t: texts.day_of(t.start))]
    if len(days) > FEW_DAYS and all(len(times) == 1 for _, times in days):
        return _months_of(found)
    full = {day: list(slots) for day, slots in groupby(found.too_full, key=lambda slot: texts.day_of(slot.start))}
    return [
        Day(
            id=f"d{day:%m%d}",
            heading=texts.long_day(day),
            times=[time_button(t) for t in times],
            note=_full_note(full.get(day, [])),
        )
        for day, times in days
    ]


@lru_cache(REMEMBERED)
def time_button(free: FreeTime) -> TimeButton:
    return TimeButton(
        value=_signer.sign(_packed(free)),
        start=(texts.whole_days(free.start, free.end) or texts.clock(free.start)).capitalize(),
        end="" if texts.whole_days(free.start, free.end) else texts.end_of_span(free.start, free.end),
        day=texts.short_day(texts.day_of(free.start)),
        price=texts.money(free.price) if free.price else "",
        seats=_seats(free.seats_left),
        few=free.seats_left is not None and free.seats_left <= FEW_SEATS,
        classes=_classes_text(free),
    )


def chosen(value: str, wishes: Wishes) -> tuple[Choice, Money | None] | None:
    """The time that a button sent, with its estimate; None when it was not one of ours."""
    try:
        event_id, start, end, price, classes = _signer.unsign(value).split("|")
    except (signing.BadSignature, ValueError):
        return None
    choice = Choice(
        wishes=wishes,
        event_id=event_id,
        start=datetime.fromisoformat(start),
        end=datetime.fromisoformat(end),
        classes=tuple(_unpacked_class(part) for part in classes.split(",") if part),
    )
    amount, _, currency = price.partition(" ")
    return choice, Money(amount=Decimal(amount), currency=currency) if currency else None


@lru_cache(REMEMBERED)
def month_of(month: date, days: tuple[DayOfMonth, ...], *, today: date, current: date | None, query: str) -> Month:
    """`query` is the address of the wishes, to which each day adds its date."""
    known = {day.day: day for day in days}
    first = month.replace(day=1)
    start = first - timedelta(days=first.weekday())
    weeks = []
    while start < _following(first):
        week = [start + timedelta(days=n) for n in range(7)]
        weeks.append([_cell(day, first, known.get(day), today, current, query) for day in week])
        start += timedelta(days=7)
    monday = date(2024, 1, 1)
    names = [texts.weekday(monday + timedelta(days=n)) for n in range(7)]
    return Month(
        name=texts.month_name(first),
        weekdays=[(name[:2], name) for name in names],
        weeks=weeks,
        previous=_month_link(first - timedelta(days=1), query) if first > today else None,
        following=_month_link(_following(first), query),
    )


def seats_note(seats: int) -> str:
    return texts.counted(seats, "place", "places")


def _nothing_that_day(found: PageOfTimes, asked: date | None, party: str) -> str:
    if asked is None or not found.times or found.page > 1:
        return ""
    first = found.times[0].start
    if texts.day_of(first) == asked:
        return ""
    return f"Nothing is free on {texts.long_day(asked)} for {party}. The next free time is {texts.deadline(first)}."


def _earlier(found: PageOfTimes, query: str, today: date) -> str:
    if found.page > 1:
        return f"?{query}&date={found.since}&more={found.token}.{found.page - 1}"
    if found.since <= today:
        return ""
    return f"?{query}&date={max(today, found.since - timedelta(days=7))}"


def _later(found: PageOfTimes, query: str) -> str:
    if found.page < found.pages:
        return f"?{query}&date={found.since}&more={found.token}.{found.page + 1}"
    return f"?{query}&date={found.until}" if found.times else ""


def singular(name: str) -> str:
    """Adult, for Adults; other words as they are."""
    return SINGULARS[name].capitalize() if name in SINGULARS else name


def _people(number: int, category: PeopleCategory | None, category_id: str) -> str:
    name = category.name if category else category_id
    if number == 1:
        return f"1 {SINGULARS[name]}" if name in SINGULARS else f"1 × {name}"
    return f"{number} {name.lower()}" if name in SINGULARS else f"{number} × {name}"


def _packed(free: FreeTime) -> str:
    price = f"{free.price.amount} {free.price.currency}" if free.price else ""
    classes = ",".join(f"{c.start.isoformat()}/{c.end.isoformat()}" for c in free.classes)
    return "|".join((free.event_id, free.start.isoformat(), free.end.isoformat(), price, classes))


def _unpacked_class(text: str) -> CourseClass:
    start, end = text.split("/")
    return CourseClass(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))


def _seats(seats: int | None) -> str:
    if seats is None:
        return ""
    if seats == 1:
        return "Last place"
    return f"Last {seats} places" if seats <= FEW_SEATS else f"{seats} places left"


def _classes_text(free: FreeTime) -> str:
    """Tuesday evenings: 4 times, on 12 Jun, 19 Jun, 26 Jun and 3 Jul. A class at another hour says so."""
    if not free.classes:
        return ""
    usual = texts.span(free.start, free.end)
    dates = []
    for meeting in free.classes:
        hours = texts.span(meeting.start, meeting.end)
        date_text = texts.date_alone(texts.day_of(meeting.start))
        dates.append(date_text if hours == usual else f"{date_text} ({hours})")
    title = f"{free.course_title}: " if free.course_title else ""
    return f"{title}{texts.counted(len(dates), 'class', 'classes')}, on {texts.joined(dates)}"


def _months_of(found: PageOfTimes) -> list[Day]:
    months = groupby(found.times, key=lambda t: texts.day_of(t.start).replace(day=1))
    return [
        Day(id=f"m{month:%y%m}", heading=texts.month_name(month), times=[time_button(t) for t in times])
        for month, times in months
    ]


def _full_note(slots: list[FreeTime]) -> str:
    """One quiet line about the times of a day that do not fit, instead of dead buttons."""
    empty = [texts.clock(slot.start) for slot in slots if not slot.seats_left]
    tight = [f"{texts.clock(s.start)} has {seats_note(s.seats_left)}" for s in slots if s.seats_left]
    parts = []
    if empty:
        parts.append(f"{texts.joined(empty)} {'is' if len(empty) == 1 else 'are'} full.")
    if tight:
        parts.append(f"{texts.joined(tight)}: too few for you.")
    return " ".join(parts)


def _cell(day: date, month: date, known: DayOfMonth | None, today: date, current: date | None, query: str) -> MonthCell:
    if day.month != month.month:
        return MonthCell()
    name = texts.weekday(day)
    if known is None:
        note = "today" if day == today else ""
        return MonthCell(day.day, name, note=note, state="none", today=day == today)
    if not known.free:
        return MonthCell(day.day, name, note="full", state="full", today=day == today)
    return MonthCell(
        day.day,
        name,
        note=texts.counted(known.free, "time", "times"),
        state="free",
        href=f"?{query}&date={day:%Y-%m-%d}",
        few=known.free == 1 < known.slots,
        current=day == current,
        today=day == today,
    )


def _following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month_link(day: date, query: str) -> tuple[str, str]:
    first = day.replace(day=1)
    return texts.month_alone(first), f"?{query}&month={first:%Y-%m}"
