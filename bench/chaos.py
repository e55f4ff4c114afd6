"""A crowd of customers books while everything goes wrong, and in the end the books must be right.

python -m bench.chaos --checkouts 1000 --visitors 24
python -m bench.chaos --postgres postgres://postgres@127.0.0.1/bench --redis redis://127.0.0.1:6379/5 --sites 2

The sandbox cuts connections before and after the work, answers 5xx and 429, and answers later than anybody waits;
customers press twice at the same moment and leave half-way; worker processes of the site are killed between two
instructions. The seed, which is printed, decides as much of it as can be decided. In the end: nobody is booked twice;
what each customer read last is true; no attempt is left unknown; no place is held for somebody who left. Books in which
nothing happened prove nothing: most customers must be booked, and a worker killed. Exit code 1 if any of it fails.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests

from bench.buyers import client_of
from bench.serving import served_sandbox
from bench.site import Site, add_databases, databases, environment, manage, prepare, served_sites
from bench.visitor import Story, Visitor
from booking.bookeo import Booking, iter_pages

PRODUCTS = ["5117KAYAKT19C0A1B2D01", "5117PADDLE19C0A1B2D04", "5117CANOEL19C0A1B2D03"]
READ_TIMEOUT = 1.5
GRACE = 12
FAULTS = {
    "chaos": "cut_before=0.03,cut_after=0.03,fail_before=0.02,fail_after=0.02,"
    "busy=0.01,slow_before=0.01,slow_after=0.01",
    "retry_after": "1",
}
SETTLE_SECONDS = 150.0
FIRST_KILL = 0.5
# Of all customers. Five of a hundred leave, and some are turned away by what goes wrong.
LEAST_CONFIRMED = 0.5


@dataclass
class Outcome:
    """Everything that is known in the end."""

    stories: list[Story]
    bookings: list[Booking]
    attempts: Counter[str]
    places_held: int
    kills: int
    seconds: float
    troubles: list[str] = field(default_factory=list)

    def judge(self) -> list[str]:
        """What is wrong, a sentence each."""
        standing: dict[str, list[str]] = {}
        for booking in self.bookings:
            if not booking.canceled and booking.customer is not None:
                standing.setdefault(booking.customer.email_address or "", []).append(booking.booking_number)
        wrong = [*self._nothing_proved()]
        wrong += [f"{email} is booked {len(n)} times" for email, n in standing.items() if len(n) > 1]
        for story in self.stories:
            mine = standing.get(story.email, [])
            if story.word == "no word":
                wrong.append(f"{story.email} never got a word, last at {story.last_page}")
            elif mine != ([story.number] if story.word == "confirmed" else []):
                wrong.append(f"{story.email} read “{story.word} {story.number}”, and {mine or 'nothing'} is booked")
        unsettled = {state: n for state, n in self.attempts.items() if state in {"pending", "unknown"}}
        if unsettled:
            wrong.append(f"attempts are left open: {unsettled}")
        if self.places_held:
            wrong.append(f"{self.places_held} places are held for nobody")
        return wrong

    def _nothing_proved(self) -> Iterator[str]:
        confirmed = sum(story.word == "confirmed" for story in self.stories)
        if confirmed < max(LEAST_CONFIRMED * len(self.stories), 1):
            yield f"{confirmed} of {len(self.stories)} customers are booked: too few to prove anything"
        if not self.kills:
            yield "no worker was killed"


def run(arguments: argparse.Namespace) -> Outcome:
    """Serve, let the crowd book, settle, and look into the books."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served_sandbox(folder / "sandbox.sqlite3", "--data", "empty", "--workers", "1") as sandbox:
            told = environment(folder, sandbox.url, _settings(arguments))
            prepare(told)
            with served_sites(told, folder / "site.log", arguments.sites) as sites:
                turn_knobs(sandbox.url, FAULTS | {"chaos_seed": str(arguments.seed)})
                with _killing(sites, arguments) as kills:
                    stories = _crowd([site.url for site in sites], arguments)
                turn_knobs(sandbox.url, {})
                _settle(told)
                _look_again([site.url for site in sites], stories, arguments)
            return Outcome(
                stories=stories,
                bookings=_bookings(sandbox.url),
                attempts=_attempts(told),
                places_held=_places_held(sandbox.url),
                kills=len(kills),
                seconds=time.monotonic() - began,
                troubles=_unexpected_lines(folder / "site.log"),
            )


def turn_knobs(sandbox_url: str, knobs: dict[str, str]) -> None:
    """Turn all knobs of the sandbox."""
    requests.post(f"{sandbox_url}/knobs", json=knobs, timeout=10).raise_for_status()


def _settings(arguments: argparse.Namespace) -> dict[str, str]:
    return {
        "BOOKEO_READ_TIMEOUT": str(READ_TIMEOUT),
        "BOOKEO_CALLS": "100000",
        "SETTLE_GRACE_SECONDS": str(GRACE),
        "WEB_CONCURRENCY": "2",
    } | databases(arguments)


def _crowd(urls: list[str], arguments: argparse.Namespace) -> list[Story]:
    def one(number: int) -> Story:
        dice = random.Random(f"{arguments.seed}-{number}")  # noqa: S311 - decides a test, keeps no secret
        story = Story(email=f"visitor-{number}@example.com")
        told = Visitor(urls, PRODUCTS, story, dice).book()
        if number % 50 == 0:
            print(f"  {number} of {arguments.checkouts}", flush=True)
        return told

    with ThreadPoolExecutor(arguments.visitors) as pool:
        return list(pool.map(one, range(1, arguments.checkouts + 1)))


