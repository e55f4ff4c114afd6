"""Free times for staff: those of the page for customers, with the ones that only staff may book."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from booking.bookeo import Booking, PeopleCategory
from booking.presenters import texts
from booking.presenters.product import Day, Times, time_button, times_of
from booking.services import days
from booking.services.availability import PageOfTimes
from booking.services.choices import FreeTime, Party


def move_times(
    found: PageOfTimes, booking: Booking, categories: Mapping[str, PeopleCategory], *, resource: str = ""
) -> Times:
    """Without the time that the booking has already."""
    others = tuple(time for time in found.times if not _is_own(time, booking, resource))
    query = urlencode({"resource": resource} if resource else {})
    party = Party.of_booking(booking)
    return desk_times(replace(found, times=others, total=len(others)), party, categories, query=query)


def _is_own(time: FreeTime, booking: Booking, resource: str) -> bool:
    """An appointment at the same hour with somebody else is another one."""
    if booking.event_id:
        return time.event_id == booking.event_id
    same_people = not resource or resource in {mine.id for mine in booking.resources}
    return same_people and time.start == booking.start_time


def desk_times(
    found: PageOfTimes,
    party: Party,
    categories: Mapping[str, PeopleCategory],
    *,
    query: str,
    asked: date | None = None,
    notice: str = "",
) -> Times:
    """`query` is the address of what is wished, to which each link adds its day."""
    return times_of(found, party, categories, query=query, asked=asked, today=days.today(), notice=notice)


def with_asked_first(shown: Times, found: PageOfTimes, event_id: str) -> tuple[Times, bool]:
    """The time that staff came from above all others; False where it has no room for this party."""
    if not event_id:
        return shown, True
    for time in found.times:
        if time.event_id == event_id:
            heading = f"The time you came from: {texts.long_day(texts.day_of(time.start))}"
            first = Day(id="asked", heading=heading, times=[time_button(time)])
            return replace(shown, days=[first, *shown.days]), True
    return shown, False
