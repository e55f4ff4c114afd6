"""Calling off or moving a whole day: the run that does it, from the press to the report.

    waiting ──> undone                    by one press, while nothing has been sent
       └──────> running <──> finished     once `starts_at` is over; failed rows may be tried again

Each of these steps is one conditional update, so that of two that cannot both hold one comes to nothing. What a run
does to its rows is in `bulk_runs`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now

from booking.models import BulkRow, BulkRun
from booking.services import audit, business_settings, sealing
from booking.services.audit import Actor, Change, Kind
from booking.services.booking_changes import CancelFlags
from booking.services.bulk_preview import Candidate
from booking.services.choices import FreeTime
from booking.services.errors import NotFound, ServiceError
from booking.services.staff_acts import Act

Run: TypeAlias = BulkRun
RunState: TypeAlias = BulkRun.State
RowState: TypeAlias = BulkRow.State

RECENT_RUNS = 50
# A run that Bookeo keeps from its work that long leaves the rest alone: what was right in the morning may not be so
# in the evening.
GIVES_UP_AFTER = timedelta(hours=2)
RETRIED_WITHIN = timedelta(days=1)
KEPT = timedelta(days=90)
REASON = "reasons of bulk days"


class AlreadyQueued(ServiceError):
    """Another run has one of these bookings in hand."""

    status = 409


class TooLate(ServiceError):
    """The run has gone on meanwhile: it cannot be undone, or retried, any more."""

    status = 409


@dataclass(frozen=True, slots=True)
class Plan:
    """What was pressed: bookings to cancel, or to move to the time beside them. `form` is the random value of the
    page, so that a second press is the same run."""

    form: str
    day: date
    flags: CancelFlags
    cancel: tuple[Candidate, ...]
    move: tuple[tuple[Candidate, FreeTime], ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of a run are in which state."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        return self.total - sum(self.counts.get(state, 0) for state in BulkRow.LIVE)


def begin(plan: Plan, actor: Actor) -> BulkRun:
    """Put the run down; nothing is sent before the time to undo it is over. Raises AlreadyQueued."""
    try:
        with transaction.atomic():
            run = _new_run(plan, actor)
            BulkRow.objects.bulk_create(_rows(run, plan))
            _log(actor, run, "begun", rows=(None, len(plan.cancel) + len(plan.move)), **_logged_flags(plan.flags))
    except IntegrityError as error:
        return _begun_before(plan, error)
    run.refresh_from_db()
    return run


def undo(run: BulkRun, actor: Actor) -> None:
    """Give it up before anything is sent. Raises TooLate when it has begun."""
    with transaction.atomic():
        waiting = BulkRun.objects.filter(pk=run.pk, state=RunState.WAITING)
        if not waiting.update(state=RunState.UNDONE, ended_at=Now(), sealed_reason=""):
            raise TooLate("it has begun")
        undone = run.rows.update(state=RowState.UNDONE, settled_at=Now())
        _log(actor, run, "undone", rows=(undone, 0))


def retry(run: BulkRun, actor: Actor) -> int:
    """Try the failed rows again, at once; answers how many. Raises TooLate, AlreadyQueued."""
    failed = run.rows.filter(state=RowState.FAILED)
    try:
        with transaction.atomic():
            # Every second press finds the run running, and comes to nothing.
            ended = BulkRun.objects.filter(pk=run.pk, state=RunState.FINISHED, ended_at__gt=Now() - RETRIED_WITHIN)
            if not failed.exists() or not ended.update(
                state=RunState.RUNNING, ended_at=None, gives_up_at=Now() + GIVES_UP_AFTER
            ):
                raise TooLate("there is nothing to try again")
            again = failed.update(
                state=RowState.WAITING, code="", tries=0, due_at=Now(), claim="", reference="", settled_at=None
            )
            _log(actor, run, "tried again", rows=(None, again))
    except IntegrityError as error:
        raise AlreadyQueued("another run has some of these bookings") from error
    return again


def get_run(public_id: UUID) -> BulkRun:
    """Raises NotFound."""
    run = BulkRun.objects.filter(public_id=public_id).first()
    if run is None:
        raise NotFound(f"no bulk run {public_id}")
    return run


def find_run_of(form: str) -> BulkRun | None:
    """The run that a press of this form has begun."""
    return BulkRun.objects.filter(form=form).first() if form else None


def find_runs() -> list[tuple[BulkRun, Progress]]:
    """The latest, with their progress."""
    runs = list(BulkRun.objects.order_by("-pk")[:RECENT_RUNS])
    counted: dict[int, dict[str, int]] = {run.pk: {} for run in runs}
    for pk, state, number in _counted(BulkRow.objects.filter(run__in=runs)):
        counted[pk][state] = number
    return [(run, Progress(counted[run.pk])) for run in runs]


def find_live_runs(day: date) -> list[BulkRun]:
    """Runs of this day that wait or are under way."""
    return list(BulkRun.objects.filter(day=day, state__in=[RunState.WAITING, RunState.RUNNING]).order_by("pk"))


def progress_of(run: BulkRun) -> Progress:
    return Progress({state: number for _, state, number in _counted(run.rows.all())})


def find_rows(run: BulkRun) -> QuerySet[BulkRow]:
    """In the order of the day."""
    return run.rows.order_by("start", "product_name", "pk")


def may_retry(run: BulkRun) -> bool:
    """Whether failed rows may still be tried again: later on, a new look at the day is the better start."""
    is_recent = run.ended_at is not None and datetime.now(UTC) - run.ended_at < RETRIED_WITHIN
    return run.state == RunState.FINISHED and is_recent and run.rows.filter(state=RowState.FAILED).exists()


def flags_of(run: BulkRun) -> CancelFlags:
    reason = sealing.unseal(run.sealed_reason, REASON).decode() if run.sealed_reason else ""
    return CancelFlags(**run.flags, reason=reason)


def purge() -> int:
    """Reasons that will not be sent any more, and runs of long ago; answers how many were removed."""
    ended = BulkRun.objects.filter(state__in=[RunState.UNDONE, RunState.FINISHED])
    ended.filter(ended_at__lt=Now() - RETRIED_WITHIN).exclude(sealed_reason="").update(sealed_reason="")
    _, removed = ended.filter(ended_at__lt=Now() - KEPT).delete()
    return removed.get(BulkRun._meta.label, 0)


def _new_run(plan: Plan, actor: Actor) -> BulkRun:
    flags = asdict(plan.flags)
    reason = flags.pop("reason")
    window = timedelta(minutes=business_settings.current().bulk_undo_minutes)
    return BulkRun.objects.create(
        form=plan.form,
        day=plan.day,
        flags=flags,
        sealed_reason=sealing.seal(reason.encode(), REASON) if reason else "",
        staff_id=actor.staff_id,
        staff_name=actor.name,
        # By the clock of the database, which also says when the time is over.
        starts_at=Now() + window,
        gives_up_at=Now() + (window + GIVES_UP_AFTER),
    )


def _rows(run: BulkRun, plan: Plan) -> list[BulkRow]:
    cancelled = [_row(run, candidate) for candidate in plan.cancel]
    moved = [
        _row(run, candidate, event_id=time.event_id, to_start=time.start, to_end=time.end)
        for candidate, time in plan.move
    ]
    return cancelled + moved


def _row(run: BulkRun, candidate: Candidate, **changes: Any) -> BulkRow:
    booking = candidate.booking
    return BulkRow(
        run=run,
        booking_number=booking.booking_number,
        product_name=booking.product_name or "",
        start=booking.start_time,
        end=booking.end_time,
        stamp=candidate.stamp,
        due_at=Now(),
        **changes,
    )


def _begun_before(plan: Plan, error: IntegrityError) -> BulkRun:
    """The same press a moment ago; or somebody else's."""
    mine = find_run_of(plan.form)
    if mine is not None:
        return mine
    raise AlreadyQueued("another run has some of these bookings") from error


def _counted(rows: QuerySet[BulkRow]) -> Iterable[tuple[int, str, int]]:
    return rows.order_by().values_list("run_id", "state").annotate(number=Count("pk"))


def _log(actor: Actor, run: BulkRun, step: str, **changes: Change) -> None:
    """In the transaction of what it tells of, so that neither stands without the other."""
    audit.record(
        actor, Act.RUN_BULK_DAY, kind=Kind.DAY, subject=run.day.isoformat(), changes={"step": (None, step), **changes}
    )


def _logged_flags(flags: CancelFlags) -> dict[str, Change]:
    return {name: (None, value) for name, value in asdict(flags).items() if name != "reason"}
