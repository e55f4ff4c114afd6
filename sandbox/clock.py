"""What time it is in the sandbox: the machine's clock, shifted or stopped by the `clock` knob."""

from __future__ import annotations

import time
from datetime import datetime

from sandbox.knobs import KnobError, Knobs


def now(knobs: Knobs) -> int:
    """Unix seconds. Raises KnobError for a stopped clock without an offset."""
    setting = knobs.get("clock")
    if setting is None:
        return int(time.time())
    if setting[0] in "+-":
        return int(time.time()) + int(setting)
    return _stopped_at(setting)


def _stopped_at(setting: str) -> int:
    try:
        moment = datetime.fromisoformat(setting)
    except ValueError as error:
        raise KnobError("The clock cannot stop at {}.", setting) from error
    if moment.tzinfo is None:
        raise KnobError("The clock can only stop at a date-time with an offset.")
    return int(moment.timestamp())
