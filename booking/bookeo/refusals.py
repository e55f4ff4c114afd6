"""Reading answers that are not what was hoped for (reference 2.7, 2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from booking.bookeo.errors import (
    BookeoError,
    Conflict,
    Forbidden,
    Invalid,
    NotAuthorised,
    NotFound,
    ProviderFault,
    RateLimited,
    Refused,
    UnexpectedAnswer,
)
from booking.bookeo.exchange import Answer, Request, parsed_json

_REFUSALS: Final[Mapping[int, type[Refused]]] = {
    400: Invalid,
    401: NotAuthorised,
    403: Forbidden,
    404: NotFound,
    405: Invalid,
    406: Invalid,
    409: Conflict,
    410: NotFound,
    415: Invalid,
    422: Invalid,
}
_LONGEST_WAIT: Final = 86_400.0
_LONGEST_ERROR_ID: Final = 64


def refusal(request: Request, answer: Answer) -> BookeoError:
    """The error for a status that is not a success."""
    details = error_details(answer)
    kind = _kind(answer.status)
    facts: dict[str, Any] = {
        "status": answer.status,
        "message": _text(details, "message"),
        "error_id": error_id(details),
        "is_write": request.is_write,
    }
    if kind is RateLimited:
        return RateLimited(request.operation, retry_after=retry_after(answer, details), **facts)
    return kind(request.operation, **facts)


def unexpected(request: Request, answer: Answer, complaint: str) -> UnexpectedAnswer:
    """The error for a success that we cannot read."""
    return UnexpectedAnswer(
        request.operation,
        status=answer.status,
        message=complaint,
        error_id=error_id(error_details(answer)),
        is_write=request.is_write,
    )


def error_details(answer: Answer) -> Mapping[str, Any]:
    """The members of an error body, as far as there is one (reference 2.7)."""
    try:
        document = parsed_json(answer.body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) and "httpStatus" in document else {}


def error_id(details: Mapping[str, Any]) -> str | None:
    """The errorId of an error body, cut and cleaned so that it can stand in a log line."""
    text = "".join(character for character in _text(details, "errorId") if character.isalnum() or character in "-_")
    return text[:_LONGEST_ERROR_ID] or None


def retry_after(answer: Answer, details: Mapping[str, Any]) -> float | None:
    """The wait that a 429 asks for, in seconds: in its body, or else in its header (reference 2.8)."""
    told = details.get("retryAfter")
    if isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told <= _LONGEST_WAIT:
        return float(told)
    header = answer.header("Retry-After").strip()
    if header.isascii() and header.isdigit():
        return min(float(header), _LONGEST_WAIT)
    return _seconds_between(answer.header("Date"), header)


def _kind(status: int) -> type[BookeoError]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited
    if HTTPStatus.INTERNAL_SERVER_ERROR <= status < 600:  # noqa: PLR2004 - the end of the class of faults
        return ProviderFault
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _REFUSALS.get(status, Refused)
    return UnexpectedAnswer


def _text(details: Mapping[str, Any], name: str) -> str:
    value = details.get(name)
    return value if isinstance(value, str) else ""


def _seconds_between(now: str, then: str) -> float | None:
    try:
        wait = (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(wait, 0.0)
