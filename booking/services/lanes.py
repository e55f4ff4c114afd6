"""Who is asking, and how long they can wait: known to everything that is done for one request or one task.

Calls to Bookeo are scarce (reference 2.8). When they run short, customers who are booking go before staff, staff
before visitors who look around, and all of them before work that nobody waits for.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Lane(StrEnum):
    CHECKOUT = "checkout"
    STAFF = "staff"
    BROWSING = "browsing"
    ESTIMATES = "estimates"
    BULK = "bulk"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Patience:
    """`reserve`: so many calls of the budget are left to the lanes before this one, as a share of it. `wait`: seconds
    that a call may queue for its turn. `total`: seconds that everything together may take."""

    reserve: float
    wait: float
    total: float


PATIENCE = {
    Lane.CHECKOUT: Patience(reserve=0.0, wait=8.0, total=20.0),
    Lane.STAFF: Patience(reserve=0.15, wait=6.0, total=20.0),
    Lane.BROWSING: Patience(reserve=0.3, wait=4.0, total=10.0),
    # Prices beside the times: nice to have, and the times can be shown without.
    Lane.ESTIMATES: Patience(reserve=0.45, wait=1.5, total=10.0),
    # A day that staff have called off: people wait for the mail, but nobody for a page.
    Lane.BULK: Patience(reserve=0.5, wait=20.0, total=25.0),
    Lane.BACKGROUND: Patience(reserve=0.6, wait=20.0, total=60.0),
}

_lane: ContextVar[Lane] = ContextVar("lane", default=Lane.BROWSING)
_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


@contextmanager
def lane(chosen: Lane, *, seconds: float | None = None) -> Iterator[None]:
    """Everything in the block is done for this lane, and has its time, or other `seconds`; never more than is left."""
    total = PATIENCE[chosen].total if seconds is None else seconds
    lane_token = _lane.set(chosen)
    deadline_token = _deadline.set(min(_deadline.get(), time.monotonic() + total))
    try:
        yield
    finally:
        _deadline.reset(deadline_token)
        _lane.reset(lane_token)


@contextmanager
def estimates() -> Iterator[None]:
    """What is done in the block for somebody who looks around can be done without."""
    with lane(Lane.ESTIMATES if current() == Lane.BROWSING else current()):
        yield


def current() -> Lane:
    return _lane.get()


def seconds_left() -> float:
    """Until the deadline of the lane's block; infinite outside of one."""
    return max(_deadline.get() - time.monotonic(), 0.0)
