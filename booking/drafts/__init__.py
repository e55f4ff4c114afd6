"""The visitor's unfinished booking: encrypted, expiring, addressed by its token alone. No cookie is needed."""

from booking.drafts.state import Contact, DraftState, Placed, SignedIn
from booking.drafts.store import DraftGone, DraftMoved, OpenDraft, WrongProof, follow, open_draft

__all__ = [
    "Contact",
    "DraftGone",
    "DraftMoved",
    "DraftState",
    "OpenDraft",
    "Placed",
    "SignedIn",
    "WrongProof",
    "follow",
    "open_draft",
]
