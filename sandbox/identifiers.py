"""Identifiers in the forms that the reference documents (section 1)."""

from __future__ import annotations

import random
import secrets
import string
import time
from datetime import datetime

ACCOUNT_PREFIX = "5117"
_UPPER = string.ascii_uppercase + string.digits
_MIXED = string.ascii_letters + string.digits
_random = random.SystemRandom()


def _letters(alphabet: str, length: int) -> str:
    return "".join(_random.choices(alphabet, k=length))


def new_id() -> str:
    """Id of a customer, payment, block and so on: prefix, six characters, creation time in hexadecimal ms."""
    return f"{ACCOUNT_PREFIX}{_letters(_UPPER, 6)}{int(time.time() * 1000):011X}"


def new_hold_id() -> str:
    """Sixteen mixed-case letters and digits."""
    return _letters(_MIXED, 16)


def new_booking_number(now: datetime) -> str:
    """Sixteen digits, larger than a safe integer in JavaScript."""
    return f"{ACCOUNT_PREFIX}{now.year % 10}{now:%m%d}{secrets.randbelow(10**7):07d}"


def new_error_id(now: datetime) -> str:
    """Id of one refusal, to be quoted to support."""
    return f"{ACCOUNT_PREFIX}K{now:%y%m%d%H%M%S}{_letters(_UPPER, 5)}"


def new_token(kind: str) -> str:
    """Opaque page navigation token."""
    return f"{_letters(_UPPER, 20)}-{kind}"
