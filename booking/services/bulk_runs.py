"""The work of bulk runs, row by row, by as many workers as there are, any of which may be killed between two lines.

    waiting ──> sending ──> done | already | changed | failed
       ^───────────┘        Bookeo is busy or failing: later again

A row is taken in hand by one conditional update, and is somebody else's again when its time is over. What is sent for
it goes through the ledger of attempts, and the row keeps the attempt's reference from before it goes out: whoever takes
up a row that was left lying asks the ledger first, so nothing is sent twice. A row and its entry in the audit log are
settled in one transaction.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from booking.bookeo import Booking, HeldBack
from booking.models import Attempt, BulkRow, BulkRun
from booking.services import audit, booking_changes, bulk_days, cancellations, reconciliation, sharing
from booking.services.attempts import State as Sent
from booking.services.audit import Actor, Change, Kind, Outcome
from booking.services.bulk_days import RowState, RunState
from booking.services.desk_payments import balance_of
from booking.services.errors import NotFound, OutcomeUnknown, ServiceError, Unavailable
from booking.services.key_permissions import Permission, PermissionMissing, needing
from booking.services.lanes import PATIENCE, Lane, lane
from booking.services.staff_acts import Act

logger = logging.getLogger("booking.services")

# One worker at a time has the turn, so that two do not fill the budget of calls. It says so again with each row: a
# killed worker holds the others up for so long, and for no longer.
TURN = "bulk-turn"
TURN_SECONDS = 30.0
TURN_CLAIMED = 30
LOOK_AGAIN = "bulk-look-again"
LOOK_AGAIN_SECONDS = 10.0
# A row's calls have so much time together; then it is somebody else's, who waits a little longer.
ROW_SECONDS = 20.0
IN_HAND = timedelta(seconds=30)
NEXT_TURN_SECONDS = 60.0
# How often a lost answer is asked after, and how long a row waits behind a busy Bookeo: doubled each time.
LOOKED_AFTER = timedelta(seconds=15)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
MOST_TRIES = 8
# One to look at the booking, one to send.
CALLS_PER_ROW = 2


class Code(StrEnum):
    """Why a row could not be done."""

    REFUSED = "refused"  # a rule of Bookeo forbids it: the time is full or closed, it is too late
    GONE = "gone"  # Bookeo knows no such booking, or no such time, any more
    PERMISSION = "permission"  # the key may not
    UNAVAILABLE = "unavailable"  # Bookeo was busy or failing each time
    GAVE_UP = "gave_up"  # it took longer than the run may


@dataclass(frozen=True, slots=True)
class Turn:
    """So many rows were settled; `again_after` so many seconds there are more to do, unless it is None."""

    settled: int
    again_after: float | None = None


@dataclass(frozen=True, slots=True)
class _Result:
    """Where a row ends; `facts` are its columns that go with it."""

    state: RowState
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Later:
    """Not now. `is_try`: it was one of the tries that a row has. `is_over`: nothing more can be sent in this turn."""

    state: RowState
    pause: timedelta
    is_try: bool = False
    is_over: bool = False


def seconds_needed(rows: int) -> float:
    """How long so many rows take when nobody else asks Bookeo for anything."""
    share: float = settings.BOOKEO_CALLS * (1 - PATIENCE[Lane.BULK].reserve)
    seconds: float = settings.BOOKEO_CALLS_SECONDS
    return rows * CALLS_PER_ROW * seconds / max(share, 1)


def work() -> Turn:
    """Begin the runs whose time to undo is over, and settle rows for half a minute."""
    BulkRun.objects.filter(state=RunState.WAITING, starts_at__lte=Now()).update(state=RunState.RUNNING)
    if not BulkRun.objects.filter(state=RunState.RUNNING).exists():
        return Turn(0)
    if not sharing.claim(TURN, seconds=TURN_CLAIMED):
        # Whoever has it may have been killed; of all who are turned away one looks again soon.
        return Turn(0, LOOK_AGAIN_SECONDS if sharing.claim(LOOK_AGAIN, seconds=LOOK_AGAIN_SECONDS) else None)
    try:
        return _work_off()
    finally:
        sharing.release(TURN)


def _work_off() -> Turn:
    _look_after_lost_answers()
    settled, pause, until = 0, 0.0, time.monotonic() + TURN_SECONDS
    while time.monotonic() < until and (row := _take_one()):
        sharing.put(TURN, 1, seconds=TURN_CLAIMED)
        result = _result_of(row)
        if isinstance(result, _Later):
            _put_back(row, result)
            if result.is_over:
                pause = result.pause.total_seconds()
                break
        else:
            settled += _settle(row, result)
    _finish_runs()
    return Turn(settled, _seconds_until_due(pause))


def _look_after_lost_answers() -> None:
    references = BulkRow.objects.filter(state=RowState.SENDING).exclude(reference="").values("reference")
    if not Attempt.objects.filter(state__in=Attempt.OPEN, reference__in=references).exists():
        return
    try:
        with lane(Lane.BULK):
            reconciliation.settle_open_attempts()
    except ServiceError:  # logged where it was translated; the rows wait
        logger.info("lost answers of a bulk run cannot be looked for just now")


def _live() -> QuerySet[BulkRow]:
    return BulkRow.objects.filter(state__in=BulkRow.LIVE, run__state=RunState.RUNNING).order_by("due_at", "pk")


def _seconds_until_due(pause: float) -> float | None:
    """None when nothing is left, and when the next row's time comes after the task's next turn by the clock."""
    due_at = _live().values_list("due_at", flat=True).first()
    if due_at is None:
        return None
    seconds = max((due_at - datetime.now(UTC)).total_seconds(), pause, 0.0)
    return seconds if seconds < NEXT_TURN_SECONDS else None


def _take_one() -> BulkRow | None:
    """A row that is due, in this worker's hand alone."""
    for row in _live().filter(due_at__lte=Now())[:5]:
        mine = uuid.uuid4().hex
        # Whoever has taken it between the two lines has left another claim.
        free = BulkRow.objects.filter(pk=row.pk, state=row.state, claim=row.claim)
        if free.update(state=RowState.SENDING, claim=mine, due_at=Now() + IN_HAND, tries=F("tries") + 1):
            return BulkRow.objects.select_related("run").get(pk=row.pk)
    return None


