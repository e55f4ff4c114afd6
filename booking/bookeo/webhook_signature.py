"""Signing and checking the notifications that Bookeo posts (reference 8)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

TIMESTAMP_HEADER: Final = "X-Bookeo-Timestamp"
MESSAGE_ID_HEADER: Final = "X-Bookeo-MessageId"
SIGNATURE_HEADER: Final = "X-Bookeo-Signature"
PREVIOUS_MESSAGE_LOST_HEADER: Final = "X-Bookeo-PreviousMessageLost"

_TOLERANCE: Final = timedelta(seconds=120)
_LONGEST_TIMESTAMP: Final = 16


def sign(*, secret_key: str, timestamp: str, message_id: str, url: str, body: bytes) -> str:
    """The signature in lower-case hex.

    ``url`` is the address exactly as registered, with its query; ``body`` the bytes as received;
    ``timestamp`` the header's text, Unix time in milliseconds.
    """
    signed = (timestamp + message_id + url).encode() + body
    return hmac.new(secret_key.encode(), signed, hashlib.sha256).hexdigest()


def verify(
    *, secret_key: str, timestamp: str, message_id: str, url: str, body: bytes, signature: str, now: datetime
) -> bool:
    """Whether the message comes from Bookeo and was sent within 120 seconds of ``now`` (an aware time)."""
    expected = sign(secret_key=secret_key, timestamp=timestamp, message_id=message_id, url=url, body=body)
    is_genuine = hmac.compare_digest(expected.encode(), signature.lower().encode())
    return is_genuine and _is_recent(timestamp, now)


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    age_in_seconds = now.timestamp() - int(timestamp) / 1000
    return abs(age_in_seconds) <= _TOLERANCE.total_seconds()
