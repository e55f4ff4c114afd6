"""Holds (reference 4.4, 4.5, 6.2)."""

from dataclasses import replace

import pytest

from sandbox import Sandbox
from sandbox.demo_products import BLUE_CANOE, CANOE, RED_CANOE, SAIL4, STAFF, SUNSET, YOGA, ZIP
from tests.sandbox.bodies import (
    KAYAK_EVENT,
    KAYAK_LATER,
    NEW_CUSTOMER,
    SAIL_EVENT,
    canoe,
    kayak,
    people,
    ridge,
    sailing,
)
from tests.sandbox.client import Api, Json
from tests.sandbox.test_slots import seats_left

SUNSET_FRIDAY = "5117SUS20319C0A1B2E00_2026-06-12"
YOGA_FRIDAY = "5117YG073019C0A1B2E00_2026-06-12"


def customer_id(api: Api, email: str) -> str:
    """Id of the newest record with that address."""
    return str(api.get("/customers", searchField="emailAddress", searchText=email).data[0]["id"])


def gross(hold: Json) -> str:
    """Total price of a hold."""
    return str(hold["price"]["totalGross"]["amount"])


def test_hold_adds_the_tax_that_the_search_leaves_out(api: Api) -> None:
    hold = api.created("/holds", kayak(2))
    assert (gross(hold), hold["price"]["totalNet"]["amount"]) == ("107.80", "98")
    assert [tax["amount"]["amount"] for tax in hold["price"]["taxes"]] == ["9.80"]
    assert hold["totalPayable"] == hold["price"]["totalGross"]
    assert hold["price"]["totalPaid"]["amount"] == "0"


def test_price_that_includes_tax_stays_as_it_is(api: Api) -> None:
    hold = api.created("/holds", sailing(2))
    assert (gross(hold), hold["price"]["totalNet"]["amount"]) == ("520", "472.73")


@pytest.mark.bad_requests
def test_hold_lasts_five_minutes_unless_asked_otherwise(api: Api) -> None:
    assert api.created("/holds", kayak())["expiration"] == "2026-06-10T09:05:00+02:00"
    assert api.post("/holds", kayak(), holdDurationSeconds=600).body["expiration"] == "2026-06-10T09:10:00+02:00"
    for wrong in (0, 601):
        assert api.post("/holds", kayak(), holdDurationSeconds=wrong).status == 400


def test_hold_can_be_read_and_released(api: Api) -> None:
    hold = api.created("/holds", kayak(12))
    assert len(hold["id"]) == 16
    assert api.get(f"/holds/{hold['id']}").body == hold
    assert api.delete(f"/holds/{hold['id']}").status == 204
    assert seats_left(api) == 12
    assert api.delete(f"/holds/{hold['id']}").status == 404


def test_hold_expires_with_its_seats(api: Api) -> None:
    hold = api.created("/holds", kayak(12))
    api.knobs = "clock=2026-06-10T09:04:59+02:00"
    assert (api.get(f"/holds/{hold['id']}").status, seats_left(api)) == (200, 0)
    api.knobs = "clock=2026-06-10T09:05:00+02:00"
    assert (api.get(f"/holds/{hold['id']}").status, seats_left(api)) == (404, 12)
    assert api.delete(f"/holds/{hold['id']}").status == 404


def test_replacing_a_hold_frees_its_seats_first(api: Api) -> None:
    old = api.created("/holds", kayak(12))
    assert api.post("/holds", kayak(12)).status == 403
    new = api.created("/holds", kayak(12), previousHoldId=old["id"])
    assert api.get(f"/holds/{old['id']}").status == 404
    assert api.get(f"/holds/{new['id']}").status == 200
    assert seats_left(api) == 0


def test_refused_replacement_keeps_the_old_hold(api: Api) -> None:
    old = api.created("/holds", kayak(2))
    api.created("/holds", kayak(12, eventId=KAYAK_LATER))
    assert api.post("/holds", kayak(2, eventId=KAYAK_LATER), previousHoldId=old["id"]).status == 403
    assert api.get(f"/holds/{old['id']}").status == 200
    assert seats_left(api) == 10


def test_unknown_previous_hold_counts_as_gone(api: Api) -> None:
    assert api.post("/holds", kayak(), previousHoldId="unknown").status == 201


def test_no_seats_is_a_403_that_says_so(api: Api) -> None:
    api.created("/holds", kayak(11))
    refused = api.post("/holds", kayak(2))
    assert (refused.status, refused.message) == (403, "There are not enough seats available")
    assert api.post("/holds", kayak(1)).status == 201