def _result_of(row: BulkRow) -> _Result | _Later:
    with lane(Lane.BULK, seconds=ROW_SECONDS):
        try:
            return _known_result(row) or _done(row)
        except OutcomeUnknown:
            return _Later(RowState.SENDING, LOOKED_AFTER)
        except NotFound:
            return _Result(RowState.FAILED, Code.GONE)
        except PermissionMissing:
            return _Result(RowState.FAILED, Code.PERMISSION)
        except Unavailable as error:
            return _held_up(row, error)
        except ServiceError:
            return _Result(RowState.FAILED, Code.REFUSED)


def _known_result(row: BulkRow) -> _Result | _Later | None:
    """What is known without asking Bookeo; None when there is something to do."""
    sent = Attempt.objects.filter(reference=row.reference).first() if row.reference else None
    if sent is not None and sent.state == Sent.CONFIRMED:
        return _Result(RowState.DONE)
    if sent is not None and sent.state in Attempt.OPEN:
        return _Later(RowState.SENDING, LOOKED_AFTER)
    if row.tries > MOST_TRIES:
        return _Result(RowState.FAILED, Code.UNAVAILABLE)
    if row.run.gives_up_at < datetime.now(UTC):
        return _Result(RowState.FAILED, Code.GAVE_UP)
    return None


def _done(row: BulkRow) -> _Result | _Later:
    """Unless somebody at the desk is changing it at this moment."""
    with booking_changes.one_at_a_time(row.booking_number) as is_free:
        return _sent(row) if is_free else _Later(RowState.WAITING, LOOKED_AFTER)


def _sent(row: BulkRow) -> _Result:
    """Look at the booking, and send what is to be done when it still is what staff saw."""
    before = booking_changes.get_booking(row.booking_number)
    if _has_arrived_late(row, before):
        return _Result(RowState.DONE)
    if before.canceled:
        return _Result(RowState.ALREADY)
    if cancellations.stamp(before) != row.stamp:
        return _Result(RowState.CHANGED)
    row.reference = ""  # of an earlier try, which came to nothing
    with needing(Permission.WRITE_BOOKINGS):
        after = _move(row, before) if row.event_id else _cancel(row, before)
    # Without a reference nothing was sent for this row: somebody else sent the same at the same moment.
    state = RowState.DONE if row.reference else RowState.ALREADY
    return _Result(state, facts=_balances(before, after))


def _has_arrived_late(row: BulkRow, before: Booking) -> bool:
    """What was given up as lost has been done after all."""
    if not Attempt.objects.filter(reference=row.reference, state=Sent.LOST).exists():
        return False
    return before.event_id == row.event_id if row.event_id else before.canceled


