"""What a copy of the database, of the cache or of an address must not tell: sealed under a key made of the server's
secret."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """Sealed under another secret or for another purpose, changed since, or too old."""


def seal(plain: bytes, purpose: str) -> str:
    """Each `purpose` has a key of its own, so that what is sealed for one opens nothing of another. The answer may
    stand in an address."""
    return _sealer(purpose).encrypt(plain).decode()


def unseal(sealed: str, purpose: str, *, seconds: int | None = None) -> bytes:
    """Also what was sealed under an earlier secret of the server that is still named in the settings; of the last so
    many `seconds`. Raises SealBroken."""
    try:
        return _sealer(purpose).decrypt(sealed.encode(), ttl=seconds)
    except InvalidToken as error:
        raise SealBroken from error


def _sealer(purpose: str) -> MultiFernet:
    return MultiFernet([_key(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
