"""A database that threads share as servers do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS as ALIAS
from django.db import connections


@contextmanager
def file_database(path: Path) -> Iterator[None]:
    """SQLite in a file while the block runs. The database of the other tests may live in memory, where a second
    writer is refused at once instead of made to wait."""
    mine, settings = connections[ALIAS], connections.settings[ALIAS]
    options = {"transaction_mode": "IMMEDIATE", "timeout": 10}
    changed: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}
    connections.settings[ALIAS] = settings | changed
    connections[ALIAS] = connections.create_connection(ALIAS)
    ContentType.objects.clear_cache()  # it remembers rows of the other database
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connections[ALIAS].close()
        connections.settings[ALIAS] = settings
        connections[ALIAS] = mine
        ContentType.objects.clear_cache()
