"""Payments and refunds that staff record for a booking, against the balance that they saw."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from booking import bookeo
from booking.bookeo import Money
from booking.services import attempts, cancellations, days, payments, sharing
from booking.services.attempts import Kind
from booking.services.errors import NotFound, ServiceError
from booking.services.key_permissions import Permission, needing

Booking: TypeAlias = bookeo.Booking
Payment: TypeAlias = bookeo.Payment
# Longer than Bookeo may take to record a payment.
CLAIMED_SECONDS = 30
PATIENCE_SECONDS = 10


class BalanceChanged(ServiceError):
    """Somebody else changed the booking or its payments meanwhile; `booking` is as it is now."""

    status = 409

    def __init__(self, booking: Booking) -> None:
        super().__init__(f"the balance of {booking.booking_number} is another one now")
        self.booking = booking


@dataclass(frozen=True, slots=True)
class Taking:
    """What was entered. `form` is the random value made with the form. The amount of a refund is negative."""

    form: str
    amount: Money
    reason: str
    method: str
    other_method: str = ""
    comment: str = ""
    received: datetime | None = None

    @property
    def size(self) -> Money:
        """The amount without a minus."""
        return Money(amount=abs(self.amount.amount), currency=self.amount.currency)


def balance_of(booking: Booking) -> Decimal:
    """What is still due; negative when too much was paid."""
    return booking.price.total_gross.amount - booking.price.total_paid.amount if booking.price else Decimal(0)


def fee_kept(booking: Booking) -> Money | None:
    """Of a cancelled booking what the business's rule keeps; None for nothing."""
    return cancellations.late_fee(booking, at=booking.cancelation_time or days.now()) if booking.canceled else None


def left_to_settle(booking: Booking) -> Decimal:
    """What is still due, negative for what is to be given back; of a cancelled booking by the business's rule."""
    if not booking.canceled or booking.price is None:
        return balance_of(booking)
    fee = fee_kept(booking)
    return (fee.amount if fee else Decimal(0)) - booking.price.total_paid.amount


def shown_balance(booking: Booking) -> str:
    """The balance as a form carries it, and whether the booking is cancelled: the same figure has one spelling."""
    return f"{balance_of(booking).normalize():f}{' canceled' if booking.canceled else ''}"


def was_sent(form: str) -> bool:
    """Whether this form was pressed before. Ask after reading the booking: a changed balance may be its own doing."""
    return attempts.live(Kind.PAYMENT, form) is not None


@contextmanager
def one_at_a_time(booking_number: str) -> Iterator[bool]:
    """Whoever presses second waits until the first payment is recorded. False when that takes too long. Read the
    booking inside: its balance is another one then."""
    with sharing.in_turn(f"paying:{booking_number}", seconds=CLAIMED_SECONDS, patience=PATIENCE_SECONDS) as is_free:
        yield is_free


def check_shown(booking: Booking, shown: str) -> None:
    """Raises BalanceChanged when something else was shown."""
    if shown != shown_balance(booking):
        raise BalanceChanged(booking)


def record(booking_number: str, taking: Taking) -> Payment:
    """Once for each form. Raises RuleRefused, DetailsRejected, NotFound, OutcomeUnknown, PermissionMissing."""
    with needing(Permission.WRITE_PAYMENTS):
        return payments.record_payment(
            booking_number,
            form=taking.form,
            amount=taking.amount,
            reason=taking.reason,
            method=taking.method,
            other_method=taking.other_method,
            comment=taking.comment,
            received=taking.received,
        )


def size_of(payment: Payment) -> Money:
    """Its amount without a minus."""
    return Money(amount=abs(payment.amount.amount), currency=payment.amount.currency)


def find_payments_of(booking_number: str) -> tuple[Payment, ...]:
    """A booking's payments, oldest first. Raises PermissionMissing."""
    with needing(Permission.READ_PAYMENTS):
        return payments.find_payments_of(booking_number)


def get_payment_of(booking_number: str, payment_id: str) -> Payment:
    """One of the booking's payments. Raises NotFound for one of another booking, PermissionMissing."""
    for payment in find_payments_of(booking_number):
        if payment.id == payment_id:
            return payment
    raise NotFound(f"{booking_number} has no payment {payment_id!r}")
