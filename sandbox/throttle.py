"""The `throttle` knob: a token bucket for each API key, shared by all processes (reference 2.8)."""

from __future__ import annotations

import json
import math
import time

from sandbox.errors import ApiError
from sandbox.knobs import Knobs
from sandbox.store import Store, read_state, write_state


def check(store: Store, knobs: Knobs, api_key: str) -> None:
    """Raise a 429 with the seconds to wait when the key has called too often."""
    setting = knobs.get("throttle")
    if setting is None:
        return
    burst, _, rate = setting.partition("/")
    name = f"throttle {setting} {api_key}"
    with store.writing() as db:
        kept = read_state(db, name)
        tokens, wait = take(kept, int(burst), float(rate), time.time())
        write_state(db, name, tokens)
    if wait:
        raise ApiError(429, "Too many requests", retry_after=math.ceil(wait))


def take(kept: str | None, burst: int, rate: float, now: float) -> tuple[str, float]:
    """The bucket after one call, and how many seconds to wait when it was empty (else 0)."""
    tokens, filled = json.loads(kept) if kept else (float(burst), now)
    tokens = min(float(burst), tokens + max(0.0, now - filled) * rate)
    if tokens < 1:
        missing = (1 - tokens) / rate if rate else 60.0
        return json.dumps((tokens, now)), missing
    return json.dumps((tokens - 1, now)), 0
