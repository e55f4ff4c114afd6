"""Free times for staff: those of the page for customers, with the ones that only staff may book."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from booking.bookeo import Booking, PeopleCategory
from booking.presenters.product import Times, times_of
from booking.services import days
from booking.services.availability import PageOfTimes
from booking.services.choices import Party
from booking.services.desk_changes import party_of


def move_times(
    found: PageOfTimes, booking: Booking, categories: Mapping[str, PeopleCategory], *, resource: str = ""
) -> Times:
    """Without the time that the booking has already."""
    own = (booking.event_id, booking.start_time)
    others = tuple(time for time in found.times if time.event_id != own[0] and time.start != own[1])
    query = urlencode({"resource": resource} if resource else {})
    return desk_times(replace(found, times=others, total=len(others)), party_of(booking), categories, query=query)


def desk_times(
    found: PageOfTimes,
    party: Party,
    categories: Mapping[str, PeopleCategory],
    *,
    query: str,
    asked: date | None = None,
) -> Times:
    """`query` is the address of what is wished, to which each link adds its day."""
    return times_of(found, party, categories, query=query, asked=asked, today=days.today())
