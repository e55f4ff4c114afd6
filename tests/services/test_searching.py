"""Searching for times: what is sent, how often, and what is made of the answers."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import responses
import time_machine

from booking.services import availability
from booking.services.choices import Party, Wishes
from booking.services.errors import DetailsRejected, NotFound, Unavailable
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, SAILING, answer, catalogue, error, listing, products

NOW = datetime(2026, 7, 14, 7, tzinfo=UTC)
JULY = date(2026, 7, 1)
SEARCH, SLOTS = "/availability/matchingslots", "/availability/slots"
WISHES = Wishes(
    product_id=KAYAK,
    party=Party.of({"Cadults": 2, "Cchildren": 1, "Cinfants": 0}),
    options=((f"{KAYAK}_8KRT4WNE", "Double kayak"), (f"{KAYAK}_R9MEK2CU", "false")),
)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _calls(bookeo: responses.RequestsMock, path: str) -> list[Any]:
    return [call for call in bookeo.calls if str(call.request.url).split("?")[0].endswith(path)]


def _offered(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "POST", SEARCH, "matchingslots.response", status=201)
    answer(bookeo, "GET", SLOTS, listing(*payload("slots.response")["data"]))


def test_search_says_exactly_what_is_wanted(bookeo: responses.RequestsMock) -> None:
    _offered(bookeo)
    availability.find_times(WISHES, since=date(2026, 7, 18))

    (call,) = _calls(bookeo, SEARCH)
    body = json.loads(call.request.body)
    assert call.request.params["itemsPerPage"] == str(availability.TIMES_PER_PAGE)
    assert call.request.params["lang"] == "en-US"
    assert body["peopleNumbers"] == [
        {"peopleCategoryId": "Cadults", "number": 2},
        {"peopleCategoryId": "Cchildren", "number": 1},
    ]
    assert body["options"] == [
        {"id": f"{KAYAK}_8KRT4WNE", "value": "Double kayak"},
        {"id": f"{KAYAK}_R9MEK2CU", "value": "false"},
    ]
    assert body["startTime"] == "2026-07-18T00:00:00+02:00"


def test_search_of_today_begins_now(bookeo: responses.RequestsMock) -> None:
    _offered(bookeo)
    availability.find_times(WISHES, since=date(2026, 7, 14))
    (call,) = _calls(bookeo, SEARCH)
    assert datetime.fromisoformat(json.loads(call.request.body)["startTime"]) == NOW


def test_search_goes_no_further_than_the_first_window_with_times(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    for body in (listing(), listing(), payload("matchingslots.response")):
        answer(bookeo, "POST", SEARCH, body, status=201)
    answer(bookeo, "GET", SLOTS, listing())
    found = availability.find_times(WISHES, since=date(2026, 7, 18))

    starts = [datetime.fromisoformat(json.loads(c.request.body)["startTime"]) for c in _calls(bookeo, SEARCH)]
    assert len(starts) == 3
    assert len(found.times) == 2
    assert found.since == starts[-1].date()
    assert found.until > found.since


def test_twenty_visitors_at_once_cost_one_search(bookeo: responses.RequestsMock) -> None:
    _offered(bookeo)
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: availability.find_times(WISHES, since=date(2026, 7, 18)), range(20)))
    assert len({page.times for page in found}) == 1
    assert [len(_calls(bookeo, path)) for path in (SEARCH, SLOTS)] == [1, 1]


def test_other_wishes_are_another_search_and_the_same_seats(bookeo: responses.RequestsMock) -> None:
    _offered(bookeo)
    for adults in (1, 2):
        wishes = Wishes(product_id=KAYAK, party=Party.of({"Cadults": adults}))
        availability.find_times(wishes, since=date(2026, 7, 18))
        availability.find_days(wishes, month=JULY)
    assert [len(_calls(bookeo, path)) for path in (SEARCH, SLOTS)] == [2, 1]


def test_times_without_a_known_slot_are_shown_without_seats(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "POST", SEARCH, "matchingslots.response", status=201)
    answer(bookeo, "GET", SLOTS, listing())
    found = availability.find_times(WISHES, since=date(2026, 7, 18))
    assert [time.seats_left for time in found.times] == [None, None]


def test_course_tells_its_classes(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    slots = payload("slots.course.response")["data"]
    matching = [{k: v for k, v in slot.items() if k != "numSeatsAvailable"} for slot in slots]
    answer(bookeo, "POST", SEARCH, listing(*matching), status=201)
    answer(bookeo, "GET", SLOTS, listing(*slots))
    wishes = Wishes(product_id="4151PTRY4N18E08D6A2BE", party=Party.of({"Cadults": 1}))
    (time, *_) = availability.find_times(wishes, since=date(2026, 7, 18)).times

    schedule = slots[0]["courseSchedule"]
    assert [c.start.isoformat() for c in time.classes] == [e["startTime"] for e in schedule["events"]]
    assert time.seats_left == slots[0]["numSeatsAvailable"]


def test_course_that_has_begun_tells_the_classes_to_come(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    (slot, *_) = payload("slots.course.response")["data"]
    second, *later = slot["courseSchedule"]["events"][1:]
    joined = slot | {"startTime": second["startTime"], "endTime": second["endTime"]}
    answer(bookeo, "POST", SEARCH, listing(joined), status=201)
    answer(bookeo, "GET", SLOTS, listing(joined))
    wishes = Wishes(product_id="4151PTRY4N18E08D6A2BE", party=Party.of({"Cadults": 1}))
    (time,) = availability.find_times(wishes, since=date(2026, 7, 18)).times

    assert [c.start.isoformat() for c in time.classes] == [e["startTime"] for e in (second, *later)]
    assert time.classes_over == 1


def test_month_reads_every_page_of_slots(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "GET", SLOTS, "slots.response")
    answer(bookeo, "GET", SLOTS, "slots.page2.response")
    days = availability.find_days(WISHES, month=JULY)

    everything = payload("slots.response")["data"] + payload("slots.page2.response")["data"]
    assert sum(day.slots for day in days) == len(everything)
    _, second = _calls(bookeo, SLOTS)
    assert second.request.params == {"pageNavigationToken": "KXT4R9WJ2M7A-slots", "pageNumber": "2", "lang": "en-US"}


def test_month_counts_the_business_s_own_days_and_what_is_still_to_come(bookeo: responses.RequestsMock) -> None:
    def slot(start: str) -> dict[str, Any]:
        return {"eventId": start, "startTime": start, "endTime": start, "numSeatsAvailable": 9}

    catalogue(bookeo)
    moments = ("2026-07-14T06:59:00Z", "2026-07-14T07:01:00Z", "2026-07-15T21:59:00Z", "2026-07-15T22:00:00Z")
    answer(bookeo, "GET", SLOTS, listing(*(slot(moment) for moment in moments)))
    days = availability.find_days(WISHES, month=JULY)
    assert [(day.day.day, day.slots) for day in days] == [(14, 1), (15, 1), (16, 1)]


@pytest.mark.parametrize(("seats", "free"), [(2, 0), (3, 1)])
def test_infants_need_no_seat_and_families_four(bookeo: responses.RequestsMock, seats: int, free: int) -> None:
    catalogue(bookeo)
    document = payload("slots.response")["data"][0] | {"numSeatsAvailable": seats + 4}
    answer(bookeo, "GET", SLOTS, listing(document))
    party = Party.of({"Cadults": 3, "Cinfants": 5, "W9RXJA": 1})
    (day,) = availability.find_days(Wishes(product_id=KAYAK, party=party), month=JULY)
    assert (day.slots, day.free) == (1, free)


def test_month_gone_by_costs_nothing(bookeo: responses.RequestsMock) -> None:
    assert availability.find_days(WISHES, month=date(2026, 6, 30)) == ()
    assert not bookeo.calls


def test_days_begun_in_the_background_are_the_same_days(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "GET", SLOTS, "slots.response")
    answer(bookeo, "GET", SLOTS, "slots.page2.response")
    begun = availability.begin_days(WISHES, month=JULY)
    assert begun() == availability.find_days(WISHES, month=JULY) == availability.begin_days(WISHES, month=JULY)()
    assert len(_calls(bookeo, SLOTS)) == 2


def test_days_begun_in_the_background_fail_where_they_are_asked_for(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "GET", SLOTS, "error.401.keys", status=401)
    begun = availability.begin_days(WISHES, month=JULY)
    with pytest.raises(Unavailable):
        begun()


def test_month_of_appointments_reads_every_page(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    data = payload("matchingslots.flexible.response")["data"]
    info = {"totalItems": 3, "totalPages": 2, "currentPage": 1, "pageNavigationToken": "tok"}
    answer(bookeo, "POST", SEARCH, {"data": data[:2], "info": info}, status=201)
    answer(bookeo, "GET", f"{SEARCH}/tok", {"data": data[2:], "info": info | {"currentPage": 2}})
    wishes = Wishes(product_id=SAILING, party=Party.of({"Cadults": 1}))
    assert [(day.slots, day.free) for day in availability.find_days(wishes, month=JULY)] == [(3, 3)]


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(400, DetailsRejected), (401, Unavailable), (403, Unavailable), (404, NotFound), (429, Unavailable)],
)
def test_refused_search_is_told_apart_and_not_remembered(
    bookeo: responses.RequestsMock, status: int, meaning: type[Exception]
) -> None:
    products(bookeo)
    answer(bookeo, "POST", SEARCH, error(status, "no"), status=status)
    for _ in range(2):
        with pytest.raises(meaning):
            availability.find_times(WISHES, since=date(2026, 7, 18))
    assert len(_calls(bookeo, SEARCH)) == 2


def test_busy_bookeo_says_how_long_to_wait(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", SEARCH, error(429, "Too many requests") | {"retryAfter": 17}, status=429)
    with pytest.raises(Unavailable) as caught:
        availability.find_times(WISHES, since=date(2026, 7, 18))
    assert caught.value.retry_after == 17


@pytest.mark.parametrize(("people", "found"), [(1, 2), (3, 1), (40, 0)])
def test_times_with_enough_seats_are_shown_when_bookeo_is_too_busy_for_prices(
    bookeo: responses.RequestsMock, people: int, found: int
) -> None:
    catalogue(bookeo)
    answer(bookeo, "POST", SEARCH, error(429, "Too many requests"), status=429)
    slots = [
        slot | {"numSeatsAvailable": seats}
        for slot, seats in zip(payload("slots.response")["data"], (2, 9), strict=True)
    ]
    answer(bookeo, "GET", SLOTS, listing(*slots))
    page = availability.find_times(Wishes(product_id=KAYAK, party=Party.of({"Cadults": people})), since=JULY)

    assert len(page.times) == page.total == found
    assert all(time.price is None and (time.seats_left or 0) >= people for time in page.times)
    assert (page.token, page.pages) == ("", 1)


def test_unknown_product_is_not_searched_for(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    with pytest.raises(NotFound):
        availability.find_times(Wishes(product_id="4151NONE", party=WISHES.party), since=date(2026, 7, 18))
    assert len(bookeo.calls) == 1


def test_today_is_the_business_s_own() -> None:
    with time_machine.travel(datetime(2026, 7, 14, 22, 30, tzinfo=UTC)):
        assert availability.today() == date(2026, 7, 15)
    assert availability.today() - date(2026, 7, 14) == timedelta(0)
