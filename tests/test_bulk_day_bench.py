"""The day that is called off while everything goes wrong: in small, and whether it would notice what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from bench import bulk_day
from bench.bulk_day_books import Outcome
from bench.watched_sandbox import Write

DAY = "2026-07-14"


def _outcome(**changes: Any) -> Outcome:
    facts: dict[str, Any] = {
        "wanted": 2,
        "wanted_moves": 1,
        "wanted_kills": 2,
        "may_fail": 0,
        "kills": 2,
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


NOTHING_DONE: dict[str, Any] = {
    "rows": [{**row, "state": "failed"} for row in _outcome().rows],
    "report": [{"booking": "1", "result": "Failed"}, {"booking": "2", "result": "Failed"}],
    "starts": {"1": f"{DAY}T08:00:00", "2": f"{DAY}T08:00:00"},
    "writes": [],
}


@pytest.mark.parametrize("may_fail", [0, 1, 2])
def test_run_in_which_nothing_was_done_is_refused(may_fail: int) -> None:
    wrong = _outcome(**NOTHING_DONE, may_fail=may_fail).judge()
    assert {"0 are cancelled, and 1 were wanted", "0 are moved, and 1 were wanted"} <= set(wrong)


def test_run_that_was_never_begun_is_refused() -> None:
    empty = {name: [] for name in ("rows", "report", "audited", "writes")}
    assert "0 rows for 0 bookings, and 2 were wanted" in _outcome(**empty, starts={}, may_fail=2).judge()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kills": 1}, "1 workers were killed, and 2 were wanted"),
        ({"kills": 0}, "0 workers were killed, and 2 were wanted"),
        ({"wanted_moves": 2}, "1 are moved, and 2 were wanted"),
        ({"wanted_moves": 0}, "1 are cancelled, and 2 were wanted"),
        (
            {"rows": [*_outcome().rows, {"booking_number": "3", "state": "failed", "event_id": ""}]},
            "1 failed or were left alone, and 0 may",
        ),
    ],
)
def test_run_that_proves_too_little_is_refused(changes: dict[str, Any], complaint: str) -> None:
    assert complaint in _outcome(**changes).judge()


@pytest.mark.parametrize("state", ["failed", "changed", "already"])
def test_so_many_may_fail_and_no_more(state: str) -> None:
    row = {"booking_number": "3", "state": state, "event_id": ""}
    outcome = _outcome(
        wanted=3,
        rows=[*_outcome().rows, row],
        audited=["1", "2", "3"],
        report=[*_outcome().report, {"booking": "3", "result": "Left alone"}],
        starts={**_outcome().starts, "3": f"{DAY}T08:00:00"},
    )
    assert replace(outcome, may_fail=1).judge() == []
    assert "1 failed or were left alone, and 0 may" in outcome.judge()


@pytest.mark.long
@pytest.mark.timeout(400)
def test_small_day_is_called_off_while_everything_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--bookings", "10", "--calls", "100000", "--customers", "0", "--kills", "1", "--hurry"]
    code = bulk_day.main(arguments)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "Each booking ended once" in told
