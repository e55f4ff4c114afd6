"""Promises about refusals: each has its name, its id, and says whether a write may have happened."""

import json
from typing import Any

import pytest

from booking.bookeo import (
    BookeoError,
    Conflict,
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
from booking.bookeo.codec import build_request, decipher
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
