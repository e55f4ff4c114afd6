"""Figures for the operator that nobody counts: they are read when somebody asks."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from django.db import Error as DatabaseFault
from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from booking.models import Attempt, FactKind, FactReading, WebhookMessage
from booking.services import sharing
from booking.services.database import quick_reading

DATABASE_SECONDS = 3.0
RUNS_KEPT_SECONDS = 7 * 86_400


class Figures(Collector):
    """What the ledger and the list of messages hold, and when each task ran last. Without a database there are none."""

    def __init__(self, tasks: Iterable[str]) -> None:
        self._tasks = tuple(tasks)

    def collect(self) -> Iterator[Metric]:
        for read in (_attempts, _messages, _facts):
            yield from _unless_database_is_gone(read)
        yield from self._runs()

    def _runs(self) -> Iterator[Metric]:
        last = GaugeMetricFamily("background_last_run_timestamp_seconds", "When it was done last", labels=["task"])
        for task, moment in last_runs(self._tasks).items():
            last.add_metric([task], moment)
        yield last


def note_run(task: str, moment: float) -> None:
    """A task was done, at this Unix time."""
    sharing.put(_run_key(task), moment, seconds=RUNS_KEPT_SECONDS)


def last_runs(tasks: Iterable[str]) -> dict[str, float]:
    """When each of these tasks was done last, by any worker: Unix times. Those that nobody knows of are left out."""
    names = {_run_key(task): task for task in tasks}
    return {names[key]: float(moment) for key, moment in sharing.get_many(list(names)).items()}


def _run_key(task: str) -> str:
    return f"background-run:{task}"


def _attempts() -> list[Metric]:
    by_state = GaugeMetricFamily("booking_attempts", "What was sent at most once, by what came of it", labels=["state"])
    counted = dict(Attempt.objects.values_list("state").annotate(Count("pk")))
    for state in Attempt.State:
        by_state.add_metric([state], counted.get(state, 0))
    return [
        by_state,
        _age("booking_attempts_oldest_unknown_seconds", "Age of the oldest lost answer", _oldest_unknown()),
    ]


def _messages() -> list[Metric]:
    waiting = WebhookMessage.objects.filter(done_at=None)
    count = GaugeMetricFamily("webhook_messages_waiting", "Notifications that nobody has worked off", waiting.count())
    oldest = waiting.aggregate(oldest=Min("received_at"))["oldest"]
    return [count, _age("webhook_messages_oldest_waiting_seconds", "Age of the oldest of them", oldest)]


def _facts() -> list[Metric]:
    asked = FactReading.objects.filter(kind=FactKind.BOOKINGS).values_list("asked_at", flat=True).first()
    return [_age("report_facts_age_seconds", "Since the reports last followed Bookeo", asked)]


def _oldest_unknown() -> datetime | None:
    unknown = Attempt.objects.filter(state=Attempt.State.UNKNOWN)
    oldest: datetime | None = unknown.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _age(name: str, meaning: str, since: datetime | None) -> Metric:
    """In seconds; 0 when there is none."""
    return GaugeMetricFamily(name, meaning, (datetime.now(UTC) - since).total_seconds() if since else 0.0)


def _unless_database_is_gone(read: Callable[[], list[Metric]]) -> list[Metric]:
    try:
        with quick_reading(DATABASE_SECONDS):
            return read()
    except DatabaseFault:
        return []
