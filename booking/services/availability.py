"""Which times are free. Bookeo answers two questions for us: which slots fit a party and what they would cost
(matching slots), and how many seats each slot has left (slots). A page of times needs both."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from booking.bookeo import (
    MatchingSlot,
    Page,
    Product,
    ProductType,
)
from booking.services import cache, catalogue, days, lanes, slots
from booking.services.choices import FreeTime, Wishes
from booking.services.days import today as today  # noqa: PLC0414 - pages ask for it beside the times
from booking.services.errors import NotFound, Unavailable
from booking.services.ranges import LONGEST_RANGE

TIMES_PER_PAGE = 12
SLOTS_PER_CALL = 300
# How far ahead we look for a first free time, in searches of 31 days: a course may start in two months.
WINDOWS_AHEAD = 4
MONTH_PAGES = 4

T = TypeVar("T")

_side_calls = ThreadPoolExecutor(max_workers=16, thread_name_prefix="side-call")


@dataclass(frozen=True, eq=False)
class PageOfTimes:
    """Immutable, and told apart by identity, so that what is made of it for display can be remembered.

    Free times in order, and where the ones before and after them are.

    `token` names the search at Bookeo; with a page number it reads on in the same, frozen result. `until` is the first
    day that the search did not cover. `too_full` holds slots of the days shown whose seats do not suffice.
    """

    times: tuple[FreeTime, ...]
    since: date
    until: date
    token: str = ""
    page: int = 1
    pages: int = 1
    total: int = 0
    too_full: tuple[FreeTime, ...] = ()


@dataclass(frozen=True, slots=True)
class PageReference:
    """A later page of an earlier search."""

    token: str
    page: int


def find_times(wishes: Wishes, *, since: date, reference: PageReference | None = None) -> PageOfTimes:
    """The first page of times from `since` on, or the page that `reference` names.

    Looks up to four months ahead. A reference that Bookeo has forgotten begins a new search.
    """
    product = catalogue.get_product(wishes.product_id)
    if product.type == ProductType.FLEXIBLE_TIME:
        return _appointments(wishes, since)
    if reference is not None:
        try:
            return _with_seats(product, wishes, _later_page(wishes, since, reference))
        except NotFound:
            return find_times(wishes, since=since)
    if product.type == ProductType.FIXED:
        return _fixed_times(product, wishes, since)
    return _with_seats(product, wishes, _search_ahead(wishes, since))


def _fixed_times(product: Product, wishes: Wishes, since: date) -> PageOfTimes:
    """With prices if Bookeo has time to tell them, else without."""
    try:
        with lanes.estimates():
            found = _search_ahead(wishes, since)
    except Unavailable as busy:
        try:
            return _times_by_seats(wishes, since)
        except Unavailable:
            raise busy from None
    return _with_seats(product, wishes, found)


def _search_ahead(wishes: Wishes, since: date) -> PageOfTimes:
    found = _first_page(wishes, since)
    for _ in range(WINDOWS_AHEAD - 1):
        if found.times:
            break
        found = _first_page(wishes, found.until)
    return found


def _times_by_seats(wishes: Wishes, since: date) -> PageOfTimes:
    """Times with enough seats, without prices: known for every party from one answer, when Bookeo is too busy to be
    asked about each."""

    def choose() -> PageOfTimes:
        needed, last = wishes.party.seats(catalogue.find_people_categories()), days.last_of_month(since)
        found = slots.of_months(wishes.product_id, since, last)
        return _whole_days([slot for slot in found if (slot.seats_left or 0) >= needed], since, last)

    return _made(wishes.product_id, cache.times_key(wishes.product_id, "by-seats", wishes, since), choose)


def _appointments(wishes: Wishes, since: date) -> PageOfTimes:
    """Times of an appointment, out of the month that its days are counted in: one answer serves both."""

    def choose() -> PageOfTimes:
        month = since
        for _ in range(WINDOWS_AHEAD):
            last = days.last_of_month(month)
            found = _whole_days(
                slots.all_matching(wishes, days.first_of_month(month), days.next_month(month)), since, last
            )
            if found.times:
                break
            month = days.next_month(month)
        return found

    return _made(wishes.product_id, cache.times_key(wishes.product_id, "appointments", wishes, since), choose)


def _whole_days(found: Iterable[FreeTime], since: date, last: date) -> PageOfTimes:
    """Slots to come from `since` on, day by day until a page is full."""
    now = days.now()
    times, day = list[FreeTime](), last
    for slot in found:
        if slot.start <= now or days.day_of(slot.start) < since:
            continue
        if len(times) >= TIMES_PER_PAGE and days.day_of(slot.start) != day:
            return PageOfTimes(tuple(times), since=since, until=day + timedelta(days=1), total=len(times))
        day = days.day_of(slot.start)
        times.append(slot)
    return PageOfTimes(tuple(times), since=since, until=last + timedelta(days=1), total=len(times))


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day with its number of slots, and how many of them have room for the party."""

    day: date
    slots: int
    free: int


