"""What knobs do to an answer: late, refused, cut off, in pieces, or not what a client expects."""

from __future__ import annotations

import errno
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from sandbox.errors import NO_CONTENT, ApiError, ConnectionCutError
from sandbox.knobs import Knobs

_SOCKETS = ("gunicorn.socket", "werkzeug.socket")
_TRICKLE_BYTES = 64
_RETRY_AFTER_SECONDS = 30


def before(knobs: Knobs, environ: Mapping[str, Any]) -> None:
    """Wait, refuse or cut before anything was done."""
    pause = knobs.milliseconds("latency")
    if pause:
        time.sleep(pause)
    status = knobs.get("fail")
    if status is not None:
        raise _failure(int(status))
    if knobs.get("cut") == "before":
        cut(environ)


def _failure(status: int) -> ApiError:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ApiError(status, "Too many requests", retry_after=_RETRY_AFTER_SECONDS)
    broken = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return ApiError(status, "Internal error" if broken else "Refused by the fail knob")


def after(knobs: Knobs, environ: Mapping[str, Any]) -> None:
    """Cut the connection although everything was done."""
    if knobs.get("cut") == "after":
        cut(environ)


def cut(environ: Mapping[str, Any]) -> None:
    """Close the caller's connection without an answer."""
    for name in _SOCKETS:
        connection = environ.get(name)
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionCutError(errno.ECONNRESET, "The connection was cut by the cut knob")


def spoil(knobs: Knobs, response: Response) -> Response:
    """The same answer, or one that is spoilt as the knobs say."""
    if knobs.is_on("unknown"):
        response.set_data(_with_unknown_fields(response.get_data()))
    spoilt = _GARBAGE.get(knobs.get("garbage") or "")
    if spoilt is not None and response.status_code != NO_CONTENT:
        spoilt(response)
    if knobs.get("trickle"):
        _trickle(response, knobs)
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


def _trickle(response: Response, knobs: Knobs) -> None:
    body = response.get_data()
    response.response = _pieces(body, knobs)
    response.headers["Content-Length"] = str(len(body))


def _pieces(body: bytes, knobs: Knobs) -> Iterator[bytes]:
    for start in range(0, len(body), _TRICKLE_BYTES):
        time.sleep(knobs.milliseconds("trickle"))
        yield body[start : start + _TRICKLE_BYTES]
