"""Real processes for tests: the sandbox, and the site on top of it, over HTTP on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import requests

from tests.environment import ROOT

START_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Server:
    """A running program. `url` has no slash at its end; `log` holds all that it has printed so far."""

    url: str
    log: Path
    process: "subprocess.Popen[bytes]"


def free_port() -> int:
    """A loopback port that nobody used a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Prepared:
    """What every site begins with and takes long to make: a database with all tables, and collected static files."""

    database: Path
    static_root: Path


@contextmanager
def run_sandbox(folder: Path) -> Iterator[Server]:
    """Run the sandbox with its demo business in a new database inside `folder`."""
    port = free_port()
    arguments = ["-m", "sandbox", "serve", "--port", str(port), "--db", str(folder / "sandbox.sqlite3")]
    with _run(arguments, os.environ, f"http://127.0.0.1:{port}", folder / "sandbox.log", "/health") as server:
        yield server


@contextmanager
def run_site(
    folder: Path, prepared: Prepared, *, sandbox_url: str, more: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[Server]:
    """Run the site as it runs in production, but on a database in `folder` and on the sandbox at `sandbox_url`.

    `more` holds further environment variables for the site. Without a `port` any free one will do.
    """
    told = site_environment(folder, prepared.static_root)
    environment = {**told, "BOOKEO_BASE_URL": f"{sandbox_url}/v2", **(more or {})}
    port = port or free_port()
    shutil.copyfile(prepared.database, folder / "site.sqlite3")
    config = ROOT / "deploy" / "gunicorn.conf.py"
    # A browser keeps its connections open, and gunicorn would wait for them when it is told to stop.
    arguments = ["-m", "gunicorn", "-c", str(config), "--graceful-timeout", "1"]
    arguments += ["--bind", f"127.0.0.1:{port}", "bookeo_site.wsgi:application"]
    with _run(arguments, environment, f"http://127.0.0.1:{port}", folder / "site.log", "/") as server:
        yield server


def site_environment(folder: Path, static_root: Path) -> dict[str, str]:
    """The environment of a site whose data is in `folder` and whose collected static files are in `static_root`."""
    return {
        **os.environ,
        "DJANGO_DEBUG": "false",
        "DATABASE_URL": f"sqlite:///{quote(str(folder / 'site.sqlite3'))}",
        "STATIC_ROOT": str(static_root),
        "WEB_CONCURRENCY": "1",
        "PARTICIPANTS_ASKED_FOR": "RIDGE",
    }


def manage(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a command of manage.py; what it printed becomes the error when it fails."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)


@contextmanager
def _run(
    arguments: Sequence[str], environment: Mapping[str, str], url: str, log: Path, health_path: str
) -> Iterator[Server]:
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, *arguments], cwd=ROOT, env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        server = Server(url, log, process)
        try:
            _wait_until_it_answers(server, health_path)
            yield server
        finally:
            _stop(process)


def _wait_until_it_answers(server: Server, health_path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            requests.get(server.url + health_path, timeout=START_SECONDS)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    message = f"{server.url} did not start; it said:\n{server.log.read_text(errors='replace')}"
    raise RuntimeError(message)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
