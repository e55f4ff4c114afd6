"""A `requests` adapter that calls a WSGI application in the same process: no sockets, no threads, no ports.

adapter = WsgiAdapter(create_app(database))
session.mount("http://", adapter)
adapter.after = lose_the_answer  # raises requests.ConnectionError: the write happened, nobody heard of it
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError
from werkzeug.test import EnvironBuilder, run_wsgi_app


class WsgiAdapter(HTTPAdapter):
    """Answers every request with what `app` says; the host in the address does not matter.

    Two hooks, either of which may be replaced at any time and may raise an exception of requests:

    - `before(request)`: raising here means that nothing was ever sent;
    - `after(request, response)`: the application has done its work; raising here loses the answer.

    A `ConnectionError` of the application stands for a connection that broke, as it does between two machines. Its
    other exceptions are not disguised: they are raised as they are.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        before: Callable[[requests.PreparedRequest], None] | None = None,
        after: Callable[[requests.PreparedRequest, requests.Response], None] | None = None,
    ) -> None:
        super().__init__()
        self.app = app
        self.before = before
        self.after = after

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Call the application once. Timeouts, certificates and proxies have no meaning here and are ignored."""
        if self.before:
            self.before(request)
        try:
            chunks, status, headers = run_wsgi_app(self.app, _environ(request))
        except ConnectionError as error:
            raise requests.ConnectionError(ProtocolError("Connection aborted.", error), request=request) from error
        response = self.build_response(request, _raw_response(chunks, status, list(headers)))
        if self.after:
            self.after(request, response)
        return response


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    address = urlsplit(request.url or "")
    body = request.body or b""
    return EnvironBuilder(
        path=address.path or "/",
        base_url=f"{address.scheme}://{address.netloc}/",
        query_string=address.query,
        method=request.method or "GET",
        headers=list((request.headers or {}).items()),
        input_stream=io.BytesIO(body.encode() if isinstance(body, str) else body),
    ).get_environ()


def _raw_response(chunks: Iterable[bytes], status: str, headers: list[tuple[str, str]]) -> HTTPResponse:
    code, _, reason = status.partition(" ")
    return HTTPResponse(
        body=io.BufferedReader(_Chunks(chunks)),
        headers=HTTPHeaderDict(headers),
        status=int(code),
        reason=reason,
        preload_content=False,
    )


class _Chunks(io.RawIOBase):
    """Reads an application's answer piece by piece, so that a client which stops early leaves the rest unmade."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._source = chunks
        self._chunks: Iterator[bytes] = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        # WSGI's promise: the application hears of the end, also when nobody read to it.
        if not self.closed and hasattr(self._source, "close"):
            self._source.close()
        super().close()
