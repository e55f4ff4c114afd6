"""Other times for the bookings of a day that is called off: the nearest ones, each place given away only once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.services import days, slots
from booking.services.choices import FreeTime

DAYS_AHEAD = 14
# So many times are offered for a booking; more would be a calendar.
MOST_OFFERED = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """A booking that looks for another time."""

    number: str
    start: datetime
    seats: int


@dataclass(frozen=True, slots=True)
class Offered:
    """`nearest` is kept free for this booking: all may take theirs together. Each of `others` still has room for it
    when everybody else does."""

    nearest: FreeTime | None = None
    others: tuple[FreeTime, ...] = ()

    @property
    def all(self) -> tuple[FreeTime, ...]:
        return ((self.nearest,) if self.nearest else ()) + self.others


def later_times(product_id: str, day: date) -> tuple[FreeTime, ...]:
    """Times with free seats in the two weeks after this day, from one call, which other pages share."""
    since = max(day + timedelta(days=1), days.today())
    found = slots.between(product_id, since, since + timedelta(days=DAYS_AHEAD))
    return tuple(time for time in found if time.seats_left)


def shared_out(wanted: Iterable[Wanted], times: Sequence[FreeTime]) -> dict[str, Offered]:
    """What each booking, by its number, is offered. Whoever starts first chooses first."""
    left = {time.event_id: time.seats_left or 0 for time in times}
    ordered = sorted(wanted, key=lambda one: one.start)
    nearest: dict[str, FreeTime | None] = {}
    for one in ordered:
        fitting = (time for time in _by_distance(times, one) if left[time.event_id] >= one.seats)
        nearest[one.number] = time = next(fitting, None)
        if time is not None:
            left[time.event_id] -= one.seats
    return {one.number: Offered(nearest[one.number], _others(one, nearest[one.number], times, left)) for one in ordered}


def _others(
    one: Wanted, nearest: FreeTime | None, times: Sequence[FreeTime], left: dict[str, int]
) -> tuple[FreeTime, ...]:
    fitting = [time for time in _by_distance(times, one) if left[time.event_id] >= one.seats and time is not nearest]
    return tuple(fitting[: MOST_OFFERED - 1])


def _by_distance(times: Sequence[FreeTime], one: Wanted) -> list[FreeTime]:
    return sorted(times, key=lambda time: abs(time.start - one.start))
