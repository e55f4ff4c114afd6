"""Reading and creating bookings (reference 6.3, 7.9)."""

import pytest

from sandbox.demo_products import BLUE_CANOE, CHARTER, KAYAK, RED_CANOE, YOGA
from tests.sandbox.bodies import (
    KAYAK_EVENT,
    NEW_CUSTOMER,
    canoe,
    kayak,
    kayak_for_robin,
    people,
    ridge,
    sailing,
)
from tests.sandbox.client import Api, Json
from tests.sandbox.test_holds import YOGA_FRIDAY, customer_id
from tests.sandbox.test_slots import seats_left

JUNE = {"startTime": "2026-06-01T00:00:00-00:00", "endTime": "2026-06-30T23:59:59-00:00"}
TODAY = {"lastUpdatedStartTime": "2026-06-10T00:00:00-00:00", "lastUpdatedEndTime": "2026-06-10T23:59:59-00:00"}
FULL_PAYMENT = {
    "reason": "Full payment",
    "amount": {"amount": "107.80", "currency": "EUR"},
    "paymentMethod": "creditCard",
    "gatewayName": "Example Gateway",
}


def test_booking_answers_what_was_sent(api: Api) -> None:
    body = kayak_for_robin(2, externalRef="ref-1", source="web", sourceIp="192.0.2.4", initialPayments=[FULL_PAYMENT])
    booking = api.created("/bookings", body)
    assert len(booking["bookingNumber"]) == 16
    assert booking["bookingNumber"].isdigit()
    assert (booking["eventId"], booking["title"]) == (KAYAK_EVENT, "Robin Sample")
    assert (booking["startTime"], booking["endTime"]) == ("2026-06-12T10:00:00+02:00", "2026-06-12T12:30:00+02:00")
    assert (booking["externalRef"], booking["source"], booking["sourceIp"]) == ("ref-1", "web", "192.0.2.4")
    assert (booking["canceled"], booking["accepted"]) == (False, True)
    assert booking["price"]["totalGross"]["amount"] == booking["price"]["totalPaid"]["amount"] == "107.80"
    assert not {"customer", "initialPayments", "lastChangeTime"} & set(booking)
    assert api.get(f"/bookings/{booking['bookingNumber']}").body == booking


def test_options_are_answered_by_name_in_the_language_asked_for(api: Api) -> None:
    options = [{"id": f"{KAYAK}_8KRT4WNE", "value": "Doubles only"}, {"name": "Hotel for pick-up", "value": "Lakeside"}]
    booking = api.created("/bookings", kayak_for_robin(options=options))
    shown = {option["name"]: option["value"] for option in booking["options"]}
    assert shown == {
        "Kayaks": "Doubles only",
        "Picnic boxes": "0",
        "Wetsuits for everyone": "false",
        "Hotel for pick-up": "Lakeside",
    }
    italian = api.get(f"/bookings/{booking['bookingNumber']}", lang="it-IT").body
    assert italian["options"][0] == {"id": f"{KAYAK}_8KRT4WNE", "name": "Kayak", "value": "Solo doppi"}
    assert italian["productName"] == "Giro in kayak alle isole"


def test_inline_customer_is_always_a_new_record(api: Api) -> None:
    first = api.created("/bookings", kayak_for_robin(1))["customerId"]
    second = api.created("/bookings", kayak_for_robin(1))["customerId"]
    found = api.get("/customers", searchField="emailAddress", searchText="robin@example.com").data
    assert [customer["id"] for customer in found] == sorted((first, second), key=lambda one: one != found[0]["id"])
    assert first != second


def test_booking_needs_a_customer(api: Api) -> None:
    assert api.post("/bookings", kayak()).message == "Missing required field: customer or customerId"


def test_previous_hold_gives_its_seats_to_the_booking(api: Api) -> None:
    hold = api.created("/holds", kayak(12))
    assert api.post("/bookings", kayak_for_robin(12)).status == 403
    api.created("/bookings", kayak_for_robin(12), previousHoldId=hold["id"])
    assert api.get(f"/holds/{hold['id']}").status == 404
    assert seats_left(api) == 0


def test_unknown_previous_hold_does_not_stop_a_booking(api: Api) -> None:
    assert api.post("/bookings", kayak_for_robin(), previousHoldId="unknown").status == 201


def test_refused_booking_leaves_nothing_behind(api: Api) -> None:
    hold = api.created("/holds", kayak(2))
    wrong = kayak_for_robin(2, initialPayments=[FULL_PAYMENT | {"amount": {"amount": "5", "currency": "USD"}}])
    assert api.post("/bookings", wrong, previousHoldId=hold["id"]).status == 400
    assert api.get(f"/holds/{hold['id']}").status == 200
    assert api.get("/customers", searchText="Robin").data == []
    assert seats_left(api) == 10


