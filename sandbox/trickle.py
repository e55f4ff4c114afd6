"""The `trickle` and `trickle_headers` knobs: an answer in small pieces, with pauses between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from sandbox.connections import connection_of, finish

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HEAD_BYTES = 16
_BODY_BYTES = 64
Pause = Callable[[], float]
"""How many seconds to wait before the next piece."""


def with_slow_body(response: Response, pause: Pause) -> None:
    """Let the body of an answer come in pieces."""
    body = response.get_data()
    response.response = _pieces(body, _BODY_BYTES, pause)
    response.headers["Content-Length"] = str(len(body))


def _pieces(whole: bytes, size: int, pause: Pause) -> Iterator[bytes]:
    for start in range(0, len(whole), size):
        time.sleep(pause())
        yield whole[start : start + size]


class SlowHead(Response):
    """An answer whose status line and headers come in pieces; its connection ends with it.

    No web server sends headers so, hence this one writes to the caller's connection itself. In the same process there
    is none: then it is a plain answer.
    """

    def __init__(self, other: Response, pause: Pause) -> None:
        super().__init__(other.response, other.status)
        self.headers = other.headers
        self.autocorrect_location_header = False
        self.pause = pause

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send it all, then end the connection. Raises ConnectionCutError, so that nobody sends more."""
        connection = connection_of(environ)
        if connection is None:
            return super().__call__(environ, start_response)
        for piece in _pieces(self._head(environ), _HEAD_BYTES, self.pause):
            connection.sendall(piece)
        for piece in self.get_app_iter(environ):
            connection.sendall(piece)
        return finish(connection)

    def _head(self, environ: WSGIEnvironment) -> bytes:
        headers = self.get_wsgi_headers(environ)
        headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode("latin-1")
