"""Seat blocks and resource blocks (reference 6.8)."""

import pytest

from sandbox.demo_products import AURORA, BLUE_CANOE, KAYAK, RED_CANOE, RESCUE_BOAT, SAIL4, SUNSET
from tests.sandbox.bodies import KAYAK_EVENT, KAYAK_LATER, SAIL_EVENT, canoe, kayak, sailing
from tests.sandbox.client import Api, Json
from tests.sandbox.test_slots import FRIDAY, seats_left

SEATS: Json = {"eventId": KAYAK_EVENT, "productId": KAYAK, "numSeats": 2, "reason": "Two kayaks leak"}
CANOES: Json = {
    "startTime": "2026-06-12T10:00:00-00:00",
    "endTime": "2026-06-12T12:00:00-00:00",
    "resources": [{"id": RED_CANOE}],
}


def test_seat_block_takes_seats_until_deleted(api: Api) -> None:
    block = api.created("/seatblocks", SEATS)
    assert seats_left(api) == 10
    assert block["startTime"] == "2026-06-12T10:00:00+02:00"
    assert api.get(f"/seatblocks/{block['id']}").body == block
    assert api.get("/seatblocks", **FRIDAY).data == [block]
    assert api.get("/seatblocks", productId=SAIL4, **FRIDAY).data == []
    assert [api.delete(f"/seatblocks/{block['id']}").status for _ in range(2)] == [204, 404]
    assert seats_left(api) == 12


def test_seat_block_can_take_everything(api: Api) -> None:
    api.created("/holds", kayak(3))
    block = api.created("/seatblocks", SEATS | {"numSeats": -1})
    assert (block["numSeats"], seats_left(api)) == (-1, 0)
    assert api.post("/holds", kayak(1)).status == 403


def test_seat_block_moves(api: Api) -> None:
    block = api.created("/seatblocks", SEATS)
    api.knobs = "clock=2026-06-10T09:05:00+02:00"
    changed = api.put(f"/seatblocks/{block['id']}", SEATS | {"eventId": KAYAK_LATER, "numSeats": 5}).body
    assert changed["lastChangeTime"] == "2026-06-10T09:05:00+02:00"
    assert (seats_left(api), seats_left(api, KAYAK_LATER)) == (12, 7)


def test_seat_block_of_a_course_blocks_every_class(api: Api) -> None:
    api.created("/seatblocks", {"eventId": SAIL_EVENT, "productId": SAIL4, "numSeats": 5})
    late = sailing(2, firstCourseEnrolledEventId="5117SLT00419C0A1B2E00_2026-07-07")
    assert api.post("/holds", late).status == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"numSeats": 13}, 403),
        ({"eventId": "x"}, 400),
        ({"productId": "x"}, 400),
    ],
)
def test_seat_block_is_refused(api: Api, change: Json, status: int) -> None:
    assert api.post("/seatblocks", SEATS | change).status == status


@pytest.mark.bad_requests
@pytest.mark.parametrize("change", [{"numSeats": -2}, {"id": "x"}])
def test_seat_block_that_does_not_fit_is_refused(api: Api, change: Json) -> None:
    assert api.post("/seatblocks", SEATS | change).status == 400


def test_resource_block_keeps_a_canoe_ashore(api: Api) -> None:
    block = api.created("/resourceblocks", CANOES)
    assert block["resources"] == [{"name": "Red canoe", "id": RED_CANOE}]
    assert api.post("/holds", canoe(resources=[{"id": RED_CANOE}])).status == 403
    assert api.post("/holds", canoe(resources=[{"id": BLUE_CANOE}])).status == 201
    assert api.get(f"/resourceblocks/{block['id']}").body == block
    assert api.get("/resourceblocks", **FRIDAY).data == [block]
    assert api.get("/resourceblocks", resourceId=BLUE_CANOE, **FRIDAY).data == []
    changed = api.put(f"/resourceblocks/{block['id']}", CANOES | {"resources": [{"id": RESCUE_BOAT}]})
    assert changed.body["resources"][0]["name"] == "Rescue boat 1"
    assert api.post("/holds", canoe(resources=[{"id": RED_CANOE}])).status == 201
    assert [api.delete(f"/resourceblocks/{block['id']}").status for _ in range(2)] == [204, 404]


def test_blocked_boat_has_no_seats(api: Api) -> None:
    event = "5117SUS20319C0A1B2E00_2026-06-12"
    assert seats_left(api, event, SUNSET) == 10
    evening = {"startTime": "2026-06-12T20:00:00-00:00", "endTime": "2026-06-12T23:00:00-00:00"}
    api.created("/resourceblocks", evening | {"resources": [{"id": AURORA}]})
    assert seats_left(api, event, SUNSET) == 0


@pytest.mark.parametrize("change", [{"resources": [{"id": "x"}]}, {"endTime": CANOES["startTime"]}])
def test_resource_block_is_refused(api: Api, change: Json) -> None:
    assert api.post("/resourceblocks", CANOES | change).status == 400


@pytest.mark.bad_requests
@pytest.mark.parametrize("change", [{"resources": []}, {"startTime": "now"}])
def test_resource_block_that_does_not_fit_is_refused(api: Api, change: Json) -> None:
    assert api.post("/resourceblocks", CANOES | change).status == 400


@pytest.mark.parametrize("path", ["/seatblocks", "/resourceblocks"])
def test_lists_need_times_and_writing_needs_permission(api: Api, path: str) -> None:
    assert api.get(path).status == 400
    reader = Api(api.app, api_key="readonly-api-key")
    assert reader.get(path, **FRIDAY).status == 200
    assert reader.delete(f"{path}/any").status == 403
