"""What the processes of this site tell each other, through Django's cache. Without it they do without."""

import logging
import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import Error as DatabaseFault
from redis import RedisError

logger = logging.getLogger("booking.services")

# The cache cannot be reached, or holds what another release of this program has put there.
TROUBLE = (DatabaseFault, RedisError, OSError, pickle.UnpicklingError, AttributeError, ImportError)
POLL_SECONDS = 0.1


def get(key: str) -> Any:
    """The value, or None: not there, or nobody to ask."""
    try:
        return cache.get(key)
    except TROUBLE as error:
        _without(error)
        return None


def get_many(keys: list[str]) -> dict[str, Any]:
    """Those values that are there."""
    try:
        return dict(cache.get_many(keys))
    except TROUBLE as error:
        _without(error)
        return {}


def put(key: str, value: Any, *, seconds: float) -> None:
    try:
        cache.set(key, value, timeout=seconds)
    except TROUBLE as error:
        _without(error)


def claim(key: str, *, seconds: float) -> bool:
    """Whether this caller is the one, of all processes, that has the key for so many seconds. True without a cache."""
    try:
        return bool(cache.add(key, 1, timeout=seconds))
    except TROUBLE as error:
        _without(error)
        return True


@contextmanager
def claimed(key: str, *, seconds: float) -> Iterator[bool]:
    """`claim` for the length of the block, and for no longer than so many seconds."""
    is_mine = claim(key, seconds=seconds)
    try:
        yield is_mine
    finally:
        if is_mine:
            release(key)


@contextmanager
def in_turn(key: str, *, seconds: float, patience: float) -> Iterator[bool]:
    """Like `claimed`, but whoever comes second waits for the first, for so long; then it is False."""
    deadline = time.monotonic() + patience
    while not (is_mine := claim(key, seconds=seconds)) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    try:
        yield is_mine
    finally:
        if is_mine:
            release(key)


def release(key: str) -> None:
    try:
        cache.delete(key)
    except TROUBLE as error:
        _without(error)


def _without(error: Exception) -> None:
    logger.warning("the shared cache cannot be reached (%s)", type(error).__name__)
