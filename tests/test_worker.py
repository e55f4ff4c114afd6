"""The worker as a real program: beside the site, killed, and told to stop."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from booking.bookeo import Bookeo, BookingInput, CustomerInput, ParticipantsInput, PeopleNumber
from tests.environment import ROOT, SANDBOX_API_KEY, SANDBOX_SECRET_KEY
from tests.live import Prepared, Server, free_port, run_sandbox, run_site, site_environment
from tests.plain_browser import PlainBrowser
from tests.redis_database import empty_redis
from tests.shop import KAYAK

SECONDS = 30.0
INSERT = """
INSERT INTO booking_webhookmessage (message_id, domain, type, item_id, product_id, previous_lost, received_at)
VALUES (?, 'bookings', 'created', '4151607147062318', '4151KAYK7R18E08BF0DBF', FALSE, '2026-07-14 09:00:00')
"""


def wait_until(holds: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@contextmanager
def run_worker(environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Killed at the end, if it still runs."""
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [sys.executable, "manage.py", "work"], cwd=ROOT, env=dict(environment), stdout=output, stderr=output
        ) as worker,
    ):
        try:
            yield worker
        finally:
            worker.kill()


@pytest.fixture(params=["sqlite", "redis"])
def environment(
    request: pytest.FixtureRequest, migrated_database: Path, tmp_path: Path, worker_id: str
) -> dict[str, str]:
    """Of a worker with a database of its own, for whom Bookeo is dead."""
    shutil.copyfile(migrated_database, tmp_path / "site.sqlite3")
    return {
        **site_environment(tmp_path, tmp_path),
        "CACHE_URL": "dbcache://shared_cache",
        "QUEUE_URL": empty_redis(worker_id) if request.param == "redis" else _file(tmp_path),
        "BOOKEO_BASE_URL": f"http://127.0.0.1:{free_port()}/v2",
    }


def _file(folder: Path) -> str:
    return f"sqlite://{quote(str(folder / 'queue.sqlite3'))}"


class Messages:
    """What stands in the worker's database."""

    def __init__(self, database: Path) -> None:
        self._database = database

    def add(self, message_id: str) -> None:
        with closing(sqlite3.connect(self._database, timeout=10)) as db, db:
            db.execute(INSERT, (message_id,))

    def waiting(self) -> int:
        with closing(sqlite3.connect(self._database, timeout=10)) as db:
            query = "SELECT count(*) FROM booking_webhookmessage WHERE done_at IS NULL"
            return int(db.execute(query).fetchone()[0])


def test_killed_worker_loses_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    messages = Messages(tmp_path / "site.sqlite3")
    messages.add("first")
    with run_worker(environment, tmp_path / "worker.log") as worker:
        wait_until(lambda: messages.waiting() == 0)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(SECONDS) == -signal.SIGKILL
    messages.add("second")
    with run_worker(environment, tmp_path / "worker.log"):
        wait_until(lambda: messages.waiting() == 0)


def test_worker_stops_within_seconds_though_bookeo_hangs(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment["BOOKEO_BASE_URL"] = f"http://127.0.0.1:{silent.getsockname()[1]}/v2"
        environment["BOOKEO_READ_TIMEOUT"] = "300"
        with run_worker(environment, tmp_path / "worker.log") as worker:
            silent.settimeout(SECONDS)
            connection, _ = silent.accept()
            with connection:
                worker.send_signal(signal.SIGTERM)
                assert worker.wait(SECONDS) == 0
    assert "the worker has stopped" in (tmp_path / "worker.log").read_text()


def test_worker_that_is_stopped_as_soon_as_it_begins_ends_in_order(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with run_worker(environment, log) as worker:
        while "the worker begins" not in log.read_text():
            assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0
    assert "the worker has stopped" in log.read_text()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Server]:
    with run_sandbox(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def telephone(sandbox: Server) -> Bookeo:
    """Somebody else who books at the same business."""
    return Bookeo(base_url=f"{sandbox.url}/v2", secret_key=SANDBOX_SECRET_KEY, api_key=SANDBOX_API_KEY)


def test_booking_made_elsewhere_is_on_the_page_within_seconds(
    sandbox: Server, telephone: Bookeo, prepared: Prepared, tmp_path: Path
) -> None:
    port = free_port()
    more = {
        "CACHE_URL": "dbcache://shared_cache",
        "QUEUE_URL": _file(tmp_path),
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/webhooks/bookeo/",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
        "LOG_FORMAT": "json",
    }
    environment = {**site_environment(tmp_path, prepared.static_root), "BOOKEO_BASE_URL": f"{sandbox.url}/v2", **more}
    site = run_site(tmp_path, prepared, sandbox_url=sandbox.url, more=more, port=port)
    with site as server, run_worker(environment, tmp_path / "worker.log"):
        wait_until(lambda: len(telephone.list_webhooks()) == 15)
        page = PlainBrowser.over_http(server.url).get("/").follow(KAYAK)
        before = _times(page)
        _sell_out_a_time_of_tomorrow(telephone)
        wait_until(lambda: _times(page.get(page.url)) != before, seconds=40)  # by itself it would change after a minute
        counted = requests.get(f"{server.url}/metrics", timeout=SECONDS).text
    assert 'webhook_messages_total{outcome="accepted"}' in counted
    assert 'background_runs_total{outcome="done",task="webhooks"}' in counted
    for program in ("site", "worker"):
        lines = [json.loads(line) for line in (tmp_path / f"{program}.log").read_text().splitlines()]
        assert {"timestamp", "level", "logger", "message", "request_id"} <= set.intersection(*map(set, lines))


def _times(page: PlainBrowser) -> list[str]:
    return [button.text for button in page.page.form("form:has(.slot)").buttons]


def _sell_out_a_time_of_tomorrow(telephone: Bookeo) -> None:
    (kayak,) = [product for product in telephone.list_products() if product.name == KAYAK]
    begin = datetime.now(UTC) + timedelta(days=1)
    slots = telephone.list_slots(product_id=kayak.product_id, start_time=begin, end_time=begin + timedelta(days=3)).data
    slot = next(slot for slot in slots if slot.num_seats_available)
    adults = telephone.list_people_categories()[0].id
    caller = CustomerInput(first_name="Robin", last_name="Sample", email_address="robin@example.com")
    for seats in [slot.num_seats_available // 2, slot.num_seats_available - slot.num_seats_available // 2]:
        party = ParticipantsInput(numbers=(PeopleNumber(people_category_id=adults, number=seats),))
        telephone.create_booking(
            booking=BookingInput(
                product_id=kayak.product_id, event_id=slot.event_id, participants=party, customer=caller
            ),
            notify_customer=False,
        )
