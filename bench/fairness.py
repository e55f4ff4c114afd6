"""Many look around, some book, and one job wants everything, while Bookeo allows two calls in a second.

python -m bench.fairness --browsing 100 --booking 10 --seconds 60

Every booking must end as confirmed, and nobody may meet a 429. Prints how long customers who book waited for each page.
Exit code 1 if it fails.
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import requests

from bench.chaos import PRODUCTS, turn_knobs
from bench.serving import ROOT, served_sandbox
from bench.site import environment, prepare, served_sites
from bench.visitor import Story, Visitor

THROTTLE = "10/2"
DAYS_LOOKED_AT = 20


@dataclass
class TimedVisitor(Visitor):
    """Writes down how long each page of the booking took, and each status."""

    presses_twice: float = 0.0
    leaves: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: "Counter[int]" = field(default_factory=Counter)

    def _write_down(self, answer: requests.Response, *args: object, **kwargs: object) -> None:
        if answer.request.method == "POST" or "/checkout/" in answer.url:
            self.took.append(answer.elapsed.total_seconds())
        self.statuses[answer.status_code] += 1

    def get(self, address: str) -> requests.Response:
        """One page."""
        return requests.get(address, timeout=60, hooks={"response": self._write_down})

    def post(self, address: str, data: dict[str, str]) -> requests.Response:
        """One form."""
        return requests.post(address, data=data, timeout=60, hooks={"response": self._write_down})


def browse(url: str, number: int, over: threading.Event, statuses: "Counter[int]", took: list[float]) -> None:
    """Look at one page of times after another, as people do: with a pause to read."""
    dice = random.Random(number)  # noqa: S311 - spreads the visitors, keeps no secret
    while not over.is_set():
        day = time.time() + dice.randrange(1, DAYS_LOOKED_AT) * 86_400
        date, adults = time.strftime("%Y-%m-%d", time.localtime(day)), dice.randrange(1, 4)
        address = f"/products/{dice.choice(PRODUCTS)}/?adults={adults}&date={date}"
        answer = requests.get(url + address, timeout=60)
        statuses[answer.status_code] += 1
        took.append(answer.elapsed.total_seconds())
        over.wait(dice.uniform(2, 8))


def measure(arguments: argparse.Namespace) -> tuple[list[Story], list[TimedVisitor], "Counter[int]", list[float], int]:
    """Serve, browse, book and read in bulk, all at once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served_sandbox(folder / "sandbox.sqlite3", "--data", "demo", "--workers", "1") as sandbox:
            told = environment(folder, sandbox.url, {"WEB_CONCURRENCY": "2", "WEB_THREADS": "32"})
            prepare(told)
            with served_sites(told, folder / "site.log") as (site,):
                turn_knobs(sandbox.url, {"throttle": THROTTLE, "latency": "150-300"})
                return _run(site.url, told, arguments)


def _run(
    url: str, told: dict[str, str], arguments: argparse.Namespace
) -> tuple[list[Story], list[TimedVisitor], "Counter[int]", list[float], int]:
    over, statuses, took = threading.Event(), Counter[int](), list[float]()
    crowd = [
        threading.Thread(target=browse, args=(url, number, over, statuses, took))
        for number in range(arguments.browsing)
    ]
    bulk = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "bench.bulk", str(arguments.seconds)],
        cwd=ROOT,
        env=told,
        stdout=subprocess.PIPE,
        text=True,
    )
    for thread in crowd:
        thread.start()
    visitors = [
        TimedVisitor([url], PRODUCTS, Story(f"buyer-{number}@example.com"), random.Random(number))  # noqa: S311
        for number in range(arguments.booking)
    ]
    with ThreadPoolExecutor(arguments.booking) as pool:
        stories = list(pool.map(TimedVisitor.book, visitors))
    granted, _ = bulk.communicate(timeout=arguments.seconds + 60)
    over.set()
    for thread in crowd:
        thread.join()
    return stories, visitors, statuses, took, int(granted or 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browsing", type=int, default=100)
    parser.add_argument("--booking", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the job in the background goes on")
    given = parser.parse_args(arguments)
    stories, visitors, statuses, took, granted = measure(given)
    steps = sorted(seconds for visitor in visitors for seconds in visitor.took)
    confirmed = sum(story.word == "confirmed" for story in stories)
    everywhere = statuses + sum((visitor.statuses for visitor in visitors), Counter())
    print(f"bookings confirmed             {confirmed} of {len(stories)}")
    for story in stories:
        if story.word != "confirmed":
            print(f"  ! {story.email}: {story.word} after {story.pages} pages, last at {story.last_page}")
    print(f"pages of a booking             {len(steps)}")
    print(f"  wait, median / 95 of 100     {statistics.median(steps):.2f} s / {steps[int(len(steps) * 0.95)]:.2f} s")
    print(f"pages looked at                {sum(statuses.values())}: {dict(sorted(statuses.items()))}")
    print(
        f"  wait, median / 95 of 100     {statistics.median(took):.2f} s / {sorted(took)[int(len(took) * 0.95)]:.2f} s"
    )
    print(f"reads granted to the job       {granted}")
    print(f"answers 429 that anybody met   {everywhere[HTTPStatus.TOO_MANY_REQUESTS]}")
    return 0 if confirmed == len(stories) and not everywhere[HTTPStatus.TOO_MANY_REQUESTS] else 1


if __name__ == "__main__":
    sys.exit(main())
