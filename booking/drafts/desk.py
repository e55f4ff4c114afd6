"""What staff have begun for a customer and not sent yet: sealed and expiring like a visitor's draft, and found by its
token. It opens for whoever began it alone.

The token of one can never open the other: each kind has seals of its own.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, transaction
from pydantic import ValidationError

from booking.drafts import store, vault
from booking.drafts.desk_states import DeskState
from booking.drafts.second_press import waited_for
from booking.drafts.store import DraftGone
from booking.models import Draft
from booking.services.errors import ServiceError

S = TypeVar("S", bound=DeskState)


@dataclass(frozen=True, slots=True)
class DeskDraft(Generic[S]):
    """`reference` names it in the ledger of attempts. The token stays out of `repr`, and so out of logs."""

    token: str = field(repr=False)
    reference: uuid.UUID
    state: S = field(repr=False)


class ShownAnew(ServiceError):
    """The booking, the price or the choice is another one than the page has shown; `draft` is as it is now."""

    status = 409

    def __init__(self, draft: DeskDraft[Any]) -> None:
        super().__init__("shown anew")
        self.draft = draft


Step = Callable[[DeskDraft[S]], DeskDraft[S]]


def begin(state: S, *, visit: str, is_pressed: Callable[[DeskDraft[S]], bool], hold: Step[S]) -> DeskDraft[S]:
    """The draft of a press on a time, its seats held by `hold`. A second press from the same showing of a page, which
    `visit` names, has the draft of the first, and asks for seats only if it wishes something else.

    Raises Unavailable when the first one waits too long, and what `hold` raises.
    """
    try:
        draft, is_new = _put(state, visit)
        if not is_new and not is_pressed(draft):
            return _wait_until_asked(draft) if draft.state.wish == state.wish else hold(draft)
    except DraftGone:  # the first press came to nothing
        is_new = False
    if not is_new:  # nor is it Back, after all was done
        draft, _ = _put(state)
    try:
        return hold(draft)
    except ServiceError:
        _discard(draft)
        raise


def check(draft: DeskDraft[S], *, shown: str, hold: Step[S]) -> DeskDraft[S]:
    """The draft that may be sent now. A hold that ran out is renewed first, and the press counts if the price stayed.

    Raises ShownAnew, and what `hold` raises.
    """
    state = draft.state
    if shown != state.fingerprint:
        raise ShownAnew(draft)
    if state.hold is None or not state.hold_is_over(datetime.now(UTC)):
        return draft
    renewed = hold(draft)
    if renewed.state.total != state.total:
        raise ShownAnew(renewed)
    return renewed


def _put(state: S, visit: str = "") -> tuple[DeskDraft[S], bool]:
    """A new draft, and True; or the one of this visit, and False."""
    store.purge()
    token = vault.token_of_visit(visit)
    draft = DeskDraft(token, uuid.uuid4(), state)
    try:
        with transaction.atomic():
            Draft.objects.create(
                key_hash=vault.key_hash(_own(token)),
                reference=draft.reference,
                sealed=_sealed(draft),
                expires_at=store.expiry(),
            )
    except IntegrityError:
        return open_draft(type(state), token, staff_id=state.staff_id), False
    return draft, True


def open_draft(kind: type[S], token: str, *, staff_id: int) -> DeskDraft[S]:
    """Raises DraftGone: there is none, or not any more, or it is somebody else's."""
    return _opened(kind, store.find_row(_own(token)), token, staff_id)


def change(draft: DeskDraft[S], edit: Callable[[S], S]) -> DeskDraft[S]:
    """Apply `edit` to the newest state and store it. Two tabs at once wait for each other."""
    with transaction.atomic():
        row = store.find_row(_own(draft.token), lock=True)
        newest = _opened(type(draft.state), row, draft.token, draft.state.staff_id)
        changed = DeskDraft(draft.token, newest.reference, edit(newest.state))
        row.sealed, row.expires_at = _sealed(changed), store.expiry()
        row.save(update_fields=["sealed", "expires_at"])
    return changed


def _wait_until_asked(draft: DeskDraft[S]) -> DeskDraft[S]:
    """The draft of a first press, as soon as that one has asked for its seats. Raises DraftGone when it came to
    nothing."""

    def read() -> DeskDraft[S]:
        return open_draft(type(draft.state), draft.token, staff_id=draft.state.staff_id)

    return waited_for(lambda known: known.state.asked, draft, read)


def _discard(draft: DeskDraft[S]) -> None:
    """Forget a draft that came to nothing."""
    store.discard(_own(draft.token))


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
