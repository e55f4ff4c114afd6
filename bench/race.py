"""Many buyers, in many processes, want the last seats of a time at the same moment, again and again, over HTTP.

python -m bench.race --processes 8 --threads 8 --seats 10 --rounds 50

Half of them hold a seat first and book it, as the site does; the others book at once. In every round exactly as many
must win as there were seats, and the others must be told so: no error, no lost seat, no seat sold twice. Prints a
table; exit code 1 if any round went wrong.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.buyers import Attempt, buy_all, client_of
from bench.serving import served_sandbox
from booking.bookeo import SeatBlockInput, iter_pages

PRODUCT = "5117KAYAKT19C0A1B2D01"
CAPACITY = 12
MOST_ROUNDS = 140
_START = datetime(2026, 6, 10, 9, tzinfo=UTC)
_END = _START + timedelta(days=31)


@dataclass(frozen=True)
class Round:
    """One race: how many won, were refused and failed, what is left and booked, and how long it took in seconds."""

    won: int
    refused: int
    failed: int
    left: int
    booked: int
    seconds: float
    slowest: float
    troubles: tuple[str, ...]

    def is_right(self, seats: int) -> bool:
        """Whether every seat was sold once, and nobody met an error."""
        return (self.won, self.booked, self.left, self.failed) == (seats, seats, 0, 0)


def race(*, processes: int, threads: int, seats: int, rounds: int, server_processes: int = 4) -> list[Round]:
    """Race for the last `seats` of `rounds` times that nobody has booked yet."""
    knobs = ("--knob", f"clock={_START.isoformat()}")
    with (
        tempfile.TemporaryDirectory() as folder,
        served_sandbox(
            Path(folder) / "sandbox.sqlite3", "--data", "empty", "--workers", str(server_processes), *knobs
        ) as served,
    ):
        event_ids = _prepare(served.url, seats, rounds)
        attempts = _run(served.url, event_ids, processes, threads)
        return _judge(served.url, event_ids, attempts)


def _prepare(url: str, seats: int, rounds: int) -> list[str]:
    """Ids of times with exactly so many seats left."""
    bookeo = client_of(url)
    tomorrow = _START + timedelta(days=1)
    first = bookeo.list_slots(start_time=tomorrow, end_time=_END, product_id=PRODUCT, items_per_page=300)
    event_ids = [slot.event_id for slot in first.data][:rounds]
    for event_id in event_ids:
        if seats < CAPACITY:
            block = SeatBlockInput(event_id=event_id, product_id=PRODUCT, num_seats=CAPACITY - seats)
            bookeo.create_seat_block(block=block)
    return event_ids


def _run(url: str, event_ids: Sequence[str], processes: int, threads: int) -> list[Attempt]:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(processes) as pool:
        gate = manager.Barrier(processes * threads)
        work = [(url, PRODUCT, event_ids, gate, threads)] * processes
        return [attempt for attempts in pool.starmap(buy_all, work, chunksize=1) for attempt in attempts]


def _judge(url: str, event_ids: Sequence[str], attempts: Sequence[Attempt]) -> list[Round]:
    bookeo = client_of(url)
    slots = bookeo.list_slots(start_time=_START, end_time=_END, product_id=PRODUCT, items_per_page=300)
    left = {slot.event_id: slot.num_seats_available for slot in slots.data}
    first = bookeo.list_bookings(start_time=_START, end_time=_END, items_per_page=100)
    pages = iter_pages(first, bookeo.get_bookings_page, max_pages=100)
    booked = Counter(booking.event_id for page in pages for booking in page.data)
    return [
        _round([attempt for attempt in attempts if attempt.round == number], left[event_id], booked[event_id])
        for number, event_id in enumerate(event_ids)
    ]


def _round(attempts: Sequence[Attempt], left: int, booked: int) -> Round:
    outcomes = Counter(attempt.outcome for attempt in attempts)
    return Round(
        won=outcomes["won"],
        refused=outcomes["refused"],
        failed=outcomes["failed"],
        left=left,
        booked=booked,
        seconds=max(attempt.ended for attempt in attempts) - min(attempt.began for attempt in attempts),
        slowest=max(attempt.ended - attempt.began for attempt in attempts),
        troubles=tuple(attempt.trouble for attempt in attempts if attempt.trouble),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Race, print what happened, and answer the exit code."""
    given = _parser().parse_args(arguments)
    began = time.monotonic()
    rounds = race(
        processes=given.processes,
        threads=given.threads,
        seats=given.seats,
        rounds=given.rounds,
        server_processes=given.server_processes,
    )
    print(table(rounds, given.seats))
    wrong = [number for number, one in enumerate(rounds, start=1) if not one.is_right(given.seats)]
    buyers = given.processes * given.threads
    print(f"{len(rounds)} rounds, {buyers} buyers, {given.seats} seats: {time.monotonic() - began:.0f} s in all.")
    print(f"Wrong rounds: {', '.join(map(str, wrong))}" if wrong else "Never oversold, never undersold, no error.")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=8, help="processes of buyers")
    parser.add_argument("--threads", type=int, default=8, help="buyers in each process")
    parser.add_argument("--seats", type=int, default=10, choices=range(1, CAPACITY + 1), help="seats to be had")
    parser.add_argument("--rounds", type=int, default=50, choices=range(1, MOST_ROUNDS + 1), help="times to be sold")
    parser.add_argument("--server-processes", type=int, default=4, help="processes of the sandbox")
    return parser


def table(rounds: Sequence[Round], seats: int) -> str:
    """One line for each round, and what went wrong below it."""
    lines = [" round   won  refused  errors  left  booked  slowest answer  all answers"]
    for number, one in enumerate(rounds, start=1):
        mark = "" if one.is_right(seats) else "  WRONG"
        lines.append(
            f"{number:6}{one.won:6}{one.refused:9}{one.failed:8}{one.left:6}{one.booked:8}"
            f"{one.slowest * 1000:13.0f} ms{one.seconds * 1000:10.0f} ms{mark}"
        )
        lines += [f"       {trouble}" for trouble in sorted(set(one.troubles))]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
