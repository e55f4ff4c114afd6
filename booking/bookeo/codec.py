"""Requests and answers as values: all knowledge of Bookeo's protocol, and no I/O (reference 2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote, urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from booking.bookeo.errors import NotFound
from booking.bookeo.exchange import Answer, Request, parsed_json
from booking.bookeo.models.base import time_text
from booking.bookeo.refusals import refusal, unexpected

M = TypeVar("M", bound=BaseModel)
QueryValue = str | int | bool | date | None

_REPORTED_FAULTS: Final = 3


def build_request(
    operation: str,
    method: str,
    segments: tuple[str, ...],
    *,
    query: Mapping[str, QueryValue] | None = None,
    body: Mapping[str, Any] | None = None,
    is_write: bool | None = None,
) -> Request:
    """Write down a call. A path segment that can name nothing raises NotFound, as Bookeo would answer."""
    return Request(
        operation=operation,
        method=method,
        path="".join("/" + _segment(operation, segment) for segment in segments),
        query=_query_text(query or {}),
        body=None if body is None else json.dumps(body, allow_nan=False).encode("ascii"),
        is_write=method != "GET" if is_write is None else is_write,
    )


def _segment(operation: str, segment: str) -> str:
    # An empty or dotted segment would silently address another resource.
    if segment in {"", ".", ".."}:
        raise NotFound(operation)
    return quote(segment, safe="", errors="replace")


def _query_text(query: Mapping[str, QueryValue]) -> str:
    return urlencode(
        {name: _query_value(value) for name, value in query.items() if value is not None}, errors="replace"
    )


def _query_value(value: QueryValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return time_text(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def decipher(request: Request, answer: Answer, model: type[M]) -> M:
    """Read the object that a success carries; raise the fitting error for anything else."""
    document = _document(request, answer)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        complaint = _complaint(error)
    raise unexpected(request, answer, complaint)


def decipher_nothing(request: Request, answer: Answer) -> None:
    """Accept a success whose body does not matter; raise the fitting error for anything else."""
    if answer.is_success and not answer.body.strip():
        return
    _document(request, answer)


def is_empty_success(answer: Answer) -> bool:
    """Whether the answer says yes and nothing more."""
    return answer.is_success and not answer.body.strip()


def located_id(answer: Answer) -> str:
    """The id of a created object: the last part of Location; empty if there is none."""
    return unquote(urlsplit(answer.header("Location")).path.rpartition("/")[2])


def _document(request: Request, answer: Answer) -> object:
    if not answer.is_success:
        raise refusal(request, answer)
    media_type = answer.header("Content-Type").partition(";")[0].strip().lower()
    if media_type not in {"", "application/json"}:
        raise unexpected(request, answer, "not application/json")
    try:
        document = parsed_json(answer.body)
    except (ValueError, RecursionError):
        document = None
    if document is None:
        raise unexpected(request, answer, "not a JSON document")
    if isinstance(document, dict) and "httpStatus" in document:
        raise unexpected(request, answer, "an error in the body of a success")
    return document


def _complaint(error: ValidationError) -> str:
    # Places and kinds only: the values may be personal data.
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['type']}" for fault in faults[:_REPORTED_FAULTS])
