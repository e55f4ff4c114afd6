"""Ways in which a server may treat a request, and two calls to try them with."""

import socket
from collections.abc import Callable

import pytest

from booking.bookeo import Bookeo, BookeoError, Hold, Webhook, WebhookInput
from tests.bookeo.wire_server import Manner, WireServer, read_request, reset


def saying(*parts: bytes) -> Manner:
    """Read the request and say these bytes."""

    def say(connection: socket.socket) -> None:
        read_request(connection)
        for part in parts:
            connection.sendall(part)

    return say


def silence(server_of: Callable[[], WireServer]) -> Manner:
    """Read the request and say nothing until the server is closed."""

    def wait(connection: socket.socket) -> None:
        read_request(connection)
        server_of().released.wait(10)

    return wait


def break_off(connection: socket.socket) -> None:
    """Read the request and break the connection off."""
    read_request(connection)
    reset(connection)


def hang_up(connection: socket.socket) -> None:
    """Break the connection off at the first byte."""
    connection.recv(1)
    reset(connection)


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def read_hold(bookeo: Bookeo) -> Hold:
    """A read."""
    return bookeo.get_hold(hold_id="H")


def write_webhook(bookeo: Bookeo) -> Webhook:
    """A write."""
    return bookeo.create_webhook(webhook=WebhookInput(url="https://example.com/", domain="bookings", type="created"))


def error_of(call: Callable[[Bookeo], object], bookeo: Bookeo) -> BookeoError:
    """The error that a call ends with."""
    with pytest.raises(BookeoError) as caught:
        call(bookeo)
    return caught.value
