"""The commands that measure the sandbox work, in small: a race over real HTTP, and searches per second."""

import re

import pytest

from bench import race, sandbox
from bench.race import Round


def test_race_over_http_sells_every_seat_once() -> None:
    rounds = race.race(processes=2, threads=4, seats=5, rounds=3, server_processes=2)
    assert [(one.won, one.refused, one.failed, one.left, one.booked) for one in rounds] == [(5, 3, 0, 0, 5)] * 3


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({}, True),
        ({"won": 11, "booked": 11}, False),
        ({"won": 9, "booked": 9, "left": 1}, False),
        ({"booked": 11}, False),
        ({"failed": 1, "troubles": ("ProviderFault: Internal error",)}, False),
    ],
)
def test_race_tells_a_wrong_round(change: dict[str, object], right: bool) -> None:
    facts = {"won": 10, "refused": 54, "failed": 0, "left": 0, "booked": 10} | change
    one = Round(**{"seconds": 0.2, "slowest": 0.1, "troubles": (), **facts})  # type: ignore[arg-type]
    assert one.is_right(10) is right
    told = race.table([one], 10)
    assert ("WRONG" in told) is not right
    assert all(trouble in told for trouble in one.troubles)


def test_searches_are_counted_and_memory_is_known() -> None:
    (one,) = sandbox.measure(1, [2], 0.3)
    assert one.per_second > 1
    assert 0 < one.median_ms <= one.slow_ms
    assert 10 < one.megabytes < 1000


def test_race_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        race.main(["--help"])
    assert re.search(r"--processes .*--threads .*--seats .*--rounds", capsys.readouterr().out, re.DOTALL)
