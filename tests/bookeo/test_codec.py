"""Promises of the codec: what is asked is written exactly, and every answer is read or refused by name."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

import pytest

from booking.bookeo import (
    ACCOUNT_LOCAL,
    BookeoError,
    Conflict,
    CustomFieldDefinitions,
    Forbidden,
    Hold,
    Invalid,
    NotAuthorised,
    NotFound,
    ProviderFault,
    RateLimited,
    Refused,
    UnexpectedAnswer,
)
from booking.bookeo.codec import build_request, decipher, decipher_nothing, located_id
from booking.bookeo.exchange import Answer, Request
from tests.bookeo.samples import PAYLOADS, payload, payload_bytes

READ = build_request("get_hold", "GET", ("holds", "H"))
WRITE = build_request("create_hold", "POST", ("holds",), body={})
JSON = {"content-type": "application/json; charset=utf-8"}
ERRORS = sorted(path.name.removesuffix(".json") for path in PAYLOADS.glob("error.*.json") if "headers" not in path.name)


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


# --- refusals


@pytest.mark.parametrize("name", ERRORS)
def test_saved_error_is_read(name: str) -> None:
    saved = payload(name)
    error = _error(_answer(saved["httpStatus"], payload_bytes(name)))
    assert isinstance(error, Refused)
    assert (error.status, error.message, error.error_id) == (saved["httpStatus"], saved["message"], saved["errorId"])


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, NotAuthorised),
        (403, Forbidden),
        (404, NotFound),
        (405, Invalid),
        (406, Invalid),
        (409, Conflict),
        (410, NotFound),
        (415, Invalid),
        (418, Refused),
        (422, Invalid),
        (429, RateLimited),
        (500, ProviderFault),
        (503, ProviderFault),
        (301, UnexpectedAnswer),
        (302, UnexpectedAnswer),
        (304, UnexpectedAnswer),
        (999, UnexpectedAnswer),
    ],
)
def test_status_decides_the_kind_of_error_whatever_the_body(status: int, kind: type[BookeoError]) -> None:
    for body in (b"", b"<html>no</html>", b"{", b"[]", b'{"httpStatus": [], "message": 3, "errorId": {}}'):
        assert type(_error(_answer(status, body))) is kind


def test_outcome_is_unknown_only_for_writes_that_may_have_happened() -> None:
    for status, unknown in ((500, True), (302, True), (400, False), (403, False), (404, False), (429, False)):
        assert _error(_answer(status), WRITE).outcome_unknown is unknown
        assert _error(_answer(status), READ).outcome_unknown is False
    assert _error(_answer(200, b"oops"), WRITE).outcome_unknown is True
    assert _error(_answer(200, b"oops"), READ).outcome_unknown is False


def test_error_text_tells_the_operation_and_the_id_but_not_the_message() -> None:
    error = _error(_answer(403, payload_bytes("error.403.no-seats")))
    assert str(error) == "create_hold: Forbidden, status 403, errorId 1590K260714091837A6JXU"
    assert repr(error) == f"<{error}>"


def test_error_id_cannot_forge_a_log_line() -> None:
    body = json.dumps({"httpStatus": 400, "message": "m", "errorId": "A1\r\nroot=yes " + "x" * 500}).encode()
    assert _error(_answer(400, body)).error_id == "A1rootyes" + "x" * 55


# --- how long to wait


def _wait(body: dict[str, Any], **headers: str) -> float | None:
    error = _error(_answer(429, json.dumps({"httpStatus": 429, **body}).encode(), **headers))
    assert isinstance(error, RateLimited)
    return error.retry_after


def test_saved_throttling_tells_how_long_to_wait() -> None:
    headers = payload("error.429.headers")["headers"]
    with_both = Answer(status=429, headers=headers, body=payload_bytes("error.429"))
    with_header = Answer(status=429, headers=headers, body=b"")
    for answer in (with_both, with_header):
        error = _error(answer)
        assert isinstance(error, RateLimited)
        assert error.retry_after == 30


@pytest.mark.parametrize("told", [-1, "30", True, None, [], 1e999, 10**400])
def test_a_senseless_wait_in_the_body_is_passed_over(told: object) -> None:
    assert _wait({"retryAfter": told}, Retry_After="7") == 7


@pytest.mark.parametrize("told", ["", "soon", "-5", "٣", "Wed, 99 Jul 2026 00:00:00 GMT"])
def test_a_senseless_wait_in_the_header_is_none(told: str) -> None:
    assert _wait({}, Retry_After=told) is None


def test_wait_may_be_a_moment() -> None:
    now, then = "Tue, 14 Jul 2026 07:08:35 GMT", "Tue, 14 Jul 2026 07:09:05 GMT"
    assert _wait({}, Date=now, Retry_After=then) == 30
    assert _wait({}, Date=then, Retry_After=now) == 0


def test_wait_is_at_most_a_day() -> None:
    assert _wait({}, Retry_After="9" * 5000) == 86_400


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
