"""Promises of sending, on a real socket: writes once, reads three times at most, always an error of ours."""

import gzip
import socket
import time
from collections.abc import Callable

import pytest

from booking.bookeo import (
    AnswerLost,
    Bookeo,
    BookeoError,
    BookingInput,
    CallRecord,
    ConnectionFailed,
    Hold,
    MatchingSlotsSearchParameters,
    NoAnswer,
    ParticipantsInput,
    ProviderFault,
    RateLimited,
    UnexpectedAnswer,
    WebhookInput,
)
from tests.bookeo.samples import payload_bytes
from tests.bookeo.wire_server import Manner, WireServer, read_request, reset, response

Serve = Callable[[Manner], WireServer]
Connect = Callable[..., Bookeo]
WEBHOOK = WebhookInput(url="https://example.com/", domain="bookings", type="created")
BOOKING = BookingInput(product_id="P", participants=ParticipantsInput(numbers=()))
HOLD = payload_bytes("hold.response")


def _read(bookeo: Bookeo) -> Hold:
    return bookeo.get_hold(hold_id="H")


def _write(bookeo: Bookeo) -> object:
    return bookeo.create_webhook(webhook=WEBHOOK)


def _delete(bookeo: Bookeo) -> None:
    bookeo.cancel_booking(booking_number="1")


def _put(bookeo: Bookeo) -> object:
    return bookeo.update_booking(booking_number="1", document={})


WRITES = pytest.mark.parametrize("write", [_write, _put, _delete])


def _saying(*parts: bytes) -> Manner:
    def say(connection: socket.socket) -> None:
        read_request(connection)
        for part in parts:
            connection.sendall(part)

    return say


def _silence(server_of: Callable[[], WireServer]) -> Manner:
    def wait(connection: socket.socket) -> None:
        read_request(connection)
        server_of().released.wait(10)

    return wait


def _break_off(connection: socket.socket) -> None:
    read_request(connection)
    reset(connection)


def _hang_up(connection: socket.socket) -> None:
    connection.recv(1)
    reset(connection)


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


def _failure(call: Callable[[Bookeo], object], bookeo: Bookeo) -> BookeoError:
    with pytest.raises(BookeoError) as caught:
        call(bookeo)
    return caught.value


# --- writes


@WRITES
def test_write_is_sent_once_when_the_connection_is_refused(
    write: Callable[[Bookeo], object], connect: Connect, calls: list[CallRecord]
) -> None:
    error = _failure(write, connect(_closed_port()))
    assert type(error) is ConnectionFailed
    assert not error.outcome_unknown
    assert len(calls) == 1


