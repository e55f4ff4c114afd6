"""The bookings of one day, with the seats that are left; and the last good list, for when Bookeo is down.

The list holds names and telephone numbers. It is kept sealed, under a key made of the server's secret, in the shared
cache, for half a day: a copy of the cache opens nothing, and it holds no more than the list shows.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from booking.bookeo import Booking
from booking.services import booking_changes, cache, catalogue, days, sealing, sharing, slots, stamps
from booking.services.errors import NotFound, Unavailable
from booking.services.key_permissions import Permission, PermissionMissing, needing

KEPT_SECONDS = 12 * 60 * 60
# What a list of people needs; nothing else of a booking is kept.
KEPT: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            "booking_number",
            "product_id",
            "product_name",
            "start_time",
            "end_time",
            "creation_time",
            "title",
            "canceled",
            "accepted",
            "event_id",
            "no_show",
            "options",
            "price",
        ),
        True,
    ),
    "participants": {"numbers"},
    "customer": {"id", "creation_time", "first_name", "middle_name", "last_name", "phone_numbers"},
}


@dataclass(frozen=True, slots=True)
class DaySlot:
    """One time on the business's calendar, and the seats left in it."""

    event_id: str
    product_id: str
    start: datetime
    end: datetime
    seats_left: int


@dataclass(frozen=True, slots=True)
class DayList:
    """`is_old`: Bookeo did not answer, and this is what it said at `fetched_at`."""

    day: date
    bookings: tuple[Booking, ...]
    fetched_at: datetime
    slots: tuple[DaySlot, ...] = field(default=())
    is_old: bool = False


def get_day(day: date, *, with_slots: bool = True) -> DayList:
    """Bookings that start on this day, cancelled ones among them: one call, and one for all seats unless remembered.

    Raises PermissionMissing; Unavailable when Bookeo is down and no list is kept.
    """
    try:
        with needing(Permission.READ_BOOKINGS):
            bookings = booking_changes.find_bookings(starting=_span(day), with_cancelled=True, with_people=True)
    except PermissionMissing:
        raise
    except Unavailable:
        kept = kept_day(day)
        if kept is None:
            raise
        return kept
    fetched_at = datetime.now(UTC)
    _keep(day, bookings, fetched_at)
    return DayList(day, bookings, fetched_at, _slots_or_none(day) if with_slots else ())


def kept_day(day: date) -> DayList | None:
    """The last good list of this day, without asking Bookeo."""
    sealed = sharing.get(_key(day))
    if not isinstance(sealed, str):
        return None
    try:
        kept = json.loads(zlib.decompress(sealing.unseal(sealed, _key(day))))
        bookings = tuple(Booking.model_validate(document) for document in kept["bookings"])
    except (sealing.SealBroken, ValidationError):  # of another secret, or of another release
        return None
    return DayList(day, bookings, datetime.fromtimestamp(kept["at"], UTC), is_old=True)


def _keep(day: date, bookings: Iterable[Booking], fetched_at: datetime) -> None:
    documents = [
        booking.model_dump(mode="json", by_alias=True, exclude_unset=True, include=dict(KEPT)) for booking in bookings
    ]
    plain = zlib.compress(json.dumps({"at": fetched_at.timestamp(), "bookings": documents}).encode())
    sharing.put(_key(day), sealing.seal(plain, _key(day)), seconds=KEPT_SECONDS)


def _slots_or_none(day: date) -> tuple[DaySlot, ...]:
    """The list of people is worth showing without the seats."""
    try:
        seats_as_of = [stamps.stamp_of(product.product_id) for product in catalogue.find_products()]
        key = cache.times_key(stamps.EVERY_PRODUCT, "day", day, seats_as_of)
        return cache.remembered(key, keeping=cache.TIMES, fetch=lambda: _fetch_slots(day))
    except (Unavailable, NotFound):
        return ()


def _fetch_slots(day: date) -> tuple[DaySlot, ...]:
    return tuple(
        DaySlot(slot.event_id, slot.product_id or "", slot.start_time, slot.end_time, slot.num_seats_available)
        for slot in slots.on_offer(*_span(day))
    )


def _span(day: date) -> tuple[datetime, datetime]:
    return days.midnight(day), days.last_second_before(day + timedelta(days=1))


def _key(day: date) -> str:
    return f"day-list:{day.isoformat()}"
