"""What calling off or moving a day would mean for each of its bookings, before anything is pressed."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from booking import bookeo
from booking.bookeo import Money, PeopleCategory, ProductType
from booking.models import BulkRow
from booking.services import bulk_times, cancellations, catalogue, finding
from booking.services.bulk_times import Offered, Wanted
from booking.services.choices import FreeTime, Party
from booking.services.errors import NotFound, ServiceError

Booking: TypeAlias = bookeo.Booking

# One form holds them all, and one run ends within half an hour.
MOST_ROWS = 300
# Bookings of a day that are looked through for them.
MOST_LOOKED_AT = 1000


class TooMany(ServiceError):
    """More bookings than one run may hold."""

    status = 422


@dataclass(frozen=True, slots=True)
class ProductOnDay:
    product_id: str
    name: str
    bookings: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A booking that may be called off, and the seats it takes. `fee` is what the business keeps by its rule.
    `is_queued`: another run has it in hand. `is_over`: it has begun already. `is_looked_up`: times were looked for."""

    booking: Booking
    seats: int
    stamp: str
    fee: Money | None
    times: Offered
    is_queued: bool
    is_over: bool
    is_looked_up: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """`seen` changes when any of the bookings, or what is paid, changes. `times` are all free times, by event."""

    day: date
    product_ids: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    times: Mapping[str, FreeTime]
    seen: str


def find_products_on(day: date) -> tuple[ProductOnDay, ...]:
    """Products that have bookings to call off on this day. Raises TooMany, PermissionMissing."""
    bookings = _standing(day, ())
    names = {booking.product_id: booking.product_name or "" for booking in bookings}
    counted = Counter(booking.product_id for booking in bookings)
    return tuple(ProductOnDay(product_id, names[product_id], number) for product_id, number in counted.items())


def every_product() -> tuple[ProductOnDay, ...]:
    """For a day whose bookings are too many to be counted."""
    return tuple(ProductOnDay(product.product_id, product.name, 0) for product in catalogue.find_products())


def preview(day: date, product_ids: Sequence[str]) -> Preview:
    """Every booking of these products on this day: a call for each hundred bookings of the day, and one for the times
    of each product. Raises TooMany, PermissionMissing."""
    bookings = _standing(day, product_ids)
    if len(bookings) > MOST_ROWS:
        raise TooMany(f"{len(bookings)} bookings")
    product_ids = list(dict.fromkeys(booking.product_id for booking in bookings))
    categories, now = catalogue.find_people_categories(), datetime.now(UTC)
    queued = _queued(booking.booking_number for booking in bookings)
    times_of = {product_id: _times(product_id, day) for product_id in product_ids}
    offers = _offers(bookings, times_of, categories, now)
    times = {time.event_id: time for mine in times_of.values() for time in mine}
    candidates = tuple(
        Candidate(
            booking=booking,
            seats=Party.of_booking(booking).seats(categories),
            stamp=cancellations.stamp(booking),
            fee=cancellations.late_fee(booking, at=now),
            times=offers.get(booking.booking_number, Offered()),
            is_queued=booking.booking_number in queued,
            is_over=booking.start_time <= now,
            is_looked_up=_is_looked_up(booking.product_id),
        )
        for booking in bookings
    )
    return Preview(day, tuple(product_ids), candidates, times, _seen(candidates))


def _standing(day: date, product_ids: Sequence[str]) -> list[Booking]:
    """Bookings of the day that are not cancelled, by start; of all products when none is named."""
    only = product_ids[0] if len(product_ids) == 1 else ""
    found: list[Booking] = []
    looked_at = 0
    for page in finding.every_page(finding.Filters(first=day, last=day, product_id=only)):
        looked_at += len(page)
        found += [booking for booking in page if not product_ids or booking.product_id in product_ids]
        if looked_at > MOST_LOOKED_AT:
            raise TooMany(f"more than {MOST_LOOKED_AT} bookings")
    return sorted(found, key=lambda booking: (booking.start_time, booking.product_id, booking.booking_number))


def _times(product_id: str, day: date) -> tuple[FreeTime, ...]:
    """Later times that a booking of this product can move to."""
    return bulk_times.later_times(product_id, day) if _is_looked_up(product_id) else ()


def _is_looked_up(product_id: str) -> bool:
    """Only tours and classes of one time: a course is several, and of appointments Bookeo tells no seats."""
    try:
        return bool(catalogue.get_product(product_id).type == ProductType.FIXED)
    except NotFound:  # closed to us
        return False


def _offers(
    bookings: Iterable[Booking],
    times_of: Mapping[str, tuple[FreeTime, ...]],
    categories: Mapping[str, PeopleCategory],
    now: datetime,
) -> dict[str, Offered]:
    wanted: dict[str, list[Wanted]] = {product_id: [] for product_id in times_of}
    for booking in bookings:
        if booking.start_time > now:
            seats = Party.of_booking(booking).seats(categories)
            wanted[booking.product_id].append(Wanted(booking.booking_number, booking.start_time, seats))
    offers: dict[str, Offered] = {}
    for product_id, mine in wanted.items():
        offers |= bulk_times.shared_out(mine, times_of[product_id])
    return offers


def _queued(numbers: Iterable[str]) -> set[str]:
    live = BulkRow.objects.filter(state__in=BulkRow.LIVE, booking_number__in=list(numbers))
    return set(live.values_list("booking_number", flat=True))


def _seen(candidates: Iterable[Candidate]) -> str:
    """Changes with each booking, and when another run takes one of them in hand."""
    stamps = (f"{c.booking.booking_number}:{c.stamp}:{c.is_queued}" for c in candidates)
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()
