"""Knobs: ways to make the sandbox slow, strict, broken or late. By command line, on the page, or per request.

A knob may be limited to one operation of the OpenAPI document: `fail.createBooking=503`.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.store import read_state, write_state

HEADER = "X-Sandbox-Knobs"
_STATE = "knobs"
_MILLISECONDS = r"\d+(-\d+)?"
_SWITCH = "on|off"


@dataclass(frozen=True)
class Knob:
    """One knob: what values look like and what it does."""

    pattern: str
    meaning: str

    @property
    def words(self) -> list[str]:
        """The values to choose from, if they are plain words."""
        return self.pattern.split("|") if re.fullmatch(r"[a-z_|]+", self.pattern) else []

    @property
    def explanation(self) -> str:
        """What it does, and the words to choose from."""
        return f"{self.meaning} ({', '.join(self.words)})" if self.words else self.meaning


CHAOS: Mapping[str, Mapping[str, str]] = {
    "cut_before": {"cut": "before"},
    "cut_after": {"cut": "after"},
    "fail_before": {"fail": "503"},
    "fail_after": {"fail_after": "503"},
    "busy": {"fail": "429"},
    "slow_before": {"latency": ""},
    "slow_after": {"latency_after": ""},
}
"""The faults of the `chaos` knob and the knobs that they turn; an empty value stands for its delay."""

_CHANCE = rf"({'|'.join(CHAOS)})=(0(\.\d+)?|1(\.0+)?)"

KNOBS: Mapping[str, Knob] = {
    "latency": Knob(_MILLISECONDS, "wait before the work: milliseconds, or min-max"),
    "latency_after": Knob(_MILLISECONDS, "wait after the work, before the answer: milliseconds, or min-max"),
    "throttle": Knob(r"\d+/\d+(\.\d+)?", "burst/rate: 10/2 answers 429 after ten calls at once, then two a second"),
    "throttle_hint": Knob("header|body|both", "where a 429 says how long to wait"),
    "fail": Knob(r"[45]\d\d", "answer with this status and do nothing"),
    "fail_after": Knob(r"[45]\d\d", "do the work, then answer with this status"),
    "retry_after": Knob(r"\d+", "seconds to wait that a 429 of fail, fail_after or chaos asks for; 30 unless set"),
    "cut": Knob("before|after", "close the connection before or after the work was done"),
    "trickle": Knob(_MILLISECONDS, "send the body in small pieces with this pause, milliseconds"),
    "trickle_headers": Knob(_MILLISECONDS, "send status and headers in small pieces with this pause, milliseconds"),
    "garbage": Knob("truncated|html|content_type|error_body", "answer with a body that no client expects"),
    "unknown": Knob(_SWITCH, "add fields to objects that no client knows"),
    "chaos": Knob(
        rf"{_CHANCE}(,{_CHANCE})*",
        f"faults by chance, such as cut_after=0.05,busy=0.01; there are {', '.join(CHAOS)}",
    ),
    "chaos_seed": Knob(r"\w+", "the same faults again for the same calls of an operation, in the same order"),
    "chaos_delay": Knob(_MILLISECONDS, "how long slow_before and slow_after last: milliseconds; 3000-6000 unless set"),
    "stale": Knob(r"\d+", "availability and lists lag behind bookings by this many seconds"),
    "clock": Knob(r"[+-]\d+|\d{4}-\d\d-\d\dT\S+", "shift the clock by seconds, or stop it at a date-time with offset"),
    "webhook_delay": Knob(
        r"\d+(\.\d+)?(-\d+(\.\d+)?)?", "seconds until the first delivery; with min-max, messages overtake each other"
    ),
    "webhook_duplicate": Knob(_SWITCH, "deliver each message twice"),
    "webhook_loss": Knob(_SWITCH, "drop messages; the next one delivered says so"),
    "webhook_bad_signature": Knob(_SWITCH, "sign with the wrong key"),
    "full_slots": Knob("list|hide", "whether slots without seats are listed"),
    "cancel_cutoff": Knob(_SWITCH, "refuse to cancel later than the change cut-off"),
    "canceled_in_customer_list": Knob(_SWITCH, "whether a customer's list shows cancelled bookings"),
    "put_body": Knob(_SWITCH, "whether PUT answers with the object"),
}

PROFILES: Mapping[str, Mapping[str, str]] = {
    "quick": {},
    "realistic": {
        "latency": "150-400",
        "latency.searchMatchingSlots": "300-900",
        "latency.createHold": "300-900",
        "latency.createBooking": "500-1500",
        "throttle": "10/2",
        "unknown": "on",
    },
}


class KnobError(ValueError):
    """A knob that does not exist, or a value that it cannot take. The parts fill the braces of the message."""

    def __init__(self, message: str, *parts: object) -> None:
        super().__init__(message.format(*parts))


@dataclass(frozen=True)
class Knobs:
    """The knobs that hold for one call."""

    values: Mapping[str, str] = field(default_factory=dict)
    operation: str = ""

    def get(self, name: str) -> str | None:
        """The value for this operation, or for all."""
        return self.values.get(f"{name}.{self.operation}", self.values.get(name))

    def is_on(self, name: str, *, default: bool = False) -> bool:
        """Whether a switch is on."""
        value = self.get(name)
        return default if value is None else value == "on"

    def drawn(self, name: str) -> float:
        """A number, drawn from the range if it is one; 0 when not set."""
        low, _, high = (self.get(name) or "0").partition("-")
        return random.uniform(float(low), float(high or low))  # noqa: S311 - a pause needs no secrecy

    def merged(self, values: Mapping[str, str], operation: str) -> Knobs:
        """These knobs with others on top, for one operation."""
        return Knobs({**self.values, **values}, operation)

    def turned(self, values: Mapping[str, str]) -> Knobs:
        """These knobs with others on top, also of those that are set for this operation alone."""
        return Knobs(
            {**self.values, **{f"{name}.{self.operation}": value for name, value in values.items()}}, self.operation
        )


def check(name: str, value: str) -> None:
    """Raise KnobError unless the knob exists and can take the value."""
    knob = KNOBS.get(name.partition(".")[0])
    if knob is None:
        raise KnobError("There is no knob called {}. Known: {}.", name, ", ".join(KNOBS))
    if not re.fullmatch(knob.pattern, value):
        raise KnobError("The knob {} cannot be {}: {}.", name, value, knob.meaning)


def parse(assignments: Iterable[str]) -> dict[str, str]:
    """Knobs from `name=value` texts. Raises KnobError."""
    values = {}
    for assignment in assignments:
        name, _, value = assignment.strip().partition("=")
        check(name, value)
        values[name] = value
    return values


def parse_header(text: str) -> dict[str, str]:
    """Knobs of one request: `latency=200;fail=503`."""
    return parse(part for part in text.split(";") if part.strip())


def load(connection: sqlite3.Connection) -> Knobs:
    """The knobs that hold for every call, shared by all processes."""
    text = read_state(connection, _STATE)
    return Knobs(json.loads(text) if text else {})


def save(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Replace the knobs that hold for every call."""
    for name, value in values.items():
        check(name, value)
    write_state(connection, _STATE, json.dumps(dict(values)))
