"""Two tabs, two presses, two servers: nothing is lost and nothing happens twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from booking.drafts import DraftMoved, DraftState, open_draft, store
from booking.services.choices import Choice, Party, Wishes
from tests.services.file_database import file_database

T = TypeVar("T")

START = datetime(2027, 6, 12, 10, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(product_id="4151KAYK", party=Party.of({"Cadults": 2})),
    event_id="event",
    start=START,
    end=START + timedelta(hours=2),
)


@pytest.fixture(autouse=True)
def _shared_database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), file_database(tmp_path / "site.sqlite3"):
        yield


def _at_once(number: int, act: Callable[[int], T]) -> list[T]:
    together = threading.Barrier(number)

    def one(index: int) -> T:
        together.wait(10)
        try:
            return act(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_all_changes_are_kept() -> None:
    draft, _ = store.create(DraftState(choice=CHOICE))

    def add(number: int) -> None:
        new = ((f"field{number}", "typed"),)
        store.change(draft.token, lambda state: state.model_copy(update={"typed": state.typed + new}))

    _at_once(6, add)
    assert sorted(open_draft(draft.token).state.typed) == [(f"field{n}", "typed") for n in range(6)]


def test_draft_moves_once_and_the_others_are_told() -> None:
    draft, _ = store.create(DraftState(choice=CHOICE))

    def move(_: int) -> str:
        try:
            return store.move(draft.token, lambda state: state, proof="maya@example.com").token
        except DraftMoved:
            return "moved already"

    answers = _at_once(4, move)
    assert answers.count("moved already") == 3
    (token,) = set(answers) - {"moved already"}
    assert store.follow(draft.token, proof="maya@example.com").token == token


def test_one_showing_makes_one_draft() -> None:
    answers = _at_once(6, lambda _: store.create(DraftState(choice=CHOICE), visit="V" * 24))
    assert sum(created for _, created in answers) == 1
    assert len({draft.reference for draft, _ in answers}) == 1
