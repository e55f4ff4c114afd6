"""Replacing and deleting customers and linked people (reference 4.6, 6.4)."""

import pytest

from tests.sandbox.bodies import kayak, people
from tests.sandbox.client import Api
from tests.sandbox.test_customers import DETAILS
from tests.sandbox.test_holds import customer_id


def test_customer_goes_back_unchanged_with_read_only_fields_ignored(api: Api) -> None:
    customer = api.created("/customers", DETAILS)
    assert api.put(f"/customers/{customer['id']}", customer | {"numBookings": 99}, mode="backend").body == customer


def test_customer_is_replaced_whole(api: Api) -> None:
    customer = api.created("/customers", DETAILS)
    changed = api.put(f"/customers/{customer['id']}", {"firstName": "New"}).body
    assert changed["firstName"] == "New"
    assert not {"lastName", "phoneNumbers", "customFields"} & set(changed)
    assert api.get("/customers", searchText="sample").data == []


def test_member_keeps_what_only_the_business_decides(api: Api) -> None:
    member = customer_id(api, "member@example.com")
    before = api.get(f"/customers/{member}").body
    after = api.put(
        f"/customers/{member}", before | {"member": False, "credit": {"amount": "999", "currency": "EUR"}}
    ).body
    assert after == before


def test_customer_with_bookings_ahead_cannot_be_deleted(api: Api) -> None:
    customer = api.created("/customers", DETAILS)
    path = f"/customers/{customer['id']}"
    number = api.created("/bookings", kayak(1, customerId=customer["id"]))["bookingNumber"]
    assert api.delete(path).message == "Customers with future bookings cannot be deleted"
    api.delete(f"/bookings/{number}")
    assert api.delete(path).status == 204
    assert api.get(path).status == api.get(f"/bookings/{number}").status == 404


@pytest.mark.bad_requests
def test_linked_person_is_replaced_whole(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    junior = api.get(f"/customers/{guest}/linkedpeople").data[0]
    path = f"/customers/{guest}/linkedpeople/{junior['id']}"
    assert api.put(path, junior).body == junior
    changed = api.put(path, {"firstName": "Noé"}).body
    assert changed == {name: junior[name] for name in ("id", "creationTime", "customerId")} | {"firstName": "Noé"}
    assert api.put(path, {"id": None}).status == 400
    assert api.put(path, junior | {"startTimeOfPreviousBooking": "yesterday"}).status == 400


def test_deleted_person_is_unknown_in_bookings(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    junior = api.get(f"/customers/{guest}/linkedpeople").data[0]["id"]
    details = [{"personId": junior, "peopleCategoryId": "Cchildren", "categoryIndex": 1}]
    body = kayak(customerId=guest, participants=people(Cadults=1, Cchildren=1) | {"details": details})
    number = api.created("/bookings", body)["bookingNumber"]
    path = f"/customers/{guest}/linkedpeople/{junior}"
    assert [api.delete(path).status for _ in range(2)] == [204, 404]
    shown = api.get(f"/bookings/{number}", expandParticipants=True).body["participants"]["details"]
    assert [one["personId"] for one in shown] == ["PUNKNOWN", "PUNKNOWN"]


def test_unknown_ones_are_404s(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    assert api.put("/customers/unknown", {}).status == api.delete("/customers/unknown").status == 404
    assert api.put(f"/customers/{guest}/linkedpeople/unknown", {}).status == 404


def test_reading_key_cannot_write(api: Api) -> None:
    reader = Api(api.app, api_key="readonly-api-key")
    assert reader.put("/customers/any", {}).status == reader.delete("/customers/any").status == 403