def test_required_text_is_enforced_at_the_booking(api: Api) -> None:
    assert api.post("/bookings", ridge(customer=NEW_CUSTOMER)).message.startswith("Missing required option")
    options = [{"name": "A phone number for the mountain", "value": "+39 0555 010199"}]
    assert api.post("/bookings", ridge(customer=NEW_CUSTOMER, options=options)).status == 201


@pytest.mark.bad_requests
def test_last_minute_is_for_managers_only(api: Api) -> None:
    soon = kayak_for_robin(eventId="5117KY100019C0A1B2E00_2026-06-10")
    assert api.post("/bookings", soon).message == "It is too late to book this time"
    assert api.post("/bookings", soon, mode="backend").status == 201
    assert api.post("/bookings", soon, mode="manager").status == 400


def test_charter_waits_to_be_accepted_and_may_be_private(api: Api) -> None:
    body = {
        "productId": CHARTER,
        "eventId": "5117CHD00019C0A1B2E00_2026-06-13",
        "participants": people(Cadults=5),
        "customer": NEW_CUSTOMER,
        "privateEvent": True,
    }
    booking = api.created("/bookings", body)
    assert (booking["accepted"], booking["privateEvent"]) == (False, True)
    assert booking["endTime"] == "2026-06-14T00:00:00+02:00"
    assert booking["price"]["totalGross"]["amount"] == "0"
    assert api.post("/bookings", body | {"privateEvent": False}).status == 403


def test_flexible_booking_gets_a_resource(api: Api) -> None:
    first = api.created("/bookings", canoe(customer=NEW_CUSTOMER))
    second = api.created("/bookings", canoe(customer=NEW_CUSTOMER))
    assert [booking["resources"][0]["id"] for booking in (first, second)] == [RED_CANOE, BLUE_CANOE]
    assert "eventId" not in first
    assert first["endTime"] == "2026-06-12T11:00:00+02:00"


def test_flexible_end_can_be_forced(api: Api) -> None:
    booking = api.created("/bookings", canoe(endTime="2026-06-12T12:00:00-00:00", customer=NEW_CUSTOMER))
    assert booking["endTime"] == "2026-06-12T12:00:00+02:00"


def test_late_enrolment_starts_with_the_first_class_attended(api: Api) -> None:
    second = "5117SLT00219C0A1B2E00_2026-06-23"
    booking = api.created("/bookings", sailing(customer=NEW_CUSTOMER, firstCourseEnrolledEventId=second))
    assert booking["startTime"] == "2026-06-23T18:00:00+02:00"
    assert booking["eventId"] == "5117SLT00119C0A1B2E00_2026-06-16"
    assert booking["firstCourseEnrolledEventId"] == second


def test_credits_are_used_up(api: Api) -> None:
    member = customer_id(api, "member@example.com")
    booking = api.created("/bookings", kayak(1, customerId=member))
    assert booking["price"]["totalPaid"]["amount"] == "20"
    assert "credit" not in api.get(f"/customers/{member}").body
    yoga = {"productId": YOGA, "participants": people(Cadults=1), "customerId": member}
    for day in (12, 13, 14):
        api.created("/bookings", yoga | {"eventId": f"5117YG073019C0A1B2E00_2026-06-{day}"})
    assert api.post("/bookings", yoga | {"eventId": YOGA_FRIDAY}).status == 403


def test_promotion_and_vouchers_show_on_the_booking(api: Api) -> None:
    codes = {"promotionCodeInput": "WELCOME10", "giftVoucherCodeInput": "GIFT25,KAYAK-FREE"}
    booking = api.created("/bookings", kayak_for_robin(2, **codes))
    assert (booking["promotionName"], booking["couponCodes"]) == ("Welcome 10%", ["WELCOME10"])
    assert booking["specificVoucherCode"] == "KAYAK-FREE"
    assert booking["price"]["totalGross"]["amount"] == "48.51"
    assert booking["price"]["totalPaid"]["amount"] == "25"
    assert not {"promotionCodeInput", "giftVoucherCodeInput"} & set(booking)


def test_adjustments_change_the_price(api: Api) -> None:
    line = {"unitPrice": {"amount": "5", "currency": "EUR"}, "quantity": 2, "description": "Dry bag"}
    booking = api.created("/bookings", kayak_for_robin(1, priceAdjustments=[line]))
    assert booking["price"]["totalNet"]["amount"] == "59"
    assert booking["priceAdjustments"] == [line]


