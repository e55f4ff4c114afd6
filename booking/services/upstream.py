"""The one place that knows which Bookeo account this site speaks to, and the gate that each call passes."""

from functools import cache
from http import HTTPStatus

from django.conf import settings

from booking.bookeo import Bookeo, BudgetSpent, CallRecord, CircuitOpen, Request
from booking.services import lanes, metrics
from booking.services.breaker import Breaker
from booking.services.budget import Budget, Grant, Spent, seconds_to_wait


class UpstreamGate:
    """Lets a call out when Bookeo has been answering and the budget has room for the lane it is made in."""

    def __init__(self, budget: Budget, breaker: Breaker) -> None:
        self._budget = budget
        self._breaker = breaker

    def seconds_left(self) -> float:
        """Until the end of the time that the request or task at hand may take."""
        return lanes.seconds_left()

    def admit(self, request: Request, deadline: float) -> None:
        """Raises CircuitOpen at once, BudgetSpent after having waited in vain."""
        rest = self._breaker.seconds_closed_to_calls()
        if rest:
            raise CircuitOpen(request.operation, retry_after=rest, is_write=request.is_write)
        lane = lanes.current()
        try:
            waited = self._budget.take(lane, seconds_to_wait(lane))
        except Spent as error:
            self._breaker.call_was_not_made()
            metrics.limiter_refusals.labels(lane).inc()
            raise BudgetSpent(request.operation, retry_after=error.retry_after, is_write=request.is_write) from None
        metrics.limiter_wait_seconds.labels(lane).observe(waited)

    def observe(self, record: CallRecord) -> None:
        """Learn from every request that went out."""
        failed = record.status is None or record.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self._breaker.report(failed=failed)
        if record.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._budget.pause(record.retry_after)
        metrics.upstream_calls.labels(record.operation, lanes.current(), _outcome(record)).inc()
        metrics.upstream_seconds.labels(record.operation).observe(record.seconds)


@cache
def breaker() -> Breaker:
    """The circuit breaker of this process."""
    return Breaker(on_open=metrics.breaker_opened.inc)


@cache
def gate() -> UpstreamGate:
    """The gate of this process; its budget is shared with the others."""
    grant = Grant(calls=settings.BOOKEO_CALLS, seconds=settings.BOOKEO_CALLS_SECONDS)
    return UpstreamGate(Budget(settings.BOOKEO_API_KEY, grant), breaker())


@cache
def bookeo() -> Bookeo:
    """The client for the configured account, one per process."""
    return Bookeo(
        base_url=settings.BOOKEO_BASE_URL,
        secret_key=settings.BOOKEO_SECRET_KEY,
        api_key=settings.BOOKEO_API_KEY,
        lang=settings.BOOKEO_LANGUAGE,
        connect_timeout=settings.BOOKEO_CONNECT_TIMEOUT,
        read_timeout=settings.BOOKEO_READ_TIMEOUT,
        gate=gate(),
        observe=gate().observe,
    )


def _outcome(record: CallRecord) -> str:
    if record.status is None:
        return record.failure or "none"
    return f"{record.status // 100}xx" if record.status != HTTPStatus.TOO_MANY_REQUESTS else "429"
