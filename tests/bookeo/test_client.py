"""Promises of the client: what came is handed back, and what may have happened is never denied."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

import booking.bookeo as wire
from booking.bookeo import Bookeo, BookeoError, CallRecord, NotFound, UnexpectedAnswer, iter_pages, to_wire
from tests.bookeo.answers import Answers, path_of, query_of
from tests.bookeo.examples import CREATE, EXAMPLES, body_of, call, success_of
from tests.bookeo.samples import payload, payload_bytes

WRITES_THAT_RETURN = [
    name for name, example in EXAMPLES.items() if example.method in {"post", "put"} and name != "search_matching_slots"
]


# --- what comes back


def test_object_comes_back_whole(bookeo: Bookeo, answers: Answers) -> None:
    booking = call(bookeo, answers, "get_booking")
    assert to_wire(booking) == payload("booking.expanded.response")


def test_lists_of_settings_come_back_as_tuples(bookeo: Bookeo, answers: Answers) -> None:
    assert [tax.name for tax in call(bookeo, answers, "list_taxes")] == ["VAT 20%"]
    assert len(call(bookeo, answers, "list_products")) == len(payload("settings.products")["data"])
    assert len(call(bookeo, answers, "list_people_categories")) == len(
        payload("settings.peoplecategories")["categories"]
    )


def test_list_products_reads_all_pages(bookeo: Bookeo, answers: Answers) -> None:
    products = payload("settings.products")["data"]
    for number, product in enumerate(products[:3], start=1):
        info = {"totalItems": 3, "totalPages": 3, "currentPage": number, "pageNavigationToken": "TOKEN"}
        answers.give(200, json.dumps({"data": [product], "info": info}).encode())
    found = bookeo.list_products(product_type="fixed", lang="fr-FR")
    assert [product.product_id for product in found] == [product["productId"] for product in products[:3]]
    assert [query_of(sent) for sent in answers.requests] == [
        {"type": "fixed", "itemsPerPage": "100", "lang": "fr-FR"},
        {"pageNavigationToken": "TOKEN", "pageNumber": "2", "lang": "fr-FR"},
        {"pageNavigationToken": "TOKEN", "pageNumber": "3", "lang": "fr-FR"},
    ]


def test_pages_of_slots_are_walked_by_token(bookeo: Bookeo, answers: Answers) -> None:
    first = call(bookeo, answers, "list_slots")
    answers.give(200, payload_bytes("slots.page2.response"))
    pages = list(iter_pages(first, bookeo.get_slots_page, max_pages=5))
    assert sum(len(page.data) for page in pages) == 4
    assert query_of(answers.requests[1]) == {
        "pageNavigationToken": "KXT4R9WJ2M7A-slots",
        "pageNumber": "2",
        "lang": "en-US",
    }


def test_search_without_text_leaves_the_field_out(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(200, payload_bytes("customers.search.response"))
    bookeo.search_customers()
    assert set(query_of(answers.requests[0])) == {"currentMembers", "currentNonMembers", "lang"}


def test_notifications_are_refused_unless_asked_for(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(204).give(201, payload_bytes("booking.create.response"))
    bookeo.cancel_booking(booking_number="1")
    bookeo.create_booking(booking=CREATE["booking"])
    cancelled, made = map(query_of, answers.requests)
    silent = {"notifyUsers": "false", "notifyCustomer": "false"}
    assert cancelled == {
        **silent,
        "applyCancellationPolicy": "false",
        "trackInCustomerHistory": "false",
        "cancelRemainingSeries": "false",
        "lang": "en-US",
    }
    assert made == {**silent, "sendCustomerReminders": "false", "sendCustomerThankyou": "false", "lang": "en-US"}


# --- what is gone already


@pytest.mark.parametrize("name", ["delete_hold", "delete_webhook", "delete_seat_block", "delete_resource_block"])
def test_deleting_what_is_gone_counts_as_done(name: str, bookeo: Bookeo, answers: Answers) -> None:
    answers.give(404, payload_bytes("error.404.hold-expired"))
    assert getattr(bookeo, name)(**EXAMPLES[name].arguments) is None


@pytest.mark.parametrize("name", ["cancel_booking", "delete_customer", "delete_linked_person"])
def test_deleting_what_never_was_is_an_error(name: str, bookeo: Bookeo, answers: Answers) -> None:
    answers.give(404, payload_bytes("error.404.observed"))
    with pytest.raises(NotFound):
        getattr(bookeo, name)(**EXAMPLES[name].arguments)


# --- passwords


def test_right_password_is_true(bookeo: Bookeo, answers: Answers) -> None:
    assert call(bookeo, answers, "authenticate_customer") is True
    assert query_of(answers.requests[0])["password"] == "p&s=+ é"


def test_wrong_password_is_false(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(403, payload_bytes("customer.authenticate.failure"))
    assert bookeo.authenticate_customer(customer_id="C1", password="wrong") is False


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (200, b"<h1>Sign in to the network</h1>", "text/html"),
        (200, payload_bytes("customer.authenticate.failure"), "application/json"),
        (302, b"", "text/html"),
        (500, b"", "text/html"),
        (404, b"", "application/json"),
    ],
)
def test_password_is_right_only_if_bookeo_says_so(
    status: int, body: bytes, content_type: str, bookeo: Bookeo, answers: Answers
) -> None:
    answers.give(status, body, Content_Type=content_type)
    with pytest.raises(BookeoError):
        bookeo.authenticate_customer(customer_id="C1", password="guess")


# --- writes that answer without a body


def _say_only_yes(answers: Answers, name: str) -> None:
    location = "https://elsewhere.example/v2/things/T%201"
    answers.give(success_of(EXAMPLES[name]), b"", Location=location)


def test_write_without_a_body_is_read_back(
    bookeo: Bookeo,
    answers: Answers,
) -> None:
    for name in WRITES_THAT_RETURN:
        _say_only_yes(answers, name)
        answers.give(200, body_of(EXAMPLES[name]))
        assert getattr(bookeo, name)(**EXAMPLES[name].arguments) is not None
        write, reread = answers.requests[-2:]
        assert reread.method == "GET"
        assert reread.url is not None
        # Keys go to Bookeo only, wherever Location points.
        assert reread.url.startswith("https://api.bookeo.test/v2/")
        assert path_of(reread) == (path_of(write) if write.method == "PUT" else _reread_path(name))


def _reread_path(name: str) -> str:
    collection = "/payments" if name == "create_booking_payment" else EXAMPLES[name].path
    return f"{collection}/T%201"


@pytest.mark.parametrize(
    "trouble",
    [
        lambda answers: answers.give(404, payload_bytes("error.404.observed")),
        lambda answers: answers.give(401, payload_bytes("error.401.keys")),
        lambda answers: answers.give(200, b"oops"),
        lambda answers: answers.fail(requests.ConnectTimeout()).fail(requests.ConnectTimeout()),
    ],
    ids=["not found", "not authorised", "nonsense", "no connection"],
)
def test_write_that_cannot_be_read_back_may_have_happened(
    trouble: Callable[[Answers], object],
    bookeo: Bookeo,
    answers: Answers,
) -> None:
    for name in WRITES_THAT_RETURN:
        _say_only_yes(answers, name)
        trouble(answers)
        with pytest.raises(UnexpectedAnswer) as caught:
            getattr(bookeo, name)(**EXAMPLES[name].arguments)
        assert caught.value.operation == name
        assert caught.value.outcome_unknown


def test_write_without_a_body_or_a_location_may_have_happened(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(201)
    with pytest.raises(UnexpectedAnswer) as caught:
        bookeo.create_booking(booking=CREATE["booking"])
    assert caught.value.outcome_unknown
    assert len(answers.requests) == 1


# --- without the network, and without an observer


class _PlainAdapter(BaseAdapter):
    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        made = requests.Response()
        made.status_code = 200
        made.headers["Content-Type"] = "application/json"
        made.raw = io.BytesIO(payload_bytes("hold.response"))
        return made

    def close(self) -> None:
        """Nothing to close."""


def test_any_adapter_of_requests_may_take_the_place_of_the_network() -> None:
    bookeo = Bookeo(base_url="https://x/v2", secret_key="S", api_key="A", adapter=_PlainAdapter())
    assert to_wire(bookeo.get_hold(hold_id="H1")) == payload("hold.response")


# --- the observer


def test_observer_is_told_of_refusals(bookeo: Bookeo, answers: Answers, calls: list[CallRecord]) -> None:
    answers.give(403, payload_bytes("error.403.no-seats"))
    with pytest.raises(wire.Forbidden):
        bookeo.create_hold(booking=CREATE["booking"])
    (call,) = calls
    assert (call.operation, call.status, call.error_id, call.failure) == (
        "create_hold",
        403,
        "1590K260714091837A6JXU",
        None,
    )
    assert timedelta(0) <= timedelta(seconds=call.seconds) < timedelta(seconds=5)


def test_fault_of_the_observer_does_not_lose_a_booking(answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: CallRecord) -> None:
        raise RuntimeError("metrics are down")

    bookeo = Bookeo(base_url="https://x/v2", secret_key="S", api_key="A", adapter=answers, observe=broken)
    assert call(bookeo, answers, "create_booking").booking_number == "4151607147062318"
    assert "the observer of create_booking failed" in caplog.text
