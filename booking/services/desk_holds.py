"""Holding seats for something that staff are about to book or to change: the only way to learn its price.

A hold knows no manager (reference 6.2), though bookings and changes do. So where a hold is refused for a rule that does
not bind staff, nothing is held and no price is known; whether it goes, the booking itself decides.
"""

from django.conf import settings

from booking import bookeo
from booking.bookeo import BookingInput, Hold
from booking.services import cache, upstream
from booking.services.errors import (
    CustomerNeeded,
    TimeGone,
    bookeo_errors_translated,
    is_permission_problem,
    speaks_of,
)
from booking.services.holds import CUSTOMER_WORDS
from booking.services.key_permissions import Permission, needing

# The API has no error codes; these words in a refusal speak of seats (reference 2.7).
SEAT_WORDS = ("seat", "full", "sold out", "no resource", "not available")


def hold_for_staff(wanted: BookingInput, *, previous_hold_id: str = "") -> Hold | None:
    """None where only staff may book this, and no hold can be had.

    Raises TimeGone, CustomerNeeded, DetailsRejected, Unavailable, PermissionMissing.
    """
    with needing(Permission.WRITE_BOOKINGS), bookeo_errors_translated():
        try:
            hold = upstream.bookeo().create_hold(
                booking=wanted,
                hold_duration_seconds=settings.HOLD_SECONDS,
                previous_hold_id=previous_hold_id or None,
            )
        except bookeo.Forbidden as error:
            if is_permission_problem(error):
                raise
            cache.forget_times(wanted.product_id)
            _raise_what_binds_staff_too(error, wanted)
            return None
        except (bookeo.NotFound, bookeo.Conflict) as error:
            cache.forget_times(wanted.product_id)
            raise TimeGone(str(error)) from error
    cache.forget_times(wanted.product_id)
    return hold


def let_go(hold: Hold | None) -> None:
    """Free the seats for what is about to take them. Raises Unavailable."""
    if hold is None:
        return
    with bookeo_errors_translated():
        upstream.bookeo().delete_hold(hold_id=hold.id)


def _raise_what_binds_staff_too(error: bookeo.Forbidden, wanted: BookingInput) -> None:
    if speaks_of(error, CUSTOMER_WORDS):
        raise CustomerNeeded(f"{wanted.product_id} refused for this customer") from error
    if speaks_of(error, SEAT_WORDS):
        raise TimeGone(str(error)) from error
