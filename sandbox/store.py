"""The sandbox's own database: schema and transactions. Every write takes the lock first, so capacity is exact."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_TIMEOUT_MS = 15_000

SCHEMA = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS customer (
    id TEXT PRIMARY KEY, created INTEGER NOT NULL, name TEXT NOT NULL, first_name TEXT NOT NULL,
    last_name TEXT NOT NULL, email TEXT NOT NULL, details TEXT NOT NULL, password TEXT,
    credit TEXT NOT NULL DEFAULT '0', prepaid INTEGER NOT NULL DEFAULT 0, prepaid_product TEXT,
    member INTEGER NOT NULL DEFAULT 0, membership_end TEXT, cancelations INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS customer_email ON customer (email);

CREATE TABLE IF NOT EXISTS linked_person (
    id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customer ON DELETE CASCADE,
    created INTEGER NOT NULL, details TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS linked_person_customer ON linked_person (customer_id);

CREATE TABLE IF NOT EXISTS booking (
    number TEXT PRIMARY KEY, customer_id TEXT NOT NULL, product_id TEXT NOT NULL, starts INTEGER NOT NULL,
    ends INTEGER NOT NULL, canceled INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL DEFAULT 1,
    no_show INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, changed INTEGER NOT NULL,
    paid TEXT NOT NULL DEFAULT '0', details TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS booking_starts ON booking (starts);
CREATE INDEX IF NOT EXISTS booking_changed ON booking (changed);
CREATE INDEX IF NOT EXISTS booking_customer ON booking (customer_id);

CREATE TABLE IF NOT EXISTS hold (id TEXT PRIMARY KEY, expires INTEGER NOT NULL, quote TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS seat_use (
    owner TEXT NOT NULL, event_id TEXT NOT NULL, starts INTEGER NOT NULL, seats INTEGER NOT NULL,
    expires INTEGER, created INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS seat_use_event ON seat_use (event_id, seats, expires, created);
CREATE INDEX IF NOT EXISTS seat_use_starts ON seat_use (starts, event_id, seats, expires, created);
CREATE INDEX IF NOT EXISTS seat_use_owner ON seat_use (owner);

CREATE TABLE IF NOT EXISTS resource_use (
    owner TEXT NOT NULL, resource_id TEXT NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL,
    expires INTEGER, created INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS resource_use_time ON resource_use (resource_id, ends);
CREATE INDEX IF NOT EXISTS resource_use_owner ON resource_use (owner);

CREATE TABLE IF NOT EXISTS payment (
    id TEXT PRIMARY KEY, booking_number TEXT NOT NULL, customer_id TEXT NOT NULL, created INTEGER NOT NULL,
    received INTEGER NOT NULL, method TEXT NOT NULL, method_other TEXT, amount TEXT NOT NULL, details TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS payment_booking ON payment (booking_number);
CREATE INDEX IF NOT EXISTS payment_received ON payment (received);

CREATE TABLE IF NOT EXISTS page (
    token TEXT NOT NULL, number INTEGER NOT NULL, total_items INTEGER NOT NULL, total_pages INTEGER NOT NULL,
    scope TEXT NOT NULL, items TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (token, number));
CREATE INDEX IF NOT EXISTS page_expires ON page (expires);

CREATE TABLE IF NOT EXISTS seat_block (
    id TEXT PRIMARY KEY, event_id TEXT NOT NULL, product_id TEXT NOT NULL, starts INTEGER NOT NULL,
    seats INTEGER NOT NULL, reason TEXT, created INTEGER NOT NULL, changed INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS resource_block (
    id TEXT PRIMARY KEY, starts INTEGER NOT NULL, ends INTEGER NOT NULL, resources TEXT NOT NULL, reason TEXT,
    created INTEGER NOT NULL, changed INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS webhook (
    id TEXT PRIMARY KEY, api_key TEXT NOT NULL, url TEXT NOT NULL, domain TEXT NOT NULL, type TEXT NOT NULL,
    lost INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0, blocked_time INTEGER, blocked_reason TEXT,
    UNIQUE (api_key, domain, type));

CREATE TABLE IF NOT EXISTS message (
    id TEXT PRIMARY KEY, webhook_id TEXT NOT NULL REFERENCES webhook ON DELETE CASCADE, body TEXT NOT NULL,
    due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, copies INTEGER NOT NULL DEFAULT 1,
    bad_signature INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS message_due ON message (due);
"""


class Store:
    """One SQLite file. Threads get a connection each; a fork must make a Store of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = threading.local()
        self._writers = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._turnstile = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._turnstile)
        self.connection().executescript(SCHEMA)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode."""
        existing: sqlite3.Connection | None = getattr(self._connections, "current", None)
        if existing is None:
            existing = self._connections.current = self._connect()
        return existing

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view for all reads of a call."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that owns the write lock from its first statement: check and act cannot be torn apart."""
        with self._writers, self._turn(), self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Queue with other processes: SQLite's own way to wait, to sleep and look again, starves some of many."""
        fcntl.flock(self._turnstile, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turnstile, fcntl.LOCK_UN)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self.connection()
        connection.execute(begin)
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close this thread's connection."""
        existing: sqlite3.Connection | None = getattr(self._connections, "current", None)
        if existing is not None:
            existing.close()
            self._connections.current = None


def read_state(connection: sqlite3.Connection, name: str) -> str | None:
    """A named value shared by all processes: knobs, the clock, what has been filled."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def write_state(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Store a named value."""
    connection.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", (name, value))
