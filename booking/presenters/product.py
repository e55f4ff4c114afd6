"""The page on which party and time are chosen: times as buttons, under their days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode

from django.core import signing

from booking.bookeo import Money, PeopleCategory
from booking.presenters import texts
from booking.presenters.people import party_text
from booking.services.availability import PageOfTimes
from booking.services.choices import Choice, CourseClass, FreeTime, Party, Wishes

FEW_SEATS = 3
FEW_DAYS = 2
REMEMBERED = 2048
SIGNATURE_LENGTH = 16


class _ShortSigner(signing.Signer):
    """96 bits are enough against guessing, and weigh a third less on a page of forty times."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        return super().signature(value, key)[:SIGNATURE_LENGTH]


_signer = _ShortSigner(salt="slot", sep="~")


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
    """A day with its times; or a month where a day has one, whose days then come first. Immutable and told apart by
    identity, so that its HTML is made once."""

    id: str
    heading: str
    times: list[TimeButton]
    note: str = ""
    is_month: bool = False


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
    until = texts.long_day(found.until)
    return Times(
        days=days_of(found),
        status=_status(found, party, until),
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
        start=texts.clock_or_days(free.start, free.end),
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


def _status(found: PageOfTimes, party: str, until: str) -> str:
    if not found.times:
        return f"No free time for {party}."
    estimates = " Prices are estimates for the whole party." if any(time.price for time in found.times) else ""
    return f"{texts.counted(found.total, 'time', 'times')} for {party} before {until}.{estimates}"


def _nothing_that_day(found: PageOfTimes, asked: date | None, party: str) -> str:
    if asked is None or not found.times or found.page > 1:
        return ""
    first = found.times[0].start
    if texts.day_of(first) == asked:
        return ""
    return f"Nothing is free on {texts.long_day(asked)} for {party}. The next free time is {texts.deadline(first)}."


def _earlier(found: PageOfTimes, query: str, today: date) -> str:
    if found.page > 1:
        return _page_link(found, query, found.page - 1)
    if found.since <= today:
        return ""
    return f"?{query}&date={max(today, found.since - timedelta(days=7))}"


def _later(found: PageOfTimes, query: str) -> str:
    if found.page < found.pages:
        return _page_link(found, query, found.page + 1)
    return f"?{query}&date={found.until}" if found.times else ""


def _page_link(found: PageOfTimes, query: str, number: int) -> str:
    return f"?{query}&" + urlencode({"date": found.since, "more": f"{found.token}.{number}"})


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
    """Tuesday evenings: 4 classes, on 12 Jun, 19 Jun, 26 Jun and 3 Jul. A class at another hour says so, and so does a
    course that has begun: the last 3 of 4 classes."""
    if not free.classes:
        return ""
    usual = texts.span(free.start, free.end)
    dates = []
    for meeting in free.classes:
        hours = texts.span(meeting.start, meeting.end)
        date_text = texts.date_alone(texts.day_of(meeting.start))
        dates.append(date_text if hours == usual else f"{date_text} ({hours})")
    title = f"{free.course_title}: " if free.course_title else ""
    count = texts.counted(len(dates), "class", "classes")
    if free.classes_over:
        count = f"the last {len(dates)} of {texts.counted(free.classes_over + len(dates), 'class', 'classes')}"
    return f"{title}{count}, on {texts.joined(dates)}"


def _months_of(found: PageOfTimes) -> list[Day]:
    months = groupby(found.times, key=lambda t: texts.day_of(t.start).replace(day=1))
    return [
        Day(f"m{month:%y%m}", texts.month_name(month), [time_button(t) for t in times], is_month=True)
        for month, times in months
    ]


def _full_note(slots: list[FreeTime]) -> str:
    """One quiet line about the times of a day that do not fit, instead of dead buttons."""
    empty = [texts.clock(slot.start) for slot in slots if not slot.seats_left]
    tight = [
        f"{texts.clock(s.start)} has {texts.counted(s.seats_left, 'place', 'places')}" for s in slots if s.seats_left
    ]
    parts = []
    if empty:
        parts.append(f"{texts.joined(empty)} {'is' if len(empty) == 1 else 'are'} full.")
    if tight:
        parts.append(f"{texts.joined(tight)}: too few for you.")
    return " ".join(parts)
