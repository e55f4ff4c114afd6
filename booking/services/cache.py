"""What we remember of Bookeo's answers, for how long, and what makes us forget it.

| what                          | kept         | forgotten early                                   |
|-------------------------------|--------------|---------------------------------------------------|
| products, categories, fields  | 10 minutes   | never: they change in the back office, rarely     |
| slots and times of a product  | 60 seconds   | `forget_times(product_id)`, after our own writes   |

Two layers: this process keeps the decoded, immutable objects; Django's cache shares them between processes when it
is a shared one. One thread fetches, the others wait for it.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.cache import cache as shared

T = TypeVar("T")

SETTINGS_SECONDS = 600
TIMES_SECONDS = 60
LOCAL_ENTRIES = 2048


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    expires: float = 0.0
    value: Any = None


_local: dict[str, _Entry] = {}
_guard = threading.Lock()


def remembered(key: str, *, seconds: int, fetch: Callable[[], T]) -> T:
    """The value under `key`, fetched when nobody has it or it is older than `seconds`."""
    entry = _entry(key)
    if entry.expires > time.monotonic():
        return entry.value  # type: ignore[no-any-return]  # the key decides the type
    with entry.lock:
        if entry.expires <= time.monotonic():
            fetched_at, entry.value = _from_shared(key, seconds, fetch)
            entry.expires = time.monotonic() + seconds - (time.time() - fetched_at)
        return entry.value  # type: ignore[no-any-return]  # the key decides the type


def is_known(key: str) -> bool:
    """Whether this process can answer `remembered` at once."""
    entry = _local.get(key)
    return entry is not None and entry.expires > time.monotonic()


def times_key(product_id: str, *parts: object) -> str:
    """A key for times of one product, which changes when `forget_times` is called for it."""
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
    return f"times:{product_id}:{_times_version(product_id)}:{digest}"


def forget_times(product_id: str) -> None:
    """Seats of this product have changed: the next reader asks Bookeo."""
    shared.set(_version_key(product_id), time.time_ns(), timeout=TIMES_SECONDS * 10)


def forget_everything() -> None:
    """For tests and for the operator."""
    with _guard:
        _local.clear()
    shared.clear()


def _entry(key: str) -> _Entry:
    entry = _local.get(key)
    if entry is not None:
        return entry
    with _guard:
        if len(_local) >= LOCAL_ENTRIES:
            _drop_expired()
        return _local.setdefault(key, _Entry())


def _drop_expired() -> None:
    now = time.monotonic()
    for key in [key for key, entry in _local.items() if entry.expires <= now and not entry.lock.locked()]:
        del _local[key]
    while len(_local) >= LOCAL_ENTRIES:
        del _local[next(iter(_local))]


def _from_shared(key: str, seconds: int, fetch: Callable[[], T]) -> tuple[float, T]:
    """When the value was fetched (Unix time), and the value."""
    found = shared.get(key)
    if found is not None:
        return found  # type: ignore[no-any-return]  # the key decides the type
    dated = (time.time(), fetch())
    shared.set(key, dated, timeout=seconds)
    return dated


def _times_version(product_id: str) -> int:
    return int(shared.get(_version_key(product_id)) or 0)


def _version_key(product_id: str) -> str:
    return f"times-version:{product_id}"
