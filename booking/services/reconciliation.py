"""Finding out what became of attempts whose answer is lost, or whose process died (reference 2.9).

A visitor who waits asks for it, and so does the background, for those nobody waits for. Bookeo is asked once for all of
them, and no more often than every few seconds, however many are waiting.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from booking.bookeo import Booking, iter_pages
from booking.models import Attempt
from booking.services import attempts, cache, sharing, upstream
from booking.services.attempts import Kind, State
from booking.services.errors import NotFound, bookeo_errors_translated
from booking.services.ranges import LONGEST_RANGE

logger = logging.getLogger("booking.services")

# An attempt whose process died is looked into after this time: longer than any answer can take.
PENDING_LIMIT = timedelta(seconds=30)
# What was given up may still arrive: it is looked for this much longer.
WATCHED = timedelta(minutes=15)
# Clocks of two machines may differ by a little.
SKEW = timedelta(minutes=2)
LOOK_EVERY_SECONDS = 3.0
PAGES_READ = 10

# What an attempt came to, by its reference: a booking number, a payment's or a customer's id.
Finder = Callable[[Sequence[Attempt]], dict[str, str]]


def grace() -> timedelta:
    """How long something that was sent may take to show up before it counts as lost."""
    return timedelta(seconds=settings.SETTLE_GRACE_SECONDS)


def settle_open_attempts() -> int:
    """Settle what can be settled; answers how many were. Raises Unavailable."""
    now = datetime.now(UTC)
    due = _due(now)
    if not due or not sharing.claim("settling", seconds=LOOK_EVERY_SECONDS):
        return 0
    settled = 0
    for kind, find in FINDERS.items():
        mine = [attempt for attempt in due if attempt.kind == kind]
        if mine:
            settled += _settle(mine, find(mine), now)
    return settled


def _due(now: datetime) -> list[Attempt]:
    unknown = Attempt.objects.filter(state=State.UNKNOWN)
    orphaned = Attempt.objects.filter(state=State.PENDING, created_at__lt=now - PENDING_LIMIT)
    given_up = Attempt.objects.filter(kind=Kind.BOOKING, state=State.LOST, created_at__gt=now - WATCHED)
    return [*unknown, *orphaned, *given_up]


def _settle(due: Iterable[Attempt], found: dict[str, str], looked_at: datetime) -> int:
    settled = 0
    for attempt in due:
        target = found.get(attempt.reference)
        if target is not None:
            settled += _arrived(attempt, target)
        elif attempt.state != State.LOST and looked_at - attempt.created_at >= grace():
            logger.warning("attempt %s (%s) did not arrive", attempt.reference, attempt.kind)
            settled += attempts.give_up(attempt)
    return settled


def _arrived(attempt: Attempt, target: str) -> bool:
    if attempt.product_id:
        cache.forget_times(attempt.product_id)
    other = attempts.live(Kind(attempt.kind), attempt.subject) if attempt.state == State.LOST else None
    if other is not None and other.state == State.CONFIRMED:
        return _undo_duplicate(attempt, target)
    try:
        with transaction.atomic():
            attempts.confirm(attempt, target)
    except IntegrityError:  # a new attempt has begun meanwhile: next time it is known what came of that one
        return False
    return True


def _undo_duplicate(attempt: Attempt, target: str) -> bool:
    """The customer was told that it did not go through, and has booked again: this one must not stand."""
    logger.error("booking %s arrived late beside another one and is cancelled", target)
    with bookeo_errors_translated():
        upstream.bookeo().cancel_booking(booking_number=target, notify_users=True, reason="Sent twice by the website")
    attempts.call_duplicate(attempt, target)
    return True


def _find_bookings(due: Sequence[Attempt]) -> dict[str, str]:
    """Those of the bookings changed since the oldest attempt that carry a reference of ours."""
    wanted = {attempt.reference for attempt in due}
    return {
        booking.external_ref: booking.booking_number
        for booking in _changed_since(min(attempt.created_at for attempt in due))
        if booking.external_ref in wanted
    }


def _changed_since(moment: datetime) -> Iterable[Booking]:
    end = datetime.now(UTC) + SKEW
    client = upstream.bookeo()
    with bookeo_errors_translated():
        first = client.list_bookings(
            last_updated_start_time=max(moment - SKEW, end - LONGEST_RANGE),
            last_updated_end_time=end,
            include_canceled=True,
            items_per_page=100,
        )
        for page in iter_pages(first, client.get_bookings_page, max_pages=PAGES_READ):
            yield from page.data


def _find_payments(due: Sequence[Attempt]) -> dict[str, str]:
    """Payments whose comment ends with the reference."""
    client, found = upstream.bookeo(), dict[str, str]()
    with bookeo_errors_translated():
        for number in {attempt.target for attempt in due}:
            first = client.list_booking_payments(booking_number=number)
            more = partial(client.get_booking_payments_page, booking_number=number)
            for page in iter_pages(first, more, max_pages=PAGES_READ):
                for payment in page.data:
                    for attempt in due:
                        if attempt.reference in (payment.comment or ""):
                            found[attempt.reference] = payment.id
    return found


def _find_changes(due: Sequence[Attempt]) -> dict[str, str]:
    """A booking that has been changed since the attempt began: by it, as far as anybody can tell."""
    return {
        attempt.reference: attempt.target
        for attempt in due
        if (booking := _booking(attempt.target)) is not None
        and booking.last_change_time is not None
        and booking.last_change_time >= attempt.created_at.replace(microsecond=0)
    }


def _find_cancellations(due: Sequence[Attempt]) -> dict[str, str]:
    return {
        attempt.reference: attempt.target
        for attempt in due
        if (booking := _booking(attempt.target)) is not None and booking.canceled
    }


def _booking(number: str) -> Booking | None:
    try:
        with bookeo_errors_translated():
            return upstream.bookeo().get_booking(booking_number=number)
    except NotFound:
        return None


def _find_customers(due: Sequence[Attempt]) -> dict[str, str]:
    """Records made since the attempt began for somebody with the same e-mail, or else the same name."""
    client, found = upstream.bookeo(), dict[str, str]()
    wanted = {attempt.fingerprint: attempt.reference for attempt in due}
    since = min(attempt.created_at for attempt in due) - SKEW
    with bookeo_errors_translated():
        first = client.search_customers(created_since=since)
        for page in iter_pages(first, client.get_customers_page, max_pages=PAGES_READ):
            for customer in page.data:
                name = f"{customer.first_name or ''} {customer.last_name or ''}"
                reference = wanted.get(attempts.fingerprint_of(customer.email_address or name))
                if reference and customer.creation_time >= since:
                    found[reference] = customer.id
    return found


FINDERS: dict[Kind, Finder] = {
    Kind.BOOKING: _find_bookings,
    Kind.PAYMENT: _find_payments,
    Kind.CHANGE: _find_changes,
    Kind.CANCELLATION: _find_cancellations,
    Kind.CUSTOMER: _find_customers,
}
