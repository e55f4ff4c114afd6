"""Promises about strange answers, and about what leaves the house: always an error of ours, keys in headers only."""

import gzip
import socket
from collections.abc import Callable

import pytest

from booking.bookeo import AnswerLost, Bookeo, ConnectionFailed, UnexpectedAnswer
from tests.bookeo.manners import closed_port, error_of, read_hold, saying, write_webhook
from tests.bookeo.samples import payload_bytes
from tests.bookeo.wire_server import Manner, WireServer, read_request, response

Serve = Callable[[Manner], WireServer]
Connect = Callable[..., Bookeo]
HOLD = payload_bytes("hold.response")


# --- answers that are not what they should be


@pytest.mark.parametrize(
    "answer",
    [
        response(200, b"<h1>Hello</h1>", content_type="text/html"),
        response(200, HOLD, content_type="text/html"),
        response(200, HOLD[:100]),
        response(200, payload_bytes("error.404.hold-expired")),
        response(200),
        response(200, b'{"id": "\xff"}'),
        response(200, b"[" * 100_000),
        response(200, HOLD, "Content-Encoding: gzip"),
        response(200, gzip.compress(HOLD)[:-40], "Content-Encoding: gzip"),
        response(200, HOLD + b" " * 5 * 1024 * 1024),
        response(200, gzip.compress(HOLD + b" " * 50_000_000), "Content-Encoding: gzip"),
        response(302, b"", "Location: http://127.0.0.1:1/"),
    ],
    ids=[
        "html",
        "wrong type",
        "truncated",
        "error body",
        "empty",
        "invalid utf-8",
        "deep",
        "not gzip",
        "truncated gzip",
        "huge",
        "gzip bomb",
        "redirect",
    ],
)
def test_answer_that_makes_no_sense_is_unexpected(answer: bytes, connect: Connect, serve: Serve) -> None:
    server = serve(saying(answer))
    error = error_of(read_hold, connect(server.address))
    assert type(error) is UnexpectedAnswer
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        response(201, HOLD)[:-10],
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{",
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
    ],
    ids=["short body", "short chunk", "bad chunk", "nothing", "blank", "not http", "bad status", "many headers"],
)
def test_answer_that_breaks_off_leaves_a_write_unknown(answer: bytes, connect: Connect, serve: Serve) -> None:
    server = serve(saying(answer))
    error = error_of(write_webhook, connect(server.address))
    assert isinstance(error, AnswerLost | UnexpectedAnswer)
    assert error.outcome_unknown
    assert server.connections == 1


def test_answer_in_gzip_and_in_chunks_is_read(connect: Connect, serve: Serve) -> None:
    body = gzip.compress(HOLD)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:3], body[3:40], body[40:])) + b"0\r\n\r\n"
    server = serve(saying(head + b"Transfer-Encoding: chunked\r\n\r\n", chunks))
    assert read_hold(connect(server.address)).id == "q7TzB41nEw9KcMfA"


# --- what goes out


def test_keys_travel_in_headers_and_never_in_the_address(connect: Connect, serve: Serve) -> None:
    heads: list[bytes] = []

    def keep(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(response(200, HOLD))

    read_hold(connect(serve(keep).address))
    first, _, rest = heads[0].partition(b"\r\n")
    assert first == b"GET /v2/holds/H?lang=en-US HTTP/1.1"
    assert b"X-Bookeo-secretKey: SECRET-KEY" in rest
    assert b"X-Bookeo-apiKey: API-KEY" in rest


def test_environment_does_not_redirect_calls(monkeypatch: pytest.MonkeyPatch, connect: Connect, serve: Serve) -> None:
    server = serve(saying(response(200, HOLD)))
    monkeypatch.setenv("HTTP_PROXY", f"http://{closed_port()}")
    monkeypatch.setenv("http_proxy", f"http://{closed_port()}")
    assert read_hold(connect(server.address)).id == "q7TzB41nEw9KcMfA"


def test_cookies_of_one_answer_do_not_travel_with_the_next_call(connect: Connect, serve: Serve) -> None:
    heads: list[bytes] = []

    def keep(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(response(200, HOLD, "Set-Cookie: who=camille; Path=/"))

    bookeo = connect(serve(keep).address)
    read_hold(bookeo)
    read_hold(bookeo)
    assert len(heads) == 2
    assert b"camille" not in heads[1]


def test_connection_is_kept_for_the_next_call(connect: Connect, serve: Serve) -> None:
    def answer_both(connection: socket.socket) -> None:
        for _ in range(2):
            read_request(connection)
            connection.sendall(response(200, HOLD).replace(b"Connection: close\r\n", b""))

    server = serve(answer_both)
    bookeo = connect(server.address)
    assert [read_hold(bookeo).id, read_hold(bookeo).id] == ["q7TzB41nEw9KcMfA"] * 2
    assert server.connections == 1


@pytest.mark.parametrize(
    "base_url", ["", "api.bookeo.com/v2", "ftp://x/", "https://", "https://x/?a=b", "https://u:p@x/"]
)
def test_base_url_must_be_a_plain_web_address(base_url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Bookeo(base_url=base_url, secret_key="S", api_key="A")


@pytest.mark.parametrize("key", ["", "with space", "line\nbreak", "ключ"])
def test_key_that_cannot_stand_in_a_header_is_refused_without_naming_it(key: str) -> None:
    with pytest.raises(ValueError, match="key") as caught:
        Bookeo(base_url="https://x/", secret_key="S", api_key=key)
    assert not key or key not in str(caught.value)


def test_impossible_host_is_an_error_of_ours(connect: Connect) -> None:
    assert type(error_of(write_webhook, connect("x" * 300 + ".test"))) is ConnectionFailed
