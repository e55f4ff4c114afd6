"""What knobs do to an answer: late, refused, cut off, in pieces, or not what a client expects."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from sandbox.connections import cut
from sandbox.errors import NO_CONTENT, ApiError
from sandbox.knobs import Knobs
from sandbox.trickle import SlowHead, with_slow_body

_RETRY_AFTER_SECONDS = 30


def before(knobs: Knobs, environ: Mapping[str, Any]) -> None:
    """Wait, refuse or cut before anything was done."""
    time.sleep(_seconds(knobs, "latency"))
    _fail(knobs, "fail")
    if knobs.get("cut") == "before":
        cut(environ)


def after(knobs: Knobs, environ: Mapping[str, Any]) -> None:
    """Wait, refuse or cut although everything was done."""
    time.sleep(_seconds(knobs, "latency_after"))
    _fail(knobs, "fail_after")
    if knobs.get("cut") == "after":
        cut(environ)


def _seconds(knobs: Knobs, name: str) -> float:
    return knobs.drawn(name) / 1000


def _fail(knobs: Knobs, name: str) -> None:
    status = knobs.get(name)
    if status is not None:
        raise _failure(int(status), int(knobs.get("retry_after") or _RETRY_AFTER_SECONDS))


def _failure(status: int, retry_after: int) -> ApiError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ApiError(status, "Too many requests", retry_after=retry_after)
    broken = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return ApiError(status, "Internal error" if broken else "Refused by a knob")


def spoil(knobs: Knobs, response: Response) -> Response:
    """The same answer, or one that is spoilt as the knobs say."""
    if knobs.is_on("unknown"):
        response.set_data(_with_unknown_fields(response.get_data()))
    spoilt = _GARBAGE.get(knobs.get("garbage") or "")
    if spoilt is not None and response.status_code != NO_CONTENT:
        spoilt(response)
    if knobs.get("trickle"):
        with_slow_body(response, lambda: _seconds(knobs, "trickle"))
    if knobs.get("trickle_headers"):
        return SlowHead(response, lambda: _seconds(knobs, "trickle_headers"))
    return response


def _with_unknown_fields(body: bytes) -> bytes:
    def grown(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "xNewField": {"since": "tomorrow"}} if _is_object_of_the_api(value) else value

    if not body:
        return body
    return json.dumps(json.loads(body, object_hook=grown), ensure_ascii=False, separators=(",", ":")).encode()


def _is_object_of_the_api(value: Mapping[str, Any]) -> bool:
    return "data" not in value and "amount" not in value


def _truncate(response: Response) -> None:
    body = response.get_data()
    response.set_data(body[: len(body) // 2])


def _html(response: Response) -> None:
    response.set_data(b"<html><body><h1>Service temporarily unavailable</h1></body></html>")
    response.headers["Content-Type"] = "text/html"


def _content_type(response: Response) -> None:
    response.headers["Content-Type"] = "text/plain"


def _error_body(response: Response) -> None:
    response.set_data(b'{"httpStatus":500,"message":"Internal error","errorId":"5117K000000000000ERROR"}')
    response.status_code = 200


_GARBAGE: Mapping[str, Callable[[Response], None]] = {
    "truncated": _truncate,
    "html": _html,
    "content_type": _content_type,
    "error_body": _error_body,
}
