"""Moving windows that all processes of this site share: in a file on one machine, in Redis on many."""

import logging
import sqlite3
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from booking.services.window_file import WindowFile

logger = logging.getLogger("booking.services")

T = TypeVar("T")


def ask(question: Callable[[MovingWindowRateLimiter], T]) -> T:
    """Ask the shared windows; those of this process when the shared ones cannot be reached."""
    try:
        return question(_shared())
    except (sqlite3.Error, RedisError, OSError) as error:
        # Counting for oneself beats no bookings at all.
        logger.warning("the shared windows cannot be reached (%s): counting in this process", type(error).__name__)
        return question(_own())


def hit(name: str, *, allowed: int, seconds: int) -> bool:
    """Count one more under this name; whether it is among the `allowed` ones of the last `seconds`."""
    item = RateLimitItemPerSecond(allowed, seconds)
    return ask(lambda windows: windows.hit(item, name))


def forget() -> None:
    """For tests and for the operator."""
    ask(lambda windows: windows.storage.reset())


@cache
def _shared() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(_storage())


@cache
def _own() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def _storage() -> Storage:
    url = settings.SHARED_REDIS_URL
    if url:
        return RedisStorage(url, protocol=2, socket_timeout=2, socket_connect_timeout=1, key_prefix="bookeo")
    return WindowFile(settings.WINDOWS_FILE)
