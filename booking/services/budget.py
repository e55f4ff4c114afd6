"""The calls that Bookeo grants us, shared by every process that uses the same key.

A moving window holds for all of them: in a file on one machine, in Redis where CACHE_URL names one. A lane may use
the window up to its reserve (`lanes.PATIENCE`), so a call of a customer who is booking finds room that browsing left;
and while one waits, the lanes after it take nothing.
A 429 of Bookeo closes the window for all, for as long as Bookeo asks.
"""

import hashlib
import random
import threading
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter

from booking.services import lanes, sharing, windows
from booking.services.lanes import PATIENCE, Lane

# How long a call that waits sleeps before it looks again, in seconds.
NAP = (0.02, 0.2)
# Of the threads of a process, so many may wait for one lane: the others are needed for pages that wait for nothing.
WAITING_IN_LANE = {Lane.BROWSING: 6, Lane.ESTIMATES: 4, Lane.BULK: 2, Lane.BACKGROUND: 2}
UNLIMITED = 1_000
# A call that nobody waits for has waited long enough after this time, and then goes as one of staff: else a site full
# of visitors would stop all work in the background.
AGED_SECONDS = 5.0
AGEING = (Lane.BULK, Lane.BACKGROUND)
# While a call of these lanes waits, the lanes after it take nothing. It says so again and again, for so many seconds.
ANNOUNCED = (Lane.CHECKOUT, Lane.STAFF)
ANNOUNCED_SECONDS = 1.0
# How long Bookeo is left alone when a 429 does not say for how long, in seconds.
PAUSE_UNTOLD = 5.0
LONGEST_PAUSE = 60.0


class Spent(Exception):
    """No room in time. `retry_after` in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("the budget of calls is spent")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Grant:
    """So many calls in so many seconds."""

    calls: int
    seconds: int


class Budget:
    """One key's budget. Thread-safe."""

    def __init__(self, api_key: str, grant: Grant) -> None:
        self._name = hashlib.sha256(api_key.encode()).hexdigest()[:16]
        self._item: RateLimitItem = RateLimitItemPerSecond(grant.calls, grant.seconds)
        self._waiting = {lane: threading.BoundedSemaphore(WAITING_IN_LANE.get(lane, UNLIMITED)) for lane in Lane}

    def take(self, lane: Lane, patience: float) -> float:
        """Wait for a call of this lane to be granted, `patience` seconds at most; answers how long it took.

        Raises Spent.
        """
        began = time.monotonic()
        if self._granted(lane):
            return time.monotonic() - began
        waiting = self._waiting[lane]
        if not waiting.acquire(blocking=False):
            raise Spent(self._seconds_until_room())
        try:
            self._wait(lane, began, patience)
        finally:
            waiting.release()
        return time.monotonic() - began

    def pause(self, seconds: float | None) -> None:
        """Bookeo has answered 429: nobody calls for a while."""
        pause = min(PAUSE_UNTOLD if seconds is None else seconds, LONGEST_PAUSE)
        sharing.put(self._pause_key, time.time() + pause, seconds=pause + 1)

    @property
    def _pause_key(self) -> str:
        return f"budget-pause:{self._name}"

    def _waiting_key(self, lane: Lane) -> str:
        return f"budget-waiting:{lane}:{self._name}"

    def _wait(self, lane: Lane, began: float, patience: float) -> None:
        while True:
            if lane in ANNOUNCED:
                sharing.put(self._waiting_key(lane), True, seconds=ANNOUNCED_SECONDS)
            nap = min(max(self._seconds_until_room(), NAP[0]), NAP[1]) * random.uniform(0.7, 1.3)  # noqa: S311 - spreads
            if time.monotonic() + nap >= began + patience:
                raise Spent(max(self._seconds_until_room(), 1.0))
            time.sleep(nap)
            is_aged = lane in AGEING and time.monotonic() - began > AGED_SECONDS
            if self._granted(Lane.STAFF if is_aged else lane):
                return

    def _granted(self, lane: Lane) -> bool:
        before = [self._waiting_key(other) for other in ANNOUNCED if PATIENCE[other].reserve < PATIENCE[lane].reserve]
        if self._paused_seconds() > 0 or sharing.get_many(before):
            return False
        reserved = round(self._item.amount * PATIENCE[lane].reserve)

        def try_in(limiter: MovingWindowRateLimiter) -> bool:
            # Between the look and the hit another may step in: then a lower lane dips into the reserve once. Never
            # is more granted than the whole.
            if reserved and limiter.get_window_stats(self._item, self._name).remaining <= reserved:
                return False
            return limiter.hit(self._item, self._name)

        return windows.ask(try_in)

    def _seconds_until_room(self) -> float:
        paused = self._paused_seconds()
        if paused > 0:
            return paused
        return max(windows.ask(self._reset_time) - time.time(), 0.0)

    def _reset_time(self, limiter: MovingWindowRateLimiter) -> float:
        return limiter.get_window_stats(self._item, self._name).reset_time

    def _paused_seconds(self) -> float:
        until = sharing.get(self._pause_key)
        return max(float(until) - time.time(), 0.0) if until else 0.0


def seconds_to_wait(lane: Lane) -> float:
    """How long a call of this lane may wait for its turn now."""
    return min(PATIENCE[lane].wait, lanes.seconds_left())
