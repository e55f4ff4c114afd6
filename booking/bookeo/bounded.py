"""Connections on which the head of an answer is bounded as a whole.

A read timeout bounds each wait for the next byte; a peer that sends one byte a second would keep a worker for hours.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _BoundedHTTPConnection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
        with _cut_off(self.sock, self.timeout):
            return super().getresponse()


class _BoundedHTTPSConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
        with _cut_off(self.sock, self.timeout):
            return super().getresponse()


class _BoundedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _BoundedHTTPConnection


class _BoundedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedHTTPSConnection


class BoundedAdapter(HTTPAdapter):
    """An adapter on which status line and headers must be there within one read timeout, however they arrive."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let the pools make bounded connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _BoundedHTTPPool, "https": _BoundedHTTPSPool}


@contextlib.contextmanager
def _cut_off(sock: Any, seconds: Any) -> Iterator[None]:
    """Shut the socket after so many seconds, unless the block has ended before; the block then ends in TimeoutError."""
    over = threading.Event()

    def shut() -> None:
        over.set()
        with contextlib.suppress(OSError):
            # Not TLS's own way of closing: that one changes the object under the thread that reads from it.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if over.is_set():  # a head that ends early looks like one that is complete
        raise TimeoutError
