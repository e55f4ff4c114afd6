"""What we remember of Bookeo's answers, for how long, and what makes us forget it.

| what                         | fresh  | while a new one comes | if Bookeo fails | forgotten early                    |
|------------------------------|--------|-----------------------|-----------------|------------------------------------|
| products, categories, fields | 10 min | 5 min more            | 3 days          | never: they change rarely          |
| slots and times of a product | 60 s   | 15 s more             | 6 hours         | `forget_times`, `forget_all_times` |

Seats are forgotten by our own writes and by Bookeo's notifications.

Two layers: this process keeps the decoded, immutable objects; Django's cache shares them between processes. Of all who
want the same at the same moment, in all processes, one fetches; the others wait for it, and share its failure.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from booking.services import lanes, metrics, sharing, stamps, windows
from booking.services.errors import ServiceError, Unavailable
from booking.services.lanes import Lane, lane

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keeping:
    """`kind` names it in the metrics. The ages are in seconds: below `fresh` it is served, below `stale` too, while a
    new one is fetched, and below `rescue` when Bookeo fails. What is made of answers that are shared need not be
    `shared` itself."""

    kind: str
    fresh: float
    stale: float
    rescue: float
    shared: bool = True


SETTINGS = Keeping("settings", fresh=600, stale=900, rescue=3 * 86_400)
TIMES = Keeping("times", fresh=60, stale=75, rescue=6 * 3_600)
SETTINGS_MADE = replace(SETTINGS, shared=False)
TIMES_MADE = replace(TIMES, shared=False)
LOCAL_ENTRIES = 2048
# How long others leave a fetch to the process that began it, and how often they look whether it is done.
FLIGHT_SECONDS = 12.0
LOOK_SECONDS = 0.05
# After a failure the rescued answer serves for so long before Bookeo is asked again.
RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer, when it was fetched (Unix time), and the stamp of its subject at that time."""

    fetched_at: float
    stamp: int
    value: Any


_local: dict[str, Entry] = {}
_flights: dict[str, "Future[Entry]"] = {}
_failed: dict[str, float] = {}
_guard = threading.Lock()
_refreshers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="refresh")

# Of the fetch that is under way: its kind, and when the answers of that kind were fetched which it is made of.
_ages: ContextVar["tuple[str, list[float]] | None"] = ContextVar("ages", default=None)
# When the answers were fetched that had to be rescued for the request at hand.
_rescued: ContextVar["list[float] | None"] = ContextVar("rescued", default=None)


def remembered(key: str, *, keeping: Keeping, fetch: Callable[[], T], subject: str = "") -> T:
    """The answer under `key`, fetched when nobody has a fresh one.

    `subject` is the product whose seats it tells of. An answer that is made of others is as old as the oldest of them.
    Raises what `fetch` raises, unless an old answer can be served instead.
    """
    stamp = stamps.stamp_of(subject) if subject else 0
    entry, outcome = _fresh_enough(key, keeping, stamp), "hit"
    if entry is None:
        entry, outcome = _fetched_or_rescued(key, keeping, stamp, fetch)
    elif time.time() - entry.fetched_at >= keeping.fresh:
        outcome = "stale"
        _refresh_soon(key, keeping, stamp, fetch)
    metrics.cache_reads.labels(keeping.kind, outcome).inc()
    _note(entry, keeping, rescued=outcome == "stale_if_error")
    return entry.value  # type: ignore[no-any-return]  # the key decides the type


def is_known(key: str, *, keeping: Keeping, subject: str = "") -> bool:
    """Whether this process can answer `remembered` at once."""
    return _usable(_local.get(key), keeping.stale, stamps.stamp_of(subject) if subject else 0)


@contextmanager
def facts() -> Iterator[None]:
    """Within the block, `as_of` tells how old the facts are that had to be rescued."""
    token = _rescued.set([])
    try:
        yield
    finally:
        _rescued.reset(token)


def as_of() -> datetime | None:
    """When the oldest of the facts was fetched that are shown because Bookeo fails; None when all are fresh."""
    found = _rescued.get()
    return datetime.fromtimestamp(min(found), UTC) if found else None


