"""The crowd that books while everything goes wrong: in small, and whether it would notice what is wrong."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bench import chaos
from bench.chaos import Outcome
from bench.visitor import Story


def _booking(number: str, email: str, *, canceled: bool = False) -> Any:
    return SimpleNamespace(
        booking_number=number,
        canceled=canceled,
        customer=SimpleNamespace(email_address=email),
        start_time=datetime(2026, 7, 1, tzinfo=UTC),
    )


def _outcome(**changes: Any) -> Outcome:
    facts: dict[str, Any] = {
        "stories": [Story("a@example.com", "confirmed", "1"), Story("b@example.com", "not booked")],
        "bookings": [_booking("1", "a@example.com"), _booking("2", "b@example.com", canceled=True)],
        "attempts": Counter(confirmed=1, lost=1),
        "places_held": 0,
        "kills": 1,
        "seconds": 1.0,
    }
    return Outcome(**(facts | changes))


def test_right_books_are_called_right() -> None:
    assert _outcome().judge() == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            {"bookings": [_booking("1", "a@example.com"), _booking("3", "a@example.com")]},
            "a@example.com is booked 2 times",
        ),
        ({"bookings": []}, "a@example.com read “confirmed 1”, and nothing is booked"),
        (
            {"bookings": [_booking("1", "a@example.com"), _booking("3", "b@example.com")]},
            "b@example.com read “not booked ”, and ['3'] is booked",
        ),
        ({"stories": [Story("a@example.com", last_page="/x/")]}, "a@example.com never got a word, last at /x/"),
        ({"attempts": Counter(confirmed=1, unknown=1)}, "attempts are left open: {'unknown': 1}"),
        ({"places_held": 2}, "2 places are held for nobody"),
    ],
)
def test_whatever_is_wrong_is_noticed(changes: dict[str, Any], complaint: str) -> None:
    assert complaint in _outcome(**changes).judge()


LEFT = Story("a@example.com", "not booked")


@pytest.mark.parametrize("stories", [[], [LEFT], [LEFT, LEFT, LEFT, Story("b@example.com", "confirmed", "2")]])
def test_run_in_which_hardly_anybody_is_booked_is_refused(stories: list[Story]) -> None:
    booked = [_booking(story.number, story.email) for story in stories if story.number]
    assert _outcome(stories=stories, bookings=booked).judge() == [
        f"{len(booked)} of {len(stories)} customers are booked: too few to prove anything"
    ]


def test_run_in_which_no_worker_is_killed_is_refused() -> None:
    assert _outcome(kills=0).judge() == ["no worker was killed"]


@pytest.mark.long
@pytest.mark.timeout(400)
def test_small_crowd_books_while_everything_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    code = chaos.main(["--checkouts", "12", "--visitors", "6", "--seed", "7", "--kill-every", "3"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "Nobody booked twice" in told
