"""A moving window in a file, for the processes of one machine: what Redis is to `limits` where there are many."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from limits.storage import MovingWindowSupport, Storage

BUSY_SECONDS = 2.0


class WindowFile(Storage, MovingWindowSupport):
    """Only what a moving window needs. Every entry is one hit: when it was granted, and when it stops counting."""

    STORAGE_SCHEME = None

    def __init__(self, path: Path, **options: Any) -> None:
        super().__init__(**options)
        self._path = path
        self._connections = threading.local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether there was room for so many more within `expiry` seconds; then they are written down."""
        now = time.time()
        with self._writing() as connection:
            connection.execute("DELETE FROM entry WHERE forgotten <= ?", (now,))
            (count,) = connection.execute("SELECT count(*) FROM entry WHERE key = ?", (key,)).fetchone()
            if count + amount > limit:
                return False
            connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", [(key, now, now + expiry)] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest entry of the window was granted, and how many there are."""
        now = time.time()
        found = self._connection().execute(
            "SELECT min(granted), count(*) FROM entry WHERE key = ? AND granted > ?", (key, now - expiry)
        )
        oldest, count = found.fetchone()
        return (oldest if count else now), count

    def check(self) -> bool:
        self._connection().execute("SELECT 1 FROM entry LIMIT 1")
        return True

    def reset(self) -> int:
        with self._writing() as connection:
            return connection.execute("DELETE FROM entry").rowcount

    def clear(self, key: str) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM entry WHERE key = ?", (key,))

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("this storage keeps moving windows only")

    def get(self, key: str) -> int:
        raise NotImplementedError("this storage keeps moving windows only")

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError("this storage keeps moving windows only")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._connections, "open", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            # What a crash of the machine loses here is worth a few seconds of caution, not a disk's pace.
            connection.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
                "CREATE TABLE IF NOT EXISTS entry (key TEXT NOT NULL, granted REAL NOT NULL, forgotten REAL NOT NULL);"
                "CREATE INDEX IF NOT EXISTS entry_by_time ON entry (key, granted);"
            )
            self._connections.open = connection
        return connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