def test_hold_needs_no_customer_and_makes_none(api: Api) -> None:
    before = api.get("/customers").body["info"]["totalItems"]
    api.created("/holds", kayak(customer={"firstName": "Robin"}))
    assert api.get("/customers").body["info"]["totalItems"] == before


def test_hold_does_not_ask_for_required_texts(api: Api) -> None:
    assert api.post("/holds", ridge()).status == 201


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"productId": "unknown"}, 400),
        ({"eventId": "unknown"}, 400),
        ({"eventId": "5117KY093019C0A1B2E00_2026-06-12"}, 400),
        ({"customerId": "unknown"}, 400),
        pytest.param({"customerId": "x", "customer": {}}, 400, marks=pytest.mark.bad_requests),
        ({"productId": STAFF, "eventId": "5117ST070019C0A1B2E00_2026-06-15"}, 403),
        ({"startTime": "2026-06-12T11:00:00-00:00"}, 400),
        ({"privateEvent": True}, 400),
        ({"firstCourseEnrolledEventId": KAYAK_LATER}, 400),
        ({"eventId": "5117KY100019C0A1B2E00_2026-06-10"}, 403),
        ({"eventId": "5117KY110019C0A1B2E00_2026-06-09"}, 403),
        ({"participants": people(Cadults=0)}, 400),
        ({"participants": people(H4KTWE=1)}, 403),
        ({"participants": people(Cadults=13)}, 403),
    ],
)
def test_hold_is_refused(api: Api, change: Json, status: int) -> None:
    assert api.post("/holds", kayak() | change).status == status
    assert seats_left(api) == 12


def test_start_that_agrees_with_the_event_is_fine(api: Api) -> None:
    assert api.post("/holds", kayak(startTime="2026-06-12T08:00:00Z")).status == 201


def test_promotion_lowers_the_price(api: Api) -> None:
    hold = api.created("/holds", kayak(2, promotionCodeInput="welcome10, LAKE5"))
    assert hold["promotionApplicable"] is True
    assert hold["appliedPromotionDiscount"]["amount"] == "14.80"
    assert gross(hold) == "91.52"


@pytest.mark.parametrize(
    ("codes", "word"),
    [
        ({"promotionCodeInput": "NOPE"}, "promotion"),
        ({"promotionCodeInput": "EXPIRED1"}, "promotion"),
        ({"giftVoucherCodeInput": "NOPE"}, "voucher"),
        ({"promotionCodeInput": "WELCOME10", "giftVoucherCodeInput": "NOPE"}, "voucher"),
    ],
)
def test_bad_code_refuses_the_hold_and_says_which(api: Api, codes: Json, word: str) -> None:
    refused = api.post("/holds", kayak(**codes))
    assert refused.status == 400
    assert word in refused.message


def test_generic_voucher_lowers_what_is_to_pay_and_not_the_price(api: Api) -> None:
    hold = api.created("/holds", kayak(2, giftVoucherCodeInput="GIFT25"))
    assert (gross(hold), hold["applicableGiftVoucherCredit"]["amount"]) == ("107.80", "25")
    assert hold["totalPayable"]["amount"] == "82.80"


def test_specific_voucher_pays_for_one_adult_of_its_product(api: Api) -> None:
    assert gross(api.created("/holds", kayak(2, giftVoucherCodeInput="KAYAK-FREE"))) == "53.90"
    assert api.post("/holds", canoe(giftVoucherCodeInput="KAYAK-FREE")).status == 400


def test_store_credit_is_used_by_itself(api: Api) -> None:
    hold = api.created("/holds", kayak(2, customerId=customer_id(api, "member@example.com")))
    assert hold["applicableMoneyCredit"]["amount"] == "20"
    assert hold["totalPayable"]["amount"] == "87.80"
    guest = api.created("/holds", kayak(2, customerId=customer_id(api, "guest@example.com")))
    assert "applicableMoneyCredit" not in guest


def test_prepaid_credits_make_the_price_zero(api: Api) -> None:
    yoga = {"productId": YOGA, "eventId": YOGA_FRIDAY, "participants": people(Cadults=1)}
    hold = api.created("/holds", yoga | {"customerId": customer_id(api, "member@example.com")})
    assert (gross(hold), hold["applicablePrepaidCredits"], hold["totalPayable"]["amount"]) == ("0", 1, "0")
    for without in ({}, {"customerId": customer_id(api, "guest@example.com")}):
        assert api.post("/holds", yoga | without).status == 403


def test_members_only_is_for_members(api: Api) -> None:
    sunset = {"productId": SUNSET, "eventId": SUNSET_FRIDAY, "participants": people(Cadults=2)}
    assert api.post("/holds", sunset).status == 403
    assert api.post("/holds", sunset | {"customerId": customer_id(api, "guest@example.com")}).status == 403
    assert api.post("/holds", sunset | {"customerId": customer_id(api, "member@example.com")}).status == 201


