"""Promises of sending, on a real socket: writes exactly once, reads three times at most, in time."""

import socket
import threading
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
    MatchingSlotsSearchParameters,
    NoAnswer,
    ParticipantsInput,
    ProviderFault,
    RateLimited,
    UnexpectedAnswer,
)
from tests.bookeo.manners import break_off, closed_port, error_of, hang_up, read_hold, saying, silence, write_webhook
from tests.bookeo.samples import payload_bytes
from tests.bookeo.wire_server import Manner, WireServer, read_request, response

Serve = Callable[[Manner], WireServer]
Connect = Callable[..., Bookeo]
HOLD = payload_bytes("hold.response")


def _delete(bookeo: Bookeo) -> None:
    bookeo.cancel_booking(booking_number="1")


def _put(bookeo: Bookeo) -> object:
    return bookeo.update_booking(booking_number="1", document={})


WRITES = pytest.mark.parametrize("write", [write_webhook, _put, _delete])


# --- writes


@WRITES
def test_write_is_sent_once_when_the_connection_is_refused(
    write: Callable[[Bookeo], object], connect: Connect, calls: list[CallRecord]
) -> None:
    error = error_of(write, connect(closed_port()))
    assert type(error) is ConnectionFailed
    assert not error.outcome_unknown
    assert len(calls) == 1


@WRITES
def test_write_is_sent_once_when_tls_breaks(
    write: Callable[[Bookeo], object], connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(hang_up)
    assert isinstance(error_of(write, connect(server.address, scheme="https")), NoAnswer)
    assert (server.connections, len(calls)) == (1, 1)


@WRITES
def test_write_is_sent_once_when_the_connection_is_reset(
    write: Callable[[Bookeo], object], connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(break_off)
    error = error_of(write, connect(server.address))
    assert type(error) is AnswerLost
    assert error.outcome_unknown
    assert (server.connections, len(calls)) == (1, 1)


@WRITES
def test_write_is_sent_once_when_no_answer_comes_in_time(
    write: Callable[[Bookeo], object], connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(silence(lambda: server))
    error = error_of(write, connect(server.address, read_timeout=0.1))
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
    server = serve(saying(response(status, b"", "Retry-After: 30", "Location: /v2/elsewhere")))
    started = time.monotonic()
    error = error_of(write, connect(server.address))
    assert type(error) is kind
    assert error.outcome_unknown is unknown
    assert (server.connections, len(calls)) == (1, 1)
    assert time.monotonic() - started < 5


def test_search_is_posted_once_and_leaves_nothing_unknown(connect: Connect, serve: Serve) -> None:
    server = serve(break_off)
    request = {"productId": "P", "startTime": "2026-07-18T00:00:00Z", "endTime": "2026-07-19T00:00:00Z"}

    def search(bookeo: Bookeo) -> object:
        parameters = MatchingSlotsSearchParameters.model_validate({**request, "peopleNumbers": []})
        return bookeo.search_matching_slots(search=parameters)

    error = error_of(search, connect(server.address))
    assert type(error) is AnswerLost
    assert not error.outcome_unknown
    assert server.connections == 1


def test_write_after_the_connection_was_closed_meanwhile_goes_out_once_on_a_new_one(
    connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    closed = threading.Event()

    def answer_and_close(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(response(200, HOLD).replace(b"Connection: close\r\n", b""))
        connection.close()
        closed.set()

    server = serve(answer_and_close)
    bookeo = connect(server.address)
    read_hold(bookeo)
    assert closed.wait(5)
    booking = BookingInput(product_id="P", participants=ParticipantsInput(numbers=()))
    assert bookeo.create_hold(booking=booking).id == "q7TzB41nEw9KcMfA"
    assert (server.connections, len(calls)) == (2, 2)


# --- reads


@pytest.mark.parametrize("status", [502, 503, 504])
def test_read_is_sent_three_times_when_bookeo_is_busy(status: int, connect: Connect, serve: Serve) -> None:
    server = serve(saying(response(status, b"", "Retry-After: 30")))
    started = time.monotonic()
    assert type(error_of(read_hold, connect(server.address))) is ProviderFault
    assert server.connections == 3
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("status", "kind"), [(302, UnexpectedAnswer), (429, RateLimited), (500, ProviderFault)])
def test_read_is_not_repeated_after_any_other_status(
    status: int, kind: type[BookeoError], connect: Connect, serve: Serve
) -> None:
    server = serve(saying(response(status, b"", "Retry-After: 30", "Location: /v2/elsewhere")))
    assert type(error_of(read_hold, connect(server.address))) is kind
    assert server.connections == 1


def test_read_is_sent_three_times_when_answers_are_lost(
    connect: Connect, serve: Serve, calls: list[CallRecord]
) -> None:
    server = serve(break_off)
    error = error_of(read_hold, connect(server.address))
    assert type(error) is AnswerLost
    assert not error.outcome_unknown
    assert [call.attempt for call in calls] == [1, 2, 3]
    assert server.connections == 3


def test_read_is_tried_twice_when_the_connection_is_refused(connect: Connect, calls: list[CallRecord]) -> None:
    assert type(error_of(read_hold, connect(closed_port()))) is ConnectionFailed
    assert len(calls) == 2


def test_read_succeeds_on_its_second_attempt(connect: Connect, serve: Serve, calls: list[CallRecord]) -> None:
    manners = [saying(response(200, HOLD)), break_off]

    def next_manner(connection: socket.socket) -> None:
        manners.pop()(connection)

    server = serve(next_manner)
    assert read_hold(connect(server.address)).id == "q7TzB41nEw9KcMfA"
    assert [(call.attempt, call.status, call.failure) for call in calls] == [(1, None, "AnswerLost"), (2, 200, None)]


def test_read_stops_at_its_deadline(connect: Connect, serve: Serve, calls: list[CallRecord]) -> None:
    server = serve(silence(lambda: server))
    started = time.monotonic()
    assert type(error_of(read_hold, connect(server.address, read_timeout=5, total_timeout=0.3))) is AnswerLost
    assert time.monotonic() - started < 2
    assert (server.connections, len(calls)) == (1, 1)


def test_read_of_a_body_that_trickles_stops_at_its_deadline(connect: Connect, serve: Serve) -> None:
    def trickle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(response(200, b"x" * 100_000)[:-100_000])
        while not server.released.wait(0.02):
            connection.sendall(b" ")

    server = serve(trickle)
    started = time.monotonic()
    assert type(error_of(read_hold, connect(server.address, total_timeout=0.4))) is AnswerLost
    assert time.monotonic() - started < 2


def test_head_of_an_answer_that_trickles_stops_at_the_read_timeout(connect: Connect, serve: Serve) -> None:
    def trickle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not server.released.wait(0.02):
            connection.sendall(b"x")

    server = serve(trickle)
    started = time.monotonic()
    assert type(error_of(read_hold, connect(server.address, read_timeout=0.3, total_timeout=0.4))) is AnswerLost
    assert time.monotonic() - started < 2
