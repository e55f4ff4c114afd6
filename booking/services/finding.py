"""Bookings that filters find, page by page; and whom or what staff mean by what they typed into the box.

Bookeo's lists come in pieces of 31 days and pages of 100, and know neither "unpaid" nor "cancelled ones only"
(reference 6.3): those are picked here, out of a few pages at a time, so that a long list never holds up its reader.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from booking.bookeo import Booking, Customer, Page
from booking.services import customers, days, errors, upstream
from booking.services.errors import bookeo_errors_translated
from booking.services.key_permissions import Permission, needing
from booking.services.ranges import pieces

PAGE_SIZE = 100
# Pages of Bookeo that are looked through for one page of ours.
PAGES_AT_ONCE = 5
# Of so many customers found, the bookings are shown too: each costs a call.
CUSTOMERS_LOOKED_INTO = 3
DAYS_BACK = 30
# Bookeo cannot look for a telephone number, so the bookings around today are looked through.
PHONE_DAYS_BACK = 7
PHONE_DAYS_AHEAD = 24
DIGITS_COMPARED = 8
SHORTEST_PHONE = 6
SHORTEST_NUMBER = 12
# No address of ours holds a longer one.
LONGEST_NUMBER = 64


class Cancelled(StrEnum):
    WITHOUT = ""
    TOO = "too"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Filters:
    """Days are the business's own, both included. Without `changed_since` both `first` and `last` are needed."""

    first: date | None = None
    last: date | None = None
    changed_since: date | None = None
    product_id: str = ""
    cancelled: Cancelled = Cancelled.WITHOUT
    unpaid: bool = False

    @property
    def span(self) -> tuple[datetime, datetime]:
        if self.changed_since:
            return days.midnight(self.changed_since), days.now()
        if self.first is None or self.last is None:
            raise ValueError("both days are needed")
        return days.midnight(self.first), days.last_second_before(self.last + timedelta(days=1))

    def fit(self, booking: Booking) -> bool:
        """What Bookeo's list cannot pick."""
        day = days.day_of(booking.start_time)
        return (
            (self.cancelled != Cancelled.ONLY or booking.canceled)
            and (not self.unpaid or is_unpaid(booking))
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: in which piece of the span, on which of Bookeo's pages, reached by which token."""

    piece: int = 0
    page: int = 1
    token: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """`looked_at` counts all bookings that were read for it; `next` is None at the end of the list."""

    bookings: tuple[Booking, ...]
    looked_at: int
    next: Cursor | None


class Meaning(StrEnum):
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class People:
    """Customers that were meant, and bookings of theirs from `since` on. `until`, the last day that was looked at, is
    there where only so many bookings could be looked through; `cut` where not even all of those."""

    customers: tuple[Customer, ...]
    bookings: tuple[Booking, ...]
    since: date
    until: date | None = None
    cut: bool = False


def find_page(filters: Filters, cursor: Cursor) -> Found:
    """A page of bookings with their customers, by start. Raises PermissionMissing."""
    kept: list[Booking] = []
    looked_at, here = 0, cursor
    for _ in range(PAGES_AT_ONCE):
        page, after = _page_at(filters, here)
        looked_at += len(page.data)
        kept += [booking for booking in page.data if filters.fit(booking)]
        if after is None or len(kept) >= PAGE_SIZE or not _picks(filters):
            return Found(_by_start(kept), looked_at, after)
        here = after
    return Found(_by_start(kept), looked_at, here)


def every_page(filters: Filters) -> Iterator[tuple[Booking, ...]]:
    """All bookings, page by page as Bookeo tells them; one that two pieces share comes once."""
    seen: set[str] = set()
    here: Cursor | None = Cursor()
    while here is not None:
        page, here = _page_at(filters, here)
        new = [b for b in page.data if b.booking_number not in seen and filters.fit(b)]
        seen |= {booking.booking_number for booking in new}
        yield _by_start(new)


def is_unpaid(booking: Booking) -> bool:
    return left_to_pay(booking) > 0


def left_to_pay(booking: Booking) -> Decimal:
    """In the currency of the price. Nothing is asked for a cancelled booking, nor for one whose price is not told."""
    price = booking.price
    if price is None or booking.canceled:
        return Decimal(0)
    return max(price.total_gross.amount - price.total_paid.amount, Decimal(0))


def tidied(text: str) -> str:
    """Without what comes along when something is copied: a “#” before a number, spaces side by side."""
    return " ".join(text.strip().removeprefix("#").split())


def meaning_of(text: str) -> Meaning:
    """What somebody means who types this."""
    bare = re.sub(r"[\s./()-]", "", tidied(text))
    if "@" in text:
        return Meaning.EMAIL
    if bare.isdecimal() and len(bare) >= SHORTEST_NUMBER and not bare.startswith("00"):
        return Meaning.NUMBER
    is_phone = bare.removeprefix("+").isdecimal() and len(bare) >= SHORTEST_PHONE
    return Meaning.PHONE if is_phone else Meaning.NAME


def number_of(text: str) -> str:
    """A booking number as Bookeo writes it; people write it with spaces."""
    return re.sub(r"\D", "", text)


def find_people(text: str) -> People:
    """Whom a name, an e-mail or a telephone number means. Raises PermissionMissing."""
    with needing(Permission.READ_CUSTOMERS):
        meaning = meaning_of(text)
        if meaning == Meaning.PHONE:
            return _by_phone(text)
        if meaning == Meaning.EMAIL:
            return _with_bookings(customers.find_customers(tidied(text), field="emailAddress"))
        return _with_bookings(customers.find_named(tidied(text)))


def _with_bookings(found: tuple[Customer, ...]) -> People:
    """Whoever has something to come goes first."""
    ordered = sorted(found, key=lambda customer: customer.start_time_of_next_booking is None)
    since = days.today() - timedelta(days=DAYS_BACK)
    bookings: list[Booking] = []
    for customer in ordered[:CUSTOMERS_LOOKED_INTO]:
        bookings += customers.find_bookings_of(customer.id, since=since)
    return People(tuple(ordered), _by_start(bookings), since)


def _by_phone(text: str) -> People:
    today = days.today()
    since, until = today - timedelta(days=PHONE_DAYS_BACK), today + timedelta(days=PHONE_DAYS_AHEAD - 1)
    wanted = number_of(text)[-DIGITS_COMPARED:]
    bookings: list[Booking] = []
    here: Cursor | None = Cursor()
    for _ in range(PAGES_AT_ONCE):
        if here is not None:
            page, here = _page_at(Filters(since, until), here)
            bookings += [booking for booking in page.data if _has_phone(booking.customer, wanted)]
    found = {booking.customer.id: booking.customer for booking in bookings if booking.customer}
    return People(tuple(found.values()), _by_start(bookings), since, until, cut=here is not None)


def _has_phone(customer: Customer | None, wanted: str) -> bool:
    numbers = customer.phone_numbers if customer else ()
    return any(number_of(phone.number).endswith(wanted) for phone in numbers)


def _picks(filters: Filters) -> bool:
    """Whether pages of Bookeo come out thinner than they went in."""
    is_of_changes = bool(filters.changed_since and (filters.first or filters.last))
    return filters.unpaid or filters.cancelled == Cancelled.ONLY or is_of_changes


def _page_at(filters: Filters, cursor: Cursor) -> tuple[Page[Booking], Cursor | None]:
    """One of Bookeo's pages, and where the next one begins."""
    spans = tuple(pieces(*filters.span))
    piece = min(cursor.piece, len(spans) - 1)
    with needing(Permission.READ_BOOKINGS), bookeo_errors_translated():
        page = _read(filters, spans[piece], cursor)
    token = page.info.page_navigation_token or cursor.token
    if cursor.page < page.info.total_pages and token:
        return page, Cursor(piece, cursor.page + 1, token)
    return page, Cursor(piece + 1) if piece + 1 < len(spans) else None


def _read(filters: Filters, span: tuple[datetime, datetime], cursor: Cursor) -> Page[Booking]:
    """By its token; anew where there is none, or where Bookeo has forgotten it."""
    api = upstream.bookeo()
    if cursor.token:
        try:
            with bookeo_errors_translated():
                return api.get_bookings_page(token=cursor.token, page_number=cursor.page)
        except errors.NotFound:
            pass
    first = _first_page(filters, span)
    token = first.info.page_navigation_token
    if cursor.page == 1 or token is None:
        return first
    page = api.get_bookings_page(token=token, page_number=cursor.page)
    return page.model_copy(update={"info": page.info.model_copy(update={"page_navigation_token": token})})


def _first_page(filters: Filters, span: tuple[datetime, datetime]) -> Page[Booking]:
    begin, end = ("last_updated_start_time", "last_updated_end_time") if filters.changed_since else _STARTS
    times = {begin: span[0], end: span[1]}
    return upstream.bookeo().list_bookings(
        **times,  # type: ignore[arg-type]  # keywords by name
        product_id=filters.product_id or None,
        include_canceled=filters.cancelled != Cancelled.WITHOUT,
        expand_customer=True,
        items_per_page=PAGE_SIZE,
    )


_STARTS = ("start_time", "end_time")


def _by_start(bookings: list[Booking]) -> tuple[Booking, ...]:
    return tuple(sorted(bookings, key=lambda booking: booking.start_time))
