"""What staff have begun for a customer and not sent yet: sealed and expiring like a visitor's draft, and found by its
token. It opens for whoever began it alone.

The token of one can never open the other: each kind has seals of its own.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from booking.drafts import store, vault
from booking.drafts.desk_states import DeskState
from booking.drafts.store import DraftGone
from booking.models import Draft
from booking.services.errors import Unavailable

SHORTEST_VISIT = 22
# How long a second press waits for the seats that the first one asks for.
SECOND_PRESS_SECONDS = 10.0
POLL_SECONDS = 0.1

S = TypeVar("S", bound=DeskState)


@dataclass(frozen=True, slots=True)
class DeskDraft(Generic[S]):
    """`reference` names it in the ledger of attempts. The token stays out of `repr`, and so out of logs."""

    token: str = field(repr=False)
    reference: uuid.UUID
    state: S = field(repr=False)


def begin(state: S, *, visit: str = "") -> tuple[DeskDraft[S], bool]:
    """A new draft, and True; or for a second press from the same showing of a page, which `visit` names, the draft of
    the first, and False."""
    store.purge()
    token = vault.token_of_visit(visit) if len(visit) >= SHORTEST_VISIT else vault.new_token()
    draft = DeskDraft(token, uuid.uuid4(), state)
    try:
        with transaction.atomic():
            Draft.objects.create(
                key_hash=vault.key_hash(_own(token)),
                reference=draft.reference,
                sealed=_sealed(draft),
                expires_at=_expiry(),
            )
    except IntegrityError:
        return open_draft(type(state), token, staff_id=state.staff_id), False
    return draft, True


def open_draft(kind: type[S], token: str, *, staff_id: int) -> DeskDraft[S]:
    """Raises DraftGone: there is none, or not any more, or it is somebody else's."""
    return _opened(kind, _row(token), token, staff_id)


def change(draft: DeskDraft[S], edit: Callable[[S], S]) -> DeskDraft[S]:
    """Apply `edit` to the newest state and store it. Two tabs at once wait for each other."""
    with transaction.atomic():
        row = _row(draft.token, lock=True)
        newest = _opened(type(draft.state), row, draft.token, draft.state.staff_id)
        changed = DeskDraft(draft.token, newest.reference, edit(newest.state))
        row.sealed, row.expires_at = _sealed(changed), _expiry()
        row.save(update_fields=["sealed", "expires_at"])
    return changed


def wait_until_asked(draft: DeskDraft[S]) -> DeskDraft[S]:
    """The draft of a first press, as soon as that one has asked for its seats. Raises Unavailable."""
    deadline = time.monotonic() + SECOND_PRESS_SECONDS
    while not draft.state.asked:
        if time.monotonic() > deadline:
            raise Unavailable("the first press still waits for its seats")
        time.sleep(POLL_SECONDS)
        draft = open_draft(type(draft.state), draft.token, staff_id=draft.state.staff_id)
    return draft


def discard(draft: DeskDraft[S]) -> None:
    """Forget a draft that came to nothing."""
    Draft.objects.filter(key_hash=vault.key_hash(_own(draft.token))).delete()


def _row(token: str, *, lock: bool = False) -> Draft:
    rows = Draft.objects.select_for_update() if lock else Draft.objects
    row = rows.filter(key_hash=vault.key_hash(_own(token)), expires_at__gt=datetime.now(UTC)).first()
    if row is None:
        raise DraftGone
    return row


def _opened(kind: type[S], row: Draft, token: str, staff_id: int) -> DeskDraft[S]:
    try:
        state = kind.model_validate_json(vault.unseal(bytes(row.sealed), _own(token)))
    except (vault.SealBroken, ValidationError) as error:  # of another kind, or written by another release
        raise DraftGone from error
    if state.staff_id != staff_id:
        raise DraftGone
    return DeskDraft(token, row.reference, state)


def _sealed(draft: DeskDraft[S]) -> bytes:
    return vault.seal(draft.state.model_dump_json(exclude_unset=True).encode(), _own(draft.token))


def _own(token: str) -> str:
    return f"desk:{token}"


def _expiry() -> datetime:
    return datetime.now(UTC) + timedelta(hours=settings.DRAFT_HOURS)
