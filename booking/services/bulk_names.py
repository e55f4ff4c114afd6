"""Whose bookings a run is about, so that its page can say so without asking Bookeo every few seconds.

They are kept as the list of a day is (`day_lists`): sealed, in the shared cache alone, for half a day.
"""

import json
from collections.abc import Mapping
from uuid import UUID

from booking.services import sealing, sharing

KEPT_SECONDS = 12 * 60 * 60
PURPOSE = "names of bulk days"


def keep(public_id: UUID, names: Mapping[str, str]) -> None:
    """By booking number."""
    sharing.put(_key(public_id), sealing.seal(json.dumps(names).encode(), PURPOSE), seconds=KEPT_SECONDS)


def find(public_id: UUID) -> dict[str, str]:
    """Empty when they are not kept any more."""
    sealed = sharing.get(_key(public_id))
    try:
        return dict(json.loads(sealing.unseal(sealed, PURPOSE))) if sealed else {}
    except sealing.SealBroken:
        return {}


def _key(public_id: UUID) -> str:
    return f"bulk-names:{public_id}"
