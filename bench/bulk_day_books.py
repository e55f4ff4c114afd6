"""What the books say when a day was called off while everything went wrong, and whether they are right."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.watched_sandbox import Write

FINAL = {"done", "already", "changed", "failed"}


@dataclass
class Outcome:
    """Everything that is known in the end. `starts` are at the sandbox, by booking; empty for one that is cancelled.

    Of the `wanted` bookings `wanted_moves` were to be moved, the others cancelled, and `may_fail` are allowed to end
    otherwise. `kills` and `wanted_kills` count processes.
    """

    wanted: int
    wanted_moves: int
    wanted_kills: int
    may_fail: int
    rows: list[dict[str, str]]
    audited: list[str]
    open_attempts: int
    report: list[dict[str, str]]
    starts: dict[str, str]
    day: str
    writes: list[Write]
    writes_too_early: int
    kills: int = 0
    seconds: float = 0.0
    calls: int = 0
    before: list[float] = field(default_factory=list)
    meanwhile: list[float] = field(default_factory=list)

    def judge(self) -> list[str]:
        """What is wrong, a sentence each."""
        return [*self._nothing_proved(), *self._wrong_books(), *self._wrong_rows(), *self._written_twice()]

    @property
    def moved(self) -> int:
        """Rows that were done by moving."""
        return sum(row["state"] == "done" and bool(row["event_id"]) for row in self.rows)

    @property
    def cancelled(self) -> int:
        """Rows that were done by cancelling."""
        return sum(row["state"] == "done" and not row["event_id"] for row in self.rows)

    def _nothing_proved(self) -> Iterator[str]:
        """Books in which nothing happened are free of mistakes."""
        wanted = (
            ("cancelled", self.cancelled, self.wanted - self.wanted_moves),
            ("moved", self.moved, self.wanted_moves),
        )
        for name, there_are, there_should_be in wanted:
            if there_are < max(there_should_be - self.may_fail, 1):
                yield f"{there_are} are {name}, and {there_should_be} were wanted"
        otherwise = len(self.rows) - self.cancelled - self.moved
        if otherwise > self.may_fail:
            yield f"{otherwise} failed or were left alone, and {self.may_fail} may"
        if self.kills < self.wanted_kills:
            yield f"{self.kills} workers were killed, and {self.wanted_kills} were wanted"

    def _wrong_books(self) -> Iterator[str]:
        if self.writes_too_early:
            yield f"{self.writes_too_early} writes were sent while it could be undone"
        if self.open_attempts:
            yield f"{self.open_attempts} attempts are left open"
        for name, numbers in (
            ("rows", [row["booking_number"] for row in self.rows]),
            ("lines of the report", [line["booking"] for line in self.report]),
            ("entries of the audit log", self.audited),
        ):
            if len(numbers) != self.wanted or len(set(numbers)) != self.wanted:
                yield f"{len(numbers)} {name} for {len(set(numbers))} bookings, and {self.wanted} were wanted"

    def _wrong_rows(self) -> Iterator[str]:
        told = {line["booking"]: line["result"] for line in self.report}
        for row in self.rows:
            number, state, start = row["booking_number"], row["state"], self.starts.get(row["booking_number"])
            if state not in FINAL:
                yield f"{number} is left {state}"
            elif state == "done" and (told.get(number), start == "") != (
                ("Moved", False) if row["event_id"] else ("Cancelled", True)
            ):
                yield f"{number} is told “{told.get(number)}”, and starts {start or 'never'}"
            elif state == "done" and row["event_id"] and str(start).startswith(self.day):
                yield f"{number} is told to be moved, and is not"
            elif state != "done" and not str(start).startswith(self.day):
                yield f"{number} is told “{told.get(number)}”, and was changed"

    def _written_twice(self) -> Iterator[str]:
        done: set[str] = set()
        for write in self.writes:
            if write.number in done:
                yield f"{write.method} reached {write.number} again"
            if write.was_done:
                done.add(write.number)


def table(outcome: Outcome) -> str:
    """What happened, in numbers."""
    cancelled, moved = outcome.cancelled, outcome.moved
    arrived, done = len(outcome.writes), sum(write.was_done for write in outcome.writes)
    rows = [
        ("bookings of the day", outcome.wanted),
        ("writes for the run that was undone, and in the second window", outcome.writes_too_early),
        ("  cancelled", cancelled),
        ("  moved", moved),
        ("  failed, or left alone", len(outcome.rows) - cancelled - moved),
        ("lines of the report", len(outcome.report)),
        ("entries of the audit log", len(outcome.audited)),
        ("writes that arrived / that changed a booking", f"{arrived} / {done}"),
        ("workers killed", outcome.kills),
        ("from the end of the window to the last row, s", f"{outcome.seconds:.0f}"),
        ("calls to Bookeo in that time, those of customers among them", outcome.calls),
        ("calls a second", f"{outcome.calls / max(outcome.seconds, 1):.2f}"),
    ]
    for name, waits in (("before it began", outcome.before), ("meanwhile", outcome.meanwhile)):
        if waits:
            ordered = sorted(waits)
            median, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
            rows.append((f"customers’ pages {name}, median / 95 of 100, s", f"{median:.2f} / {late:.2f}"))
    return "\n".join(f"{name:62}{value:>14}" for name, value in rows)
