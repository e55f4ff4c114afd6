"""Who takes which seats and resources. Bookings, holds and blocks are owners; holds let go when they expire."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.schedule import Occurrence

ALL_SEATS = 1_000_000
"""More than any slot has: what a block of all seats, or a private event, takes."""


@dataclass(frozen=True)
class View:
    """What counts at a moment. `written_before` lets reads lag behind; None sees everything."""

    now: int
    written_before: int | None = None

    @property
    def _condition(self) -> str:
        lag = "" if self.written_before is None else f" AND created <= {int(self.written_before)}"
        return f"(expires IS NULL OR expires > {int(self.now)}){lag}"

    def taken(self, db: sqlite3.Connection, event_ids: Sequence[str]) -> dict[str, int]:
        """Seats taken, by event."""
        marks = ",".join("?" * len(event_ids))
        rows = db.execute(
            f"SELECT event_id, SUM(seats) AS seats FROM seat_use WHERE event_id IN ({marks})"  # noqa: S608 - only marks
            f" AND {self._condition} GROUP BY event_id",
            event_ids,
        )
        return {row["event_id"]: row["seats"] for row in rows}

    def taken_between(self, db: sqlite3.Connection, start: int, end: int) -> dict[str, int]:
        """Seats taken in all events that start within the two moments."""
        rows = db.execute(
            "SELECT event_id, SUM(seats) AS seats FROM seat_use WHERE starts BETWEEN ? AND ?"  # noqa: S608 - whole numbers
            f" AND {self._condition} GROUP BY event_id",
            (start, end),
        )
        return {row["event_id"]: row["seats"] for row in rows}

    def busy(
        self, db: sqlite3.Connection, resource_ids: Sequence[str], start: int, end: int
    ) -> list[tuple[str, int, int]]:
        """What is in use at some time within the two moments: resource, from, until."""
        marks = ",".join("?" * len(resource_ids))
        rows = db.execute(
            f"SELECT resource_id, starts, ends FROM resource_use WHERE resource_id IN ({marks})"  # noqa: S608 - only marks
            f" AND ends > ? AND starts < ? AND {self._condition}",
            (*resource_ids, start, end),
        )
        return [(row["resource_id"], row["starts"], row["ends"]) for row in rows]


def left(slot: Occurrence, taken: Mapping[str, int]) -> int:
    """Seats left in a slot; in a course, those left in the fullest of its classes that one can still attend."""
    events = [course_class.event_id for course_class in slot.attended] or [slot.event_id]
    return max(0, slot.product.capacity - max(taken.get(event_id, 0) for event_id in events))


def free_resource(candidates: Iterable[str], busy: Iterable[tuple[str, int, int]], start: int, end: int) -> str | None:
    """The first candidate that nobody uses at any time from start to end."""
    in_use = {resource for resource, used_from, used_until in busy if used_from < end and used_until > start}
    return next((resource for resource in candidates if resource not in in_use), None)


def take_seats(
    db: sqlite3.Connection,
    owner: str,
    events: Iterable[tuple[str, int]],
    seats: int,
    now: int,
    expires: int | None = None,
) -> None:
    """Let an owner take seats in events (id, start)."""
    db.executemany(
        "INSERT INTO seat_use (owner, event_id, starts, seats, expires, created) VALUES (?, ?, ?, ?, ?, ?)",
        [(owner, event_id, starts, seats, expires, now) for event_id, starts in events],
    )


def take_resources(
    db: sqlite3.Connection,
    owner: str,
    resource_ids: Iterable[str],
    start: int,
    end: int,
    now: int,
    expires: int | None = None,
) -> None:
    """Let an owner use resources for a time."""
    db.executemany(
        "INSERT INTO resource_use (owner, resource_id, starts, ends, expires, created) VALUES (?, ?, ?, ?, ?, ?)",
        [(owner, resource_id, start, end, expires, now) for resource_id in resource_ids],
    )


def release(db: sqlite3.Connection, owner: str) -> None:
    """Give back everything that an owner takes."""
    db.execute("DELETE FROM seat_use WHERE owner = ?", (owner,))
    db.execute("DELETE FROM resource_use WHERE owner = ?", (owner,))


def forget_expired(db: sqlite3.Connection, now: int) -> None:
    """Remove what holds left behind when they expired."""
    db.execute("DELETE FROM hold WHERE expires <= ?", (now,))
    db.execute("DELETE FROM seat_use WHERE expires <= ?", (now,))
    db.execute("DELETE FROM resource_use WHERE expires <= ?", (now,))