def _cancel(row: BulkRow, before: Booking) -> Booking:
    flags = bulk_days.flags_of(row.run)
    return booking_changes.cancel_booking(
        before,
        flags,
        about_to_send=lambda reference: _note(row, reference),
        read_again=flags.apply_policy,  # which may have changed what is due
    )


def _move(row: BulkRow, before: Booking) -> Booking:
    flags = bulk_days.flags_of(row.run)
    return booking_changes.change_booking(
        before,
        form=f"bulk-row-{row.pk}",
        notify_customer=flags.notify_customer,
        notify_users=flags.notify_users,
        as_manager=True,
        about_to_send=lambda reference: _note(row, reference),
        event_id=row.event_id,
    )


def _note(row: BulkRow, reference: str) -> None:
    """The last line before it is sent. Raises OutcomeUnknown when the row has come into other hands meanwhile."""
    if not _mine(row).update(reference=reference):
        raise OutcomeUnknown(f"{row.booking_number} is in other hands")
    row.reference = reference


def _held_up(row: BulkRow, error: Unavailable) -> _Result | _Later:
    """Surely not done. What our own gate kept back is no try of the row's."""
    if isinstance(error.__cause__, HeldBack):
        return _Later(RowState.WAITING, timedelta(seconds=error.retry_after), is_over=True)
    if row.tries >= MOST_TRIES:
        return _Result(RowState.FAILED, Code.UNAVAILABLE)
    pause = min(FIRST_PAUSE * 2 ** (row.tries - 1), LONGEST_PAUSE)
    return _Later(RowState.WAITING, max(pause, timedelta(seconds=error.retry_after)), is_try=True)


def _put_back(row: BulkRow, later: _Later) -> None:
    tries = F("tries") if later.is_try else F("tries") - 1
    _mine(row).update(state=later.state, due_at=Now() + later.pause, tries=tries)


def _settle(row: BulkRow, result: _Result) -> bool:
    """False when the row is not in our hand any more, and its end somebody else's to tell."""
    with transaction.atomic():
        changes = {"state": result.state, "code": result.code, **result.facts}
        if not _mine(row).update(settled_at=Now(), **changes):
            return False
        _log(row, result)
    return True


def _mine(row: BulkRow) -> QuerySet[BulkRow]:
    return BulkRow.objects.filter(pk=row.pk, claim=row.claim, state=RowState.SENDING)


def _log(row: BulkRow, result: _Result) -> None:
    outcome = {RowState.DONE: Outcome.DONE, RowState.FAILED: Outcome.FAILED}.get(result.state, Outcome.REFUSED)
    audit.record(
        Actor(row.run.staff_id, row.run.staff_name),
        Act.MOVE_BOOKING if row.event_id else Act.CANCEL_BOOKING,
        kind=Kind.BOOKING,
        subject=row.booking_number,
        outcome=outcome,
        changes=dict(_changes(row, result)),
    )


def _changes(row: BulkRow, result: _Result) -> Iterator[tuple[str, Change]]:
    yield "step", (None, f"bulk day {row.run.day}: {result.code or result.state}")
    for name, value in row.run.flags.items():
        yield name, (None, value)
    if result.state == RowState.DONE and row.event_id:
        yield "event_id", (None, row.event_id)
        yield "start", (row.start, row.to_start)
    elif result.state == RowState.DONE:
        yield "canceled", (False, True)
    if "balance_after" in result.facts:
        yield "balance", (result.facts["balance_before"], result.facts["balance_after"])


def _balances(before: Booking, after: Booking) -> dict[str, Any]:
    if before.price is None:
        return {}
    cents = Decimal("0.01")
    return {
        "balance_before": balance_of(before).quantize(cents),
        "balance_after": balance_of(after).quantize(cents),
        "currency": before.price.total_gross.currency,
    }


def _finish_runs() -> None:
    """Those without a live row; a reason that nothing can be sent with any more goes."""
    rows = BulkRow.objects.filter(run=OuterRef("pk"))
    ended = BulkRun.objects.filter(~Exists(rows.filter(state__in=BulkRow.LIVE)), state=RunState.RUNNING)
    ended.filter(~Exists(rows.filter(state=RowState.FAILED))).update(sealed_reason="")
    ended.update(state=RunState.FINISHED, ended_at=Now())
