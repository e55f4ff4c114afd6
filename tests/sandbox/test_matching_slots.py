"""POST /availability/matchingslots (reference 6.1, 4.3)."""

from urllib.parse import urlsplit

import pytest

from sandbox.demo_products import (
    ADULTS,
    AURORA,
    BLUE_CANOE,
    CANOE,
    CHARTER,
    CHILDREN,
    INFANTS,
    KAYAK,
    RED_CANOE,
    STAFF,
    STUDENTS,
)
from tests.sandbox.bodies import KAYAK_EVENT, canoe, kayak
from tests.sandbox.client import Api, Json

PATH = "/availability/matchingslots"


def search(product_id: str = KAYAK, **more: object) -> Json:
    """A search on the Friday."""
    numbers = more.pop("people", {ADULTS: 2, CHILDREN: 1})
    assert isinstance(numbers, dict)
    return {
        "productId": product_id,
        "startTime": "2026-06-12T00:00:00-00:00",
        "endTime": "2026-06-12T23:59:59-00:00",
        "peopleNumbers": [{"peopleCategoryId": category, "number": number} for category, number in numbers.items()],
        **more,
    }


def prices(api: Api, body: Json) -> dict[str, str]:
    """Price by hour."""
    return {slot["startTime"][11:16]: slot["price"]["amount"] for slot in api.created(PATH, body)["data"]}


def test_price_is_for_all_people_without_taxes_and_cheaper_early(api: Api) -> None:
    assert prices(api, search()) == {"08:00": "122", "10:00": "130", "11:00": "130", "13:30": "130", "16:30": "130"}


def test_price_reflects_options_by_id_or_name(api: Api) -> None:
    options = [
        {"id": f"{KAYAK}_3JWX6LTA", "value": "2"},
        {"name": "Wetsuits for everyone", "value": "true"},
        {"id": f"{KAYAK}_8KRT4WNE", "name": "ignored", "value": "As many singles as possible"},
    ]
    assert prices(api, search(options=options))["10:00"] == "181"


@pytest.mark.parametrize(
    "option",
    [
        {"id": "unknown", "value": "1"},
        {"id": f"{KAYAK}_3JWX6LTA", "value": "13"},
        {"id": f"{KAYAK}_3JWX6LTA", "value": "two"},
        {"id": f"{KAYAK}_R9MEK2CU", "value": "yes"},
        {"id": f"{KAYAK}_8KRT4WNE", "value": "AK4RTE"},
        {"id": f"{KAYAK}_8KRT4WNE", "value": "Solo doppi"},
        pytest.param({"value": "1"}, marks=pytest.mark.bad_requests),
    ],
)
def test_options_that_do_not_exist_are_refused(api: Api, option: Json) -> None:
    assert api.post(PATH, search(options=[option])).status == 400


def test_choice_is_named_in_the_language_of_the_request(api: Api) -> None:
    option = {"id": f"{KAYAK}_8KRT4WNE", "value": "Solo doppi"}
    assert api.post(PATH, search(options=[option]), lang="it-IT").status == 201


def test_only_slots_with_enough_seats_match(api: Api) -> None:
    api.created("/holds", kayak(10))
    events = [slot["eventId"] for slot in api.created(PATH, search())["data"]]
    assert len(events) == 4
    assert KAYAK_EVENT not in events


@pytest.mark.parametrize("people", [{ADULTS: 13}, {CHILDREN: 11}, {INFANTS: 5, ADULTS: 1}, {STUDENTS: 1}])
def test_limits_are_enforced(api: Api, people: dict[str, int]) -> None:
    assert api.post(PATH, search(people=people)).status == 403


def test_manager_may_exceed_limits_but_not_seats(api: Api) -> None:
    assert len(api.post(PATH, search(people={CHILDREN: 11}), mode="backend").data) == 5
    assert api.post(PATH, search(people={ADULTS: 13}), mode="backend").data == []


@pytest.mark.bad_requests
def test_nobody_is_not_a_party(api: Api) -> None:
    assert api.post(PATH, search(people={ADULTS: 0})).status == 400
    assert api.post(PATH, search(people={})).status == 400


def test_product_without_rates_has_no_price(api: Api) -> None:
    slots = api.created(PATH, search(CHARTER, people={ADULTS: 5}))["data"]
    assert [slot["startTime"] for slot in slots] == ["2026-06-12T00:00:00+02:00"]
    assert [slot["endTime"] for slot in slots] == ["2026-06-13T00:00:00+02:00"]
    assert "price" not in slots[0]


def test_closed_and_unknown_products_are_refused(api: Api) -> None:
    assert api.post(PATH, search(STAFF, people={ADULTS: 1})).status == 403
    assert api.post(PATH, search("unknown", people={ADULTS: 1})).status == 400


def test_slots_are_filtered_by_resource(api: Api) -> None:
    body = search(people={ADULTS: 1}, resources=[{"id": AURORA}])
    assert api.created(PATH, body)["data"] == []


def test_flexible_starts_every_half_hour_and_ends_before_closing(api: Api) -> None:
    slots = api.created(PATH, search(CANOE, people={ADULTS: 2}))["data"]
    assert [slot["startTime"][11:16] for slot in slots][:3] == ["09:00", "09:30", "10:00"]
    assert slots[-1]["endTime"] == "2026-06-12T19:00:00+02:00"
    assert not {"price", "resources"} & set(slots[0])


def test_flexible_length_follows_the_option(api: Api) -> None:
    body = search(CANOE, people={ADULTS: 2}, options=[{"name": "Length", "value": "1 hour 30"}])
    last = api.created(PATH, body)["data"][-1]
    assert (last["startTime"][11:16], last["endTime"][11:16]) == ("17:30", "19:00")


def test_flexible_start_is_free_while_one_resource_is(api: Api) -> None:
    def starts(**more: object) -> list[str]:
        return [
            slot["startTime"][11:16] for slot in api.created(PATH, search(CANOE, people={ADULTS: 1}, **more))["data"]
        ]

    api.created("/holds", canoe(resources=[{"id": RED_CANOE}]))
    assert "10:00" in starts()
    assert "10:00" in starts(resources=[{"id": BLUE_CANOE}])
    red = starts(resources=[{"id": RED_CANOE}])
    assert not {"09:30", "10:00", "10:30"} & set(red)
    assert {"09:00", "11:00"} <= set(red)


def test_location_navigates_the_results(api: Api) -> None:
    result = api.post(PATH, search(), itemsPerPage=2)
    assert result.body["info"]["totalItems"] == 5
    path = urlsplit(result.headers["Location"]).path.removeprefix("/v2")
    assert path == f"{PATH}/{result.token}"
    pages = [api.get(path, pageNumber=number) for number in (1, 2, 3)]
    assert pages[0].data == result.data
    assert [len(page.data) for page in pages] == [2, 2, 1]
    assert api.get(path, pageNumber=4).status == 400
    assert api.get(f"{PATH}/unknown").status == 404


def test_location_works_for_a_single_page_too(api: Api) -> None:
    result = api.post(PATH, search())
    assert "pageNavigationToken" not in result.body["info"]
    assert api.get(urlsplit(result.headers["Location"]).path.removeprefix("/v2")).data == result.data


def test_range_of_a_search_is_31_days_at_most(api: Api) -> None:
    assert api.post(PATH, search() | {"endTime": "2026-07-14T00:00:00-00:00"}).status == 400
