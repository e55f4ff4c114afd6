"""A server on a real socket whose manners a test decides, byte by byte."""

import socket
import struct
import threading
from collections.abc import Callable

Manner = Callable[[socket.socket], None]


class WireServer:
    """Takes connections one after the other, and treats each as `manner` says.

    `connections` counts those taken, `requests` keeps the head of each request that was read.
    """

    def __init__(self, manner: Manner) -> None:
        self.connections = 0
        self.requests: list[bytes] = []
        self.released = threading.Event()
        self._manner = manner
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Let waiting manners go and stop."""
        self.released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self._treat(connection)

    def _treat(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        try:
            self._manner(connection)
        except OSError:
            return  # the client has gone, as some tests intend


def read_request(connection: socket.socket) -> bytes:
    """Read one request, head and body; answer the head."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return received
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    missing = _content_length(head) - len(body)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return head


def reset(connection: socket.socket) -> None:
    """Break the connection off with a reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def response(status: int, body: bytes = b"", *headers: str, content_type: str = "application/json") -> bytes:
    """The bytes of an answer after which the connection ends."""
    lines = [
        f"HTTP/1.1 {status} Something",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
