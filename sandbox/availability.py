"""Availability operations (reference 6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from sandbox import schedule
from sandbox.answers import chosen_options
from sandbox.call import Answer, Call, Json
from sandbox.catalogue import Product
from sandbox.errors import bad_request
from sandbox.moments import check_range
from sandbox.paging import DEFAULT_PAGE_SIZE, first_page, listing, remember, stored_page
from sandbox.placing import appointment_seconds, bookable_product, count_people, count_seats
from sandbox.pricing import Order, display_price
from sandbox.routes import Route
from sandbox.schedule import Occurrence
from sandbox.schemas import MatchingSlotsSearchParameters
from sandbox.seats import View, free_resource, left
from sandbox.slots import BOOKING_CUTOFF_SECONDS, candidate_resources

LARGEST_PAGE = 300
_MATCHING = "matchingslots"


def slots(call: Call) -> Answer:
    """GET /availability/slots: seats left per slot of scheduled products."""
    return listing(call, "slots", LARGEST_PAGE, lambda: _search_slots(call))


def _search_slots(call: Call) -> list[Json]:
    start, end = call.moment("startTime"), call.moment("endTime")
    if start is None or end is None:
        raise bad_request("Missing required parameter: startTime and endTime")
    check_range(start, end, call.account.zone)
    products = _searched_products(call)
    found = [slot for product in products for slot in _occurrences(call, product, start, end)]
    found.sort(key=lambda slot: slot.starts)
    seats_left = _seats_left(call, found)
    hide_full = call.knobs.get("full_slots") == "hide"
    return [
        _slot(call, slot, seats_left[slot.event_id]) for slot in found if seats_left[slot.event_id] or not hide_full
    ]


def _searched_products(call: Call) -> list[Product]:
    product_id = call.query("productId")
    if product_id is None:
        return [
            product
            for product in call.account.products
            if product.type != "flexibleTime" and product.api_bookings_allowed
        ]
    product = bookable_product(call, product_id)
    if product.type == "flexibleTime":
        raise bad_request("Products with flexible times have no slots: use matching slots")
    return [product]


def _occurrences(call: Call, product: Product, start: int, end: int) -> list[Occurrence]:
    """Slots that can be booked and start within the two moments, in order; of courses also those to be joined late."""
    found = list(schedule.between(product, _earliest(call, start), end, call.account.zone))
    if not call.backend():
        bookable_from = call.now + BOOKING_CUTOFF_SECONDS
        found += schedule.joinable(product, bookable_from, start, end, call.account.zone)
    return sorted(found, key=lambda slot: slot.starts)


def _earliest(call: Call, start: int) -> int:
    return start if call.backend() else max(start, call.now + BOOKING_CUTOFF_SECONDS)


def view(call: Call) -> View:
    """What a read sees: everything, or with the `stale` knob what was written some time ago."""
    lag = call.knobs.get("stale")
    return View(call.now, call.now - int(lag) if lag else None)


def _seats_left(call: Call, found: Sequence[Occurrence]) -> dict[str, int]:
    if not found:
        return {}
    last = max(max((one.starts for one in slot.classes), default=slot.starts) for slot in found)
    taken = view(call).taken_between(call.db, found[0].starts, last)
    blocked = _blocked_events(call, found)
    return {slot.event_id: 0 if slot.event_id in blocked else left(slot, taken) for slot in found}


def _blocked_events(call: Call, found: Sequence[Occurrence]) -> set[str]:
    named = {slot.resource for slot in found if slot.resource}
    if not named:
        return set()
    busy = view(call).busy(call.db, sorted(named), found[0].starts, max(slot.ends for slot in found))
    return {
        slot.event_id
        for slot in found
        if slot.resource and free_resource([slot.resource], busy, slot.starts, slot.ends) is None
    }


def _slot(call: Call, slot: Occurrence, seats_left: int) -> Json:
    return _slot_times(call, slot.starts, slot.ends) | {
        "numSeatsAvailable": seats_left,
        "eventId": slot.event_id,
        "productId": slot.product.id,
        **_slot_extras(call, slot),
    }


def _slot_times(call: Call, starts: int, ends: int) -> Json:
    return {"startTime": call.time(starts), "endTime": call.time(ends)}


def _slot_extras(call: Call, slot: Occurrence) -> Json:
    extras: Json = {}
    if slot.classes and slot.title:
        events = [
            {"eventNumber": one.number, "eventId": one.event_id, **_slot_times(call, one.starts, one.ends)}
            for one in slot.classes
        ]
        extras["courseSchedule"] = {"events": events, "title": call.text(slot.title)}
    name = call.account.resource_name(slot.resource) if slot.resource else None
    if name is not None:
        extras["resources"] = [{"name": call.text(name), "id": slot.resource}]
    return extras


def search_matching_slots(call: Call) -> Answer:
    """POST /availability/matchingslots: slots that fit people, options and resources, with a display price."""
    size = call.whole_number("itemsPerPage", DEFAULT_PAGE_SIZE, 1, LARGEST_PAGE)
    search = call.body(MatchingSlotsSearchParameters)
    items = _matching_slots(call, search)
    page = first_page(call, _MATCHING, size, items)
    token = page["info"].get("pageNavigationToken") or remember(call, _MATCHING, size, items)
    return Answer(201, page, f"/availability/matchingslots/{token}")


def _matching_slots(call: Call, search: MatchingSlotsSearchParameters) -> list[Json]:
    start, end = call.parse_time(search.start_time, "startTime"), call.parse_time(search.end_time, "endTime")
    check_range(start, end, call.account.zone)
    product = bookable_product(call, search.product_id)
    numbers = count_people(product, search.people_numbers, backend=call.backend())
    chosen = chosen_options(call, product, search.options, complete=False)
    if product.type == "flexibleTime":
        wanted = candidate_resources(call, product, [resource.id for resource in search.resources])
        return list(_appointments(call, product, start, end, appointment_seconds(product, chosen), wanted))
    seats = count_seats(call, numbers)
    fitting = _fitting(call, product, start, end, seats, {resource.id for resource in search.resources})
    return [
        _slot_times(call, slot.starts, slot.ends)
        | _price(call, Order(product, slot.rates, numbers, seats, slot.share, chosen))
        | {"eventId": slot.event_id}
        | _slot_extras(call, slot)
        for slot in fitting
    ]


def _fitting(call: Call, product: Product, start: int, end: int, seats: int, wanted: Set[str]) -> Iterator[Occurrence]:
    found = _occurrences(call, product, start, end)
    seats_left: Mapping[str, int] = _seats_left(call, found)
    for slot in found:
        if seats_left[slot.event_id] >= max(seats, 1) and (not wanted or slot.resource in wanted):
            yield slot


def _price(call: Call, order: Order) -> Json:
    return {"price": call.money(display_price(order))} if order.product.rates else {}


def _appointments(
    call: Call, product: Product, start: int, end: int, seconds: int, candidates: list[str]
) -> Iterator[Json]:
    earliest = _earliest(call, start)
    busy = view(call).busy(call.db, candidates, earliest, end + seconds)
    if earliest > end:
        return
    for slot in schedule.flexible_starts(product, earliest, end, seconds, call.account.zone):
        if free_resource(candidates, busy, slot.starts, slot.ends) is not None:
            yield _slot_times(call, slot.starts, slot.ends) | {"eventId": slot.event_id}


def matching_slots_page(call: Call, token: str) -> Answer:
    """GET /availability/matchingslots/{pageNavigationToken}."""
    number = call.whole_number("pageNumber", 1, 1, 1_000_000)
    return Answer(body=stored_page(call, _MATCHING, token, number))


ROUTES = [
    Route("GET", "/availability/slots", "listSlots", slots, "availability_r"),
    Route("POST", "/availability/matchingslots", "searchMatchingSlots", search_matching_slots, "availability_r"),
    Route("GET", "/availability/matchingslots/<token>", "getMatchingSlotsPage", matching_slots_page, "availability_r"),
]
