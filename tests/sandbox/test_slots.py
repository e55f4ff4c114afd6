"""GET /availability/slots (reference 6.1, 4.1)."""

from itertools import pairwise

import pytest

from sandbox.demo_products import AURORA, CANOE, KAYAK, RIDGE, SAIL4, STAFF, SUNSET
from tests.sandbox.bodies import KAYAK_EVENT, NEW_CUSTOMER, kayak, kayak_for_robin, sailing
from tests.sandbox.client import Api, Json

SLOTS = "/availability/slots"
FRIDAY = {"startTime": "2026-06-12T00:00:00-00:00", "endTime": "2026-06-12T23:59:59-00:00"}


def seats_left(api: Api, event_id: str = KAYAK_EVENT, product_id: str = KAYAK) -> int:
    """Seats left in an event of the Friday."""
    slots = api.get(SLOTS, productId=product_id, **FRIDAY).data
    return int(next(slot["numSeatsAvailable"] for slot in slots if slot["eventId"] == event_id))


def test_slots_of_a_product_in_order(api: Api) -> None:
    slots = api.get(SLOTS, productId=KAYAK, **FRIDAY).data
    assert [slot["startTime"][11:16] for slot in slots] == ["08:00", "10:00", "11:00", "13:30", "16:30"]
    assert [slot["endTime"][11:16] for slot in slots] == ["10:30", "12:30", "13:30", "16:00", "19:00"]
    assert {slot["numSeatsAvailable"] for slot in slots} == {12}
    assert {slot["productId"] for slot in slots} == {KAYAK}


def test_slots_without_product_are_those_that_customers_can_book(api: Api) -> None:
    slots = api.get(SLOTS, startTime="2026-06-12T00:00:00-00:00", endTime="2026-06-18T00:00:00-00:00", itemsPerPage=300)
    products = {slot["productId"] for slot in slots.data}
    assert {KAYAK, SAIL4, RIDGE, SUNSET} <= products
    assert not products & {CANOE, STAFF}
    starts = [slot["startTime"] for slot in slots.data]
    assert starts == sorted(starts)


@pytest.mark.parametrize(("product_id", "status"), [(CANOE, 400), (STAFF, 403), ("unknown", 400)])
def test_slots_are_refused_for_other_products(api: Api, product_id: str, status: int) -> None:
    assert api.get(SLOTS, productId=product_id, **FRIDAY).status == status


def test_both_times_are_needed(api: Api) -> None:
    assert api.get(SLOTS, startTime=FRIDAY["startTime"]).status == 400


def test_holds_and_bookings_take_seats(api: Api) -> None:
    api.created("/holds", kayak(3))
    api.created("/bookings", kayak_for_robin(2))
    assert seats_left(api) == 7


def test_infants_take_no_seat(api: Api) -> None:
    numbers = [{"peopleCategoryId": "Cadults", "number": 1}, {"peopleCategoryId": "Cinfants", "number": 2}]
    api.created("/holds", kayak() | {"participants": {"numbers": numbers}})
    assert seats_left(api) == 11


def test_full_slots_are_listed_unless_the_knob_hides_them(api: Api) -> None:
    api.created("/holds", kayak(12))
    assert seats_left(api) == 0
    api.knobs = "full_slots=hide"
    assert KAYAK_EVENT not in [slot["eventId"] for slot in api.get(SLOTS, productId=KAYAK, **FRIDAY).data]


def test_course_shows_its_classes_and_the_seats_of_the_fullest(api: Api) -> None:
    week = {"startTime": "2026-06-15T00:00:00-00:00", "endTime": "2026-06-21T00:00:00-00:00"}
    api.created("/holds", sailing(2, dropinCourseEnrolledEventId="5117SLT00319C0A1B2E00_2026-06-30"))
    course: Json = next(slot for slot in api.get(SLOTS, productId=SAIL4, **week).data)
    assert course["numSeatsAvailable"] == 4
    events = course["courseSchedule"]["events"]
    assert course["courseSchedule"]["title"] == "Tuesday evenings"
    assert [event["eventNumber"] for event in events] == [1, 2, 3, 4]
    assert events[0]["eventId"] == course["eventId"]
    assert [event["startTime"][:10] for event in events] == ["2026-06-16", "2026-06-23", "2026-06-30", "2026-07-07"]
    assert all(one["startTime"] < other["startTime"] for one, other in pairwise(events))


FRIDAY_COURSE = "5117SLF00119C0A1B2E00_2026-06-05"


def friday_courses(api: Api, day: str = "2026-06-12", **query: str) -> dict[str, Json]:
    """Courses that can be booked from a day on, by event id."""
    week = {"startTime": f"{day}T00:00:00-00:00", "endTime": f"{day}T23:59:59-00:00"}
    return {slot["eventId"]: slot for slot in api.get(SLOTS, productId=SAIL4, **week, **query).data}


def test_running_course_is_listed_from_the_class_where_one_can_join(api: Api) -> None:
    course = friday_courses(api)[FRIDAY_COURSE]
    assert (course["startTime"], course["endTime"]) == ("2026-06-12T18:30:00+02:00", "2026-06-12T21:00:00+02:00")
    assert course["courseSchedule"]["events"][0]["startTime"] == "2026-06-05T18:30:00+02:00"
    assert FRIDAY_COURSE not in friday_courses(api, "2026-06-19")
    assert FRIDAY_COURSE not in friday_courses(api, mode="backend")
    api.knobs = "clock=2026-06-12T17:00:00+02:00"
    assert friday_courses(api) == {}


def test_seats_of_a_running_course_are_those_of_the_classes_ahead(api: Api) -> None:
    api.knobs = "clock=2026-06-01T09:00:00+02:00"
    first, second = FRIDAY_COURSE, "5117SLF00219C0A1B2E00_2026-06-12"
    for people_there, event_id in ((2, first), (1, second)):
        taken = sailing(people_there, eventId=first, dropinCourseEnrolledEventId=event_id, customer=NEW_CUSTOMER)
        api.created("/bookings", taken)
    api.knobs = ""
    assert friday_courses(api)[FRIDAY_COURSE]["numSeatsAvailable"] == 5


def test_slots_name_resources_of_public_types(api: Api) -> None:
    slot = api.get(SLOTS, productId=SUNSET, **FRIDAY).data[0]
    assert slot["resources"] == [{"name": "Aurora", "id": AURORA}]
    assert slot["startTime"] == "2026-06-12T20:30:00+02:00"


def test_slots_that_start_too_soon_are_for_managers_only(api: Api) -> None:
    today = {"startTime": "2026-06-10T00:00:00-00:00", "endTime": "2026-06-10T23:59:59-00:00", "productId": KAYAK}
    assert [slot["startTime"][11:16] for slot in api.get(SLOTS, **today).data] == ["11:00", "13:30", "16:30"]
    assert len(api.get(SLOTS, mode="backend", **today).data) == 5
