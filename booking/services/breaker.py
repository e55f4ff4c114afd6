"""A circuit breaker: an upstream that keeps failing is left in peace for a while, and then tried with one call.

    closed ── failures in a row ──> open ── pause over ──> half-open ── success ──> closed
                                     ^                         │
                                     └──── failure, longer pause

One per process: what it knows, it has seen itself. That costs each process a few failures and needs nothing shared.
"""

import threading
import time
from collections.abc import Callable

FAILURES = 5
PAUSE_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 60.0
# A probe that nobody reported on has been lost with its thread; after this time another one may go.
PROBE_SECONDS = 30.0


class Breaker:
    """Thread-safe. `clock` tells seconds."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, on_open: Callable[[], None] | None = None
    ) -> None:
        self._clock = clock
        self._on_open = on_open or (lambda: None)
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = PAUSE_SECONDS
        self._open_until: float | None = None
        self._probing_until = 0.0

    @property
    def state(self) -> str:
        """closed, open or half-open."""
        with self._lock:
            if self._open_until is None:
                return "closed"
            return "open" if self._clock() < self._open_until else "half-open"

    def seconds_closed_to_calls(self) -> float:
        """0 when a call may go out now, which then must be reported; else the seconds until it is worth asking."""
        with self._lock:
            if self._open_until is None:
                return 0.0
            now = self._clock()
            wait = max(self._open_until, self._probing_until) - now
            if wait > 0:
                return wait
            self._probing_until = now + PROBE_SECONDS
            return 0.0

    def report(self, *, failed: bool) -> None:
        """What became of a call."""
        with self._lock:
            opened = self._count(failed)
        if opened:
            self._on_open()

    def call_was_not_made(self) -> None:
        """A call that was let through did not go out after all: the next one may be the probe."""
        with self._lock:
            self._probing_until = 0.0

    def _count(self, failed: bool) -> bool:
        """Whether this report opened the circuit."""
        if not failed:
            self._failures, self._open_until, self._pause = 0, None, PAUSE_SECONDS
            return False
        self._failures += 1
        now = self._clock()
        if self._open_until is not None:
            if now < self._open_until:  # sent before it opened
                return False
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        elif self._failures < FAILURES:
            return False
        self._open_until, self._probing_until = now + self._pause, 0.0
        return True
