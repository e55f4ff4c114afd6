"""Promises of the codec: what is asked is written exactly, and every answer is read or refused by name."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest

from booking.bookeo import (
    ACCOUNT_LOCAL,
    BookeoError,
    CustomFieldDefinitions,
    Hold,
    NotFound,
    UnexpectedAnswer,
)
from booking.bookeo.codec import build_request, decipher, decipher_nothing, located_id
from booking.bookeo.exchange import Answer, Request
from tests.bookeo.samples import payload, payload_bytes

READ = build_request("get_hold", "GET", ("holds", "H"))
WRITE = build_request("create_hold", "POST", ("holds",), body={})
JSON = {"content-type": "application/json; charset=utf-8"}


def _answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    return Answer(status=status, headers={**JSON, **{k.replace("_", "-"): v for k, v in headers.items()}}, body=body)


def _error(answer: Answer, request: Request = WRITE) -> BookeoError:
    with pytest.raises(BookeoError) as caught:
        decipher(request, answer, Hold)
    return caught.value


# --- requests


def test_request_writes_the_saved_query() -> None:
    saved = payload("slots.request")
    request = build_request(
        "list_slots",
        saved["method"],
        ("availability", "slots"),
        query={
            "productId": saved["query"]["productId"],
            "startTime": datetime(2026, 7, 18, tzinfo=ACCOUNT_LOCAL),
            "endTime": datetime(2026, 7, 19, 23, 59, 59, tzinfo=ACCOUNT_LOCAL),
            "itemsPerPage": 2,
            "mode": None,
            "lang": "en-US",
        },
    )
    assert request.path == saved["path"]
    assert dict(parse_qsl(request.query)) == {name: str(value) for name, value in saved["query"].items()}


def test_request_encodes_the_plus_of_an_offset() -> None:
    moment = datetime(2026, 7, 18, tzinfo=timezone(timedelta(hours=2)))
    assert build_request("x", "GET", ("x",), query={"t": moment}).query == "t=2026-07-18T00%3A00%3A00%2B02%3A00"


def test_request_writes_booleans_as_words_and_days_as_days() -> None:
    query: dict[str, bool | date | None] = {"yes": True, "no": False, "day": date(2026, 7, 1), "nothing": None}
    assert build_request("x", "GET", ("x",), query=query).query == "yes=true&no=false&day=2026-07-01"


def test_request_refuses_a_naive_time() -> None:
    with pytest.raises(ValueError, match="offset"):
        build_request("x", "GET", ("x",), query={"t": datetime(2026, 7, 18)})  # noqa: DTZ001


def test_request_keeps_a_strange_id_inside_its_segment() -> None:
    assert build_request("x", "GET", ("holds", "../a?b=c#d é%2e")).path == "/holds/..%2Fa%3Fb%3Dc%23d%20%C3%A9%252e"


@pytest.mark.parametrize("segment", ["", ".", ".."])
def test_request_for_an_id_that_names_nothing_is_not_found(segment: str) -> None:
    with pytest.raises(NotFound):
        build_request("get_hold", "GET", ("holds", segment))


def test_request_survives_half_a_character() -> None:
    request = build_request("x", "GET", ("x", "\ud800"), query={"q": "\ud800"}, body={"b": "\ud800"})
    assert (request.path, request.query, request.body) == ("/x/%3F", "q=%3F", b'{"b": "\\ud800"}')


def test_request_does_not_print_what_it_carries() -> None:
    request = build_request("x", "GET", ("x", "canary"), query={"password": "canary"}, body={"name": "canary"})
    assert "canary" not in repr(request)


# --- successes


def test_success_is_read() -> None:
    hold = decipher(READ, _answer(201, payload_bytes("hold.response")), Hold)
    assert hold.expiration == datetime(2026, 7, 14, 7, 18, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b"{}",
        b"<!doctype html><title>Hello</title>",
        payload_bytes("hold.response")[:200],
        payload_bytes("error.404.hold-expired"),
        b"\xff\xfe{}",
        b'{"id": "\xc3\x28"}',
        b'{"id": NaN}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"9" * 10_000,
    ],
)
def test_success_that_cannot_be_read_is_unexpected(body: bytes) -> None:
    error = _error(_answer(200, body))
    assert type(error) is UnexpectedAnswer
    assert error.status == 200
    assert error.__context__ is None


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/xml"])
def test_success_of_another_media_type_is_unexpected(content_type: str) -> None:
    answer = Answer(status=200, headers={"Content-Type": content_type}, body=payload_bytes("hold.response"))
    assert type(_error(answer)) is UnexpectedAnswer


def test_error_in_the_body_of_a_success_is_noticed_even_if_every_field_is_optional() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        decipher(READ, _answer(200, payload_bytes("error.403.permission")), CustomFieldDefinitions)
    assert caught.value.error_id == "1590K260714090214T5EKR"


def test_complaint_names_the_place_and_not_the_value() -> None:
    document = payload("hold.response")
    document["price"]["totalGross"]["amount"] = "canary"
    error = _error(_answer(200, json.dumps(document).encode()))
    assert error.message == "price.totalGross.amount: value_error"


def test_success_without_a_body_is_enough_where_none_is_wanted() -> None:
    decipher_nothing(WRITE, Answer(status=204, headers={}, body=b""))
    decipher_nothing(WRITE, _answer(200, b"{}"))


def test_page_of_a_proxy_is_not_a_success_even_where_no_body_is_wanted() -> None:
    html = Answer(status=200, headers={"Content-Type": "text/html"}, body=b"<h1>Sign in to the network</h1>")
    with pytest.raises(UnexpectedAnswer):
        decipher_nothing(WRITE, html)


@pytest.mark.parametrize("name", ["hold.response", "booking.create.response", "customer.create.response"])
def test_located_id_is_the_last_part_of_the_saved_location(name: str) -> None:
    headers = payload(f"{name}.headers")["headers"]
    assert located_id(Answer(201, headers, b"")) == headers["Location"].rsplit("/", 1)[1]


@pytest.mark.parametrize("location", ["", "/", "https://elsewhere.example/v2/holds/"])
def test_located_id_of_a_location_without_one_is_empty(location: str) -> None:
    assert located_id(Answer(201, {"location": location}, b"")) == ""
