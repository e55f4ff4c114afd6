"""Changing and cancelling bookings (reference 4.7, 6.3)."""

import pytest

from sandbox.demo_products import KAYAK, RED_CANOE, YOGA
from tests.sandbox.bodies import KAYAK_EVENT, KAYAK_LATER, NEW_CUSTOMER, canoe, kayak, kayak_for_robin, people, sailing
from tests.sandbox.client import Api, Json
from tests.sandbox.test_bookings import JUNE
from tests.sandbox.test_holds import YOGA_FRIDAY, customer_id
from tests.sandbox.test_slots import seats_left


def path(booking: Json) -> str:
    """Where a booking lives."""
    return f"/bookings/{booking['bookingNumber']}"


def moved(booking: Json, event_id: str = KAYAK_LATER) -> Json:
    """The whole booking, moved; times are left out so that the event decides."""
    return {name: value for name, value in booking.items() if name not in ("startTime", "endTime")} | {
        "eventId": event_id
    }


def test_whole_object_goes_back_unchanged(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(2, externalRef="r", promotionCodeInput="WELCOME10"))
    read = api.get(path(booking), expandCustomer=True, expandParticipants=True).body
    changed = api.put(path(booking), read)
    assert changed.status == 200
    new = {"lastChangeTime", "lastChangeAgent"}
    assert {name: value for name, value in changed.body.items() if name not in new} == booking
    assert new <= set(changed.body)
    assert seats_left(api) == 10


def test_move_to_another_slot_moves_the_seats(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(2))
    changed = api.put(path(booking), moved(booking)).body
    assert (changed["eventId"], changed["startTime"]) == (KAYAK_LATER, "2026-06-12T13:30:00+02:00")
    assert (seats_left(api), seats_left(api, KAYAK_LATER)) == (12, 10)
    assert api.get(path(booking)).body == changed


def test_old_times_with_a_new_event_are_refused(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin())
    refused = api.put(path(booking), booking | {"eventId": KAYAK_LATER})
    assert refused.status == 400
    assert "contradicts" in refused.message


def test_own_seats_count_as_free_and_others_do_not(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(11))
    assert api.put(path(booking), booking | {"participants": people(Cadults=12)}).status == 200
    api.created("/holds", kayak(12, eventId=KAYAK_LATER))
    assert api.put(path(booking), moved(booking)).status == 403
    assert (seats_left(api), api.get(path(booking)).body["eventId"]) == (0, KAYAK_EVENT)


def test_what_is_left_out_is_removed(api: Api) -> None:
    options = [{"id": f"{KAYAK}_3JWX6LTA", "value": "2"}]
    booking = api.created("/bookings", kayak_for_robin(1, externalRef="r", source="web", options=options))
    bare = {name: booking[name] for name in ("productId", "eventId", "participants")}
    changed = api.put(path(booking), bare).body
    assert not {"externalRef", "source"} & set(changed)
    assert changed["price"]["totalNet"]["amount"] == "49"


def test_price_follows_the_people(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(1))
    changed = api.put(path(booking), booking | {"participants": people(Cadults=2)}).body
    assert changed["price"]["totalGross"]["amount"] == "107.80"


def test_codes_stay_although_they_cannot_be_read(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(2, giftVoucherCodeInput="KAYAK-FREE"))
    assert api.put(path(booking), moved(booking)).body["price"] == booking["price"]


def test_change_within_a_day_is_for_managers(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(1, eventId="5117KY080019C0A1B2E00_2026-06-11"))
    refused = api.put(path(booking), moved(booking))
    assert (refused.status, refused.message) == (403, "It is too late to change this booking")
    assert api.put(path(booking), moved(booking), mode="backend").status == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"customerId": "somebody-else"}, 400),
        ({"eventId": "unknown"}, 400),
        ({"participants": people(Cadults=13)}, 403),
        pytest.param({"initialPayments": []}, 400, marks=pytest.mark.bad_requests),
        pytest.param({"somethingNew": 1}, 400, marks=pytest.mark.bad_requests),
    ],
)
def test_change_is_refused(api: Api, change: Json, status: int) -> None:
    booking = api.created("/bookings", kayak_for_robin(1))
    assert api.put(path(booking), moved(booking, KAYAK_EVENT) | change).status == status
    assert api.get(path(booking)).body == booking


