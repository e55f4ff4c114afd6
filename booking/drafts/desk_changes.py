"""Changing a booking at the desk, from the choice to the press."""

from datetime import UTC, datetime

from booking.bookeo import Booking
from booking.drafts import desk
from booking.drafts.desk import DeskDraft, ShownAnew
from booking.drafts.desk_states import ChangeState
from booking.drafts.store import DraftGone
from booking.services import attempts, cancellations, desk_changes
from booking.services.attempts import Kind
from booking.services.desk_changes import Change, Mails

ChangeDraft = DeskDraft[ChangeState]


def begin(booking: Booking, change: Change, *, staff_id: int, visit: str) -> ChangeDraft:
    """Hold and price what the booking is to become. Raises TimeGone, DetailsRejected, Unavailable."""
    seen = cancellations.stamp(booking)
    state = ChangeState(staff_id=staff_id, number=booking.booking_number, seen=seen, change=change)
    return desk.begin(state, visit=visit, is_pressed=is_pressed, hold=lambda draft: _held(draft, booking, change))


def open_change(token: str, number: str, *, staff_id: int) -> ChangeDraft:
    """Raises DraftGone, also for the change of another booking."""
    draft = desk.open_draft(ChangeState, token, staff_id=staff_id)
    if draft.state.number != number:
        raise DraftGone
    return draft


def is_pressed(draft: ChangeDraft) -> bool:
    """Whether it is on its way, or has been made."""
    return attempts.live(Kind.CHANGE, draft.reference.hex) is not None


def settle(draft: ChangeDraft) -> bool:
    """Whether the press has changed the booking; False when it is certain that it has not. Raises OutcomeUnknown."""
    return desk_changes.settle(draft.reference.hex)


def check(draft: ChangeDraft, booking: Booking, *, shown: str) -> ChangeDraft:
    """The draft that may be sent now. Raises ShownAnew, TimeGone, Unavailable."""
    change = draft.state.change
    if cancellations.stamp(booking) != draft.state.seen:
        raise ShownAnew(_held(draft, booking, change))
    return desk.check(draft, shown=shown, hold=lambda draft: _held(draft, booking, change))


def send(draft: ChangeDraft, booking: Booking, mails: Mails) -> Booking:
    """Once. Raises RuleRefused, DetailsRejected, NotFound, OutcomeUnknown, PermissionMissing."""
    state = draft.state
    return desk_changes.send(booking, state.change, form=draft.reference.hex, hold=state.hold, mails=mails)


def forget_hold(draft: ChangeDraft) -> ChangeDraft:
    """After a refusal its seats are let go, and nobody knows whether they can be had again."""
    return desk.change(draft, lambda state: state.model_copy(update={"hold": None}))


def _held(draft: ChangeDraft, booking: Booking, change: Change) -> ChangeDraft:
    previous = "" if draft.state.hold_is_over(datetime.now(UTC)) else draft.state.hold_id
    hold = desk_changes.hold_for(booking, change, previous_hold_id=previous)
    seen = cancellations.stamp(booking)
    update = {"hold": hold, "asked": True, "seen": seen, "change": change}
    return desk.change(draft, lambda state: state.model_copy(update=update))
