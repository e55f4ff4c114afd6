"""What becomes of a press whose answer was lost, and of presses at the same moment."""

import json
import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
import time_machine
from django.db import IntegrityError, connections, transaction
from pytest_django import DjangoDbBlocker

from booking.bookeo import CustomerInput
from booking.models import Attempt
from booking.services import bookings, reconciliation
from booking.services.choices import Choice, Party, Wishes
from booking.services.errors import OutcomeUnknown, TimeGone, Unavailable
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, SAILING, answer, error, listing
from tests.services.file_database import file_database
from tests.services.sent import sent

BOOKINGS = "https://api.bookeo.test/v2/bookings"
START = datetime(2026, 7, 18, 16, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(product_id=KAYAK, party=Party.of({"Cadults": 2})),
    event_id="4151KW3TRE18E08C37110_2026-07-18",
    start=START,
    end=START + timedelta(hours=2),
)
GUEST = CustomerInput(first_name="Camille", last_name="Canary", email_address="camille@canary.example")


def _order(**changes: Any) -> bookings.Order:
    fields: dict[str, Any] = {
        "draft_reference": uuid.uuid4(),
        "choice": CHOICE,
        "hold_id": "q7TzB41nEw9KcMfA",
        "customer": GUEST,
    }
    return bookings.Order(**(fields | changes))


def _lost(bookeo: responses.RequestsMock) -> bookings.Order:
    order = _order()
    bookeo.add("POST", BOOKINGS, body=requests.ReadTimeout())
    with pytest.raises(OutcomeUnknown):
        bookings.place_booking(order)
    return order


def _mine() -> dict[str, Any]:
    return {**payload("booking.create.response"), "externalRef": Attempt.objects.get().reference}


def _readable(bookeo: responses.RequestsMock) -> None:
    """What was found can be read by its number."""
    answer(bookeo, "GET", f"/bookings/{_mine()['bookingNumber']}", _mine())


def _later(seconds: float) -> Any:
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True)


