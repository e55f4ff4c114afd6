"""What is told about each request that went out: one log line, and one record for whoever counts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

logger = logging.getLogger("booking.bookeo")


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One request that went out. ``attempt`` counts from 1; ``failure`` names the error if no answer was had;
    ``retry_after`` is the wait that a 429 asked for, in seconds."""

    operation: str
    is_write: bool
    attempt: int
    seconds: float
    status: int | None
    error_id: str | None
    failure: str | None
    retry_after: float | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether an operator wants to see it: no answer, throttled, or a fault at Bookeo."""
        if self.status is None:
            return True
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR


Observer = Callable[[CallRecord], None]


def report(record: CallRecord, observe: Observer | None) -> None:
    """Log the call and hand it to the observer, whose faults are logged and go no further."""
    level = logging.WARNING if record.is_trouble else logging.INFO
    fields = {
        "operation": record.operation,
        "status": record.status,
        "duration_ms": round(record.seconds * 1000),
        "attempt": record.attempt,
        "error_id": record.error_id,
        "failure": record.failure,
    }
    logger.log(level, " ".join(f"{name}=%({name})s" for name in fields), fields, extra=fields)
    if observe is None:
        return
    try:
        observe(record)
    except Exception:
        # A fault in the counting must not turn a booking that was made into an error.
        logger.exception("the observer of %s failed", record.operation)
