"""The gate before the wire: who may send now, and how long a call may take. The policy lives with whoever calls."""

from __future__ import annotations

from typing import Protocol

from booking.bookeo.exchange import Request


class Gate(Protocol):
    """Asked before every request that goes out, repeats of reads among them."""

    def seconds_left(self) -> float:
        """How long whoever asks can still wait for an answer; infinite when nobody said."""

    def admit(self, request: Request, deadline: float) -> None:
        """Return when the request may go out, at the latest at ``deadline`` (of the monotonic clock).

        Raises HeldBack when it may not. Every request that was admitted is reported to the client's observer.
        """


class OpenGate:
    """Lets everything through."""

    def seconds_left(self) -> float:
        """No limit."""
        return float("inf")

    def admit(self, request: Request, deadline: float) -> None:
        """At once."""
