"""What a customer wants, before anybody is asked whether it can be had: plain values, no I/O."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from booking.bookeo import Booking, BookingOption, Money, PeopleCategory, PeopleNumber, ResourceInput


class Party(BaseModel):
    """How many people of each category come: ((people category id, number), …) with no zeros."""

    model_config = ConfigDict(frozen=True)

    numbers: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> "Party":
        return cls(numbers=tuple((category, number) for category, number in numbers.items() if number))

    @classmethod
    def of_booking(cls, booking: Booking) -> "Party":
        numbers = booking.participants.numbers
        return cls(numbers=tuple((group.people_category_id, group.number) for group in numbers))

    @property
    def total(self) -> int:
        return sum(number for _, number in self.numbers)

    def seats(self, categories: Mapping[str, PeopleCategory]) -> int:
        """Seats taken: an infant may take none, a family four (reference 4.2)."""
        return sum(number * (categories[c].num_seats if c in categories else 1) for c, number in self.numbers)

    def to_wire(self) -> tuple[PeopleNumber, ...]:
        return tuple(PeopleNumber(people_category_id=category, number=number) for category, number in self.numbers)


class Wishes(BaseModel):
    """A party with its options and, for appointments, a chosen resource. Option values are as the wire wants them."""

    model_config = ConfigDict(frozen=True)

    product_id: str
    party: Party
    options: tuple[tuple[str, str], ...] = ()
    resource_id: str = ""

    def options_to_wire(self) -> tuple[BookingOption, ...]:
        return tuple(BookingOption(id=option, value=value) for option, value in self.options)

    def resources_to_wire(self) -> tuple[ResourceInput, ...]:
        return (ResourceInput(id=self.resource_id),) if self.resource_id else ()


class CourseClass(BaseModel):
    """One meeting of a course."""

    model_config = ConfigDict(frozen=True)

    start: datetime
    end: datetime


class FreeTime(BaseModel):
    """A time that can be booked now.

    `price` is an estimate for the whole party, absent where Bookeo gives none; `seats_left` is absent where Bookeo does
    not tell it. Of a course that has begun, `classes` are those still to come and `classes_over` counts the others.
    """

    model_config = ConfigDict(frozen=True)

    event_id: str
    start: datetime
    end: datetime
    price: Money | None = None
    seats_left: int | None = None
    classes: tuple[CourseClass, ...] = ()
    classes_over: int = 0
    course_title: str = ""


class Choice(BaseModel):
    """Wishes together with the time chosen for them."""

    model_config = ConfigDict(frozen=True)

    wishes: Wishes
    event_id: str
    start: datetime
    end: datetime
    classes: tuple[CourseClass, ...] = ()
