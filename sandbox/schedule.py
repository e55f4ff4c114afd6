"""When products take place: pure functions from rules and dates to occurrences. All moments are Unix seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.catalogue import CourseSchedule, Product, Schedule
from sandbox.moments import local_date, local_moment
from sandbox.questions import Localised

_COURSES_COUNT_FROM = date(2024, 1, 1)  # a Monday: courses every other week are counted from here

_FIRST_YEAR, _LAST_YEAR = 1970, 2100


@dataclass(frozen=True)
class CourseClass:
    """One class of a course; `number` counts from 1."""

    number: int
    event_id: str
    starts: int
    ends: int


@dataclass(frozen=True)
class Occurrence:
    """One slot of a scheduled product. `classes` and what follows belong to courses; `joins` counts classes from 1."""

    product: Product
    event_id: str
    starts: int
    ends: int
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    resource: str | None = None
    classes: tuple[CourseClass, ...] = ()
    title: Localised | None = None
    late_classes: int = 0
    joins: int = 1

    @property
    def attended(self) -> tuple[CourseClass, ...]:
        """The classes of somebody who joins there."""
        return self.classes[self.joins - 1 :]

    @property
    def share(self) -> Decimal:
        """Which part of a course that is; all of anything else."""
        return Decimal(len(self.attended)) / len(self.classes) if self.classes else Decimal(1)


@dataclass(frozen=True)
class FlexibleStart:
    """A possible start of a flexible product."""

    event_id: str
    starts: int
    ends: int


def lasts_until(product: Product, day: date, at: time, zone: ZoneInfo) -> int:
    """The end of something that starts then: whole days by the calendar, hours and minutes by the clock."""
    if product.days:
        return local_moment(day + timedelta(days=product.days), at, zone)
    return local_moment(day, at, zone) + product.hours * 3600 + product.minutes * 60


def occurrences(product: Product, first: date, last: date, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Every slot of a scheduled product that starts on one of the days, in order of time."""
    day = first
    while day <= last:
        yield from _on_day(product, day, zone)
        day += timedelta(days=1)


def between(product: Product, start: int, end: int, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Every slot that starts within the two moments, both included."""
    for slot in occurrences(product, local_date(start, zone), local_date(end, zone), zone):
        if start <= slot.starts <= end:
            yield slot


def joined(slot: Occurrence, earliest: int) -> Occurrence:
    """A course as it is for somebody who can come from that moment on: it may start with a later class."""
    if slot.starts < earliest:
        for one in slot.classes[1 : slot.late_classes + 1]:
            if one.starts >= earliest:
                return replace(slot, starts=one.starts, ends=one.ends, joins=one.number)
    return slot


def joinable(product: Product, earliest: int, start: int, end: int, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Courses that begin before `earliest` but can be joined later, with a class within the two moments."""
    late = timedelta(weeks=max((rule.late_classes for rule in product.courses), default=0))
    if late:
        for slot in occurrences(product, local_date(earliest, zone) - late, local_date(earliest, zone), zone):
            course = joined(slot, earliest)
            if course.joins > 1 and start <= course.starts <= end:
                yield course


def find(product: Product, event_id: str, zone: ZoneInfo) -> Occurrence | None:
    """The slot with that id. A class of a course is not found here, except the first: that id is the course's."""
    day = _day(event_id.rpartition("_")[2])
    if day is None:
        return None
    return next((slot for slot in _on_day(product, day, zone) if slot.event_id == event_id), None)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year < _LAST_YEAR else None


@lru_cache(maxsize=20_000)
def _on_day(product: Product, day: date, zone: ZoneInfo) -> tuple[Occurrence, ...]:
    slots = [_occurrence(product, rule, day, zone) for rule in product.schedules if _runs_on(rule, day)]
    slots += [_course(product, rule, day, zone) for rule in product.courses if _begins_on(rule, day)]
    return tuple(sorted(slots, key=lambda slot: slot.starts))


def _runs_on(rule: Schedule, day: date) -> bool:
    return day.weekday() in rule.weekdays and day.month in rule.months


def _begins_on(rule: CourseSchedule, day: date) -> bool:
    weeks = (day - _COURSES_COUNT_FROM).days // 7
    return day.weekday() == rule.weekday and weeks % rule.weeks_apart == 0


def _occurrence(product: Product, rule: Schedule, day: date, zone: ZoneInfo) -> Occurrence:
    return Occurrence(
        product=product,
        event_id=f"{rule.id}_{day}",
        starts=local_moment(day, rule.at, zone),
        ends=lasts_until(product, day, rule.at, zone),
        rates=rule.rates,
        resource=rule.resource,
    )


def _course(product: Product, rule: CourseSchedule, day: date, zone: ZoneInfo) -> Occurrence:
    classes = tuple(
        CourseClass(
            number=number,
            event_id=f"{class_id}_{class_day}",
            starts=local_moment(class_day, rule.at, zone),
            ends=lasts_until(product, class_day, rule.at, zone),
        )
        for number, class_id in enumerate(rule.class_ids, start=1)
        for class_day in (day + timedelta(weeks=number - 1),)
    )
    return Occurrence(
        product=product,
        event_id=classes[0].event_id,
        starts=classes[0].starts,
        ends=classes[0].ends,
        classes=classes,
        title=rule.title,
        late_classes=rule.late_classes,
    )


def flexible_starts(product: Product, start: int, end: int, seconds: int, zone: ZoneInfo) -> Iterator[FlexibleStart]:
    """Every start within the two moments at which an appointment of that length fits the opening hours."""
    day = local_date(start, zone)
    last = local_date(end, zone)
    while day <= last:
        for slot in _flexible_on_day(product, day, seconds, zone):
            if start <= slot.starts <= end:
                yield slot
        day += timedelta(days=1)


def find_flexible(product: Product, event_id: str, seconds: int, zone: ZoneInfo) -> FlexibleStart | None:
    """The start with that id, if an appointment of that length still fits before closing."""
    day = _day(event_id.rpartition("_")[0].rpartition("_")[2])
    if day is None:
        return None
    return next((slot for slot in _flexible_on_day(product, day, seconds, zone) if slot.event_id == event_id), None)


def flexible_at(product: Product, moment: int, seconds: int, zone: ZoneInfo) -> FlexibleStart | None:
    """The start at exactly that moment, if it is one."""
    return next(flexible_starts(product, moment, moment, seconds, zone), None)


@lru_cache(maxsize=2_000)
def _flexible_on_day(product: Product, day: date, seconds: int, zone: ZoneInfo) -> tuple[FlexibleStart, ...]:
    hours = product.opening_hours
    if hours is None:
        return ()
    closes = local_moment(day, hours.closes, zone)
    starts = range(local_moment(day, hours.opens, zone), closes - seconds + 1, hours.step_minutes * 60)
    prefix = f"{hours.schedule_id}_{product.id}_{day}"
    return tuple(
        FlexibleStart(f"{prefix}_{datetime.fromtimestamp(moment, zone):%H%M}", moment, moment + seconds)
        for moment in starts
    )
