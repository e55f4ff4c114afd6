"""Finding, changing and moving drafts."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from pydantic import BaseModel, ValidationError

from booking.drafts import vault
from booking.drafts.state import DraftState
from booking.models import Draft
from booking.services.errors import ServiceError, TooManyAttempts

GUESSES_ALLOWED = 5
MOVES_FOLLOWED = 5


class DraftGone(ServiceError):
    """No such draft, or not any more. The two cannot be told apart, on purpose."""

    status = 410


class DraftMoved(ServiceError):
    """The draft went on under a new address. `state` is what this one may still show."""

    status = 410

    def __init__(self, state: DraftState) -> None:
        super().__init__("moved")
        self.state = state


class WrongProof(ServiceError):
    status = 422


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that was opened with its token. The token stays out of `repr`, and so out of logs."""

    token: str = field(repr=False)
    reference: uuid.UUID
    state: DraftState = field(repr=False)


class _Forwarding(BaseModel):
    """What remains at an old address: the choice, and the new token under a lock that needs the proof."""

    state: DraftState
    pointer: str


def create(state: DraftState, *, visit: str = "") -> tuple[OpenDraft, bool]:
    """A new draft, and True; or for a second press from the same showing of a page, which `visit` names, the draft of
    the first, and False. Expired ones are swept on the way.

    Raises DraftMoved when that draft has gone on.
    """
    purge()
    token = vault.token_of_visit(visit)
    try:
        with transaction.atomic():
            return _insert(state, uuid.uuid4(), token), True
    except IntegrityError:
        return open_draft(token), False


def purge() -> int:
    """Delete what has expired; answers how many drafts that were."""
    deleted, _ = Draft.objects.filter(expires_at__lt=datetime.now(UTC)).delete()
    return deleted


def discard(token: str) -> None:
    """Forget a draft that came to nothing."""
    Draft.objects.filter(key_hash=vault.key_hash(token)).delete()


def open_draft(token: str) -> OpenDraft:
    """Raises DraftGone and DraftMoved."""
    return _opened(find_row(token), token)


def change(token: str, edit: Callable[[DraftState], DraftState]) -> OpenDraft:
    """Apply `edit` to the newest state and store it. Two tabs at once wait for each other; nothing is overwritten."""
    with transaction.atomic():
        row = find_row(token, lock=True)
        draft = _opened(row, token)
        state = edit(draft.state)
        row.sealed = _sealed(state, token)
        row.expires_at = expiry()
        row.save(update_fields=["sealed", "expires_at"])
    return OpenDraft(token, draft.reference, state)


def move(token: str, edit: Callable[[DraftState], DraftState], *, proof: str) -> OpenDraft:
    """Apply `edit` and give the draft a fresh token.

    The old address opens nothing personal any more. Whoever knows the `proof` (the e-mail that was entered) is led on
    to the new one: that is the visitor who pressed Back, or pressed twice.
    """
    with transaction.atomic():
        row = find_row(token, lock=True)
        draft = _opened(row, token)
        state = edit(draft.state)
        moved = _insert(state, draft.reference, vault.new_token())
        pointer = vault.seal(moved.token.encode(), token, proof=_folded(proof))
        remains = _Forwarding(state=state.without_personal_data(), pointer=pointer.hex())
        row.sealed = vault.seal(remains.model_dump_json().encode(), token)
        row.moved = True
        row.save(update_fields=["sealed", "moved"])
    return moved


def follow(token: str, *, proof: str) -> OpenDraft:
    """The draft that `token` was moved to. Raises WrongProof, TooManyAttempts, DraftGone."""
    for _ in range(MOVES_FOLLOWED):
        row = find_row(token)
        if not row.moved:
            return _opened(row, token)
        token = _next_token(row, token, _folded(proof))
    raise DraftGone


def _next_token(row: Draft, token: str, proof: str) -> str:
    if row.failed_guesses >= GUESSES_ALLOWED:
        raise TooManyAttempts(retry_after=3600)
    remains = _Forwarding.model_validate_json(_unsealed(row, token))
    try:
        return vault.unseal(bytes.fromhex(remains.pointer), token, proof=proof).decode()
    except vault.SealBroken as error:
        row.failed_guesses += 1
        row.save(update_fields=["failed_guesses"])
        raise WrongProof from error


def _insert(state: DraftState, reference: uuid.UUID, token: str) -> OpenDraft:
    Draft.objects.create(
        key_hash=vault.key_hash(token), reference=reference, sealed=_sealed(state, token), expires_at=expiry()
    )
    return OpenDraft(token, reference, state)


def find_row(token: str, *, lock: bool = False) -> Draft:
    """Raises DraftGone."""
    rows = Draft.objects.select_for_update() if lock else Draft.objects
    row = rows.filter(key_hash=vault.key_hash(token), expires_at__gt=datetime.now(UTC)).first()
    if row is None:
        raise DraftGone
    return row


def _opened(row: Draft, token: str) -> OpenDraft:
    plain = _unsealed(row, token)
    try:
        if row.moved:
            raise DraftMoved(_Forwarding.model_validate_json(plain).state)
        return OpenDraft(token, row.reference, DraftState.model_validate_json(plain))
    except ValidationError as error:  # written by a release whose drafts we cannot read
        raise DraftGone from error


def _unsealed(row: Draft, token: str) -> bytes:
    try:
        return vault.unseal(bytes(row.sealed), token)
    except vault.SealBroken as error:
        raise DraftGone from error


def _sealed(state: DraftState, token: str) -> bytes:
    # Unset fields stay away, so that a wire model read back is the one that was stored.
    return vault.seal(state.model_dump_json(exclude_unset=True).encode(), token)


def expiry() -> datetime:
    """Of a draft that is used now."""
    return datetime.now(UTC) + timedelta(hours=settings.DRAFT_HOURS)


def _folded(proof: str) -> str:
    return proof.strip().casefold()
