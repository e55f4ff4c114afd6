"""What staff look for, carried in an address that nobody can read: it may be a name, an e-mail or a telephone number,
and addresses end up in histories and logs."""

from booking.services import sealing
from booking.services.errors import NotFound

KEPT_SECONDS = 12 * 60 * 60
PURPOSE = "searches of staff"


class SearchGone(NotFound):
    """Not ours, or of another day."""


def seal(text: str) -> str:
    """Good for a working day."""
    return sealing.seal(text.encode(), PURPOSE)


def unseal(sealed: str) -> str:
    """Raises SearchGone."""
    try:
        return sealing.unseal(sealed, PURPOSE, seconds=KEPT_SECONDS).decode()
    except sealing.SealBroken as error:
        raise SearchGone("this search has run out") from error
