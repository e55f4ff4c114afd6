"""Work that no visitor waits for.

The queue only says that something should be done now. What there is to do stands in our database or at Bookeo, and
every task looks there. So a task that is lost, doubled or killed half-way loses nothing: its next turn finds the rest.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import close_old_connections
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
from redis import ConnectionPool, RedisError

from booking.drafts import store
from booking.services import (
    bulk_days,
    bulk_runs,
    check_ins,
    correlation,
    fact_following,
    figures,
    metrics,
    reconciliation,
    sharing,
    staff,
    warming,
    webhooks,
)
from booking.services.errors import ServiceError
from booking.services.lanes import Lane, lane
from booking.services.webhook_registrations import State, keep_registered

logger = logging.getLogger("booking.tasks")

IMMEDIATE = "immediate"
# Beyond this, whoever works them off is away, and will look by itself when it comes back.
MOST_WAITING = 100
TROUBLE = (sqlite3.Error, RedisError, OSError)
SETTLE, READ_MESSAGES, WARM, TIDY, KEEP_WEBHOOKS = "settle", "webhooks", "warm", "tidy", "registrations"
FACTS = "facts"
BULK = "bulk"


def _settle() -> int:
    return reconciliation.settle_open_attempts()


def _read_messages() -> int:
    done = webhooks.work_off()
    if done.may_settle:
        ask(SETTLE)
    return done.messages


def _warm() -> int:
    warming.warm()
    return 0


def _tidy() -> int:
    return store.purge() + webhooks.purge() + staff.purge_sessions() + bulk_days.purge() + check_ins.purge()


def _bulk() -> int:
    turn = bulk_runs.work()
    if turn.again_after is not None:
        ask(BULK, after=turn.again_after)
    return turn.settled


def _follow_facts() -> int:
    return fact_following.follow() or 0


def _keep_webhooks() -> int:
    if not settings.WEBHOOK_URL:
        return 0
    found = list(keep_registered())
    for registration in found:
        if registration.state == State.FOREIGN:
            logger.warning("another program gets the notifications of %s", registration.name)
    return sum(registration.state not in {State.GOOD, State.FOREIGN} for registration in found)


@dataclass(frozen=True, slots=True)
class Task:
    """`work` answers how many things it did. It is due `every` so many minutes, which divide a day; its calls to Bookeo
    have `seconds` together."""

    name: str
    work: Callable[[], int]
    every: int
    seconds: float = 50.0


TASKS = (
    Task(SETTLE, _settle, every=1),
    Task(READ_MESSAGES, _read_messages, every=1),
    Task(WARM, _warm, every=5),
    # Most turns ask the database alone: whether five minutes are over, or something has been heard of.
    Task(FACTS, _follow_facts, every=1, seconds=40.0),
    Task(TIDY, _tidy, every=60),
    Task(BULK, _bulk, every=1, seconds=bulk_runs.TURN_SECONDS + bulk_runs.ROW_SECONDS),
    Task(KEEP_WEBHOOKS, _keep_webhooks, every=1440, seconds=300.0),
)
NAMES = tuple(task.name for task in TASKS)


def ask(name: str, *, after: float = 0) -> None:
    """Have this task done soon, or after so many seconds. When nobody can be told, its next turn will do."""
    try:
        if queue().huey.pending_count() < MOST_WAITING:
            trigger = queue().triggers[name]
            trigger.schedule(delay=after) if after else trigger()
    except TROUBLE as error:
        logger.warning("%s waits for its next turn: the queue cannot be reached (%s)", name, type(error).__name__)


def run(task: Task) -> None:
    """Do it, whatever comes of it."""
    began = time.monotonic()
    with _connections_of_its_own(), correlation.known_as(f"{task.name}-{correlation.new_id()[:12]}"):
        with lane(Lane.BACKGROUND, seconds=task.seconds):
            outcome, count = _outcome(task)
        metrics.background_runs.labels(task.name, outcome).inc()
        figures.note_run(task.name, time.time())
        took = round(1000 * (time.monotonic() - began))
        fields = {"task": task.name, "outcome": outcome, "count": count, "duration_ms": took}
        logger.info(" ".join(f"{name}=%({name})s" for name in fields), fields, extra=fields)


def _outcome(task: Task) -> tuple[str, int]:
    try:
        return "done", task.work()
    except ServiceError:  # logged where it was translated
        return "unavailable", 0
    except DatabaseFault as error:
        logger.error("%s needs the database (%s)", task.name, type(error).__name__)
        return "no_database", 0
    except Exception:
        logger.exception("%s failed", task.name)
        return "failed", 0


@contextmanager
def _connections_of_its_own() -> Iterator[None]:
    """A worker's thread lives long: what it holds of the database is opened and closed for each task."""
    if queue().huey.immediate:  # the connections are those of whoever asked
        yield
        return
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


@dataclass(frozen=True, slots=True)
class Queue:
    """`triggers` put a task into it, by the task's name."""

    huey: Huey
    triggers: Mapping[str, Any]


@cache
def queue() -> Queue:
    """The queue of this site, which knows all tasks."""
    huey = _new_queue()
    return Queue(huey, {task.name: _trigger(huey, task) for task in TASKS})


def forget_queue() -> None:
    """For tests: QUEUE_URL has changed."""
    queue.cache_clear()


def _new_queue() -> Huey:
    """In a file on one machine, in Redis on many, or none at all, and everything is done when it is asked for."""
    if settings.QUEUE_URL == IMMEDIATE:
        return MemoryHuey("bookeo", immediate=True, results=False)
    address = urlsplit(settings.QUEUE_URL)
    if address.scheme == "sqlite":
        # Losing the file loses nothing, so nobody waits for the disk.
        return SqliteHuey("bookeo", filename=unquote(address.path), timeout=2, fsync=False, results=False)
    pool = ConnectionPool.from_url(settings.QUEUE_URL, protocol=2, socket_connect_timeout=1, socket_timeout=3)
    return RedisHuey("bookeo", connection_pool=pool, results=False)


def _trigger(huey: Huey, task: Task) -> Any:
    def execute() -> None:
        run(task)

    def has_turn(now: datetime) -> bool:
        return is_due(task, now)

    return huey.periodic_task(has_turn, name=task.name)(execute)


def is_due(task: Task, now: datetime) -> bool:
    """Asked by each worker once a minute; of several workers one has the turn."""
    minute = now.hour * 60 + now.minute
    if minute % task.every:
        return False
    try:
        return sharing.claim(f"turn:{task.name}:{minute}", seconds=90)
    finally:
        close_old_connections()
