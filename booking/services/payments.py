"""Payments: records of money that was taken or given back elsewhere (reference 4.3, 7.11)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from booking.bookeo import Money, Page, Payment, PaymentInput, iter_pages
from booking.services import days, upstream
from booking.services.attempts import Kind
from booking.services.errors import bookeo_errors_translated
from booking.services.key_permissions import Permission, needing
from booking.services.once import once
from booking.services.ranges import pieces

PAGES_READ = 20
PAGE_SIZE = 300


@dataclass(frozen=True, slots=True)
class Received:
    """Payments that were received on these days, both included. Method `other` needs its name beside it."""

    first: date
    last: date
    method: str = ""
    other_method: str = ""


def find_payments_of(booking_number: str) -> tuple[Payment, ...]:
    """A booking's payments, oldest first; those that the key may read."""
    api = upstream.bookeo()
    with bookeo_errors_translated():
        first = api.list_booking_payments(booking_number=booking_number)
        more = partial(api.get_booking_payments_page, booking_number=booking_number)
        return _by_time(_all_of(first, more))


def find_received(received: Received) -> tuple[Payment, ...]:
    """Payments of some days, oldest first. Raises PermissionMissing."""
    return _by_time(payment for page in every_page(received) for payment in page)


def every_page(received: Received) -> Iterator[tuple[Payment, ...]]:
    """The same page by page, as Bookeo tells them; one that two pieces share comes once. Raises PermissionMissing."""
    seen: set[str] = set()
    end = days.last_second_before(received.last + timedelta(days=1))
    for begin, stop in pieces(days.midnight(received.first), end):
        first = _first_page(received, begin, stop)
        pages = iter_pages(first, upstream.bookeo().get_payments_page, max_pages=PAGES_READ)
        while True:
            with needing(Permission.READ_PAYMENTS), bookeo_errors_translated():
                page = next(pages, None)
            if page is None:
                break
            yield _by_time(payment for payment in page.data if payment.id not in seen)
            seen |= {payment.id for payment in page.data}


def _first_page(received: Received, begin: datetime, stop: datetime) -> Page[Payment]:
    with needing(Permission.READ_PAYMENTS), bookeo_errors_translated():
        return upstream.bookeo().list_payments(
            start_time=begin,
            end_time=stop,
            payment_method=received.method or None,
            payment_method_other=received.other_method or None,
            items_per_page=PAGE_SIZE,
        )


def get_payment(payment_id: str) -> Payment:
    """Raises NotFound."""
    with bookeo_errors_translated():
        return upstream.bookeo().get_payment(payment_id=payment_id)


def record_payment(
    booking_number: str,
    *,
    form: str,
    amount: Money,
    reason: str,
    method: str,
    other_method: str = "",
    comment: str = "",
    received: datetime | None = None,
) -> Payment:
    """Record a payment, or with a negative amount a refund: once for each `form`, a random value made with the form.

    The comment, which customers never see, ends with a reference of ours: when the answer is lost, the payment is
    looked for by it. Raises RuleRefused, DetailsRejected, NotFound, OutcomeUnknown.
    """
    fields = {
        "amount": amount,
        "reason": reason,
        "payment_method": method,
        "payment_method_other": other_method or None,
        "received_time": received,
    }
    given = {name: value for name, value in fields.items() if value is not None}

    def send(reference: str) -> Payment:
        payment = PaymentInput.model_validate({**given, "comment": f"{comment} [{reference}]".strip()})
        return upstream.bookeo().create_booking_payment(booking_number=booking_number, payment=payment)

    return once(
        Kind.PAYMENT, form, send=send, read=get_payment, target_of=lambda payment: payment.id, target=booking_number
    )


def _all_of(first: Page[Payment], more: Callable[..., Page[Payment]]) -> Iterator[Payment]:
    for page in iter_pages(first, more, max_pages=PAGES_READ):
        yield from page.data


def _by_time(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(payments, key=lambda payment: payment.received_time))
