"""How often staff may try to sign in: the more attempts have failed, the longer the next one has to wait.

One person at one address meets the short limits, so that nobody can lock somebody else out from elsewhere. The limits
for an address and for a person alone are wide; they are for those who try many names, or from many addresses.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

from limits import RateLimitItemPerSecond

from booking.services import windows
from booking.services.errors import TooManyAttempts

# So many attempts within so many seconds.
STEPS_TOGETHER = ((5, 60), (10, 900), (20, 3 * 3600))
STEPS_OF_ADDRESS = ((60, 900),)
STEPS_OF_PERSON = ((100, 3600),)


@dataclass(frozen=True, slots=True)
class _Limit:
    name: str
    item: RateLimitItemPerSecond


def count(person: str, address: str) -> None:
    """One more attempt, before it is known whether it will succeed. Raises TooManyAttempts."""
    for limit in _limits(person, address):
        if not windows.hit(limit.name, allowed=limit.item.amount, seconds=limit.item.multiples):
            raise TooManyAttempts(retry_after=_seconds_until_free(limit))


def forget(person: str, address: str) -> None:
    """The attempt succeeded: earlier ones of this person at this address were slips."""
    for limit in _limits(person, address)[: len(STEPS_TOGETHER)]:
        _clear(limit)


def _clear(limit: _Limit) -> None:
    windows.ask(lambda strategy: strategy.clear(limit.item, limit.name))


def _limits(person: str, address: str) -> list[_Limit]:
    return [
        *_steps(f"{person}|{address}", STEPS_TOGETHER),
        *_steps(f"address:{address}", STEPS_OF_ADDRESS),
        *_steps(f"person:{person}", STEPS_OF_PERSON),
    ]


def _steps(subject: str, steps: tuple[tuple[int, int], ...]) -> Iterator[_Limit]:
    """Kept only as a hash: what was typed may be a password in the wrong field."""
    name = "staff-sign-in:" + hashlib.sha256(subject.encode()).hexdigest()
    for allowed, seconds in steps:
        yield _Limit(name, RateLimitItemPerSecond(allowed, seconds))


def _seconds_until_free(limit: _Limit) -> int:
    stats = windows.ask(lambda strategy: strategy.get_window_stats(limit.item, limit.name))
    return max(1, round(stats.reset_time - time.time()))
