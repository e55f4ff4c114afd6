"""Asking the database something that must not take long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def quick_transaction(seconds: float) -> Iterator[None]:
    """A transaction that fails rather than waits: for a lock, or for a statement, at most so many seconds each.

    Raises OperationalError.
    """
    milliseconds = round(seconds * 1000)
    with _busy_for(milliseconds), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {milliseconds}")
        yield


@contextmanager
def quick_reading(seconds: float) -> Iterator[None]:
    """The same for queries that change nothing. SQLite's readers wait for nobody, unless a transaction makes them."""
    if connection.vendor == "sqlite":
        yield
        return
    with quick_transaction(seconds):
        yield


@contextmanager
def _busy_for(milliseconds: int) -> Iterator[None]:
    """How long SQLite waits for another writer. It has to be said before the transaction begins."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = round(1000 * connection.settings_dict.get("OPTIONS", {}).get("timeout", 5))
    _say(milliseconds)
    try:
        yield
    finally:
        _say(usual)


def _say(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
