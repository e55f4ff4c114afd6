"""Bookeo answers ranges of at most 31 days (reference 2.6); longer ones are asked in pieces."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

LONGEST_RANGE = timedelta(days=31)


def pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The range in pieces of at most 31 days as clocks count them: a month in which they go back is an hour too
    long for one. Pieces share their ends."""
    begin, end = start.astimezone(UTC), end.astimezone(UTC)
    while begin < end:
        stop = min(end, begin + LONGEST_RANGE)
        yield begin.astimezone(start.tzinfo), stop.astimezone(start.tzinfo)
        begin = stop
