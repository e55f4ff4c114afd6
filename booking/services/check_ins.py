"""Who has come: one mark for each booking, kept by us. It holds no personal data of customers."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from booking.models import CheckIn
from booking.services.audit import Actor

KEPT = timedelta(days=90)


def find_marks(booking_numbers: Iterable[str]) -> dict[str, CheckIn]:
    """The marks of these bookings, by number."""
    return {mark.booking_number: mark for mark in CheckIn.objects.filter(booking_number__in=list(booking_numbers))}


def check_in(booking_number: str, actor: Actor) -> bool:
    """Mark a booking as here. False when it was already: the first mark stays."""
    fields = {"staff_id": actor.staff_id, "staff_name": actor.name}
    _, is_new = CheckIn.objects.get_or_create(booking_number=booking_number, defaults=fields)
    return is_new


def take_back(booking_number: str) -> bool:
    """Remove the mark. False when there was none."""
    removed, _ = CheckIn.objects.filter(booking_number=booking_number).delete()
    return bool(removed)


def purge() -> int:
    """Delete the marks of days long gone; answers how many."""
    deleted, _ = CheckIn.objects.filter(at__lt=datetime.now(UTC) - KEPT).delete()
    return deleted
