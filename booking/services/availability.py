"""Which times are free. Bookeo answers two questions for us: which slots fit a party and what they would cost
(matching slots), and how many seats each slot has left (slots). A page of times needs both."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeVar

from django.conf import settings

from booking.bookeo import (
    MatchingSlot,
    MatchingSlotsSearchParameters,
    Page,
    Product,
    ProductType,
    Slot,
    iter_pages,
)
from booking.services import cache, catalogue, upstream
from booking.services.choices import CourseClass, FreeTime, Wishes
from booking.services.errors import NotFound, bookeo_errors_translated
from booking.services.ranges import LONGEST_RANGE, pieces

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
    if reference is not None:
        try:
            return _with_seats(product, wishes, _later_page(wishes, since, reference))
        except NotFound:
            return find_times(wishes, since=since)
    found = _first_page(wishes, since)
    for _ in range(WINDOWS_AHEAD - 1):
        if found.times:
            break
        found = _first_page(wishes, found.until)
    return _with_seats(product, wishes, found)


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day with its number of slots, and how many of them have room for the party."""

    day: date
    slots: int
    free: int


def find_days(wishes: Wishes, *, month: date) -> tuple[DayOfMonth, ...]:
    """Each day of the month that has slots. `month` is any day of it; days gone by are left out."""
    first, until = max(month.replace(day=1), today()), _next_month(month)
    if first >= until:
        return ()

    def count() -> tuple[DayOfMonth, ...]:
        return _counted(_starts(wishes, first, until))

    return _made(wishes.product_id, _days_key(wishes, first), count)


def begin_days(wishes: Wishes, *, month: date) -> Callable[[], tuple[DayOfMonth, ...]]:
    """`find_days`, begun in the background unless it is known: a page that needs times and days waits for the longer
    call only. Call what it returns."""
    key = _days_key(wishes, max(month.replace(day=1), today()))
    if cache.is_known(key, keeping=cache.TIMES_MADE, subject=wishes.product_id):
        return lambda: find_days(wishes, month=month)
    return _side_calls.submit(copy_context().run, partial(find_days, wishes, month=month)).result


def today() -> date:
    """The business's own day."""
    return datetime.now(settings.BUSINESS_TIME_ZONE).date()


def _remembered(product_id: str, key: str, fetch: Callable[[], T]) -> T:
    return cache.remembered(key, keeping=cache.TIMES, fetch=fetch, subject=product_id)


def _made(product_id: str, key: str, fetch: Callable[[], T]) -> T:
    return cache.remembered(key, keeping=cache.TIMES_MADE, fetch=fetch, subject=product_id)


def _days_key(wishes: Wishes, first: date) -> str:
    return cache.times_key(wishes.product_id, "days", wishes, first)


def _starts(wishes: Wishes, first: date, until: date) -> Iterator[tuple[datetime, bool]]:
    """The start of each slot, and whether the party fits in."""
    if catalogue.get_product(wishes.product_id).type == ProductType.FLEXIBLE_TIME:
        yield from ((slot.start, True) for slot in _all_matching(wishes, first, until))
        return
    needed = wishes.party.seats(catalogue.find_people_categories())
    for slot in _slots(wishes.product_id, first, until):
        yield slot.start, (slot.seats_left or 0) >= needed


def _counted(starts: Iterable[tuple[datetime, bool]]) -> tuple[DayOfMonth, ...]:
    now = datetime.now(settings.BUSINESS_TIME_ZONE)
    counted = Counter((_local_day(start), fits) for start, fits in starts if start > now)
    days = sorted({day for day, _ in counted})
    return tuple(DayOfMonth(day, counted[day, True] + counted[day, False], counted[day, True]) for day in days)


def _first_page(wishes: Wishes, since: date) -> PageOfTimes:
    def search() -> PageOfTimes:
        until = since + LONGEST_RANGE - timedelta(days=1)
        found = _search(wishes, _start_of_search(since), _last_second(until), TIMES_PER_PAGE)
        return _page_of_times(found, since=since, until=until)

    key = cache.times_key(wishes.product_id, "first", wishes, since, settings.BOOKEO_LANGUAGE)
    return _remembered(wishes.product_id, key, search)


def _later_page(wishes: Wishes, since: date, reference: PageReference) -> PageOfTimes:
    def turn() -> PageOfTimes:
        with bookeo_errors_translated():
            found = upstream.bookeo().get_matching_slots_page(token=reference.token, page_number=reference.page)
        until = since + LONGEST_RANGE - timedelta(days=1)
        return _page_of_times(found, since=since, until=until, token=reference.token)

    key = cache.times_key(wishes.product_id, "later", reference.token, reference.page, settings.BOOKEO_LANGUAGE)
    return _remembered(wishes.product_id, key, turn)


def _search(wishes: Wishes, start: datetime, end: datetime, per_page: int) -> Page[MatchingSlot]:
    search = MatchingSlotsSearchParameters(
        product_id=wishes.product_id,
        start_time=start,
        end_time=end,
        people_numbers=wishes.party.to_wire(),
        options=wishes.options_to_wire(),
        resources=wishes.resources_to_wire(),
    )
    with bookeo_errors_translated():
        return upstream.bookeo().search_matching_slots(search=search, items_per_page=per_page)