def times_key(product_id: str, *parts: object) -> str:
    """A key for times of one product."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
    return f"times:{product_id}:{digest}"


def forget_times(product_id: str) -> None:
    """Seats of this product have changed: the next reader asks Bookeo."""
    stamps.change(product_id)


def forget_all_times() -> None:
    """Seats of any product may have changed."""
    stamps.change(stamps.EVERY_PRODUCT)


def forget_everything() -> None:
    """For tests and for the operator."""
    from django.core.cache import cache

    with _guard:
        for memory in (_local, _flights, _failed):
            memory.clear()
    stamps.clear()
    windows.forget()
    cache.clear()


def _fresh_enough(key: str, keeping: Keeping, stamp: int) -> Entry | None:
    """One that may be served without waiting: of this process, or of another."""
    entry = _local.get(key)
    if _usable(entry, keeping.fresh, stamp):
        return entry
    newer = _from_others(key) if keeping.shared else None
    if newer is not None and (entry is None or newer.fetched_at > entry.fetched_at):
        entry = newer
        _keep(key, newer)
    return entry if _usable(entry, keeping.stale, stamp) else None


def _usable(entry: Entry | None, seconds: float, stamp: int) -> bool:
    return entry is not None and entry.stamp == stamp and time.time() - entry.fetched_at < seconds


def _fetched_or_rescued(key: str, keeping: Keeping, stamp: int, fetch: Callable[[], Any]) -> tuple[Entry, str]:
    old = _local.get(key)
    rescue = old if old is not None and time.time() - old.fetched_at < keeping.rescue else None
    if rescue is not None and _failed.get(key, 0.0) > time.monotonic():
        return rescue, "stale_if_error"
    try:
        return _flown(key, keeping, stamp, fetch), "miss"
    except Unavailable:
        if rescue is None:
            raise
        _failed[key] = time.monotonic() + RETRY_SECONDS
        return rescue, "stale_if_error"


def _flown(key: str, keeping: Keeping, stamp: int, fetch: Callable[[], Any]) -> Entry:
    """Fetch, or wait for whoever in this process is fetching the same; their failure is ours."""
    with _guard:
        flight = _flights.get(key)
        mine = flight is None
        if flight is None:
            flight = _flights[key] = Future()
    if not mine:
        try:
            return flight.result(timeout=min(lanes.seconds_left(), FLIGHT_SECONDS))
        except FutureTimeoutError as error:
            raise Unavailable("somebody else's question takes too long") from error
    try:
        entry = (
            _fetched_by_one_process(key, keeping, stamp, fetch) if keeping.shared else _fetched(keeping, stamp, fetch)
        )
        _keep(key, entry)
    except BaseException as error:
        flight.set_exception(error)
        raise
    else:
        flight.set_result(entry)
        return entry
    finally:
        with _guard:
            _flights.pop(key, None)


def _fetched_by_one_process(key: str, keeping: Keeping, stamp: int, fetch: Callable[[], Any]) -> Entry:
    lock = f"flight:{key}"
    deadline = time.monotonic() + min(lanes.seconds_left(), FLIGHT_SECONDS)
    while not sharing.claim(lock, seconds=FLIGHT_SECONDS):
        if time.monotonic() + LOOK_SECONDS > deadline:
            raise Unavailable("another process's question takes too long")
        time.sleep(LOOK_SECONDS)
        newer = _from_others(key)
        if newer is not None and _usable(newer, keeping.fresh, stamp):
            return newer
    try:
        entry = _fetched(keeping, stamp, fetch)
        sharing.put(key, (entry.fetched_at, entry.stamp, entry.value), seconds=keeping.rescue)
        return entry
    finally:
        sharing.release(lock)


def _fetched(keeping: Keeping, stamp: int, fetch: Callable[[], Any]) -> Entry:
    ages: list[float] = [time.time()]
    token = _ages.set((keeping.kind, ages))
    try:
        value = fetch()
    finally:
        _ages.reset(token)
    return Entry(min(ages), stamp, value)


def _refresh_soon(key: str, keeping: Keeping, stamp: int, fetch: Callable[[], Any]) -> None:
    """Fetch a new one while the old one is being shown; the next reader has it."""
    with _guard:
        if key in _flights:
            return

    def refresh() -> None:
        try:
            with lane(Lane.BACKGROUND):
                _flown(key, keeping, stamp, fetch)
        except ServiceError:
            return  # logged where it was translated; the next reader tries again

    _refreshers.submit(copy_context().run, refresh)


def _note(entry: Entry, keeping: Keeping, *, rescued: bool) -> None:
    fetching, rescues = _ages.get(), _rescued.get()
    if fetching is not None and fetching[0] == keeping.kind:
        fetching[1].append(entry.fetched_at)
    if rescued and rescues is not None:
        rescues.append(entry.fetched_at)


def _from_others(key: str) -> Entry | None:
    found = sharing.get(key)
    return Entry(*found) if found else None


def _keep(key: str, entry: Entry) -> None:
    if key not in _local and len(_local) >= LOCAL_ENTRIES:
        with _guard:
            for old in list(_local)[: LOCAL_ENTRIES // 8]:
                _local.pop(old, None)
                _failed.pop(old, None)
    _local[key] = entry
