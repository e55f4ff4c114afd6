"""Slots and searches for them (reference 7.5)."""

from __future__ import annotations

from pydantic import StrictInt

from booking.bookeo.models.base import AnsweredTime, Many, Money, RequestedTime, WireModel
from booking.bookeo.models.catalogue import PeopleNumber, Resource, ResourceInput


class CourseEvent(WireModel):
    """One class of a course, counted from 1."""

    event_number: StrictInt
    event_id: str | None = None
    start_time: AnsweredTime
    end_time: AnsweredTime


class CourseSchedule(WireModel):
    """The classes of a course."""

    events: Many[CourseEvent] = ()
    title: str | None = None


class Slot(WireModel):
    """One occurrence of a product and the seats left in it (seats, not people)."""

    event_id: str
    start_time: AnsweredTime
    end_time: AnsweredTime
    num_seats_available: StrictInt
    product_id: str | None = None
    course_schedule: CourseSchedule | None = None
    resources: Many[Resource] = ()


class MatchingSlot(WireModel):
    """A slot that fits the people and options of a search. ``price`` is an estimate; flexibleTime has none."""

    event_id: str
    start_time: AnsweredTime
    end_time: AnsweredTime
    price: Money | None = None
    course_schedule: CourseSchedule | None = None
    resources: Many[Resource] = ()


class BookingOption(WireModel):
    """An answer to an option of a product, by id or name (the id wins); all values are text (reference 7.6)."""

    id: str | None = None
    name: str | None = None
    value: str


class MatchingSlotsSearchParameters(WireModel):
    """Which slots are wanted, over 31 days at most."""

    product_id: str
    start_time: RequestedTime
    end_time: RequestedTime
    people_numbers: Many[PeopleNumber]
    options: Many[BookingOption] = ()
    resources: Many[ResourceInput] = ()