@WRITES
def test_write_is_sent_once_when_tls_breaks(
    write: Callable[[Bookeo], object], connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(_hang_up)
    assert isinstance(_failure(write, connect(server.address, scheme="https")), NoAnswer)
    assert (server.connections, len(calls)) == (1, 1)


@WRITES
def test_write_is_sent_once_when_the_connection_is_reset(
    write: Callable[[Bookeo], object], connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(_break_off)
    error = _failure(write, connect(server.address))
    assert type(error) is AnswerLost
    assert error.outcome_unknown
    assert (server.connections, len(calls)) == (1, 1)


@WRITES
def test_write_is_sent_once_when_no_answer_comes_in_time(
    write: Callable[[Bookeo], object], connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(_silence(lambda: server))
    error = _failure(write, connect(server.address, read_timeout=0.1))
    assert type(error) is AnswerLost
    assert error.outcome_unknown
    assert (server.connections, len(calls)) == (1, 1)


@WRITES
@pytest.mark.parametrize(
    ("status", "kind", "unknown"),
    [
        (302, UnexpectedAnswer, True),
        (307, UnexpectedAnswer, True),
        (429, RateLimited, False),
        (500, ProviderFault, True),
        (503, ProviderFault, True),
    ],
)
def test_write_is_sent_once_whatever_the_status(
    write: Callable[[Bookeo], object],
    status: int,
    kind: type[BookeoError],
    unknown: bool,
    connect: Connect,
    serve: Serve,
    calls: list[CallRecord],
) -> None:
    server = serve(_saying(response(status, b"", "Retry-After: 30", "Location: /v2/elsewhere")))
    started = time.monotonic()
    error = _failure(write, connect(server.address))
    assert type(error) is kind
    assert error.outcome_unknown is unknown
    assert (server.connections, len(calls)) == (1, 1)
    assert time.monotonic() - started < 5


def test_search_is_posted_once_and_leaves_nothing_unknown(connect: Connect, serve: Serve) -> None:
    server = serve(_break_off)
    request = {"productId": "P", "startTime": "2026-07-18T00:00:00Z", "endTime": "2026-07-19T00:00:00Z"}

    def search(bookeo: Bookeo) -> object:
        parameters = MatchingSlotsSearchParameters.model_validate({**request, "peopleNumbers": []})
        return bookeo.search_matching_slots(search=parameters)

    error = _failure(search, connect(server.address))
    assert type(error) is AnswerLost
    assert not error.outcome_unknown
    assert server.connections == 1


# --- reads


@pytest.mark.parametrize("status", [502, 503, 504])
def test_read_is_sent_three_times_when_bookeo_is_busy(status: int, connect: Connect, serve: Serve) -> None:
    server = serve(_saying(response(status, b"", "Retry-After: 30")))
    started = time.monotonic()
    assert type(_failure(_read, connect(server.address))) is ProviderFault
    assert server.connections == 3
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("status", "kind"), [(302, UnexpectedAnswer), (429, RateLimited), (500, ProviderFault)])
def test_read_is_not_repeated_after_any_other_status(
    status: int, kind: type[BookeoError], connect: Connect, serve: Serve
) -> None:
    server = serve(_saying(response(status, b"", "Retry-After: 30", "Location: /v2/elsewhere")))
    assert type(_failure(_read, connect(server.address))) is kind
    assert server.connections == 1


def test_read_is_sent_three_times_when_answers_are_lost(
    connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(_break_off)
    error = _failure(_read, connect(server.address))
    assert type(error) is AnswerLost
    assert not error.outcome_unknown
    assert [call.attempt for call in calls] == [1, 2, 3]
    assert server.connections == 3


def test_read_is_tried_twice_when_the_connection_is_refused(connect: Connect, calls: list[CallRecord]) -> None:
    assert type(_failure(_read, connect(_closed_port()))) is ConnectionFailed
    assert len(calls) == 2


def test_read_succeeds_on_its_second_attempt(connect: Connect, serve: Serve, calls: list[CallRecord]) -> None:
    manners = [_saying(response(200, HOLD)), _break_off]

    def next_manner(connection: socket.socket) -> None:
        manners.pop()(connection)

    server = serve(next_manner)
    assert _read(connect(server.address)).id == "q7TzB41nEw9KcMfA"
    assert [(call.attempt, call.status, call.failure) for call in calls] == [(1, None, "AnswerLost"), (2, 200, None)]


def test_read_stops_at_its_deadline(connect: Connect, serve: Serve) -> None:
    server = serve(_silence(lambda: server))
    started = time.monotonic()
    assert type(_failure(_read, connect(server.address, read_timeout=5, total_timeout=0.3))) is AnswerLost
    assert time.monotonic() - started < 2
    assert server.connections == 1


def test_read_of_a_body_that_trickles_stops_at_its_deadline(connect: Connect, serve: Serve) -> None:
    def trickle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(response(200, b"x" * 100_000)[:-100_000])
        while not server.released.wait(0.02):
            connection.sendall(b" ")

    server = serve(trickle)
    started = time.monotonic()
    assert type(_failure(_read, connect(server.address, total_timeout=0.4))) is AnswerLost
    assert time.monotonic() - started < 2


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
        response(200, b"x" * (5 * 1024 * 1024 + 1)),
        response(200, gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip"),
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
    server = serve(_saying(answer))
    error = _failure(_read, connect(server.address))
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
    server = serve(_saying(answer))
    error = _failure(_write, connect(server.address))
    assert isinstance(error, AnswerLost | UnexpectedAnswer)
    assert error.outcome_unknown
    assert server.connections == 1


def test_answer_in_gzip_and_in_chunks_is_read(connect: Connect, serve: Serve) -> None:
    body = gzip.compress(HOLD)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:3], body[3:40], body[40:])) + b"0\r\n\r\n"
    server = serve(_saying(head + b"Transfer-Encoding: chunked\r\n\r\n", chunks))
    assert _read(connect(server.address)).id == "q7TzB41nEw9KcMfA"


# --- what goes out


def test_keys_travel_in_headers_and_never_in_the_address(connect: Connect, serve: Serve) -> None:
    heads: list[bytes] = []

    def keep(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(response(200, HOLD))

    _read(connect(serve(keep).address))
    first, _, rest = heads[0].partition(b"\r\n")
    assert first == b"GET /v2/holds/H?lang=en-US HTTP/1.1"
    assert b"X-Bookeo-secretKey: SECRET-KEY" in rest
    assert b"X-Bookeo-apiKey: API-KEY" in rest


def test_environment_does_not_redirect_calls(monkeypatch: pytest.MonkeyPatch, connect: Connect, serve: Serve) -> None:
    server = serve(_saying(response(200, HOLD)))
    monkeypatch.setenv("HTTP_PROXY", f"http://{_closed_port()}")
    monkeypatch.setenv("http_proxy", f"http://{_closed_port()}")
    assert _read(connect(server.address)).id == "q7TzB41nEw9KcMfA"


def test_cookies_of_one_answer_do_not_travel_with_the_next_call(connect: Connect, serve: Serve) -> None:
    heads: list[bytes] = []

    def keep(connection: socket.socket) -> None:
        heads.append(read_request(connection))
        connection.sendall(response(200, HOLD, "Set-Cookie: who=camille; Path=/"))

    bookeo = connect(serve(keep).address)
    _read(bookeo)
    _read(bookeo)
    assert len(heads) == 2
    assert b"camille" not in heads[1]


def test_connection_is_kept_for_the_next_call(connect: Connect, serve: Serve) -> None:
    def answer_both(connection: socket.socket) -> None:
        for _ in range(2):
            read_request(connection)
            connection.sendall(response(200, HOLD).replace(b"Connection: close\r\n", b""))

    server = serve(answer_both)
    bookeo = connect(server.address)
    assert [_read(bookeo).id, _read(bookeo).id] == ["q7TzB41nEw9KcMfA"] * 2
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
    assert type(_failure(_write, connect("x" * 300 + ".test"))) is ConnectionFailed
