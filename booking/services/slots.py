"""Asking Bookeo for slots, and remembering what it said: slots with their seats, and slots that fit a party."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import TypeVar

from django.conf import settings

from booking.bookeo import MatchingSlot, MatchingSlotsSearchParameters, Page, Slot, iter_pages
from booking.services import cache, days, upstream
from booking.services.choices import CourseClass, FreeTime, Wishes
from booking.services.errors import bookeo_errors_translated
from booking.services.ranges import pieces

PER_CALL = 300
MONTH_PAGES = 4
OFFER_PAGES = 20

T = TypeVar("T")


def first_matching(wishes: Wishes, since: date, until: date, per_page: int) -> Page[MatchingSlot]:
    """The first page of a search from `since` to the day before `until`, 31 days at most."""
    return _search(wishes, _start_of_search(since), days.last_second_before(until), per_page, (since, until))


def later_matching(product_id: str, token: str, page: int) -> Page[MatchingSlot]:
    """A further page of a search. Raises NotFound when Bookeo has forgotten it."""

    def turn() -> Page[MatchingSlot]:
        with bookeo_errors_translated():
            return upstream.bookeo().get_matching_slots_page(token=token, page_number=page)

    return _remembered(product_id, cache.times_key(product_id, "later", token, page, settings.BOOKEO_LANGUAGE), turn)


def all_matching(wishes: Wishes, since: date, until: date) -> tuple[FreeTime, ...]:
    """Every slot that fits, from `since` to the day before `until`. Each page is remembered, so that a search which is
    held up half-way goes on from there."""

    def turn(*, token: str, page_number: int) -> Page[MatchingSlot]:
        return later_matching(wishes.product_id, token, page_number)

    def fetch() -> tuple[FreeTime, ...]:
        found: dict[str, FreeTime] = {}
        span = pieces(_start_of_search(since), days.last_second_before(until))
        for number, (start, end) in enumerate(span):
            first = _search(wishes, start, end, PER_CALL, (since, until, number))
            for page in iter_pages(first, turn, max_pages=MONTH_PAGES):
                found |= {slot.event_id: free_time(slot) for slot in page.data}
        return tuple(found.values())

    return _made(wishes.product_id, cache.times_key(wishes.product_id, "all", wishes, since, until), fetch)


def of_months(product_id: str, first: date, last: date) -> Iterator[FreeTime]:
    """Slots of each month touched, full ones too, asked month by month so that all pages share the answers."""
    month = first.replace(day=1)
    while month <= last:
        yield from between(product_id, days.first_of_month(month), days.next_month(month))
        month = days.next_month(month)


def between(product_id: str, since: date, until: date) -> tuple[FreeTime, ...]:
    """Every slot with its seats, full ones too, from `since` to the day before `until`. Not for flexible times
    (reference 4.1)."""

    def fetch() -> tuple[FreeTime, ...]:
        found = {
            slot.event_id: time_with_seats(slot)
            for start, end in pieces(days.midnight(since), days.last_second_before(until))
            for slot in _listed(product_id, start, end)
        }
        return tuple(found.values())

    return _remembered(product_id, cache.times_key(product_id, "slots", since, until), fetch)


def on_offer(start: datetime, end: datetime, product_id: str | None = None) -> tuple[Slot, ...]:
    """Every slot of every product, or of one, as the back office sees it: also times whose bookings have closed. Asked
    of Bookeo now; 31 days at most."""
    return tuple(_listed(product_id, start, end, as_staff=True, max_pages=OFFER_PAGES))


def time_with_seats(slot: Slot) -> FreeTime:
    return FreeTime(
        event_id=slot.event_id, start=slot.start_time, end=slot.end_time, seats_left=slot.num_seats_available
    )


def free_time(slot: MatchingSlot) -> FreeTime:
    """A matching slot as a time that can be chosen."""
    course = slot.course_schedule
    all_classes = course.events if course else ()
    # A slot that joins a course late starts with its first class that would be attended (reference 4.1).
    ahead = [event for event in all_classes if event.start_time >= slot.start_time]
    return FreeTime(
        event_id=slot.event_id,
        start=slot.start_time,
        end=slot.end_time,
        price=slot.price,
        classes=tuple(CourseClass(start=event.start_time, end=event.end_time) for event in ahead),
        classes_over=len(all_classes) - len(ahead),
        course_title=(course.title or "") if course else "",
    )


def _search(
    wishes: Wishes, start: datetime, end: datetime, per_page: int, name: tuple[object, ...]
) -> Page[MatchingSlot]:
    """`name` tells this search from others of the same wishes; its times move on with the clock."""
    search = MatchingSlotsSearchParameters(
        product_id=wishes.product_id,
        start_time=start,
        end_time=end,
        people_numbers=wishes.party.to_wire(),
        options=wishes.options_to_wire(),
        resources=wishes.resources_to_wire(),
    )

    def fetch() -> Page[MatchingSlot]:
        with bookeo_errors_translated():
            return upstream.bookeo().search_matching_slots(search=search, items_per_page=per_page)

    key = cache.times_key(wishes.product_id, "matching", wishes, name, per_page, settings.BOOKEO_LANGUAGE)
    return _remembered(wishes.product_id, key, fetch)


def _listed(
    product_id: str | None, start: datetime, end: datetime, *, as_staff: bool = False, max_pages: int = MONTH_PAGES
) -> Iterator[Slot]:
    client = upstream.bookeo()
    with bookeo_errors_translated():
        first = client.list_slots(
            product_id=product_id, start_time=start, end_time=end, items_per_page=PER_CALL, backend=as_staff
        )
        for page in iter_pages(first, client.get_slots_page, max_pages=max_pages):
            yield from page.data


def _start_of_search(since: date) -> datetime:
    """The beginning of the day, or this moment when it is past."""
    return max(days.midnight(since), days.now().replace(microsecond=0))


def _remembered(product_id: str, key: str, fetch: Callable[[], T]) -> T:
    return cache.remembered(key, keeping=cache.TIMES, fetch=fetch, subject=product_id)


def _made(product_id: str, key: str, fetch: Callable[[], T]) -> T:
    return cache.remembered(key, keeping=cache.TIMES_MADE, fetch=fetch, subject=product_id)
