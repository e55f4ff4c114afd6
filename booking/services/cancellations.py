"""Cancelling a booking at the desk: what it costs by the business's rule, and whose press it was."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from booking import bookeo
from booking.bookeo import Money
from booking.models import Attempt
from booking.services import booking_changes, policies, sharing
from booking.services.attempts import Kind
from booking.services.booking_changes import CancelFlags
from booking.services.key_permissions import Permission, needing

Booking: TypeAlias = bookeo.Booking
# Longer than Bookeo may take for all calls of one cancellation.
CLAIMED_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`by_us`: this press did it. Else it was cancelled before, or by somebody else at the same moment."""

    booking: Booking
    by_us: bool


def cancel(booking: Booking, flags: CancelFlags) -> Cancelled:
    """Cancel a booking that was just read, once, however many press. Raises RuleRefused, NotFound, OutcomeUnknown,
    PermissionMissing."""
    began, number = datetime.now(UTC), booking.booking_number
    lock = sharing.claimed(f"cancelling:{number}", seconds=CLAIMED_SECONDS)
    with lock as is_first, needing(Permission.WRITE_BOOKINGS):
        after = booking_changes.cancel_booking(booking, flags)
    return Cancelled(after, by_us=is_first and _was_sent_since(number, began))


def stamp(booking: Booking) -> str:
    """Changes when the booking or what is paid changes: a page made before then knows that it is old."""
    paid = booking.price.total_paid.amount.normalize() if booking.price else 0
    return f"{(booking.last_change_time or booking.creation_time).timestamp():.0f}-{paid:f}"


def late_fee(booking: Booking, *, at: datetime) -> Money | None:
    """What the business keeps when this is cancelled at that moment; None while it is free, or costs nothing."""
    policy = policies.cancellation()
    if booking.price is None or at <= policy.free_until(booking.start_time):
        return None
    return policy.fee_of(booking.price.total_gross)


def _was_sent_since(booking_number: str, began: datetime) -> bool:
    mine = Attempt.objects.filter(kind=Kind.CANCELLATION, target=booking_number, created_at__gte=began)
    return mine.exclude(state__in=Attempt.FREE).exists()
