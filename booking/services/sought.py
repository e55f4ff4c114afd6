"""What staff look for, carried in an address that nobody can read: it may be a name, an e-mail or a telephone number,
and addresses end up in histories and logs."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from booking.services.errors import NotFound

KEPT_SECONDS = 12 * 60 * 60


def seal(text: str) -> str:
    """Good for a working day."""
    return _sealer().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises NotFound when it is not ours, or of another day."""
    try:
        return _sealer().decrypt(sealed.encode(), ttl=KEPT_SECONDS).decode()
    except InvalidToken as error:
        raise NotFound("this search has run out") from error


def _sealer() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"searches of staff").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
