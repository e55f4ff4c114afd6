"""Placing a booking, once.

Each press of “Book” is an attempt in our ledger before it is a call to Bookeo. The call's answer settles the attempt; a
lost answer leaves it unknown, and `settle` finds the truth by the reference we sent (reference 2.9).
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from booking import bookeo
from booking.bookeo import Booking, CustomerInput, ParticipantInput, iter_pages
from booking.models import BookingAttempt
from booking.services import cache, upstream
from booking.services.choices import Choice
from booking.services.errors import (
    CodeRefused,
    DetailsRejected,
    OutcomeUnknown,
    TimeGone,
    Unavailable,
    bookeo_errors_translated,
    is_permission_problem,
)
from booking.services.holds import Codes, booking_input, speaks_of_a_code

SOURCE = "front-office"
# How long a sent booking may take to show up in Bookeo's list of changes before we call it lost.
GRACE = timedelta(seconds=60)
# A press whose process died is looked into after this time: longer than any answer can take.
PENDING_LIMIT = timedelta(seconds=30)
SETTLE_PAGES = 10

State = BookingAttempt.State


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a booking needs. A guest has `customer`; somebody signed in has `customer_id`."""

    draft_reference: uuid.UUID
    choice: Choice
    hold_id: str
    customer: CustomerInput | None = None
    customer_id: str = ""
    codes: Codes = field(default_factory=Codes)
    participants: tuple[ParticipantInput, ...] = ()
    extra_options: tuple[tuple[str, str], ...] = ()


def place_booking(order: Order) -> Booking:
    """Send the booking once.

    Raises TimeGone, CodeRefused, DetailsRejected, Unavailable (surely not booked: the customer may try again) and
    OutcomeUnknown (already pressed, or the answer is lost: `settle` tells).
    """
    attempt = _open_attempt(order)
    try:
        booking = upstream.bookeo().create_booking(
            booking=_to_wire(order, attempt.external_ref),
            previous_hold_id=order.hold_id or None,
            notify_users=True,
            notify_customer=True,
            send_customer_reminders=True,
            send_customer_thankyou=False,
        )
    except bookeo.BookeoError as error:
        raise _settle_with_error(attempt, order, error) from error
    _confirm(attempt, booking)
    return booking


def settle(draft_reference: uuid.UUID) -> Booking | None:
    """The booking that came of this draft's live attempt, or None when it is certain that there is none.

    Raises OutcomeUnknown while it cannot be told yet.
    """
    attempt = BookingAttempt.objects.filter(draft_reference=draft_reference).exclude(state=State.REFUSED).first()
    if attempt is None:
        return None
    age = datetime.now(UTC) - attempt.created_at
    if attempt.state == State.PENDING and age < PENDING_LIMIT:
        raise OutcomeUnknown("still being sent")
    booking = _look_up(attempt)
    if booking is not None:
        _confirm(attempt, booking)
        return booking
    if age < GRACE:
        raise OutcomeUnknown("not in the list of changes yet")
    _close(attempt, State.REFUSED)
    return None


def _open_attempt(order: Order) -> BookingAttempt:
    try:
        with transaction.atomic():
            return BookingAttempt.objects.create(
                draft_reference=order.draft_reference,
                external_ref=f"web-{uuid.uuid4().hex}",
                product_id=order.choice.wishes.product_id,
                event_id=order.choice.event_id,
            )
    except IntegrityError as error:
        raise OutcomeUnknown("this draft has been sent already") from error


def _settle_with_error(attempt: BookingAttempt, order: Order, error: bookeo.BookeoError) -> Exception:
    """Write down what the error means for the attempt, and turn it into what the customer may meet."""
    if error.outcome_unknown:
        _close(attempt, State.UNKNOWN, error_id=error.error_id)
        return OutcomeUnknown(str(error))
    _close(attempt, State.REFUSED, error_id=error.error_id)
    cache.forget_times(attempt.product_id)
    if isinstance(error, bookeo.Invalid):
        return CodeRefused(str(error)) if order.codes and speaks_of_a_code(error) else DetailsRejected(str(error))
    if isinstance(error, bookeo.Forbidden) and not is_permission_problem(error):
        return TimeGone(str(error))
    if isinstance(error, bookeo.NotFound | bookeo.Conflict):
        return TimeGone(str(error))
    return Unavailable(str(error))


def _look_up(attempt: BookingAttempt) -> Booking | None:
    """Search Bookeo's bookings of the minutes around the attempt for our reference."""
    if attempt.booking_number:
        with bookeo_errors_translated():
            return upstream.bookeo().get_booking(booking_number=attempt.booking_number)
    client = upstream.bookeo()
    with bookeo_errors_translated():
        first = client.list_bookings(
            last_updated_start_time=attempt.created_at - timedelta(minutes=2),
            last_updated_end_time=min(datetime.now(UTC), attempt.created_at + timedelta(hours=1))
            + timedelta(minutes=2),
            product_id=attempt.product_id,
            include_canceled=True,
        )
        for page in iter_pages(first, client.get_bookings_page, max_pages=SETTLE_PAGES):
            for booking in page.data:
                if booking.external_ref == attempt.external_ref:
                    return booking
    return None


def _confirm(attempt: BookingAttempt, booking: Booking) -> None:
    _close(attempt, State.CONFIRMED, booking_number=booking.booking_number)
    cache.forget_times(attempt.product_id)


def _close(attempt: BookingAttempt, state: State, *, booking_number: str = "", error_id: str | None = None) -> None:
    attempt.state = state
    attempt.booking_number = booking_number
    attempt.error_id = error_id or ""
    attempt.settled_at = None if state == State.UNKNOWN else datetime.now(UTC)
    attempt.save(update_fields=["state", "booking_number", "error_id", "settled_at"])


def _to_wire(order: Order, external_ref: str) -> bookeo.BookingInput:
    base = booking_input(order.choice, customer_id=order.customer_id, codes=order.codes)
    changes: dict[str, object] = {"external_ref": external_ref, "source": SOURCE}
    if order.customer is not None and not order.customer_id:
        changes["customer"] = order.customer
    if order.participants:
        changes["participants"] = base.participants.model_copy(update={"details": order.participants})
    if order.extra_options:
        extra = tuple(bookeo.BookingOption(id=option, value=value) for option, value in order.extra_options)
        changes["options"] = (base.options or ()) + extra
    return base.model_copy(update=changes)