def test_participants_become_linked_people(api: Api) -> None:
    guest = customer_id(api, "guest@example.com")
    known = api.get(f"/customers/{guest}/linkedpeople").data[0]["id"]
    details = [
        {"personId": "PSELF", "peopleCategoryId": "Cadults", "categoryIndex": 1},
        {
            "personId": "PNEW",
            "peopleCategoryId": "Cadults",
            "categoryIndex": 2,
            "personDetails": {"firstName": "Kim", "customFields": [{"name": "Height (cm)", "value": "180"}]},
        },
        {"personId": known, "peopleCategoryId": "Cchildren", "categoryIndex": 1},
    ]
    body = kayak(customerId=guest, participants=people(Cadults=3, Cchildren=1) | {"details": details})
    number = api.created("/bookings", body)["bookingNumber"]
    shown = api.get(f"/bookings/{number}", expandParticipants=True).body["participants"]["details"]
    names = [one.get("personDetails", {}).get("firstName", one["personId"]) for one in shown]
    assert names == ["PSELF", "Kim", "PUNKNOWN", "Junior"]
    assert [one["firstName"] for one in api.get(f"/customers/{guest}/linkedpeople").data][-1] == "Kim"
    assert shown[1]["personDetails"]["customFields"] == [{"id": "M8HEUC", "name": "Height (cm)", "value": "180"}]


@pytest.mark.parametrize(
    "details",
    [
        [{"personId": "somebody", "peopleCategoryId": "Cadults", "categoryIndex": 1}],
        [{"personId": "PSELF", "peopleCategoryId": "Cadults", "categoryIndex": 3}],
        [{"personId": "PSELF", "peopleCategoryId": "Cchildren", "categoryIndex": 1}],
        [{"personId": "PSELF", "peopleCategoryId": "Cadults", "categoryIndex": index} for index in (1, 2)],
        [{"personId": "PNEW", "peopleCategoryId": "Cadults", "categoryIndex": 1}] * 2,
        pytest.param(
            [{"personId": "PSELF", "peopleCategoryId": "Cadults", "categoryIndex": 0}], marks=pytest.mark.bad_requests
        ),
    ],
)
def test_participants_that_do_not_fit_are_refused(api: Api, details: list[Json]) -> None:
    guest = customer_id(api, "guest@example.com")
    body = kayak(customerId=guest, participants=people(Cadults=2) | {"details": details})
    assert api.post("/bookings", body).status == 400


def test_list_by_start_or_by_change_or_both(api: Api) -> None:
    number = api.created("/bookings", kayak_for_robin())["bookingNumber"]
    for query in (JUNE, TODAY, JUNE | TODAY):
        assert [booking["bookingNumber"] for booking in api.get("/bookings", **query).data] == [number]
    july = {"startTime": "2026-07-01T00:00:00-00:00", "endTime": "2026-07-02T00:00:00-00:00"}
    assert api.get("/bookings", **july, **TODAY).data == []
    assert api.get("/bookings", productId=CHARTER, **JUNE).data == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"startTime": JUNE["startTime"]},
        {"lastUpdatedEndTime": JUNE["endTime"], **JUNE},
        JUNE | {"endTime": "2026-07-03T00:00:00-00:00"},
    ],
)
def test_list_needs_whole_pairs_of_31_days_at_most(api: Api, query: Json) -> None:
    assert api.get("/bookings", **query).status == 400


def test_list_expands_on_request(api: Api) -> None:
    api.created("/bookings", kayak_for_robin())
    plain = api.get("/bookings", **JUNE).data[0]
    expanded = api.get("/bookings", expandCustomer=True, expandParticipants=True, **JUNE).data[0]
    assert "customer" not in plain
    assert "details" not in plain["participants"]
    assert expanded["customer"]["emailAddress"] == "robin@example.com"
    assert len(expanded["participants"]["details"]) == 2


def test_key_without_customers_gets_no_expansion(api: Api) -> None:
    number = api.created("/bookings", kayak_for_robin())["bookingNumber"]
    reader = Api(api.app, api_key="readonly-api-key")
    booking = reader.get(f"/bookings/{number}", expandCustomer=True, expandParticipants=True).body
    assert "customer" not in booking
    assert "details" not in booking["participants"]
    assert reader.get(f"/bookings/{number}/customer").status == 403


def test_customer_of_a_booking(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin())
    customer = api.get(f"/bookings/{booking['bookingNumber']}/customer").body
    assert (customer["id"], customer["numBookings"]) == (booking["customerId"], 1)
    assert customer["startTimeOfNextBooking"] == booking["startTime"]


def test_unknown_booking_is_a_404(api: Api) -> None:
    assert api.get("/bookings/1234567890123456").status == 404
    assert api.get("/bookings/1234567890123456/customer").status == 404
