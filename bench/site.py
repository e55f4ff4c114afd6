"""The site served as in production, on loopback, for as long as a measurement needs it."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.serving import ROOT

_START_SECONDS = 40
_STOP_SECONDS = 20


@dataclass(frozen=True)
class Site:
    """A running web server; `url` has no slash at its end."""

    url: str
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """Ids of the processes that answer. Needs Linux."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def kill(self, worker: int) -> None:
        """End one of them between two of its instructions."""
        os.kill(worker, signal.SIGKILL)


def environment(folder: Path, sandbox_url: str, more: Mapping[str, str]) -> dict[str, str]:
    """What the programs of a site in `folder` are told: nothing of the environment of whoever measures."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "bookeo_site.settings",
        "DJANGO_SECRET_KEY": "made-up-for-a-measurement-and-long-enough-to-seal-with",
        "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
        "DEMO": "true",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "CACHE_URL": "dbcache://shared_cache",
        "WINDOWS_FILE": str(folder / "windows.sqlite3"),
        "STATIC_ROOT": str(folder / "static"),
        "BOOKEO_BASE_URL": f"{sandbox_url}/v2",
        "BOOKEO_SECRET_KEY": "sandbox-secret",
        "BOOKEO_API_KEY": "sandbox-api-key",
        "BUSINESS_TIME_ZONE": "Europe/Rome",
        "BUSINESS_CURRENCY": "EUR",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def add_databases(parser: argparse.ArgumentParser) -> None:
    """The options that take a site of many machines instead of one."""
    parser.add_argument("--postgres", default="", help="an empty PostgreSQL database instead of SQLite")
    parser.add_argument("--redis", default="", help="a Redis database instead of the cache table and the file of tasks")


def databases(arguments: argparse.Namespace) -> dict[str, str]:
    """What these options mean to a site."""
    postgres = {"DATABASE_URL": arguments.postgres} if arguments.postgres else {}
    redis = {"CACHE_URL": arguments.redis, "QUEUE_URL": arguments.redis} if arguments.redis else {}
    return postgres | redis


def manage(variables: Mapping[str, str], *arguments: str) -> str:
    """Run a command of manage.py and answer what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=dict(variables), capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        message = f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


def prepare(variables: Mapping[str, str]) -> None:
    """Tables and static files."""
    manage(variables, "migrate", "--no-input")
    manage(variables, "collectstatic", "--no-input")


@contextmanager
def served_sites(variables: Mapping[str, str], log: Path, count: int = 1) -> Iterator[list[Site]]:
    """So many web servers of one prepared site, each on a free port."""
    with ExitStack() as stack:
        yield [stack.enter_context(_served(variables, log)) for _ in range(count)]


@contextmanager
def _served(variables: Mapping[str, str], log: Path) -> Iterator[Site]:
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    told = {**variables, "PORT": str(port)}
    with (
        log.open("ab") as output,
        subprocess.Popen(command, cwd=ROOT, env=told, stdout=output, stderr=output) as process,  # noqa: S603 - our own
    ):
        site = Site(f"http://127.0.0.1:{port}", process)
        try:
            _wait_until_it_answers(site)
            yield site
        finally:
            process.terminate()
            process.wait(_STOP_SECONDS)


def _wait_until_it_answers(site: Site) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{site.url}/healthz", timeout=5).close()  # noqa: S310 - our own, over http
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the site did not start"
    raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
