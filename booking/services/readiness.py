"""Can this process serve visitors now?"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.core.cache import cache as shared_cache
from django.db import Error as DatabaseFault
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis import RedisError

from booking.services import upstream
from booking.services.database import quick_reading

DATABASE_SECONDS = 3.0
PROBE = "readiness"


@dataclass(frozen=True, slots=True)
class Readiness:
    """`bookeo` is the state of the circuit breaker. Without Bookeo the site still shows what it remembers."""

    database: bool
    migrations: bool
    cache: bool
    bookeo: str

    @property
    def is_ready(self) -> bool:
        return self.database and self.migrations and self.cache

    @property
    def is_degraded(self) -> bool:
        return self.is_ready and self.bookeo != "closed"


def examine() -> Readiness:
    """Asks nothing of Bookeo."""
    database = _works(_ask_database)
    return Readiness(
        database=database,
        migrations=database and _works(_find_no_migration_to_apply),
        cache=_works(_ask_cache),
        bookeo=upstream.breaker().state,
    )


class _NotYet(Exception):
    pass


def _works(probe: Callable[[], None]) -> bool:
    try:
        probe()
    except (DatabaseFault, RedisError, OSError, _NotYet):
        return False
    return True


def _ask_database() -> None:
    with quick_reading(DATABASE_SECONDS), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    shared_cache.get(PROBE)


@cache
def _find_no_migration_to_apply() -> None:
    """Asked until all are applied, which they then remain for as long as this process lives."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotYet
