"""The program itself: over real HTTP, started and stopped as people do."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from bench.serving import served_sandbox
from sandbox.cli import main
from sandbox.knobs import HEADER, KNOBS
from tests.sandbox.bodies import kayak, kayak_for_robin
from tests.sandbox.client import Json
from tests.sandbox.test_webhooks import Receiver, receiver  # noqa: F401 - a fixture

KEYS = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "sandbox-api-key"}
PLAIN = {"Content-Type": "application/json"}
CLOCK = ("--knob", "clock=2026-06-10T09:00:00+02:00")


@contextmanager
def serving(database: Path, *flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running sandbox without bookings on a free port, with its base address."""
    with served_sandbox(database, "--data", "empty", *flags) as served:
        yield served.process, served.url


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A client with keys that keeps its connection."""
    with requests.Session() as made:
        made.trust_env = False
        made.headers.update(KEYS)
        yield made


def june_bookings(session: requests.Session, base: str) -> list[Json]:
    """The bookings of the day that the tests book."""
    day = {"startTime": "2026-06-12T00:00:00-00:00", "endTime": "2026-06-13T00:00:00-00:00"}
    found: list[Json] = session.get(f"{base}/v2/bookings", params=day, timeout=20).json()["data"]
    return found


def held(session: requests.Session, base: str) -> str:
    """The id of a new hold."""
    return str(session.post(f"{base}/v2/holds", json=kayak(1), timeout=20).json()["id"])


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serves_and_stops_when_told(tmp_path: Path, session: requests.Session, stop: signal.Signals) -> None:
    with serving(tmp_path / "sandbox.sqlite3") as (process, base):
        answers = [session.get(f"{base}/v2/settings/taxes", timeout=20) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert answers[0].headers["Connection"] == "keep-alive"
        process.send_signal(stop)
        assert process.wait(20) == 0


def test_connection_stays_usable_after_refusals_with_a_body(tmp_path: Path, session: requests.Session) -> None:
    session.headers.clear()
    with serving(tmp_path / "sandbox.sqlite3") as (_, base):
        answers = [session.post(f"{base}/v2/bookings", json=kayak_for_robin(), timeout=10) for _ in range(200)]
    assert {answer.status_code for answer in answers} == {401}


def test_body_that_is_too_large_is_refused_and_forgotten(tmp_path: Path, session: requests.Session) -> None:
    with serving(tmp_path / "sandbox.sqlite3") as (_, base):
        for _ in range(20):
            refused = session.post(f"{base}/v2/bookings", data=b"[" * 1_000_001, headers=PLAIN, timeout=20)
            assert (refused.status_code, refused.json()["httpStatus"]) == (413, 413)
            assert session.get(f"{base}/v2/settings/taxes", timeout=20).status_code == 200


def test_cut_connections_and_webhooks_over_real_http(
    tmp_path: Path,
    session: requests.Session,
    receiver: Receiver,  # noqa: F811 - the fixture
) -> None:
    with serving(tmp_path / "sandbox.sqlite3", *CLOCK) as (_, base):
        hook = {"url": receiver.url, "domain": "bookings", "type": "created"}
        assert session.post(f"{base}/v2/webhooks", json=hook, timeout=20).status_code == 201
        with pytest.raises(requests.ConnectionError):
            session.post(f"{base}/v2/bookings", json=kayak_for_robin(), headers={HEADER: "cut=after"}, timeout=20)
        with pytest.raises(requests.ConnectionError):
            session.get(f"{base}/v2/settings/taxes", headers={HEADER: "cut=before"}, timeout=20)
        (booking,) = june_bookings(session, base)
        deadline = time.monotonic() + 20
        while not receiver.received and time.monotonic() < deadline:
            time.sleep(0.02)
        assert receiver.bodies[0]["itemId"] == booking["bookingNumber"]


@pytest.mark.parametrize("knob", ["latency=600", "latency_after=600"])
def test_booking_happens_although_the_client_has_gone(tmp_path: Path, session: requests.Session, knob: str) -> None:
    with serving(tmp_path / "sandbox.sqlite3", *CLOCK) as (_, base):
        with pytest.raises(requests.ReadTimeout):
            session.post(f"{base}/v2/bookings", json=kayak_for_robin(), headers={HEADER: knob}, timeout=0.3)
        deadline = time.monotonic() + 20
        while not (found := june_bookings(session, base)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(found) == 1


def test_head_of_an_answer_comes_in_pieces(tmp_path: Path, session: requests.Session) -> None:
    with serving(tmp_path / "sandbox.sqlite3", *CLOCK) as (_, base):
        began = time.monotonic()
        slow = session.get(f"{base}/v2/settings/taxes", headers={HEADER: "trickle_headers=20;trickle=1"}, timeout=20)
        assert time.monotonic() - began > 0.2
        assert slow.json() == session.get(f"{base}/v2/settings/taxes", timeout=20).json()
        assert (slow.headers["Connection"], slow.headers["X-Sandbox"]) == ("close", "1")
        gone = session.delete(
            f"{base}/v2/holds/{held(session, base)}", headers={HEADER: "trickle_headers=1"}, timeout=20
        )
        assert (gone.status_code, gone.content) == (204, b"")


def test_taken_port_is_one_clear_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(tmp_path / "sandbox.sqlite3") as (_, base):
        port = base.rpartition(":")[2]
        other = tmp_path / "other.sqlite3"
        assert main(["serve", "--port", port, "--db", str(other)]) == 2
        assert capsys.readouterr().err == (
            f"sandbox: port {port} on 127.0.0.1 is taken: stop what uses it, or choose another with --port\n"
        )
        assert not other.exists()


def test_wrong_knob_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--knob", "fail=fine"]) == 2
    assert capsys.readouterr().err.startswith("sandbox: The knob fail cannot be fine: ")


def test_key_of_the_command_line_has_its_permissions(tmp_path: Path, session: requests.Session) -> None:
    with serving(tmp_path / "sandbox.sqlite3", "--key", "mine=availability_r,payments_r_all") as (_, base):
        info = session.get(f"{base}/v2/settings/apikeyinfo", headers={"X-Bookeo-apiKey": "mine"}, timeout=20).json()
        assert info["permissions"] == ["availability_r", "payments_r_all"]


@pytest.mark.parametrize("key", ["mine", "mine=", "=availability_r", "mine=everything"])
def test_key_without_real_permissions_is_refused(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--key", key])
    assert "argument --key" in capsys.readouterr().err


def test_knob_of_an_unknown_operation_is_one_clear_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(tmp_path / "sandbox.sqlite3")
    assert main(["serve", "--port", "0", "--db", database, "--knob", "fail.bookCreate=503"]) == 2
    assert capsys.readouterr().err.startswith("sandbox: The knob fail cannot be limited to bookCreate: ")


def test_help_explains_commands_and_knobs(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["serve", "--help"]):
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        assert stopped.value.code == 0
        shown = capsys.readouterr().out
        assert all(name in shown for name in KNOBS)
    assert "--time-zone" in shown


def test_reset_starts_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "sandbox.sqlite3"
    for suffix in ("", "-wal", "-shm", "-lock"):
        Path(f"{database}{suffix}").write_text("old")
    assert main(["reset", "--db", str(database)]) == 0
    assert list(tmp_path.iterdir()) == []
    assert "Deleted" in capsys.readouterr().out
    assert main(["reset", "--db", str(database)]) == 0
