"""A second press waits for what the first one is asking for, instead of asking for it too."""

import time
from collections.abc import Callable
from typing import TypeVar

from booking.services.errors import Unavailable

LONGEST_SECONDS = 10.0
POLL_SECONDS = 0.1

T = TypeVar("T")


def waited_for(is_ready: Callable[[T], bool], known: T, read: Callable[[], T]) -> T:
    """`known`, read again and again until it is ready. Raises Unavailable after a while, and whatever `read` raises."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not is_ready(known):
        if time.monotonic() > deadline:
            raise Unavailable("the first press still waits for its seats")
        time.sleep(POLL_SECONDS)
        known = read()
    return known
