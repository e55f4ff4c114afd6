"""Payments: records of money that was taken or given back elsewhere (reference 4.3, 7.11)."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from booking import bookeo
from booking.bookeo import Money, Page, Payment, PaymentInput, iter_pages
from booking.services import upstream
from booking.services.errors import OutcomeUnknown, bookeo_errors_translated, rules_may_refuse
from booking.services.ranges import pieces

PAGES_READ = 20


def find_payments_of(booking_number: str) -> tuple[Payment, ...]:
    """A booking's payments, oldest first; those that the key may read."""
    api = upstream.bookeo()
    with bookeo_errors_translated():
        first = api.list_booking_payments(booking_number=booking_number)
        more = partial(api.get_booking_payments_page, booking_number=booking_number)
        return _by_time(_all_of(first, more))


def find_payments(start: datetime, end: datetime, *, method: str = "", other_method: str = "") -> tuple[Payment, ...]:
    """Payments received within a span of any length, oldest first. Method `other` needs its name beside it."""
    api = upstream.bookeo()
    found: dict[str, Payment] = {}
    with bookeo_errors_translated():
        for begin, stop in pieces(start, end):
            first = api.list_payments(
                start_time=begin,
                end_time=stop,
                payment_method=method or None,
                payment_method_other=other_method or None,
            )
            found |= {payment.id: payment for payment in _all_of(first, api.get_payments_page)}
    return _by_time(found.values())


def record_payment(
    booking_number: str,
    *,
    amount: Money,
    reason: str,
    method: str,
    other_method: str = "",
    comment: str = "",
    received: datetime | None = None,
) -> Payment:
    """Record a payment, or with a negative amount a refund. Sent once.

    The comment, which customers never see, ends with a reference of ours: when the answer is lost, the payment is
    looked for by it. Raises RuleRefused, DetailsRejected, NotFound, OutcomeUnknown.
    """
    reference = f"[{uuid.uuid4().hex[:12]}]"
    fields = {
        "amount": amount,
        "reason": reason,
        "payment_method": method,
        "payment_method_other": other_method or None,
        "comment": f"{comment} {reference}".strip(),
        "received_time": received,
    }
    payment = PaymentInput.model_validate({name: value for name, value in fields.items() if value is not None})
    with bookeo_errors_translated(), rules_may_refuse():
        try:
            return upstream.bookeo().create_booking_payment(booking_number=booking_number, payment=payment)
        except bookeo.BookeoError as error:
            if not error.outcome_unknown:
                raise
            return _found_again(booking_number, reference, error)


def _found_again(booking_number: str, reference: str, error: bookeo.BookeoError) -> Payment:
    for payment in find_payments_of(booking_number):
        if reference in (payment.comment or ""):
            return payment
    raise OutcomeUnknown(str(error)) from error


def _all_of(first: Page[Payment], more: Callable[..., Page[Payment]]) -> Iterator[Payment]:
    for page in iter_pages(first, more, max_pages=PAGES_READ):
        yield from page.data


def _by_time(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(payments, key=lambda payment: payment.received_time))
