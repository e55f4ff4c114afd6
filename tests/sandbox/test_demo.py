"""The demo business is lively, believable and topped up as days go by."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from sandbox import create_app
from sandbox.demo_products import KAYAK, PADDLE
from tests.sandbox.client import Api, Json
from tests.sandbox.conftest import NOW
from tests.sandbox.test_holds import customer_id

SLOTS = "/availability/slots"


def everything(api: Api, path: str, **query: object) -> list[Json]:
    """Items of all pages."""
    first = api.get(path, itemsPerPage=100, **query)
    items = list(first.data)
    for number in count(2):
        if number > first.body["info"]["totalPages"]:
            return items
        items += api.get(path, pageNavigationToken=first.token, pageNumber=number).data
    return items


def window(start: str, days: int) -> dict[str, str]:
    """A range of days in local time."""
    first = datetime.fromisoformat(start)
    end = first + timedelta(days=days)
    return {"startTime": f"{first:%Y-%m-%dT%H:%M:%S}-00:00", "endTime": f"{end:%Y-%m-%dT%H:%M:%S}-00:00"}


def test_about_200_bookings_from_ten_days_ago_to_beyond_a_month_ahead(lively_api: Api) -> None:
    bookings = [
        booking
        for start in ("2026-05-31", "2026-06-30", "2026-07-30")
        for booking in everything(lively_api, "/bookings", includeCanceled=True, **window(start, 30))
    ]
    assert 140 <= len(bookings) <= 260
    assert any(booking["canceled"] for booking in bookings)
    assert any(booking.get("noShow") for booking in bookings)
    assert any(booking["price"]["totalPaid"] != booking["price"]["totalGross"] for booking in bookings)
    assert any(booking["price"]["totalPaid"]["amount"] != "0" for booking in bookings)
    assert len({booking["productId"] for booking in bookings}) >= 7
    assert all(booking["creationTime"] <= NOW for booking in bookings)


def test_paddleboards_are_nearly_sold_out_and_one_slot_has_one_seat(lively_api: Api) -> None:
    soon = window("2026-06-11", 13)
    left = [
        slot["numSeatsAvailable"] for slot in lively_api.get(SLOTS, productId=PADDLE, itemsPerPage=100, **soon).data
    ]
    assert left[0] == 1
    assert sum(seats <= 2 for seats in left) > len(left) * 0.7


def test_there_is_something_free_for_everybody_in_the_next_week(lively_api: Api) -> None:
    slots = everything(lively_api, SLOTS, **window("2026-06-10", 7))
    free = {slot["productId"] for slot in slots if slot["numSeatsAvailable"] >= 2}
    bookable = {
        product["productId"]
        for product in lively_api.get("/settings/products").data
        if product["type"] != "flexibleTime" and product["apiBookingsAllowed"]
    }
    assert free == bookable


def test_no_slot_is_oversold(lively_api: Api) -> None:
    rows = lively_api.app.store.connection().execute(
        "SELECT event_id, SUM(seats) AS seats FROM seat_use GROUP BY event_id"
    )
    capacities = {
        rule.id: product.capacity for product in lively_api.app.account.products for rule in product.schedules
    }
    for row in rows:
        schedule_id = row["event_id"].rpartition("_")[0]
        assert row["seats"] <= capacities.get(schedule_id, 6)


def test_log_ins_have_bookings_of_their_own(lively_api: Api) -> None:
    guest = customer_id(lively_api, "guest@example.com")
    bookings = lively_api.get(f"/customers/{guest}/bookings", expandParticipants=True).data
    assert [booking["productId"] for booking in bookings] == [KAYAK] * 3
    assert bookings[0]["startTime"] < NOW < bookings[1]["startTime"]
    assert bookings[1]["participants"]["details"][-1]["personDetails"]["firstName"] == "Junior"


def test_crowd_has_invented_names_and_example_addresses(lively_api: Api) -> None:
    customers = everything(lively_api, "/customers")
    assert len(customers) == 45
    assert all(customer["emailAddress"].endswith("@example.com") for customer in customers)


def test_filling_again_changes_nothing_on_the_same_day_and_adds_later(tmp_path: Path) -> None:
    database = tmp_path / "sandbox.sqlite3"

    def bookings(day: str) -> int:
        app = create_app(database, knob_values={"clock": f"{day}T09:00:00+02:00"})
        return int(app.store.connection().execute("SELECT COUNT(*) FROM booking").fetchone()[0])

    first = bookings("2026-06-10")
    assert bookings("2026-06-10") == first
    assert first < bookings("2026-06-15") < first + 120


@pytest.mark.parametrize("start", ["2026-01-15", "2026-12-24"])
def test_winter_is_open_too(tmp_path: Path, start: str) -> None:
    app = create_app(tmp_path / "winter.sqlite3", knob_values={"clock": f"{start}T09:00:00+01:00"})
    slots = everything(Api(app), SLOTS, **window(start, 7))
    assert len({slot["productId"] for slot in slots if slot["numSeatsAvailable"]}) == 8


def test_other_zone_and_currency(tmp_path: Path) -> None:
    app = create_app(
        tmp_path / "other.sqlite3", time_zone="America/New_York", currency="USD", knob_values={"clock": NOW}
    )
    api = Api(app)
    slot = api.get(SLOTS, productId=KAYAK, **window("2026-06-11", 1)).data[0]
    assert slot["startTime"] == "2026-06-11T08:00:00-04:00"
    assert api.get("/settings/products").data[0]["defaultRates"][0]["price"] == {"amount": "49", "currency": "USD"}
