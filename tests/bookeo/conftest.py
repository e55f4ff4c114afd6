"""A client for the tests of the wire, and the two things it can talk to."""

from collections.abc import Callable, Iterator

import pytest

from booking.bookeo import Bookeo, CallRecord
from tests.bookeo.answers import Answers
from tests.bookeo.wire_server import Manner, WireServer


@pytest.fixture
def answers() -> Answers:
    """What the client of this test will be told."""
    return Answers()


@pytest.fixture
def calls() -> list[CallRecord]:
    """The requests that went out."""
    return []


@pytest.fixture
def bookeo(answers: Answers, calls: list[CallRecord]) -> Bookeo:
    """A client that gets its answers from `answers`."""
    return Bookeo(
        base_url="https://api.bookeo.test/v2",
        secret_key="SECRET-KEY",
        api_key="API-KEY",
        adapter=answers,
        observe=calls.append,
    )


@pytest.fixture
def serve() -> Iterator[Callable[[Manner], WireServer]]:
    """`serve(manner)` starts a server on a real socket."""
    started: list[WireServer] = []

    def start(manner: Manner) -> WireServer:
        started.append(WireServer(manner))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def connect(calls: list[CallRecord]) -> Callable[..., Bookeo]:
    """`connect(address)` is a client of a server on a real socket, with short timeouts."""

    def make(address: str, *, scheme: str = "http", read_timeout: float = 5.0, total_timeout: float = 5.0) -> Bookeo:
        return Bookeo(
            base_url=f"{scheme}://{address}/v2",
            secret_key="SECRET-KEY",
            api_key="API-KEY",
            read_timeout=read_timeout,
            total_timeout=total_timeout,
            observe=calls.append,
        )

    return make
