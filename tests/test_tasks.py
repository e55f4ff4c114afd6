"""Work that no visitor waits for: what sets it off, what becomes of it, and that nothing of it is ever lost."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from huey import Huey
from prometheus_client import REGISTRY
from pytest_django import Settings

from booking import tasks
from booking.models import CheckIn, Draft, WebhookMessage
from booking.services import cache, correlation, figures, lanes
from booking.services.errors import Unavailable
from booking.services.lanes import Lane
from booking.services.webhook_registrations import State
from tests.messages import ADDRESS
from tests.redis_database import empty_redis
from tests.shop import Shop


@pytest.fixture(autouse=True)
def _queue(db: None) -> Iterator[None]:
    cache.forget_everything()
    tasks.forget_queue()
    yield
    tasks.forget_queue()


def _task(work: Callable[[], int], **changes: float) -> tasks.Task:
    return tasks.Task("made-up", work, every=1, **changes)


def _runs(outcome: str) -> float:
    return REGISTRY.get_sample_value("background_runs_total", {"task": "made-up", "outcome": outcome}) or 0.0


def test_task_runs_in_the_last_lane_within_its_time_and_under_a_name() -> None:
    seen: list[object] = []

    def work() -> int:
        seen.extend([lanes.current(), round(lanes.seconds_left()), correlation.current().split("-")[0]])
        return 3

    tasks.run(_task(work, seconds=7.0))
    assert seen == [Lane.BACKGROUND, 7, "made"]
    assert correlation.current() == ""


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(Unavailable(), "unavailable"), (DatabaseError(), "no_database"), (KeyError("canary"), "failed")],
)
def test_task_that_fails_is_counted_and_harms_nobody(
    error: Exception, outcome: str, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> int:
        raise error

    caplog.set_level(logging.INFO, "booking.tasks")
    before = _runs(outcome)
    tasks.run(_task(work))
    assert _runs(outcome) - before == 1
    assert f"task=made-up outcome={outcome} count=0" in caplog.text


def test_task_leaves_one_line_and_the_moment(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "booking.tasks")
    tasks.run(_task(lambda: 2))
    (record,) = caplog.records
    assert record.getMessage().startswith("task=made-up outcome=done count=2 duration_ms=")
    assert time.time() - figures.last_runs(["made-up", "never"])["made-up"] < 10
    assert "never" not in figures.last_runs(["made-up", "never"])


# The facts of the reports are there to be filled from the first turn on.
@pytest.mark.parametrize("task", [t for t in tasks.TASKS if t.name != tasks.FACTS], ids=lambda task: task.name)
def test_every_task_runs_with_nothing_to_do(shop: Shop, task: tasks.Task, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "booking.tasks")
    tasks.run(task)
    assert f"task={task.name} outcome=done count=0" in caplog.text


def test_warming_asks_once_for_what_every_page_needs(shop: Shop) -> None:
    tasks.ask(tasks.WARM)
    asked = len(shop.calls)
    shop.visitor().get("/")
    assert asked
    assert len(shop.calls) == asked


def test_tidying_deletes_what_has_run_out() -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    Draft.objects.create(key_hash="x", sealed=b"", expires_at=long_ago)
    WebhookMessage.objects.create(message_id="x", domain="bookings", type="created", done_at=long_ago)
    CheckIn.objects.create(booking_number="541205180027")
    CheckIn.objects.update(at=long_ago)
    tasks.ask(tasks.TIDY)
    assert [model.objects.count() for model in (Draft, WebhookMessage, CheckIn)] == [0, 0, 0]


def test_registrations_are_looked_after_where_there_is_an_address(shop: Shop, settings: Settings) -> None:
    tasks.ask(tasks.KEEP_WEBHOOKS)
    assert shop.operations == []
    settings.WEBHOOK_URL = ADDRESS
    tasks.ask(tasks.KEEP_WEBHOOKS)
    assert shop.counted["create_webhook"] == 15
    assert {r.state for r in tasks.keep_registered()} == {State.GOOD}


@pytest.mark.parametrize(
    ("name", "turns"),
    [(tasks.SETTLE, 60), (tasks.WARM, 12), (tasks.FACTS, 60), (tasks.TIDY, 1), (tasks.KEEP_WEBHOOKS, 0)],
)
def test_tasks_take_turns_by_the_clock(name: str, turns: int) -> None:
    (task,) = [task for task in tasks.TASKS if task.name == name]
    hour = [datetime(2026, 7, 14, 9, minute) for minute in range(60)]  # noqa: DTZ001 - as the queue tells the time
    assert sum(tasks.is_due(task, moment) for moment in hour) == turns


def test_of_several_workers_one_has_the_turn() -> None:
    noon = datetime(2026, 7, 14, 12)  # noqa: DTZ001 - as the queue tells the time
    assert [tasks.is_due(tasks.TASKS[0], noon) for _ in range(3)] == [True, False, False]


@pytest.fixture(params=["sqlite", "redis"])
def queue(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path, worker_id: str) -> Iterator[Huey]:
    """A queue that somebody else works off."""
    if request.param == "sqlite":
        settings.QUEUE_URL = f"sqlite://{quote(str(tmp_path / 'a queue.sqlite3'))}"
    else:
        settings.QUEUE_URL = empty_redis(worker_id)
    tasks.forget_queue()
    yield tasks.queue().huey
    tasks.queue().huey.flush()
    tasks.queue().huey.storage.close()


def test_what_is_asked_for_waits_in_the_queue_and_is_done_from_there(
    queue: Huey, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(tasks, "run", lambda task: done.append(task.name))
    tasks.ask(tasks.SETTLE)
    assert (queue.pending_count(), done) == (1, [])
    queue.execute(queue.dequeue())
    assert (queue.pending_count(), done) == (0, [tasks.SETTLE])


def test_what_is_asked_for_later_waits_for_its_time(queue: Huey, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(tasks, "run", lambda task: done.append(task.name))
    tasks.ask(tasks.BULK, after=60)
    queue.execute(queue.dequeue())
    assert (queue.scheduled_count(), done) == (1, [])
    (later,) = queue.read_schedule(datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=61))
    queue.execute(later, datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=61))
    assert done == [tasks.BULK]


def test_queue_that_nobody_works_off_does_not_grow_for_ever(queue: Huey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST_WAITING", 3)
    for _ in range(10):
        tasks.ask(tasks.READ_MESSAGES)
    assert queue.pending_count() == 3


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "sqlite:///no/such/folder/queue.sqlite3"])
def test_queue_that_cannot_be_reached_is_nobodys_problem(
    url: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.QUEUE_URL = url
    tasks.forget_queue()
    began = time.monotonic()
    tasks.ask(tasks.SETTLE)
    assert time.monotonic() - began < 3
    assert "settle waits for its next turn: the queue cannot be reached" in caplog.text


def test_no_worker_is_needed_where_all_is_done_at_once() -> None:
    with pytest.raises(CommandError, match="no worker is needed"):
        call_command("work")
