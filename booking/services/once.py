"""Sending a write once: written down before, settled by its answer, looked up when the answer is lost."""

from collections.abc import Callable
from typing import TypeVar

from booking import bookeo
from booking.models import Attempt
from booking.services import attempts, reconciliation
from booking.services.attempts import AlreadyAttempted, Kind, State
from booking.services.errors import OutcomeUnknown, bookeo_errors_translated, rules_may_refuse, write_may_stand

T = TypeVar("T")


def once(
    kind: Kind,
    subject: str,
    *,
    send: Callable[[str], T | None],
    read: Callable[[str], T],
    target_of: Callable[[T], str],
    target: str = "",
    fingerprint: str = "",
    product_id: str = "",
) -> T:
    """What came of the write, now or at an earlier press with the same `subject`.

    `send` is given our reference; what it answers came of the write, or `read` fetches it by its id. Raises
    RuleRefused, DetailsRejected, NotFound, Unavailable: it did not happen. OutcomeUnknown: it may have, or it has and
    cannot be read back now.
    """
    try:
        attempt = attempts.begin(kind, subject, target=target, fingerprint=fingerprint, product_id=product_id)
    except AlreadyAttempted as error:
        return _outcome(error.attempt, read)
    with bookeo_errors_translated(), rules_may_refuse():
        try:
            done = send(attempt.reference)
        except bookeo.BookeoError as error:
            if not error.outcome_unknown:
                attempts.refuse(attempt, error.error_id)
                raise
            attempts.leave_unknown(attempt, error.error_id)
        else:
            attempts.confirm(attempt, target if done is None else target_of(done))
            if done is not None:
                return done
    return _outcome(attempt, read)


def _outcome(attempt: Attempt, read: Callable[[str], T]) -> T:
    with write_may_stand():
        if attempt.state in Attempt.OPEN:
            reconciliation.settle_open_attempts()
            attempt.refresh_from_db()
        if attempt.state != State.CONFIRMED:
            raise OutcomeUnknown(f"{attempt.kind} {attempt.reference} is not known yet")
        return read(attempt.target)