def test_flexible_needs_a_start_within_opening_hours(api: Api) -> None:
    assert api.post("/holds", canoe()).status == 201
    assert api.post("/holds", canoe("2026-06-12T18:30:00-00:00")).status == 403
    assert api.post("/holds", canoe("2026-06-12T10:15:00-00:00")).status == 403
    assert api.post("/holds", canoe(resources=[{"id": "unknown"}])).status == 400
    assert api.post("/holds", canoe(resources=[{"id": RED_CANOE}, {"id": BLUE_CANOE}])).status == 400


def test_flexible_can_be_held_by_event_id(api: Api) -> None:
    search = {
        "productId": CANOE,
        "startTime": "2026-06-12T10:00:00-00:00",
        "endTime": "2026-06-12T10:00:00-00:00",
        "peopleNumbers": [{"peopleCategoryId": "Cadults", "number": 1}],
    }
    event_id = api.created("/availability/matchingslots", search)["data"][0]["eventId"]
    body = {"productId": CANOE, "eventId": event_id, "participants": people(Cadults=1)}
    assert gross(api.created("/holds", body)) == "55"


def test_two_canoes_serve_two_at_a_time(api: Api) -> None:
    assert api.post("/holds", canoe()).status == 201
    assert api.post("/holds", canoe("2026-06-12T10:30:00-00:00")).status == 201
    assert api.post("/holds", canoe("2026-06-12T10:00:00-00:00")).status == 403
    assert api.post("/holds", canoe("2026-06-12T11:30:00-00:00")).status == 201


def test_two_day_trip_lasts_whole_days(api: Api) -> None:
    body = {"productId": ZIP, "eventId": "5117ZP000019C0A1B2E00_2026-06-13", "participants": people(Cadults=1)}
    assert gross(api.created("/holds", body)) == "180"


def test_part_of_a_course_costs_its_part(api: Api) -> None:
    third = "5117SLT00319C0A1B2E00_2026-06-30"
    assert gross(api.created("/holds", sailing(1, firstCourseEnrolledEventId=third))) == "130"
    assert gross(api.created("/holds", sailing(1, dropinCourseEnrolledEventId=third))) == "65"


def test_running_course_is_booked_from_its_next_class(api: Api) -> None:
    running = sailing(1, eventId="5117SLF00119C0A1B2E00_2026-06-05", customer=NEW_CUSTOMER)
    assert gross(api.created("/holds", running)) == "195"
    booking = api.created("/bookings", running)
    assert booking["startTime"] == "2026-06-12T18:30:00+02:00"
    assert booking["firstCourseEnrolledEventId"] == "5117SLF00219C0A1B2E00_2026-06-12"
    api.knobs = "clock=2026-06-13T09:00:00+02:00"
    assert api.post("/holds", running).status == 403


def test_product_of_single_classes_takes_nothing_else(app: Sandbox) -> None:
    products = tuple(replace(one, drop_in_only=one.id == SAIL4) for one in app.account.products)
    api = Api(Sandbox(replace(app.account, products=products), app.store, app.secret_key, app.api_keys))
    assert api.get("/settings/products").data[1]["dropInOnly"]
    assert api.post("/holds", sailing(1)).status == 403
    assert api.post("/holds", sailing(1, firstCourseEnrolledEventId=SAIL_EVENT)).status == 403
    assert api.post("/holds", sailing(1, dropinCourseEnrolledEventId=SAIL_EVENT)).status == 201


def test_members_pay_less_where_the_product_says_so(api: Api) -> None:
    trip = {"productId": ZIP, "eventId": "5117ZP000019C0A1B2E00_2026-06-13", "participants": people(Cadults=1)}
    assert gross(api.created("/holds", trip | {"customerId": customer_id(api, "member@example.com")})) == "162"
    assert gross(api.created("/holds", trip | {"customerId": customer_id(api, "guest@example.com")})) == "180"


def test_late_enrolment_and_dropin_take_only_their_classes(api: Api) -> None:
    third = "5117SLT00319C0A1B2E00_2026-06-30"
    assert api.post("/holds", sailing(2, firstCourseEnrolledEventId=third)).status == 201
    assert api.post("/holds", sailing(1, dropinCourseEnrolledEventId=third)).status == 201
    both = sailing(1, dropinCourseEnrolledEventId=third, firstCourseEnrolledEventId=third)
    assert api.post("/holds", both).status == 400
    assert api.post("/holds", sailing(1, dropinCourseEnrolledEventId=KAYAK_EVENT)).status == 400
