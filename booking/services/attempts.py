"""The ledger of what may happen once: an attempt is committed before it is sent, and settled by its answer.

    pending ──> confirmed | refused | unknown
    unknown ──> confirmed | lost            (pending too, when the process that sent it has died)
    lost ─────> confirmed | duplicate       (it arrived after we had given up)

No row holds personal data.
"""

import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from typing import TypeAlias

from django.conf import settings
from django.db import IntegrityError, transaction

from booking.models import Attempt
from booking.services.errors import ServiceError

Kind: TypeAlias = Attempt.Kind
State: TypeAlias = Attempt.State


class AlreadyAttempted(ServiceError):
    """This has been sent before; `attempt` tells how far it came."""

    status = 409

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(f"{attempt.kind} was sent already")
        self.attempt = attempt


def begin(
    kind: Kind, subject: str, *, target: str = "", fingerprint: str = "", product_id: str = "", event_id: str = ""
) -> Attempt:
    """A committed attempt, which is to be sent now. Raises AlreadyAttempted."""
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                kind=kind,
                subject=subject,
                reference=f"web-{uuid.uuid4().hex}",
                target=target,
                fingerprint=fingerprint,
                product_id=product_id,
                event_id=event_id,
            )
    except IntegrityError as error:
        there = live(kind, subject)
        if there is None:  # settled as having come to nothing, between the two looks
            return begin(
                kind, subject, target=target, fingerprint=fingerprint, product_id=product_id, event_id=event_id
            )
        raise AlreadyAttempted(there) from error


def live(kind: Kind, subject: str) -> Attempt | None:
    """The attempt that stands in the way of another one."""
    return Attempt.objects.filter(kind=kind, subject=subject).exclude(state__in=Attempt.FREE).first()


def confirm(attempt: Attempt, target: str) -> None:
    """It happened."""
    attempt.target = target
    _close(attempt, State.CONFIRMED)


def refuse(attempt: Attempt, error_id: str | None) -> None:
    """It did not happen, and the answer says so."""
    _close(attempt, State.REFUSED, error_id)


def leave_unknown(attempt: Attempt, error_id: str | None) -> None:
    """Its answer is lost."""
    attempt.state, attempt.error_id = State.UNKNOWN, error_id or ""
    attempt.save(update_fields=["state", "error_id"])


def give_up(attempt: Attempt) -> bool:
    """It was looked for in vain. False when somebody else has settled it meanwhile."""
    now = datetime.now(UTC)
    rows = Attempt.objects.filter(pk=attempt.pk, state__in=Attempt.OPEN)
    return bool(rows.update(state=State.LOST, settled_at=now))


def call_duplicate(attempt: Attempt, target: str) -> None:
    """It arrived after all, beside another one, and was cancelled."""
    attempt.target = target
    _close(attempt, State.DUPLICATE)


def fingerprint_of(text: str) -> str:
    """Recognises the same text again, and tells nothing of it to whoever has no key."""
    key = f"attempts:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.strip().casefold().encode(), hashlib.sha256).hexdigest()


def _close(attempt: Attempt, state: State, error_id: str | None = None) -> None:
    attempt.state = state
    attempt.error_id = error_id or ""
    attempt.settled_at = datetime.now(UTC)
    attempt.save(update_fields=["state", "target", "error_id", "settled_at"])