def test_unknown_booking_cannot_be_changed_or_cancelled(api: Api) -> None:
    assert api.put("/bookings/1", kayak()).status == 404
    assert api.delete("/bookings/1").status == 404


def test_flexible_booking_moves_in_time_with_its_resource(api: Api) -> None:
    booking = api.created("/bookings", canoe(customer=NEW_CUSTOMER))
    later = {"startTime": "2026-06-12T10:30:00+02:00", "endTime": "2026-06-12T11:30:00+02:00"}
    changed = api.put(path(booking), booking | later).body
    assert (changed["startTime"], changed["resources"][0]["id"]) == (later["startTime"], RED_CANOE)


def test_course_booking_goes_back_unchanged(api: Api) -> None:
    second = "5117SLT00219C0A1B2E00_2026-06-23"
    booking = api.created("/bookings", sailing(customer=NEW_CUSTOMER, firstCourseEnrolledEventId=second))
    assert api.put(path(booking), booking).body["startTime"] == booking["startTime"]


def test_no_show_can_be_noted(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(1))
    assert api.put(path(booking), booking | {"noShow": True}).body["noShow"] is True
    assert api.get(f"{path(booking)}/customer").body["numNoShows"] == 1


def test_put_can_answer_without_a_body(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(1))
    answer = api.client.put(
        f"/v2{path(booking)}?lang=en-US", json=booking, headers=api.headers | {"X-Sandbox-Knobs": "put_body=off"}
    )
    assert (answer.status_code, answer.get_data()) == (200, b"")


def test_cancelled_booking_frees_seats_and_stays_readable(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(2))
    assert api.delete(path(booking), notifyCustomer=True, reason="Storm").status == 204
    canceled = api.get(path(booking)).body
    assert (canceled["canceled"], canceled["cancelationTime"]) == (True, "2026-06-10T09:00:00+02:00")
    assert canceled["lastChangeTime"] == canceled["cancelationTime"]
    assert seats_left(api) == 12
    assert api.get("/bookings", **JUNE).data == []
    assert api.get("/bookings", includeCanceled=True, **JUNE).data == [canceled]


def test_cancelling_twice_is_fine_and_changing_after_is_not(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(2))
    assert [api.delete(path(booking)).status for _ in range(2)] == [204, 204]
    assert api.put(path(booking), booking).status == 403


def test_cancellation_counts_only_when_tracked(api: Api) -> None:
    first = api.created("/bookings", kayak_for_robin(1))
    customer = f"/customers/{first['customerId']}"
    second = api.created("/bookings", kayak(1, customerId=first["customerId"]))
    api.delete(path(first))
    assert api.get(customer).body["numCancelations"] == 0
    api.delete(path(second), trackInCustomerHistory=True)
    assert api.get(customer).body["numCancelations"] == 1


def test_prepaid_credits_come_back(api: Api) -> None:
    member = customer_id(api, "member@example.com")
    yoga = {"productId": YOGA, "eventId": YOGA_FRIDAY, "participants": people(Cadults=1), "customerId": member}
    for _ in range(5):
        api.delete(path(api.created("/bookings", yoga)))


def test_cancellation_cutoff_is_a_knob(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(1, eventId="5117KY080019C0A1B2E00_2026-06-11"))
    api.knobs = "cancel_cutoff=on"
    assert api.delete(path(booking)).message == "It is too late to cancel this booking"
    api.knobs = ""
    assert api.delete(path(booking)).status == 204


def test_customer_list_shows_cancelled_ones_unless_the_knob_hides_them(api: Api) -> None:
    booking = api.created("/bookings", kayak_for_robin(1))
    api.delete(path(booking))
    listed = f"/customers/{booking['customerId']}/bookings"
    assert len(api.get(listed).data) == 1
    api.knobs = "canceled_in_customer_list=off"
    assert api.get(listed).data == []
