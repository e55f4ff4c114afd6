"""Holding seats: what else is sent, what a refusal means, and what is forgotten afterwards."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import responses

from booking.services import holds, stamps
from booking.services.choices import Choice, Party, Wishes
from booking.services.errors import CodeRefused, CustomerNeeded, DetailsRejected, NotFound, TimeGone, Unavailable
from booking.services.holds import Codes
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, SAILING, answer, error, products
from tests.services.sent import sent

HOLDS = "https://api.bookeo.test/v2/holds"
YOGA = "4151YGA6MH18E9DCE82EA"  # for holders of prepaid credits
START = datetime(2026, 7, 18, 16, tzinfo=UTC)


def _choice(product_id: str = KAYAK, **wishes: Any) -> Choice:
    wanted = Wishes(product_id=product_id, party=Party.of({"Cadults": 1}), **wishes)
    return Choice(wishes=wanted, event_id="event", start=START, end=START + timedelta(hours=1))


def _version() -> int:
    return stamps.stamp_of(KAYAK)


def test_first_hold_gives_none_up(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", "hold.response", status=201)
    holds.hold_seats(_choice(SAILING, resource_id="4151RSA4JK18E0DD840E0"), customer_id="C1")

    request = sent(bookeo)[-1]
    body = json.loads(request.body)
    assert "previousHoldId" not in request.params
    assert (body["customerId"], body["resources"]) == ("C1", [{"id": "4151RSA4JK18E0DD840E0"}])
    assert not {"options", "promotionCodeInput", "giftVoucherCodeInput", "customer"} & set(body)


def test_voucher_and_promotion_travel_in_their_own_fields(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", "hold.promotion.response", status=201)
    holds.hold_seats(_choice(), codes=Codes(promotion="SUMMER10", voucher="GIFT25"))
    body = json.loads(sent(bookeo)[-1].body)
    assert (body["promotionCodeInput"], body["giftVoucherCodeInput"]) == ("SUMMER10", "GIFT25")


def test_refused_code_of_the_saved_answer_is_recognised(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", "error.400.promotion", status=400)
    with pytest.raises(CodeRefused):
        holds.hold_seats(_choice(), codes=Codes(voucher="X"))
    with pytest.raises(DetailsRejected):  # no code was sent, so it cannot be the code
        holds.hold_seats(_choice())


@pytest.mark.parametrize("name", ["error.403.no-seats", "error.404.hold-expired"])
def test_seats_that_are_gone_are_forgotten(bookeo: responses.RequestsMock, name: str) -> None:
    products(bookeo)
    document = payload(name)
    before = _version()
    answer(bookeo, "POST", "/holds", document, status=document["httpStatus"])
    with pytest.raises(TimeGone):
        holds.hold_seats(_choice())
    assert _version() != before


def test_seats_that_are_held_are_forgotten(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    before = _version()
    answer(bookeo, "POST", "/holds", "hold.response", status=201)
    holds.hold_seats(_choice())
    assert _version() != before


def test_conflict_means_that_the_time_is_gone(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", error(409, "Conflict"), status=409)
    with pytest.raises(TimeGone):
        holds.hold_seats(_choice())


@pytest.mark.parametrize("trouble", [{"body": requests.ReadTimeout()}, {"status": 502}, {"body": "<html>"}])
def test_lost_hold_is_not_sent_again(bookeo: responses.RequestsMock, trouble: dict[str, Any]) -> None:
    products(bookeo)
    bookeo.add("POST", HOLDS, **trouble)
    with pytest.raises(Unavailable):
        holds.hold_seats(_choice())
    assert [request.method for request in sent(bookeo)].count("POST") == 1


def test_prepaid_product_needs_a_customer_and_then_credits(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    answer(bookeo, "POST", "/holds", error(403, "No credits left"), status=403)
    with pytest.raises(CustomerNeeded):
        holds.hold_seats(_choice(YOGA))
    assert len(bookeo.calls) == 1
    with pytest.raises(CustomerNeeded):
        holds.hold_seats(_choice(YOGA), customer_id="C1")
    assert len(bookeo.calls) == 2


def test_product_that_is_not_sold_is_not_held(bookeo: responses.RequestsMock) -> None:
    products(bookeo)
    with pytest.raises(NotFound):
        holds.hold_seats(_choice("4151NONE"))
    assert len(bookeo.calls) == 1