def _page_of_times(found: Page[MatchingSlot], *, since: date, until: date, token: str = "") -> PageOfTimes:
    return PageOfTimes(
        times=tuple(_free_time(slot) for slot in found.data),
        since=since,
        until=until,
        token=found.info.page_navigation_token or token,
        page=found.info.current_page,
        pages=found.info.total_pages,
        total=found.info.total_items,
    )


def _free_time(slot: MatchingSlot) -> FreeTime:
    return FreeTime(
        event_id=slot.event_id,
        start=slot.start_time,
        end=slot.end_time,
        price=slot.price,
        classes=_classes(slot),
        course_title=(slot.course_schedule.title or "") if slot.course_schedule else "",
    )


def _classes(slot: MatchingSlot | Slot) -> tuple[CourseClass, ...]:
    schedule = slot.course_schedule
    return tuple(CourseClass(start=e.start_time, end=e.end_time) for e in schedule.events) if schedule else ()


def _with_seats(product: Product, wishes: Wishes, found: PageOfTimes) -> PageOfTimes:
    """Add the seats left, which matching slots do not carry, and the slots that are too full for the party."""
    if product.type == ProductType.FLEXIBLE_TIME or not found.times:
        return found

    def combine() -> PageOfTimes:
        first, last = _local_day(found.times[0].start), _local_day(found.times[-1].start)
        slots = {slot.event_id: slot for slot in _slots_of_months(product.product_id, first, last)}
        times = tuple(
            t.model_copy(update={"seats_left": slots[t.event_id].seats_left}) if t.event_id in slots else t
            for t in found.times
        )
        return replace(found, times=times, too_full=_too_full(wishes, found, tuple(slots.values())))

    key = cache.times_key(product.product_id, "seats", wishes, found.since, found.token, found.page)
    return _made(product.product_id, key, combine)


def _too_full(wishes: Wishes, found: PageOfTimes, slots: tuple[FreeTime, ...]) -> tuple[FreeTime, ...]:
    needed = wishes.party.seats(catalogue.find_people_categories())
    offered = {t.event_id for t in found.times}
    first, last = found.times[0].start, found.times[-1].start
    return tuple(
        slot
        for slot in slots
        if first <= slot.start <= last and slot.event_id not in offered and (slot.seats_left or 0) < needed
    )


def _slots_of_months(product_id: str, first: date, last: date) -> Iterator[FreeTime]:
    """Slots of each month touched, asked in the same ranges as the month view so that both share one answer."""
    month = first.replace(day=1)
    while month <= last:
        yield from _slots(product_id, max(month, today()), _next_month(month))
        month = _next_month(month)


def _slots(product_id: str, since: date, until: date) -> tuple[FreeTime, ...]:
    """Every slot of the product with its seats, full ones too. Not for flexible times (reference 4.1)."""

    def fetch() -> tuple[FreeTime, ...]:
        found = {
            slot.event_id: FreeTime(
                event_id=slot.event_id,
                start=slot.start_time,
                end=slot.end_time,
                seats_left=slot.num_seats_available,
            )
            for start, end in pieces(_midnight(since), _last_second(until))
            for slot in _fetch_slots(product_id, start, end)
        }
        return tuple(found.values())

    key = cache.times_key(product_id, "slots", since, until)
    return _remembered(product_id, key, fetch)


def _fetch_slots(product_id: str, start: datetime, end: datetime) -> Iterator[Slot]:
    client = upstream.bookeo()
    with bookeo_errors_translated():
        first = client.list_slots(product_id=product_id, start_time=start, end_time=end, items_per_page=SLOTS_PER_CALL)
        for page in iter_pages(first, client.get_slots_page, max_pages=MONTH_PAGES):
            yield from page.data


def _all_matching(wishes: Wishes, since: date, until: date) -> tuple[FreeTime, ...]:
    def fetch() -> tuple[FreeTime, ...]:
        found = {
            slot.event_id: _free_time(slot)
            for start, end in pieces(_start_of_search(since), _last_second(until))
            for slot in _fetch_matching(wishes, start, end)
        }
        return tuple(found.values())

    key = cache.times_key(wishes.product_id, "all", wishes, since, until)
    return _remembered(wishes.product_id, key, fetch)


def _fetch_matching(wishes: Wishes, start: datetime, end: datetime) -> Iterator[MatchingSlot]:
    client = upstream.bookeo()
    first = _search(wishes, start, end, SLOTS_PER_CALL)
    with bookeo_errors_translated():
        for page in iter_pages(first, client.get_matching_slots_page, max_pages=MONTH_PAGES):
            yield from page.data


def _start_of_search(since: date) -> datetime:
    """The beginning of the day, or this moment when it is past."""
    return max(_midnight(since), datetime.now(settings.BUSINESS_TIME_ZONE).replace(microsecond=0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=settings.BUSINESS_TIME_ZONE)


def _last_second(until: date) -> datetime:
    return _midnight(until) - timedelta(seconds=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _local_day(moment: datetime) -> date:
    return moment.astimezone(settings.BUSINESS_TIME_ZONE).date()
