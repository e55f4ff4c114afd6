"""The day that is called off while everything goes wrong: in small, and whether it would notice what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from bench import bulk_day
from bench.bulk_day import Outcome
from bench.watched_sandbox import Write

DAY = "2026-07-14"


def _outcome(**changes: Any) -> Outcome:
    facts: dict[str, Any] = {
        "wanted": 2,
        "rows": [
            {"booking_number": "1", "state": "done", "event_id": ""},
            {"booking_number": "2", "state": "done", "event_id": "later"},
        ],
        "audited": ["1", "2"],
        "open_attempts": 0,
        "report": [{"booking": "1", "result": "Cancelled"}, {"booking": "2", "result": "Moved"}],
        "starts": {"1": "", "2": "2026-07-15T08:00:00"},
        "day": DAY,
        "writes": [Write(1.0, "DELETE", "1", "0@1", "1@1"), Write(2.0, "PUT", "2", "0@1", "0@2")],
        "writes_too_early": 0,
    }
    return Outcome(**(facts | changes))


def test_right_books_are_called_right() -> None:
    assert _outcome().judge() == []


def test_write_that_came_to_nothing_may_be_sent_again() -> None:
    lost = Write(0.5, "DELETE", "1", "0@1", "0@1")
    assert _outcome(writes=[lost, *_outcome().writes]).judge() == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"writes_too_early": 1}, "1 writes were sent while it could be undone"),
        ({"open_attempts": 3}, "3 attempts are left open"),
        ({"audited": ["1", "2", "2"]}, "3 entries of the audit log for 2 bookings, and 2 were wanted"),
        ({"report": _outcome().report[:1]}, "1 lines of the report for 1 bookings, and 2 were wanted"),
        ({"starts": {"1": f"{DAY}T08:00:00", "2": ""}}, "1 is told “Cancelled”, and starts 2026-07-14T08:00:00"),
        ({"starts": {"1": "", "2": f"{DAY}T08:00:00"}}, "2 is told to be moved, and is not"),
        (
            {"writes": [*_outcome().writes, replace(_outcome().writes[0], before="1@1")]},
            "DELETE reached 1 again",
        ),
    ],
)
def test_whatever_is_wrong_is_noticed(changes: dict[str, Any], complaint: str) -> None:
    assert complaint in _outcome(**changes).judge()


@pytest.mark.parametrize(
    ("state", "complaint"),
    [("sending", "1 is left sending"), ("failed", "1 is told “Cancelled”, and was changed")],
)
def test_state_that_does_not_fit_is_noticed(state: str, complaint: str) -> None:
    first, second = _outcome().rows
    assert complaint in _outcome(rows=[{**first, "state": state}, second]).judge()


@pytest.mark.timeout(400)
def test_small_day_is_called_off_while_everything_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--bookings", "10", "--calls", "100000", "--customers", "0", "--kills", "1", "--hurry"]
    code = bulk_day.main(arguments)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "Each booking ended once" in told
