"""Customers and the people linked to them (reference 4.6, 6.4)."""

import pytest

from tests.sandbox.bodies import kayak
from tests.sandbox.client import Api, Json
from tests.sandbox.test_holds import customer_id

DETAILS: Json = {
    "firstName": "Àlex",
    "lastName": "Sample",
    "emailAddress": "alex@example.com",
    "phoneNumbers": [{"number": "+39 0555 010111", "type": "mobile"}],
    "streetAddress": {"city": "Lindmere", "countryCode": "IT"},
    "dateOfBirth": "1990-01-31",
    "gender": "unknown",
    "languageCode": "it_IT",
    "acceptSmsReminders": True,
    "customFields": [{"name": "How did you hear about us?", "value": "A friend"}, {"id": "P6KALR", "value": "Nuts"}],
}


def test_customer_is_created_and_read(api: Api) -> None:
    customer = api.created("/customers", DETAILS)
    kept = {name: value for name, value in DETAILS.items() if name != "customFields"}
    assert kept.items() <= customer.items()
    assert customer["creationTime"] == "2026-06-10T09:00:00+02:00"
    assert customer["customFields"] == [
        {"id": "K3RTWA", "name": "How did you hear about us?", "value": "A friend"},
        {"id": "P6KALR", "name": "Allergies", "value": "Nuts"},
    ]
    assert (customer["numBookings"], customer["member"], customer["startTimeOfNextBooking"]) == (0, False, None)
    assert api.get(f"/customers/{customer['id']}").body == customer


def test_choices_of_custom_fields_follow_the_language(api: Api) -> None:
    customer = api.created("/customers", DETAILS)
    italian = api.get(f"/customers/{customer['id']}", lang="it-IT").body
    assert italian["customFields"][0] == {"id": "K3RTWA", "name": "Come ci avete conosciuto?", "value": "Un amico"}


@pytest.mark.bad_requests
@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"credit": {"amount": "5", "currency": "EUR"}},
        {"dateOfBirth": "31.1.1990"},
        {"dateOfBirth": "1990-02-30"},
        {"streetAddress": {"countryCode": "Italy"}},
        {"phoneNumbers": [{"number": "1", "type": "pager"}]},
        {"gender": "none"},
    ],
)
def test_customer_that_does_not_fit_is_refused(api: Api, wrong: Json) -> None:
    assert api.post("/customers", DETAILS | wrong).status == 400


@pytest.mark.parametrize("field", [{"id": "M8HEUC", "value": "180"}, {"id": "N5WJXT", "value": "yes"}])
def test_custom_field_that_is_not_for_customers_or_does_not_fit_is_refused(api: Api, field: Json) -> None:
    assert api.post("/customers", DETAILS | {"customFields": [field]}).status == 400


@pytest.mark.bad_requests
def test_search_is_by_part_of_a_field_whatever_the_case(api: Api) -> None:
    created = api.created("/customers", DETAILS)["id"]
    for field, text in (("name", "àlex sam"), ("firstName", "ÀL"), ("lastName", "mple"), ("emailAddress", "ALEX@")):
        assert [one["id"] for one in api.get("/customers", searchField=field, searchText=text).data] == [created]
    assert api.get("/customers", searchText="àlex").data[0]["id"] == created
    assert api.get("/customers", searchField="firstName", searchText="Sample").data == []
    assert api.get("/customers", searchField="phone", searchText="1").status == 400


def test_search_without_text_finds_everybody_newest_first(api: Api) -> None:
    found = api.get("/customers").data
    assert len(found) == 5
    times = [one["creationTime"] for one in found]
    assert times == sorted(times, reverse=True)


def test_search_by_membership_and_creation(api: Api) -> None:
    def emails(**query: object) -> list[str]:
        return [one["emailAddress"] for one in api.get("/customers", **query).data]

    assert emails(currentNonMembers=False) == ["member@example.com"]
    assert "member@example.com" not in emails(currentMembers=False)
    assert emails(createdSince="2026-05-01T00:00:00Z") == ["twice@example.com"]


def test_newest_records_come_first_also_of_the_same_second(api: Api) -> None:
    ids = [api.created("/customers", {"lastName": "Twin"})["id"] for _ in range(5)]
    assert [one["id"] for one in api.get("/customers", searchText="twin").data] == ids[::-1]


def test_one_address_can_be_on_two_records_with_passwords_of_their_own(api: Api) -> None:
    new, old = api.get("/customers", searchField="emailAddress", searchText="twice@example.com").data
    for customer, right in ((new, "demo-new"), (old, "demo-old")):
        answers = {
            password: api.get(f"/customers/{customer['id']}/authenticate", password=password).status
            for password in ("demo-new", "demo-old")
        }
        assert answers == {"demo-new": 403, "demo-old": 403} | {right: 200}


@pytest.mark.bad_requests
def test_authentication(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    right = api.get(f"/customers/{guest}/authenticate", password="demo-guest")
    assert (right.status, right.body) == (200, None)
    wrong = api.get(f"/customers/{guest}/authenticate", password="demo-Guest")
    assert (wrong.status, wrong.message) == (403, "Invalid password")
    assert api.get(f"/customers/{guest}/authenticate").status == 400
    assert api.get("/customers/unknown/authenticate", password="x").status == 404
    without = customer_id(api, "nopass@example.com")
    assert api.get(f"/customers/{without}/authenticate", password="").status == 403


@pytest.mark.bad_requests
def test_bookings_of_a_customer_by_inclusive_dates(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    number = api.created("/bookings", kayak(customerId=guest))["bookingNumber"]

    def found(**query: object) -> list[str]:
        return [one["bookingNumber"] for one in api.get(f"/customers/{guest}/bookings", **query).data]

    assert found() == found(beginDate="2026-06-12", endDate="2026-06-12") == [number]
    assert found(beginDate="2026-06-12T10:00:00+02:00") == [number]
    assert found(beginDate="2026-06-13") == found(endDate="2026-06-11") == []
    assert api.get(f"/customers/{guest}/bookings", beginDate="12.6.2026").status == 400
    assert api.get("/customers/unknown/bookings").status == 404


def test_linked_people_of_a_customer(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    people = api.get(f"/customers/{guest}/linkedpeople").data
    assert [(one["firstName"], one["customerId"]) for one in people] == [("Junior", guest), ("Partner", guest)]
    one = api.get(f"/customers/{guest}/linkedpeople/{people[0]['id']}").body
    assert one == people[0]
    member = customer_id(api, "member@example.com")
    assert api.get(f"/customers/{member}/linkedpeople").data == []
    assert api.get(f"/customers/{member}/linkedpeople/{people[0]['id']}").status == 404


def test_unknown_customer_is_a_404(api: Api) -> None:
    for path in ("", "/linkedpeople", "/bookings"):
        assert api.get(f"/customers/unknown{path}").status == 404
