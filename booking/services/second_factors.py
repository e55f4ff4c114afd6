"""The second factor of staff: whether somebody has one, and how its secrets are kept."""

import base64

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

# Recovery codes stand in for one of these; they are none by themselves.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


Whoever = AbstractBaseUser | AnonymousUser


def count(user: Whoever) -> int:
    return int(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).count())


def has_one(user: Whoever) -> bool:
    return count(user) > 0


def has_key(user: Whoever) -> bool:
    """A security key or a passkey, beside or instead of an app."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists())


def seal(secret: str) -> str:
    """A copy of the database makes no codes: the key is made of the server's secret."""
    return _sealer().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Also what was sealed under an earlier secret of the server that is still named in the settings."""
    return _sealer().decrypt(sealed.encode()).decode()


def _sealer() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factors").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
