"""The second factor of staff: whether somebody has one, and how its secrets are kept."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from booking.services import sealing

PURPOSE = "second factors"
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
    return sealing.seal(secret.encode(), PURPOSE)


def unseal(sealed: str) -> str:
    """Also what was sealed under an earlier secret of the server that is still named in the settings."""
    return sealing.unseal(sealed, PURPOSE).decode()
