"""Reading, changing and cancelling bookings that exist.

Each change is sent once; a lost answer is settled by reading the booking again (reference 2.9).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from booking.bookeo import Booking, Customer, Page, changed_document, iter_pages
from booking.services import cache, sharing, upstream
from booking.services.attempts import Kind
from booking.services.errors import OutcomeUnknown, bookeo_errors_translated
from booking.services.key_permissions import Permission, needing
from booking.services.once import once
from booking.services.ranges import pieces

PAGE_SIZE = 100
PAGES_READ = 50
# Longer than Bookeo may take for all calls of one change.
CLAIMED_SECONDS = 30

Span = tuple[datetime, datetime]
# Set by Bookeo, or told twice: an event decides its own times and classes (reference 4.7, 4.1).
TIMES_OF_EVENT = ("start_time", "end_time", "first_course_enrolled_event_id", "dropin_course_enrolled_event_id")


@dataclass(frozen=True, slots=True)
class CancelFlags:
    """What Bookeo does along with a cancellation. `apply_policy` may charge the card on file; `reason` stands in the
    customer's e-mail."""

    notify_customer: bool = False
    notify_users: bool = False
    apply_policy: bool = False
    track_in_history: bool = False
    remaining_series: bool = False
    reason: str = ""


NO_FLAGS = CancelFlags()


def find_bookings(
    *,
    starting: Span | None = None,
    changed: Span | None = None,
    product_id: str = "",
    with_cancelled: bool = False,
    with_people: bool = False,
) -> tuple[Booking, ...]:
    """Bookings that start, or were changed, within a span of any length, by start. One of the two spans is needed.

    `with_people` adds the customer and the participants, where the key may read them.
    """
    name, span = ("", starting) if starting else ("last_updated_", changed)
    if span is None:
        raise ValueError("a span of starts or of changes is needed")
    options = {
        "product_id": product_id or None,
        "include_canceled": with_cancelled,
        "expand_customer": with_people,
        "expand_participants": with_people,
        "items_per_page": PAGE_SIZE,
    }
    found: dict[str, Booking] = {}
    with bookeo_errors_translated():
        for start, end in pieces(*span):
            times = {f"{name}start_time": start, f"{name}end_time": end}
            first = upstream.bookeo().list_bookings(**times, **options)  # type: ignore[arg-type]  # keywords by name
            found |= {booking.booking_number: booking for booking in _all_of(first)}
    return tuple(sorted(found.values(), key=lambda booking: booking.start_time))


def get_booking(booking_number: str, *, with_people: bool = True) -> Booking:
    """One booking, also a cancelled one. Raises NotFound, PermissionMissing."""
    with needing(Permission.READ_BOOKINGS), bookeo_errors_translated():
        return upstream.bookeo().get_booking(
            booking_number=booking_number, expand_customer=with_people, expand_participants=with_people
        )


def get_customer_of(booking_number: str) -> Customer:
    """Whose booking it is. Raises NotFound."""
    with bookeo_errors_translated():
        return upstream.bookeo().get_booking_customer(booking_number=booking_number)


@contextmanager
def one_at_a_time(booking_number: str) -> Iterator[bool]:
    """Whether nobody else is sending a change of this booking: Bookeo would let the later one undo the earlier. Read
    the booking inside."""
    with sharing.claimed(f"changing:{booking_number}", seconds=CLAIMED_SECONDS) as is_free:
        yield is_free


def change_booking(
    before: Booking,
    *,
    form: str,
    without: tuple[str, ...] = (),
    notify_customer: bool = False,
    notify_users: bool = False,
    as_manager: bool = False,
    about_to_send: Callable[[str], object] = bool,
    **changes: Any,
) -> Booking:
    """Change the named fields and send all of the booking back; fields that we do not know stay as they are.

    Once for each `form`, a random value made with the form. `before` is the booking as it was just read, with its
    people: whoever is left out is taken as removed. Fields named in `without` are left to Bookeo; a new `event_id`
    brings its own times. `as_manager` relaxes the account's limits (reference 4.7). `about_to_send` is told the
    reference of the attempt before it goes out; not where it has gone out before. Raises RuleRefused, DetailsRejected,
    NotFound, OutcomeUnknown.
    """
    left_out = ("customer", *without, *(TIMES_OF_EVENT if "event_id" in changes else ()))
    document = changed_document(before, without=left_out, **changes)

    def send(reference: str) -> Booking:
        about_to_send(reference)
        return upstream.bookeo().update_booking(
            booking_number=before.booking_number,
            document=document,
            notify_customer=notify_customer,
            notify_users=notify_users,
            backend=as_manager,
        )

    after = _once(Kind.CHANGE, form, before, send)
    for product_id in {before.product_id, after.product_id}:
        cache.forget_times(product_id)
    return after


def cancel_booking(
    before: Booking,
    flags: CancelFlags = NO_FLAGS,
    *,
    about_to_send: Callable[[str], object] = bool,
    read_again: bool = True,
) -> Booking:
    """Cancel a booking that was just read, and answer it as it is then; one that is cancelled already as it is.

    Without `read_again` Bookeo's yes is taken at its word, which spares a call: the booking is answered as it was read,
    but cancelled. `about_to_send` is told the reference of the attempt before it goes out; not where it has gone out
    before. Raises RuleRefused, NotFound, OutcomeUnknown.
    """
    if before.canceled:
        return before

    def send(reference: str) -> Booking | None:
        about_to_send(reference)
        upstream.bookeo().cancel_booking(
            booking_number=before.booking_number,
            notify_customer=flags.notify_customer,
            notify_users=flags.notify_users,
            apply_cancellation_policy=flags.apply_policy,
            track_in_customer_history=flags.track_in_history,
            cancel_remaining_series=flags.remaining_series,
            reason=flags.reason or None,
        )
        return None if read_again else before.model_copy(update={"canceled": True})

    after = _once(Kind.CANCELLATION, _state_of(before), before, send)
    cache.forget_times(before.product_id)
    if not after.canceled:
        raise OutcomeUnknown(f"{before.booking_number} is not cancelled yet")
    return after


def _once(kind: Kind, subject: str, before: Booking, send: Callable[[str], Booking | None]) -> Booking:
    return once(
        kind,
        subject,
        send=send,
        read=partial(get_booking, with_people=False),
        target_of=lambda booking: booking.booking_number,
        target=before.booking_number,
        product_id=before.product_id,
    )


def _state_of(booking: Booking) -> str:
    """Two of the staff who cancel what they see mean the same cancellation; after a change it is another one."""
    changed = booking.last_change_time or booking.creation_time
    return f"{booking.booking_number}@{changed.timestamp():.0f}"


def _all_of(first: Page[Booking]) -> Iterator[Booking]:
    for page in iter_pages(first, upstream.bookeo().get_bookings_page, max_pages=PAGES_READ):
        yield from page.data
