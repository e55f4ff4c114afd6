"""A day of 200 bookings is called off while Bookeo fails, workers are killed and customers book; then everything is
counted.

python -m bench.bulk_day --bookings 200 --calls 10 --customers 6
python -m bench.bulk_day --postgres postgres://postgres@127.0.0.1/bench --redis redis://127.0.0.1:6379/5

First it is undone: nothing may be sent for that, nor before the second window ends. Then it is pressed again: three of
four bookings are cancelled, the others moved. Five calls of a hundred fail, before the work or after it, and some are
answered 429. At a quarter, at half and at three quarters of the rows every worker is ended by SIGKILL, and others are
started. In the end each booking must be in one final state, be told once in the report and once in the audit log, and
be at the sandbox what the report says; no write may have arrived twice. Two of a hundred may fail, in a calm run none,
and every kill must have happened. Exit code 1 if any of it fails.
"""

import argparse
import csv
import io
import json
import math
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import requests

from bench.bulk_day_books import Outcome, table
from bench.buyers import client_of
from bench.chaos import turn_knobs
from bench.fairness import TimedVisitor
from bench.serving import ROOT, served_sandbox
from bench.site import add_databases, databases, environment, manage, prepare, served_sites
from bench.visitor import Story
from bench.watched_sandbox import read_calls, read_writes
from booking.bookeo import (
    BookingInput,
    CustomerInput,
    ParticipantsInput,
    PeopleNumber,
    iter_pages,
)

PRODUCT = "5117KAYAKT19C0A1B2D01"
DAYS_AHEAD = 2
CALM = {"latency": "100-250"}
FAULTS = CALM | {
    "chaos": "cut_before=0.01,cut_after=0.01,fail_before=0.02,fail_after=0.01,busy=0.01",
    "retry_after": "3",
}
# By how often.
KILLED_AT: dict[int, tuple[float, ...]] = {0: (), 1: (0.5,), 2: (0.3, 0.6), 3: (0.25, 0.5, 0.75)}
LONGEST_SECONDS = 2400.0
EMAIL, PASSWORD = "marta@example.com", "harbour-kettle-violet-42"
ZONE = ZoneInfo("Europe/Rome")
# Of 100 bookings, so many may end otherwise than they should while calls fail: tried eight times, or full meanwhile.
MAY_FAIL = 2
END_THE_WINDOW = """
from django.db.models.functions import Now
from booking import tasks
from booking.models import BulkRun
BulkRun.objects.filter(state="waiting").update(starts_at=Now())
tasks.ask(tasks.BULK)
"""
DUMP = """
import json
from booking.models import Attempt, AuditEntry, BulkRow, BulkRun
rows = list(BulkRow.objects.filter(run__state="finished").values("booking_number", "state", "event_id"))
acts = AuditEntry.objects.filter(act__in=["cancel_booking", "move_booking"])
print(json.dumps({
    "rows": rows,
    "audited": list(acts.values_list("subject", flat=True)),
    "began": BulkRun.objects.get(state="finished").starts_at.timestamp(),
    "open": Attempt.objects.filter(state__in=Attempt.OPEN).count(),
}))
"""


class Desk:
    """Somebody of the staff, in a browser without script. `moves` is how many rows of the last form are moved."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self.moves = 0
        self._last = self.get("/manager/sign-in/")
        self._post("/manager/sign-in/", {"login": EMAIL, "password": PASSWORD})

    def get(self, path: str) -> requests.Response:
        """One page."""
        self._last = self._session.get(self._url + path, timeout=60)
        return self._last

    def begin(self, day: str) -> str:
        """Press until there is a run, and answer its path. Three of four are cancelled, the others moved."""
        address = f"/manager/bulk/preview/?day={day}&product={PRODUCT}"
        fields = _with_moves(self._fields_of(self.get(address)))
        for _ in range(10):
            answer = self._post(address, fields)
            self.moves = int(fields["named"].partition("-")[2])
            path = requests.compat.urlsplit(answer.url).path
            if re.fullmatch(r"/manager/bulk/[0-9a-f-]{36}/", path):
                return str(path)
            fields = self._fields_of(answer) or fields
            time.sleep(2)
        raise RuntimeError(f"no run was begun: {answer.status_code}")

    def press(self, path: str) -> None:
        """A button that needs nothing else."""
        self._post(path, {})

    def settled(self, path: str) -> tuple[int, bool]:
        """How many rows are settled, and whether that is all."""
        text = self.get(path).text
        found = re.search(r"(\d+) of \d+ bookings are settled", text)
        return int(found[1]) if found else 0, "Report as CSV" in text

    def report(self, path: str) -> list[dict[str, str]]:
        """The lines of the report, with booking numbers as Bookeo writes them."""
        text = self._session.get(f"{self._url}{path}report.csv", timeout=60).content.decode("utf-8-sig")
        lines = csv.DictReader(io.StringIO(text))
        return [line | {"booking": line["booking"].replace(" ", "")} for line in lines]

    def _post(self, path: str, fields: Mapping[str, str]) -> requests.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._last.text)
        data = {"csrfmiddlewaretoken": token[1] if token else "", **fields}
        self._last = self._session.post(self._url + path, data=data, headers={"Origin": self._url}, timeout=60)
        return self._last

    def _fields_of(self, answer: requests.Response) -> dict[str, str]:
        """What the form would send; the nearest time of each row stands under its name with a question mark."""
        form = answer.text.partition('id="bulk"')[2].partition("</form>")[0]
        fields = {name: unescape(value) for name, value in re.findall(r'hidden" name="(\w+)" value="([^"]*)"', form)}
        for name, options in re.findall(r'<select name="(row-\d+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            values = re.findall(r'<option value="([^"]*)"( selected)?', options)
            fields[name] = next(value for value, selected in values if selected)
            fields[f"?{name}"] = values[1][0]
        return {**fields, "notify_customer": "on", "track_in_history": "on", "words": "Storm"} if fields else {}


def _with_moves(fields: Mapping[str, str]) -> dict[str, str]:
    rows = [name for name in fields if name.startswith("row-")]
    moved = {name: fields[f"?{name}"] for name in rows[::4] if fields[f"?{name}"] != "stay"}
    plain = {name: value for name, value in fields.items() if not name.startswith("?")}
    return {**plain, **moved, "named": f"{len(rows) - len(moved)}-{len(moved)}"}


class Workers:
    """So many worker processes, which can be ended and replaced."""

    def __init__(self, told: Mapping[str, str], log: Path, count: int) -> None:
        self._told, self._log, self._count = dict(told), log, count
        self._running: list[subprocess.Popen[bytes]] = []
        self.kills = 0

    def start(self) -> None:
        """All of them."""
        command = [sys.executable, "manage.py", "work"]
        for _ in range(self._count):
            with self._log.open("ab") as output:
                self._running.append(
                    subprocess.Popen(command, cwd=ROOT, env=self._told, stdout=output, stderr=output)  # noqa: S603 - our own
                )

    def kill(self) -> None:
        """End all of them between two of their instructions."""
        for worker in self._running:
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            self.kills += 1
        self._running = []


@contextmanager
def _workers(told: Mapping[str, str], log: Path, count: int) -> Iterator[Workers]:
    workers = Workers(told, log, count)
    workers.start()
    try:
        yield workers
    finally:
        workers.kill()


def run(arguments: argparse.Namespace) -> Outcome:
    """Fill a day, call it off while everything goes wrong, and look into the books."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flags = ("--data", "empty", "--workers", "1")
        with served_sandbox(folder / "sandbox.sqlite3", *flags, program="bench.watched_sandbox") as sandbox:
            day = _fill_a_day(sandbox.url, arguments.bookings)
            told = environment(folder, sandbox.url, _settings(folder, arguments))
            prepare(told)
            manage({**told, "STAFF_PASSWORD": PASSWORD}, "create_owner", "--email", EMAIL, "--name", "Marta")
            with (
                served_sites(told, folder / "site.log") as (site,),
                _workers(told, folder / "worker.log", arguments.workers) as workers,
            ):
                return _call_off(site.url, sandbox.url, folder, told, workers, day, arguments)


def _call_off(
    url: str,
    sandbox_url: str,
    folder: Path,
    told: dict[str, str],
    workers: Workers,
    day: str,
    arguments: argparse.Namespace,
) -> Outcome:
    desk = Desk(url)
    undone = desk.begin(day)
    desk.press(f"{undone}undo/")
    path = desk.begin(day)
    turn_knobs(sandbox_url, CALM if arguments.calm else FAULTS)
    before = _customers_book(url, arguments.customers, day)
    if arguments.hurry:
        manage(told, "shell", "-v", "0", "-c", END_THE_WINDOW)
    meanwhile = _watch(desk, path, workers, url, day, arguments)
    ended = time.time()
    turn_knobs(sandbox_url, {})
    books = json.loads(manage(told, "shell", "-v", "0", "-c", DUMP))
    began, writes = books["began"], read_writes(folder)
    mine = {row["booking_number"] for row in books["rows"]}
    return Outcome(
        wanted=arguments.bookings,
        wanted_moves=desk.moves,
        wanted_kills=len(KILLED_AT[arguments.kills]) * arguments.workers,
        may_fail=0 if arguments.calm else math.ceil(arguments.bookings * MAY_FAIL / 100),
        rows=books["rows"],
        audited=books["audited"],
        open_attempts=books["open"],
        report=desk.report(path),
        starts=_starts(sandbox_url),
        day=day,
        writes=[write for write in writes if write.number in mine],
        writes_too_early=sum(write.at < began for write in writes),
        kills=workers.kills,
        seconds=ended - began,
        calls=sum(began < moment < ended for moment in read_calls(folder)),
        before=before,
        meanwhile=meanwhile,
    )


