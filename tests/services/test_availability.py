import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import responses
import time_machine

from booking.services import availability, cache
from booking.services.availability import PageReference
from booking.services.choices import Party, Wishes
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, SAILING, answer, catalogue, error, listing, products

NOW = datetime(2026, 7, 14, 7, tzinfo=UTC)
WISHES = Wishes(product_id=KAYAK, party=Party.of({"Cadults": 2, "Cchildren": 1}))
SEARCH = "/availability/matchingslots"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _sent(bookeo: responses.RequestsMock, path: str) -> list[dict[str, Any]]:
    return [json.loads(c.request.body or "{}") for c in bookeo.calls if str(c.request.url).split("?")[0].endswith(path)]


def _slots() -> dict[str, Any]:
    return {"data": payload("slots.response")["data"], "info": {"totalItems": 2, "totalPages": 1, "currentPage": 1}}


def test_times_carry_price_and_seats(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "POST", SEARCH, "matchingslots.response", status=201)
    answer(bookeo, "GET", "/availability/slots", _slots())
    found = availability.find_times(WISHES, since=date(2026, 7, 18))

    assert [(str(t.price.amount), t.seats_left) for t in found.times if t.price] == [("142", 8), ("142", 3)]
    assert (found.token, found.page, found.pages, found.total) == ("M3KW8TRX5NEA-match", 1, 2, 4)


def test_slot_without_room_is_named_not_offered(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    matching = payload("matchingslots.response")
    answer(
        bookeo,
        "POST",
        SEARCH,
        {**matching, "data": [matching["data"][0], {**matching["data"][1], "eventId": "other"}]},
        status=201,
    )
    slots = _slots()
    slots["data"][1]["numSeatsAvailable"] = 2
    answer(bookeo, "GET", "/availability/slots", slots)
    found = availability.find_times(WISHES, since=date(2026, 7, 18))
    assert [(slot.event_id, slot.seats_left) for slot in found.too_full] == [("4151KW3TRE18E08C37110_2026-07-18", 2)]


def test_search_looks_four_months_ahead_in_ranges_that_bookeo_accepts(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", SEARCH, listing(), status=201)
    found = availability.find_times(WISHES, since=date(2026, 10, 1))

    ranges = [
        (datetime.fromisoformat(s["startTime"]), datetime.fromisoformat(s["endTime"])) for s in _sent(bookeo, SEARCH)
    ]
    assert found.times == ()
    assert len(ranges) == availability.WINDOWS_AHEAD
    assert all(end - start <= timedelta(days=31) for start, end in ranges)
    assert {later[0] - earlier[1] for earlier, later in pairwise(ranges)} == {timedelta(seconds=1)}


def test_appointments_never_ask_for_slots(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", SEARCH, "matchingslots.flexible.response", status=201)
    wishes = Wishes(product_id=SAILING, party=Party.of({"Cadults": 1}), resource_id="4151RSA4JK18E0DD840E0")
    found = availability.find_times(wishes, since=date(2026, 7, 20))
    days = availability.find_days(wishes, month=date(2026, 7, 1))

    assert [t.price for t in found.times] == [None, None, None]
    assert [(day.day, day.free) for day in days] == [(date(2026, 7, 20), 3)]
    assert all(body["resources"] == [{"id": "4151RSA4JK18E0DD840E0"}] for body in _sent(bookeo, SEARCH))


def test_later_page_is_read_by_its_token(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    page = {**payload("matchingslots.response"), "info": {"totalItems": 4, "totalPages": 2, "currentPage": 2}}
    answer(bookeo, "GET", f"{SEARCH}/tok", page)
    answer(bookeo, "GET", "/availability/slots", _slots())
    found = availability.find_times(WISHES, since=date(2026, 7, 18), reference=PageReference("tok", 2))

    assert (found.page, found.pages, found.token) == (2, 2, "tok")
    (turned,) = [call for call in bookeo.calls if "/tok" in str(call.request.url)]
    assert turned.request.params["pageNumber"] == "2"


def test_forgotten_token_begins_anew(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "GET", f"{SEARCH}/tok", error(404, "Not found"), status=404)
    answer(bookeo, "POST", SEARCH, "matchingslots.response", status=201)
    answer(bookeo, "GET", "/availability/slots", _slots())
    found = availability.find_times(WISHES, since=date(2026, 7, 18), reference=PageReference("tok", 2))
    assert (found.page, len(found.times)) == (1, 2)


@pytest.mark.parametrize(
    ("party", "free"),
    [({"Cadults": 3}, 2), ({"Cadults": 4}, 1), ({"Cadults": 8, "Cinfants": 3}, 1), ({"W9RXJA": 1}, 1)],
)
def test_days_count_slots_with_seats_for_the_whole_party(
    bookeo: responses.RequestsMock, party: dict[str, int], free: int
) -> None:
    catalogue(bookeo)
    answer(bookeo, "GET", "/availability/slots", _slots())
    days = availability.find_days(Wishes(product_id=KAYAK, party=Party.of(party)), month=date(2026, 7, 1))
    assert [(day.day, day.slots, day.free) for day in days] == [(date(2026, 7, 18), 2, free)]


def test_month_in_which_clocks_go_back_is_asked_in_two_pieces(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "GET", "/availability/slots", listing())
    availability.find_days(WISHES, month=date(2026, 10, 1))

    asked = [call.request.params for call in bookeo.calls if "/slots" in str(call.request.url)]
    spans = [datetime.fromisoformat(q["endTime"]) - datetime.fromisoformat(q["startTime"]) for q in asked]
    assert len(spans) == 2
    assert max(spans) <= timedelta(days=31)


def test_answers_serve_everybody_until_seats_change(bookeo: responses.RequestsMock) -> None:
    catalogue(bookeo)
    answer(bookeo, "POST", SEARCH, "matchingslots.response", status=201)
    answer(bookeo, "GET", "/availability/slots", _slots())
    for _ in range(3):
        availability.find_times(WISHES, since=date(2026, 7, 18))
    assert len(_sent(bookeo, SEARCH)) == 1

    cache.forget_times(KAYAK)
    availability.find_times(WISHES, since=date(2026, 7, 18))
    assert len(_sent(bookeo, SEARCH)) == 2