@pytest.mark.django_db
class TestSettling:
    def test_draft_without_a_press_has_no_booking(self) -> None:
        assert bookings.settle(uuid.uuid4()) is None

    def test_refused_press_has_no_booking_and_asks_nobody(self, bookeo: responses.RequestsMock) -> None:
        order = _order()
        answer(bookeo, "POST", "/bookings", "error.403.no-seats", status=403)
        with pytest.raises(TimeGone):
            bookings.place_booking(order)
        assert bookings.settle(order.draft_reference) is None
        assert len(bookeo.calls) == 1

    def test_reference_is_looked_for_on_every_page(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        info = {"totalItems": 2, "totalPages": 2, "currentPage": 1, "pageNavigationToken": "tok"}
        strangers = payload("bookings.list.response")["data"]
        answer(bookeo, "GET", "/bookings", {"data": strangers, "info": info})
        answer(bookeo, "GET", "/bookings", {"data": [_mine()], "info": info | {"currentPage": 2}})
        _readable(bookeo)
        booking = bookings.settle(order.draft_reference)

        assert booking is not None
        _, first, second, _ = (request.params for request in sent(bookeo))
        assert first["includeCanceled"] == "true"
        assert second == {"pageNavigationToken": "tok", "pageNumber": "2", "lang": "en-US"}

    def test_booking_of_somebody_else_is_never_taken_for_ours(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        answer(bookeo, "GET", "/bookings", "bookings.list.response")
        with pytest.raises(OutcomeUnknown):
            bookings.settle(order.draft_reference)

    def test_confirmed_press_is_read_by_its_number(self, bookeo: responses.RequestsMock) -> None:
        order = _order()
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        placed = bookings.place_booking(order)
        answer(bookeo, "GET", f"/bookings/{placed.booking_number}", "booking.create.response")
        assert bookings.settle(order.draft_reference) == placed

    def test_look_up_that_fails_decides_nothing(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        answer(bookeo, "GET", "/bookings", "error.401.keys", status=401)
        with _later(600), pytest.raises(Unavailable):
            bookings.settle(order.draft_reference)
        assert Attempt.objects.get().state == "unknown"

    def test_press_whose_process_died_is_looked_up_after_the_limit(self, bookeo: responses.RequestsMock) -> None:
        order = _order()
        bookings._open_attempt(order)
        answer(bookeo, "GET", "/bookings", listing(_mine()))
        _readable(bookeo)
        with _later(reconciliation.PENDING_LIMIT.total_seconds()):
            booking = bookings.settle(order.draft_reference)
        assert booking is not None
        assert Attempt.objects.get().state == "confirmed"

    def test_press_that_never_arrived_frees_the_way_for_another(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        answer(bookeo, "GET", "/bookings", listing())
        with _later(reconciliation.grace().total_seconds()):
            assert bookings.settle(order.draft_reference) is None
            bookeo.replace("POST", BOOKINGS, json=payload("booking.create.response"), status=201)
            bookings.place_booking(order)
        references = [json.loads(post.body)["externalRef"] for post in sent(bookeo) if post.method == "POST"]
        assert len(references) == len(set(references)) == 2
        assert sorted(Attempt.objects.values_list("state", flat=True)) == ["confirmed", "lost"]

    def test_range_that_is_searched_stays_acceptable_for_an_old_press(self, bookeo: responses.RequestsMock) -> None:
        order = _lost(bookeo)
        answer(bookeo, "GET", "/bookings", listing())
        with _later(60 * 86_400):
            bookings.settle(order.draft_reference)
        asked = sent(bookeo)[-1].params
        span = [datetime.fromisoformat(asked[f"lastUpdated{end}Time"]) for end in ("Start", "End")]
        assert timedelta(0) < span[1] - span[0] <= timedelta(days=31)


@pytest.mark.django_db
class TestLedger:
    def test_database_itself_refuses_a_second_live_attempt(self) -> None:
        draft = uuid.uuid4()

        def attempt(state: str) -> Attempt:
            return Attempt.objects.create(
                kind="booking", subject=draft.hex, reference=uuid.uuid4().hex, product_id="p", event_id="e", state=state
            )

        attempt("refused")
        attempt("refused")
        attempt("confirmed")
        for state in ("pending", "unknown", "confirmed"):
            with pytest.raises(IntegrityError), transaction.atomic():
                attempt(state)

    def test_nothing_personal_is_written_down(
        self, bookeo: responses.RequestsMock, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer(bookeo, "POST", "/bookings", error(400, "camille@canary.example is not accepted"), status=400)
        with caplog.at_level(logging.DEBUG), pytest.raises(Exception, match="create_booking") as caught:
            bookings.place_booking(_order())

        row = str(Attempt.objects.values().get())
        for secret in ("Camille", "Canary", "canary.example"):
            assert secret not in row + caplog.text + str(caught.value)

    def test_error_id_is_kept_for_the_support(self, bookeo: responses.RequestsMock) -> None:
        document = payload("error.500")
        answer(bookeo, "POST", "/bookings", document, status=500)
        with pytest.raises(OutcomeUnknown):
            bookings.place_booking(_order())
        attempt = Attempt.objects.get()
        assert (attempt.state, attempt.error_id) == ("unknown", document["errorId"])
        assert attempt.settled_at is None


@pytest.mark.django_db
def test_appointment_is_sent_with_its_resource(bookeo: responses.RequestsMock) -> None:
    wishes = Wishes(product_id=SAILING, party=Party.of({"Cadults": 1}), resource_id="4151RSA4JK18E0DD840E0")
    answer(bookeo, "POST", "/bookings", "booking.flexible.response", status=201)
    bookings.place_booking(_order(choice=CHOICE.model_copy(update={"wishes": wishes}), hold_id=""))

    (request,) = sent(bookeo)
    body = json.loads(request.body)
    assert body["resources"] == [{"id": "4151RSA4JK18E0DD840E0"}]
    assert "options" not in body
    assert "previousHoldId" not in request.params


def test_eight_presses_at_once_send_one_booking(
    bookeo: responses.RequestsMock, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
    order, together = _order(), threading.Barrier(8)

    def press(_: int) -> str:
        together.wait(10)
        try:
            return bookings.place_booking(order).booking_number
        except OutcomeUnknown:
            return "already pressed"
        finally:
            connections.close_all()

    with django_db_blocker.unblock(), file_database(tmp_path / "site.sqlite3"):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(press, range(8)))
        assert [attempt.state for attempt in Attempt.objects.all()] == ["confirmed"]
    assert sorted(answers) == ["4151607147062318"] + ["already pressed"] * 7
    assert len(bookeo.calls) == 1