def find_days(wishes: Wishes, *, month: date) -> tuple[DayOfMonth, ...]:
    """Each day of the month that has slots. `month` is any day of it; days gone by are left out."""
    first, until = days.first_of_month(month), days.next_month(month)
    if first >= until:
        return ()

    def count() -> tuple[DayOfMonth, ...]:
        return _counted(_starts(wishes, first, until))

    return _made(wishes.product_id, _days_key(wishes, first), count)


def begin_days(wishes: Wishes, *, month: date) -> Callable[[], tuple[DayOfMonth, ...]]:
    """`find_days`, begun in the background unless it is known: a page that needs times and days waits for the longer
    call only. Call what it returns."""
    key = _days_key(wishes, days.first_of_month(month))
    if cache.is_known(key, keeping=cache.TIMES_MADE, subject=wishes.product_id):
        return lambda: find_days(wishes, month=month)
    return _side_calls.submit(copy_context().run, partial(find_days, wishes, month=month)).result


def _made(product_id: str, key: str, fetch: Callable[[], T]) -> T:
    return cache.remembered(key, keeping=cache.TIMES_MADE, fetch=fetch, subject=product_id)


def _days_key(wishes: Wishes, first: date) -> str:
    return cache.times_key(wishes.product_id, "days", wishes, first)


def _starts(wishes: Wishes, first: date, until: date) -> Iterator[tuple[datetime, bool]]:
    """The start of each slot, and whether the party fits in."""
    if catalogue.get_product(wishes.product_id).type == ProductType.FLEXIBLE_TIME:
        yield from ((slot.start, True) for slot in slots.all_matching(wishes, first, until))
        return
    needed = wishes.party.seats(catalogue.find_people_categories())
    for slot in slots.between(wishes.product_id, first, until):
        yield slot.start, (slot.seats_left or 0) >= needed


def _counted(starts: Iterable[tuple[datetime, bool]]) -> tuple[DayOfMonth, ...]:
    now = days.now()
    counted = Counter((days.day_of(start), fits) for start, fits in starts if start > now)
    return tuple(
        DayOfMonth(day, counted[day, True] + counted[day, False], counted[day, True])
        for day in sorted({day for day, _ in counted})
    )


def _first_page(wishes: Wishes, since: date) -> PageOfTimes:
    until = since + LONGEST_RANGE - timedelta(days=1)
    found = slots.first_matching(wishes, since, until, TIMES_PER_PAGE)
    return _page_of_times(found, since=since, until=until)


def _later_page(wishes: Wishes, since: date, reference: PageReference) -> PageOfTimes:
    found = slots.later_matching(wishes.product_id, reference.token, reference.page)
    until = since + LONGEST_RANGE - timedelta(days=1)
    return _page_of_times(found, since=since, until=until, token=reference.token)


def _page_of_times(found: Page[MatchingSlot], *, since: date, until: date, token: str = "") -> PageOfTimes:
    return PageOfTimes(
        times=tuple(slots.free_time(slot) for slot in found.data),
        since=since,
        until=until,
        token=found.info.page_navigation_token or token,
        page=found.info.current_page,
        pages=found.info.total_pages,
        total=found.info.total_items,
    )


def _with_seats(product: Product, wishes: Wishes, found: PageOfTimes) -> PageOfTimes:
    """Add the seats left, which matching slots do not carry, and the slots that are too full for the party."""
    if not found.times:
        return found

    def combine() -> PageOfTimes:
        first, last = days.day_of(found.times[0].start), days.day_of(found.times[-1].start)
        known = {slot.event_id: slot for slot in slots.of_months(product.product_id, first, last)}
        times = tuple(
            t.model_copy(update={"seats_left": known[t.event_id].seats_left}) if t.event_id in known else t
            for t in found.times
        )
        return replace(found, times=times, too_full=_too_full(wishes, found, tuple(known.values())))

    key = cache.times_key(product.product_id, "seats", wishes, found.since, found.token, found.page)
    return _made(product.product_id, key, combine)


def _too_full(wishes: Wishes, found: PageOfTimes, known: tuple[FreeTime, ...]) -> tuple[FreeTime, ...]:
    needed = wishes.party.seats(catalogue.find_people_categories())
    offered = {t.event_id for t in found.times}
    first, last = found.times[0].start, found.times[-1].start
    return tuple(
        slot
        for slot in known
        if first <= slot.start <= last and slot.event_id not in offered and (slot.seats_left or 0) < needed
    )