def _look_again(urls: list[str], stories: Sequence[Story], arguments: argparse.Namespace) -> None:
    dice = random.Random(arguments.seed)  # noqa: S311
    with ThreadPoolExecutor(arguments.visitors) as pool:
        list(pool.map(lambda story: Visitor(urls, PRODUCTS, story, dice).look_again(), stories))


@contextmanager
def _killing(sites: Sequence[Site], arguments: argparse.Namespace) -> Iterator[list[int]]:
    """While the block runs, end a worker every few seconds; the first soon, lest a quick crowd meets no end at all."""
    over, kills, dice = threading.Event(), list[int](), random.Random(arguments.seed)  # noqa: S311

    def kill() -> None:
        pause = FIRST_KILL
        while not over.wait(pause):
            pause = dice.uniform(0.5, 1.5) * arguments.kill_every
            workers = [(site, pid) for site in sites for pid in site.workers()]
            if workers:
                site, pid = dice.choice(workers)
                site.kill(pid)
                kills.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield kills
    finally:
        over.set()
        thread.join()


def _settle(told: dict[str, str]) -> None:
    """What the background does every minute, until nothing is left to settle."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        manage(told, "settle")
        left = _attempts(told)
        if not left["pending"] and not left["unknown"]:
            return
        time.sleep(3)


def _attempts(told: dict[str, str]) -> Counter[str]:
    lines = manage(told, "settle", "--count").split()
    return Counter({state: int(number) for state, number in (line.split("=") for line in lines)})


def _bookings(url: str) -> list[Booking]:
    bookeo, now = client_of(url), datetime.now(UTC)
    found: dict[str, Booking] = {}
    for start in (now, now + timedelta(days=30)):
        first = bookeo.list_bookings(
            start_time=start,
            end_time=start + timedelta(days=30),
            include_canceled=True,
            expand_customer=True,
            items_per_page=100,
        )
        for page in iter_pages(first, bookeo.get_bookings_page, max_pages=100):
            found |= {booking.booking_number: booking for booking in page.data}
    return list(found.values())


def _places_held(url: str) -> int:
    """Places that are neither free nor booked, once every hold has run out."""
    requests.post(f"{url}/clock", json={"clock": "+660"}, timeout=10).raise_for_status()
    bookeo, now = client_of(url), datetime.now(UTC)
    booked = Counter(booking.event_id for booking in _bookings(url) if not booking.canceled)
    held = 0
    for product in PRODUCTS[:2]:  # the third has a resource instead of places
        slots = bookeo.list_slots(
            start_time=now, end_time=now + timedelta(days=30), product_id=product, items_per_page=300
        )
        most = max(slot.num_seats_available + booked[slot.event_id] for slot in slots.data)
        held += sum(most - slot.num_seats_available - booked[slot.event_id] for slot in slots.data)
    return held


def _unexpected_lines(log: Path) -> list[str]:
    words = ("Traceback", "Internal Server Error", "late beside another")
    return [line for line in log.read_text(errors="replace").splitlines() if any(word in line for word in words)][:20]


def table(outcome: Outcome) -> str:
    """What happened, in numbers."""
    words = Counter(story.word for story in outcome.stories)
    waits = sorted(story.waited_for_word for story in outcome.stories if story.word == "confirmed") or [0.0]
    rows = [
        ("checkouts", len(outcome.stories)),
        ("  told “confirmed”", words["confirmed"]),
        ("  told “not booked”, or left", words["not booked"]),
        ("  without a last word", words["no word"]),
        ("bookings that stand", sum(not booking.canceled for booking in outcome.bookings)),
        ("pages asked for", sum(story.pages for story in outcome.stories)),
        ("presses of “Book”", sum(story.presses for story in outcome.stories)),
        ("answers that failed or never came", sum(story.troubles for story in outcome.stories)),
        ("workers killed", outcome.kills),
        ("attempts " + ", ".join(f"{state} {n}" for state, n in sorted(outcome.attempts.items())), ""),
        ("places held for nobody", outcome.places_held),
        ("from the press to the word, median s", f"{waits[len(waits) // 2]:.1f}"),
        ("                             95 of 100 s", f"{waits[int(len(waits) * 0.95)]:.1f}"),
        ("whole run, s", f"{outcome.seconds:.0f}"),
    ]
    return "\n".join(f"{name:45}{value:>10}" for name, value in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, judge; answers the exit code."""
    given = _parser().parse_args(arguments)
    database = urlsplit(given.postgres).scheme or "sqlite"
    print(f"seed {given.seed}, {given.visitors} visitors at a time, {given.sites} site(s), {database}", flush=True)
    outcome = run(given)
    print(table(outcome))
    wrong = outcome.judge()
    for sentence in [*outcome.troubles, *wrong[:40]]:
        print(f"  ! {sentence}")
    print("Wrong." if wrong else "Nobody booked twice, every last word true, nothing left open.")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkouts", type=int, default=1000, help="how many customers there are in all")
    parser.add_argument("--visitors", type=int, default=24, help="how many of them at a time")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="repeats a run")
    parser.add_argument("--sites", type=int, default=1, help="how many web servers, of two workers each")
    parser.add_argument("--kill-every", type=float, default=4.0, help="seconds between two killed workers")
    add_databases(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