def _watch(desk: Desk, path: str, workers: Workers, url: str, day: str, arguments: argparse.Namespace) -> list[float]:
    """Until it has ended: kill workers, let customers book. Answers how long these waited for each page."""
    waits: list[float] = []
    left, until, told = list(KILLED_AT[arguments.kills]), time.monotonic() + LONGEST_SECONDS, -1
    customers = iter(range(arguments.customers, 2 * arguments.customers))
    while time.monotonic() < until:
        settled, has_ended = desk.settled(path)
        if has_ended:
            return waits
        if left and settled >= left[0] * arguments.bookings:
            left.pop(0)
            workers.kill()
            workers.start()
        customer = next(customers, None)
        if customer is not None:
            waits += _booked(url, customer, day)
        if settled // 20 != told:
            told = settled // 20
            print(f"  {settled} of {arguments.bookings}", flush=True)
        time.sleep(0.2)
    return waits


def _customers_book(url: str, count: int, day: str) -> list[float]:
    return [wait for number in range(count) for wait in _booked(url, number, day)]


def _booked(url: str, number: int, day: str) -> list[float]:
    """One customer books a time of another day."""
    story = Story(f"visitor-{number}@example.com")
    visitor = TimedVisitor([url], [PRODUCT], story, random.Random(number))  # noqa: S311 - spreads the visitors
    visitor.book()
    if story.word != "confirmed":
        print(f"  ! {story.email}: {story.word}, last at {story.last_page}")
    return visitor.took


def _settings(folder: Path, arguments: argparse.Namespace) -> dict[str, str]:
    return {
        "BOOKEO_READ_TIMEOUT": "5",
        "BOOKEO_CALLS": str(arguments.calls),
        "BOOKEO_CALLS_SECONDS": "5",
        "SETTLE_GRACE_SECONDS": "12",
        "BULK_UNDO_MINUTES": "1",
        "QUEUE_URL": f"sqlite://{folder / 'queue.sqlite3'}",
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "INFO",
    } | databases(arguments)


def _fill_a_day(url: str, count: int) -> str:
    """So many bookings of one product on one day; answers the day."""
    bookeo = client_of(url)
    day = datetime.now(ZONE).date() + timedelta(days=DAYS_AHEAD)
    start = datetime.combine(day, datetime.min.time(), ZONE)
    slots = bookeo.list_slots(product_id=PRODUCT, start_time=start, end_time=start + timedelta(hours=23))
    events = [slot.event_id for slot in slots.data]
    for number in range(count):
        bookeo.create_booking(
            booking=BookingInput(
                product_id=PRODUCT,
                event_id=events[number % len(events)],
                customer=CustomerInput(first_name="Robin", last_name=f"Sample {number}"),
                participants=ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=1),)),
            ),
            notify_customer=False,
        )
    return day.isoformat()


def _starts(url: str) -> dict[str, str]:
    bookeo, now = client_of(url), datetime.now(UTC)
    first = bookeo.list_bookings(
        start_time=now, end_time=now + timedelta(days=30), include_canceled=True, items_per_page=100
    )
    pages = iter_pages(first, bookeo.get_bookings_page, max_pages=100)
    return {
        booking.booking_number: "" if booking.canceled else booking.start_time.astimezone(ZONE).isoformat()
        for page in pages
        for booking in page.data
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, judge; answers the exit code."""
    given = _parser().parse_args(arguments)
    outcome = run(given)
    print(table(outcome))
    wrong = outcome.judge()
    for sentence in wrong[:40]:
        print(f"  ! {sentence}")
    print("Wrong." if wrong else "Each booking ended once, was told once, and was written once.")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bookings", type=int, default=200, help="how many the day has")
    parser.add_argument("--calls", type=int, default=10, help="calls that Bookeo grants in five seconds")
    parser.add_argument("--customers", type=int, default=6, help="how many book before it begins, and again meanwhile")
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--kills", type=int, default=3, choices=range(4), help="how often all workers are killed")
    parser.add_argument("--calm", action="store_true", help="nothing fails")
    parser.add_argument("--hurry", action="store_true", help="do not wait for the end of the window")
    add_databases(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
