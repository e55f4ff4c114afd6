"""When an upstream is left in peace, and how it comes back."""

import pytest

from booking.services.breaker import FAILURES, LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, PROBE_SECONDS, Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened() -> list[str]:
    """One item for each time that the circuit opened."""
    return []


@pytest.fixture
def breaker(clock: Clock, opened: list[str]) -> Breaker:
    return Breaker(clock=clock, on_open=lambda: opened.append("opened"))


def _fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.report(failed=True)


def test_calls_go_out_while_failures_are_few(breaker: Breaker) -> None:
    _fail(breaker, FAILURES - 1)
    assert (breaker.seconds_closed_to_calls(), breaker.state) == (0.0, "closed")


def test_failures_in_a_row_open_it_and_a_success_between_does_not(breaker: Breaker, opened: list[str]) -> None:
    _fail(breaker, FAILURES - 1)
    breaker.report(failed=False)
    _fail(breaker, FAILURES - 1)
    assert breaker.state == "closed"
    _fail(breaker, 1)
    assert (breaker.seconds_closed_to_calls(), breaker.state, opened) == (PAUSE_SECONDS, "open", ["opened"])


def test_after_the_pause_one_probe_goes_out_and_its_success_closes_it(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    clock.now += PAUSE_SECONDS
    assert breaker.state == "half-open"
    assert breaker.seconds_closed_to_calls() == 0.0
    assert breaker.seconds_closed_to_calls() > 0
    breaker.report(failed=False)
    assert (breaker.seconds_closed_to_calls(), breaker.state) == (0.0, "closed")


def test_failed_probe_makes_the_pause_longer_up_to_a_limit(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    pauses = []
    for _ in range(5):
        clock.now += LONGEST_PAUSE_SECONDS
        assert breaker.seconds_closed_to_calls() == 0.0
        breaker.report(failed=True)
        pauses.append(breaker.seconds_closed_to_calls())
    assert pauses == [20.0, 40.0, 60.0, 60.0, 60.0]


def test_calls_that_were_under_way_when_it_opened_do_not_prolong_it(breaker: Breaker, opened: list[str]) -> None:
    _fail(breaker, FAILURES + 10)
    assert (breaker.seconds_closed_to_calls(), len(opened)) == (PAUSE_SECONDS, 1)


def test_probe_that_was_not_sent_or_never_reported_makes_room_for_another(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker, FAILURES)
    clock.now += PAUSE_SECONDS
    assert breaker.seconds_closed_to_calls() == 0.0
    breaker.call_was_not_made()
    assert breaker.seconds_closed_to_calls() == 0.0
    clock.now += PROBE_SECONDS
    assert breaker.seconds_closed_to_calls() == 0.0
