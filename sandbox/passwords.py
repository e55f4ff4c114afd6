"""Customers' passwords, as salted hashes. Slow enough to be honest, quick enough for tests (about 5 ms)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_ROUNDS = 20_000


def hashed(password: str) -> str:
    """A salted hash to keep."""
    salt = secrets.token_hex(16)
    return f"{salt}${_digest(password, salt)}"


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one that was hashed."""
    salt, _, digest = kept.partition("$")
    return hmac.compare_digest(_digest(password, salt), digest)


def _digest(password: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ROUNDS).hex()
