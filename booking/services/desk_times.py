"""Free times as the back office sees them: also those that customers can no longer book, and larger parties."""

from collections.abc import Iterable
from datetime import date, timedelta

from booking.bookeo import MatchingSlotsSearchParameters, ProductType, iter_pages
from booking.services import cache, catalogue, days, slots, upstream
from booking.services.availability import TIMES_PER_PAGE, PageOfTimes
from booking.services.choices import FreeTime, Wishes
from booking.services.errors import bookeo_errors_translated
from booking.services.ranges import LONGEST_RANGE

PER_CALL = 300
PAGES_READ = 4
# A day less than may be asked for: a month in which clocks go back is an hour too long (reference 2.6).
SPAN = LONGEST_RANGE - timedelta(days=1)


def find_times(wishes: Wishes, *, since: date) -> PageOfTimes:
    """Whole days of free times from `since` on, out of the month after it: one call, and one for the seats."""
    until = since + SPAN
    found = _matching(wishes, since, until)
    if catalogue.get_product(wishes.product_id).type == ProductType.FLEXIBLE_TIME:
        return _page(found, (), since, until)
    seats = {slot.event_id: slot for slot in _slots(wishes.product_id, since, until)}
    with_seats = [
        time.model_copy(update={"seats_left": seats[time.event_id].seats_left}) if time.event_id in seats else time
        for time in found
    ]
    fitting = {time.event_id for time in found}
    return _page(with_seats, [slot for slot in seats.values() if slot.event_id not in fitting], since, until)


def _page(found: Iterable[FreeTime], too_full: Iterable[FreeTime], since: date, until: date) -> PageOfTimes:
    """Day by day until the page is full; what is over has no place on it."""
    now = days.now()
    times, end = list[FreeTime](), until
    for time in sorted((time for time in found if time.end > now), key=lambda time: time.start):
        day = days.day_of(time.start)
        if len(times) >= TIMES_PER_PAGE and day != days.day_of(times[-1].start):
            end = day
            break
        times.append(time)
    full = tuple(slot for slot in too_full if slot.end > now and days.day_of(slot.start) < end)
    return PageOfTimes(tuple(times), since=since, until=end, total=len(times), too_full=full)


def _matching(wishes: Wishes, since: date, until: date) -> tuple[FreeTime, ...]:
    search = MatchingSlotsSearchParameters(
        product_id=wishes.product_id,
        start_time=days.midnight(since),
        end_time=days.last_second_before(until),
        people_numbers=wishes.party.to_wire(),
        options=wishes.options_to_wire(),
        resources=wishes.resources_to_wire(),
    )

    def fetch() -> tuple[FreeTime, ...]:
        api = upstream.bookeo()
        with bookeo_errors_translated():
            first = api.search_matching_slots(search=search, items_per_page=PER_CALL, backend=True)
            pages = iter_pages(first, api.get_matching_slots_page, max_pages=PAGES_READ)
            return tuple(slots.free_time(slot) for page in pages for slot in page.data)

    key = cache.times_key(wishes.product_id, "staff", wishes, since, until)
    return cache.remembered(key, keeping=cache.TIMES, fetch=fetch, subject=wishes.product_id)


def _slots(product_id: str, since: date, until: date) -> tuple[FreeTime, ...]:
    """All of them with their seats, full ones too."""

    def fetch() -> tuple[FreeTime, ...]:
        found = slots.on_offer(days.midnight(since), days.last_second_before(until), product_id)
        return tuple(slots.time_with_seats(slot) for slot in found)

    key = cache.times_key(product_id, "staff-slots", since, until)
    return cache.remembered(key, keeping=cache.TIMES, fetch=fetch, subject=product_id)
