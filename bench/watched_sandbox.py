"""A sandbox that writes down every call, and of every write that reaches a booking whether it found it done already.

python -m bench.watched_sandbox serve --port 0 --db sandbox.sqlite3 --data empty

Beside the database stand `calls.tsv`, the times of all calls, and `writes.tsv`: time, method, booking, and the booking
before and after. Its tours have room for a crowd.
"""

import sqlite3
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox import Sandbox, cli, create_app, server

ROOMY = 60
WRITES, CALLS = "writes.tsv", "calls.tsv"
_WRITES = {"DELETE", "PUT"}


@dataclass(frozen=True)
class Write:
    """One write that arrived, with the booking's start and whether it was cancelled, before and after."""

    at: float
    method: str
    number: str
    before: str
    after: str

    @property
    def was_done(self) -> bool:
        """It changed the booking."""
        return self.before != self.after


class WatchedSandbox(Sandbox):
    """Writes down before it answers, whatever becomes of the answer."""

    _guard = threading.Lock()

    def respond(self, request: Request) -> Response:
        """The answer of the sandbox."""
        if request.path.startswith("/v2/"):
            self._write_down(CALLS, f"{time.time():.3f}")
        number = request.path.rpartition("/")[2]
        if request.method not in _WRITES or "/bookings/" not in request.path:
            return super().respond(request)
        before = self._state_of(number)
        try:
            return super().respond(request)
        finally:
            self._write_down(
                WRITES, "\t".join([f"{time.time():.3f}", request.method, number, before, self._state_of(number)])
            )

    def _write_down(self, log: str, line: str) -> None:
        with self._guard, _folder_of(self).joinpath(log).open("a") as file:
            file.write(f"{line}\n")

    def _state_of(self, number: str) -> str:
        with closing(sqlite3.connect(self.store.path, timeout=10)) as db:
            row = db.execute("SELECT canceled, starts FROM booking WHERE number = ?", (number,)).fetchone()
        return f"{row[0]}@{row[1]}" if row else ""


def read_writes(folder: Path) -> list[Write]:
    """All writes so far, in order."""
    return [Write(float(parts[0]), *parts[1:]) for parts in (line.split("\t") for line in _lines(folder / WRITES))]


def read_calls(folder: Path) -> list[float]:
    """When each call arrived."""
    return [float(line) for line in _lines(folder / CALLS)]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _folder_of(sandbox: Sandbox) -> Path:
    return Path(sandbox.store.path).parent


def _watched(database: Path, **options: Any) -> WatchedSandbox:
    plain = create_app(database, **options)
    roomy = tuple(replace(product, capacity=ROOMY) for product in plain.account.products)
    return WatchedSandbox(replace(plain.account, products=roomy), plain.store, plain.secret_key, plain.api_keys)


if __name__ == "__main__":
    vars(server)["create_app"] = _watched  # what the web server serves
    sys.exit(cli.main())
