"""Holding and booking: what is sent, how often, and what each answer means."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses
import time_machine

from booking.bookeo import CustomerInput, ParticipantInput
from booking.models import Attempt
from booking.services import bookings, holds, reconciliation
from booking.services.choices import Choice, Party, Wishes
from booking.services.errors import (
    CodeRefused,
    CustomerNeeded,
    DetailsRejected,
    OutcomeUnknown,
    ServiceError,
    TimeGone,
    Unavailable,
)
from booking.services.holds import Codes
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, answer, error, listing, products

BOOKINGS = "https://api.bookeo.test/v2/bookings"
START = datetime(2026, 7, 18, 16, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(
        product_id=KAYAK,
        party=Party.of({"Cadults": 2, "Cchildren": 1}),
        options=((f"{KAYAK}_8KRT4WNE", "Double kayak"),),
    ),
    event_id="4151KW3TRE18E08C37110_2026-07-18",
    start=START,
    end=START + timedelta(hours=2),
)
GUEST = CustomerInput(first_name="Camille", last_name="Moreau", email_address="camille.moreau@example.com")


def _order(**changes: Any) -> bookings.Order:
    fields = {"draft_reference": uuid.uuid4(), "choice": CHOICE, "hold_id": "q7TzB41nEw9KcMfA", "customer": GUEST}
    return bookings.Order(**(fields | changes))


def _body(call: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(call.request.body)
    return document


def test_hold_sends_the_choice_and_gives_the_old_hold_up(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", "hold.response", status=201)
    hold = holds.hold_seats(CHOICE, codes=Codes(promotion="SUMMER10"), previous_hold_id="old")

    call = bookeo.calls[-1]
    assert hold.id == "q7TzB41nEw9KcMfA"
    assert (call.request.params["previousHoldId"], call.request.params["holdDurationSeconds"]) == ("old", "600")
    assert _body(call) == {
        "eventId": CHOICE.event_id,
        "productId": KAYAK,
        "participants": {
            "numbers": [{"peopleCategoryId": "Cadults", "number": 2}, {"peopleCategoryId": "Cchildren", "number": 1}]
        },
        "options": [{"id": f"{KAYAK}_8KRT4WNE", "value": "Double kayak"}],
        "promotionCodeInput": "SUMMER10",
    }


@pytest.mark.parametrize(
    ("status", "message", "meaning"),
    [
        (403, "Not enough seats available", TimeGone),
        (404, "Not found", TimeGone),
        (400, "The promotion code is not valid", CodeRefused),
        (400, "Missing required field: productId", DetailsRejected),
        (403, "No permission for this operation", Unavailable),
        (403, "You are not authorized to do this", Unavailable),
        (403, "This product is for members only", CustomerNeeded),
        (429, "Too many requests", Unavailable),
        (500, "Internal error", Unavailable),
    ],
)
def test_refused_hold_is_told_apart(
    bookeo: responses.RequestsMock, status: int, message: str, meaning: type[ServiceError]
) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", error(status, message), status=status)
    with pytest.raises(meaning):
        holds.hold_seats(CHOICE, codes=Codes(promotion="X"))


def test_members_product_needs_a_customer_before_anything_is_sent(bookeo: responses.RequestsMock) -> None:
    document = payload("settings.products")
    document["data"][0]["membersOnly"] = True
    answer(bookeo, "GET", "/settings/products", document)
    with pytest.raises(CustomerNeeded):
        holds.hold_seats(CHOICE)


@pytest.mark.django_db
class TestPlacing:
    def test_attempt_is_committed_before_the_booking_is_sent(self, bookeo: responses.RequestsMock) -> None:
        seen: list[str] = []

        def look(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
            attempt = Attempt.objects.get()
            seen.append(attempt.state)
            assert json.loads(request.body or "{}")["externalRef"] == attempt.reference
            return 201, {"Content-Type": "application/json"}, json.dumps(payload("booking.create.response"))

        bookeo.add_callback("POST", BOOKINGS, look)
        booking = bookings.place_booking(_order())

        assert seen == ["pending"]
        attempt = Attempt.objects.get()
        assert (attempt.state, attempt.target) == ("confirmed", booking.booking_number)

    def test_everything_is_sent_once_and_explicitly(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        people = (ParticipantInput(person_id="PSELF", people_category_id="Cadults", category_index=1),)
        bookings.place_booking(
            _order(codes=Codes(voucher="GIFT"), participants=people, extra_options=((f"{KAYAK}_T5HFA7XP", "Grand"),))
        )

        (call,) = bookeo.calls
        body = _body(call)
        assert call.request.params == {
            "lang": "en-US",
            "previousHoldId": "q7TzB41nEw9KcMfA",
            "notifyUsers": "true",
            "notifyCustomer": "true",
            "sendCustomerReminders": "true",
            "sendCustomerThankyou": "false",
        }
        assert body["customer"]["emailAddress"] == "camille.moreau@example.com"
        assert "customerId" not in body
        assert body["participants"]["details"] == [
            {"personId": "PSELF", "peopleCategoryId": "Cadults", "categoryIndex": 1}
        ]
        assert [option["value"] for option in body["options"]] == ["Double kayak", "Grand"]
        assert body["giftVoucherCodeInput"] == "GIFT"
        assert body["source"] == "front-office"

    def test_known_customer_is_sent_by_id_alone(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        bookings.place_booking(_order(customer_id="4151T6RJWA19C4D81150E"))
        body = _body(bookeo.calls[0])
        assert body["customerId"] == "4151T6RJWA19C4D81150E"
        assert "customer" not in body

    @pytest.mark.parametrize(
        ("status", "message", "meaning"),
        [
            (403, "Not enough seats available", TimeGone),
            (400, "Missing required field: customer", DetailsRejected),
            (403, "No permission", Unavailable),
            (429, "Too many requests", Unavailable),
        ],
    )
    def test_refusal_frees_the_way_for_another_press(
        self, bookeo: responses.RequestsMock, status: int, message: str, meaning: type[ServiceError]
    ) -> None:
        order = _order()
        answer(bookeo, "POST", "/bookings", error(status, message), status=status)
        with pytest.raises(meaning):
            bookings.place_booking(order)
        bookeo.replace("POST", BOOKINGS, json=payload("booking.create.response"), status=201)
        assert bookings.place_booking(order).booking_number == "4151607147062318"

    @pytest.mark.parametrize(
        "trouble", [{"body": requests.ReadTimeout()}, {"status": 503}, {"body": "<html>"}, {"json": {"oops": 1}}]
    )
    def test_lost_answer_blocks_a_second_sending(self, bookeo: responses.RequestsMock, trouble: dict[str, Any]) -> None:
        order = _order()
        bookeo.add("POST", BOOKINGS, **trouble)
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                bookings.place_booking(order)
        assert len(bookeo.calls) == 1
        assert Attempt.objects.get().state == "unknown"

    def test_never_sent_is_not_unknown(self, bookeo: responses.RequestsMock) -> None:
        bookeo.add("POST", BOOKINGS, body=requests.ConnectTimeout())
        with pytest.raises(Unavailable):
            bookings.place_booking(_order())
        assert Attempt.objects.get().state == "refused"

    def test_lost_booking_is_found_by_its_reference(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        attempt = Attempt.objects.get()
        mine = {**payload("booking.create.response"), "externalRef": attempt.reference}
        answer(bookeo, "GET", "/bookings", listing(payload("booking.flexible.response"), mine))

        answer(bookeo, "GET", f"/bookings/{mine['bookingNumber']}", mine)
        booking = bookings.settle(order.draft_reference)
        assert booking is not None
        assert booking.booking_number == mine["bookingNumber"]
        attempt.refresh_from_db()
        assert attempt.state == "confirmed"
        span = bookeo.calls[-2].request.params
        assert span["lastUpdatedStartTime"] < attempt.created_at.isoformat() < span["lastUpdatedEndTime"]

    def test_booking_that_never_shows_up_is_given_up_after_the_grace(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        answer(bookeo, "GET", "/bookings", listing())
        with pytest.raises(OutcomeUnknown):
            bookings.settle(order.draft_reference)
        with time_machine.travel(datetime.now(UTC) + reconciliation.grace(), tick=True):
            assert bookings.settle(order.draft_reference) is None
        assert Attempt.objects.get().state == "lost"

    def test_press_in_flight_is_left_alone(self, bookeo: responses.RequestsMock) -> None:
        order = _order()
        bookings._open_attempt(order)
        with pytest.raises(OutcomeUnknown):
            bookings.settle(order.draft_reference)

    def test_database_lets_one_live_attempt_through(self) -> None:
        order = _order()
        bookings._open_attempt(order)
        with pytest.raises(OutcomeUnknown):
            bookings._open_attempt(order)
        assert Attempt.objects.count() == 1


def _lost(bookeo: responses.RequestsMock) -> bookings.Order:
    order = _order()
    bookeo.add("POST", BOOKINGS, body=requests.ReadTimeout())
    with pytest.raises(OutcomeUnknown):
        bookings.place_booking(order)
    return order
