"""Payments: records of money received elsewhere (reference 6.3, 6.5, 7.11)."""

import pytest

from tests.sandbox.bodies import kayak_for_robin
from tests.sandbox.client import Api, Json

CARD: Json = {
    "receivedTime": "2026-06-10T08:59:00+02:00",
    "reason": "Full payment",
    "comment": "Web checkout",
    "amount": {"amount": "107.80", "currency": "EUR"},
    "paymentMethod": "creditCard",
    "gatewayName": "Example Gateway",
    "transactionId": "txn_example_0001",
}
REFUND: Json = {
    "reason": "Refund",
    "amount": {"amount": "-50", "currency": "EUR"},
    "paymentMethod": "other",
    "paymentMethodOther": "Gateway refund",
}


def booked(api: Api) -> str:
    """Path of a new booking."""
    return f"/bookings/{api.created('/bookings', kayak_for_robin(2))['bookingNumber']}"


def test_payments_and_refunds_add_up(api: Api) -> None:
    booking = booked(api)
    payment = api.created(f"{booking}/payments", CARD)
    assert payment["description"] == f"Booking {booking.rpartition('/')[2]}"
    assert CARD.items() <= payment.items()
    assert api.get(booking).body["price"]["totalPaid"]["amount"] == "107.80"
    refund = api.created(f"{booking}/payments", REFUND)
    assert refund["receivedTime"] == "2026-06-10T09:00:00+02:00"
    assert api.get(booking).body["price"]["totalPaid"]["amount"] == "57.80"
    assert api.get(f"{booking}/payments").data == [payment, refund]
    assert api.get(f"/payments/{payment['id']}").body == payment


@pytest.mark.bad_requests
@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"amount": 5, "currency": "EUR"}},
        {"amount": {"amount": "5,00", "currency": "EUR"}},
        {"paymentMethod": "cheque"},
        {"paymentMethod": "other"},
        {"receivedTime": "today"},
        {"agent": "me"},
    ],
)
def test_payment_that_does_not_fit_is_refused(api: Api, wrong: Json) -> None:
    booking = booked(api)
    assert api.post(f"{booking}/payments", CARD | wrong).status == 400
    assert api.get(f"{booking}/payments").data == []


def test_payment_in_another_currency_is_refused(api: Api) -> None:
    booking = booked(api)
    assert api.post(f"{booking}/payments", CARD | {"amount": {"amount": "5", "currency": "USD"}}).status == 400


@pytest.mark.bad_requests
def test_search_by_time_received_and_method(api: Api) -> None:
    booking = booked(api)
    card, refund = (api.created(f"{booking}/payments", body)["id"] for body in (CARD, REFUND))

    def found(**query: str) -> list[str]:
        return [payment["id"] for payment in api.get("/payments", **query).data]

    assert found() == [card, refund]
    assert found(paymentMethod="creditCard") == found(endTime="2026-06-10T08:59:59+02:00") == [card]
    assert found(paymentMethod="other", paymentMethodOther="Gateway refund") == [refund]
    assert found(startTime="2026-06-10T09:00:00-00:00") == [refund]
    assert api.get("/payments", paymentMethod="other").status == 400
    assert api.get("/payments", paymentMethod="gold").status == 400


def test_unknown_ones_are_404s(api: Api) -> None:
    assert api.get("/payments/unknown").status == 404
    assert api.get("/bookings/1/payments").status == api.post("/bookings/1/payments", CARD).status == 404


def test_reading_key_reads_payments_and_records_none(api: Api) -> None:
    booking = booked(api)
    reader = Api(api.app, api_key="readonly-api-key")
    assert reader.get(f"{booking}/payments").status == 200
    assert reader.post(f"{booking}/payments", CARD).status == 403
