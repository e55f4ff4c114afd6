"""The steps of a booking. Where a visitor is, the address says; what is done, the draft says."""

from collections.abc import Callable
from dataclasses import dataclass

from booking.drafts.state import DraftState


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is the name of its address."""

    name: str
    title: str
    done: Callable[[DraftState], bool]


CHOOSE = Step("times", "Choose", lambda _: True)  # a draft begins with a choice
DETAILS = Step("details", "Details", lambda state: state.details_done)
PARTICIPANTS = Step("participants", "Who", lambda state: state.participants_done)
CHECK = Step("check", "Check", lambda state: state.placed is not None)


def steps_of(*, asks_participants: bool) -> list[Step]:
    return [CHOOSE, DETAILS, *([PARTICIPANTS] if asks_participants else []), CHECK]


def next_page(state: DraftState, *, asks_participants: bool) -> str:
    """The name of the first unfinished step's address; of the confirmation when all is done."""
    if state.placed is not None:
        return "confirmed"
    if state.hold is None and state.signed_in is None:
        return "sign-in"
    unfinished = [step for step in steps_of(asks_participants=asks_participants)[1:] if not step.done(state)]
    return unfinished[0].name
