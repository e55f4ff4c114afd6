"""The caller's own connection, for faults that no web server would make."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from typing import Any, NoReturn

from sandbox.errors import ConnectionCutError

_SOCKETS = ("gunicorn.socket", "werkzeug.socket")


def connection_of(environ: Mapping[str, Any]) -> socket.socket | None:
    """The connection that a request came by; None when there is none, in the same process."""
    found = (environ[name] for name in _SOCKETS if environ.get(name) is not None)
    return next(found, None)


def cut(environ: Mapping[str, Any]) -> NoReturn:
    """Close the caller's connection without an answer."""
    connection = connection_of(environ)
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionCutError(errno.ECONNRESET, "The connection was cut by the cut knob")


def finish(connection: socket.socket) -> NoReturn:
    """End a connection on which everything was sent already."""
    connection.shutdown(socket.SHUT_WR)
    raise ConnectionCutError(errno.ECONNRESET, "The answer was sent past the web server")
