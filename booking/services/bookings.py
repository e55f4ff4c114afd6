"""Placing a booking, once.

Each press of “Book” is an attempt in our ledger before it is a call to Bookeo. The call's answer settles the attempt; a
lost answer leaves it unknown, and `settle` finds the truth by the reference we sent (reference 2.9).
"""

import uuid
from dataclasses import dataclass, field

from booking import bookeo
from booking.bookeo import Booking, CustomerInput, ParticipantInput
from booking.models import Attempt
from booking.services import attempts, cache, reconciliation, upstream
from booking.services.attempts import Kind, State
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


@dataclass(frozen=True, slots=True)
class Terms:
    """How it is booked: whom Bookeo tells, whether as a manager (reference 6.3), and what it names as the source."""

    notify_customer: bool = True
    notify_users: bool = True
    reminders: bool = True
    as_manager: bool = False
    source: str = SOURCE


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
    terms: Terms = field(default_factory=Terms)


def place_booking(order: Order) -> Booking:
    """Send the booking once.

    Raises TimeGone, CodeRefused, DetailsRejected, Unavailable (surely not booked: the customer may try again) and
    OutcomeUnknown (already pressed, or the answer is lost: `settle` tells).
    """
    attempt = _open_attempt(order)
    try:
        booking = upstream.bookeo().create_booking(
            booking=_to_wire(order, attempt.reference),
            previous_hold_id=order.hold_id or None,
            notify_users=order.terms.notify_users,
            notify_customer=order.terms.notify_customer,
            send_customer_reminders=order.terms.reminders,
            send_customer_thankyou=False,
            backend=order.terms.as_manager,
        )
    except bookeo.BookeoError as error:
        raise _settle_with_error(attempt, order, error) from error
    attempts.confirm(attempt, booking.booking_number)
    cache.forget_times(attempt.product_id)
    return booking


def settle(draft_reference: uuid.UUID) -> Booking | None:
    """The booking that came of this draft's live attempt, or None when it is certain that there is none.

    Raises OutcomeUnknown while it cannot be told yet.
    """
    attempt = _live(draft_reference)
    if attempt is not None and attempt.state in Attempt.OPEN:
        reconciliation.settle_open_attempts()
        attempt = _live(draft_reference)
    if attempt is None:
        return None
    if attempt.state != State.CONFIRMED:
        raise OutcomeUnknown("not known yet")
    with bookeo_errors_translated():
        return upstream.bookeo().get_booking(booking_number=attempt.target)


def is_pressed(draft_reference: uuid.UUID) -> bool:
    """Whether a booking of this draft is on its way, or has been made."""
    return _live(draft_reference) is not None


def _live(draft_reference: uuid.UUID) -> Attempt | None:
    return attempts.live(Kind.BOOKING, draft_reference.hex)


def _open_attempt(order: Order) -> Attempt:
    try:
        return attempts.begin(
            Kind.BOOKING,
            order.draft_reference.hex,
            product_id=order.choice.wishes.product_id,
            event_id=order.choice.event_id,
        )
    except attempts.AlreadyAttempted as error:
        raise OutcomeUnknown("this draft has been sent already") from error


def _settle_with_error(attempt: Attempt, order: Order, error: bookeo.BookeoError) -> Exception:
    """Write down what the error means for the attempt, and turn it into what the customer may meet."""
    if error.outcome_unknown:
        attempts.leave_unknown(attempt, error.error_id)
        return OutcomeUnknown(str(error))
    attempts.refuse(attempt, error.error_id)
    cache.forget_times(attempt.product_id)
    if isinstance(error, bookeo.Invalid):
        return CodeRefused(str(error)) if order.codes and speaks_of_a_code(error) else DetailsRejected(str(error))
    if isinstance(error, bookeo.Forbidden) and not is_permission_problem(error):
        return TimeGone(str(error))
    if isinstance(error, bookeo.NotFound | bookeo.Conflict):
        return TimeGone(str(error))
    return Unavailable(str(error))


def _to_wire(order: Order, external_ref: str) -> bookeo.BookingInput:
    base = booking_input(order.choice, customer_id=order.customer_id, codes=order.codes)
    changes: dict[str, object] = {"external_ref": external_ref, "source": order.terms.source}
    if order.customer is not None and not order.customer_id:
        changes["customer"] = order.customer
    if order.participants:
        changes["participants"] = base.participants.model_copy(update={"details": order.participants})
    if order.extra_options:
        extra = tuple(bookeo.BookingOption(id=option, value=value) for option, value in order.extra_options)
        changes["options"] = (base.options or ()) + extra
    return base.model_copy(update=changes)
