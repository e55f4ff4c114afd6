"""Moments are whole Unix seconds inside the sandbox and RFC 3339 text with the local offset outside (reference 2.4)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.errors import bad_request

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOCAL_OFFSET = "-00:00"
_END_OF_TIME = 4_102_444_800  # the year 2100: further ahead nothing is planned and arithmetic stays safe
LONGEST_RANGE = timedelta(days=31)


def render(moment: int, zone: ZoneInfo) -> str:
    """RFC 3339 text with the zone's offset at that moment."""
    return datetime.fromtimestamp(moment, zone).isoformat()


def local_moment(day: date, at: time, zone: ZoneInfo) -> int:
    """Unix seconds of a wall-clock time on a day."""
    return int(datetime.combine(day, at, zone).timestamp())


def local_date(moment: int, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the zone."""
    return datetime.fromtimestamp(moment, zone).date()


def parse(text: str, zone: ZoneInfo, name: str = "time") -> int:
    """Unix seconds of RFC 3339 text; the offset -00:00 means local time. Raises a 400 that names the field."""
    if not _RFC3339.fullmatch(text):
        raise bad_request("Invalid date-time: {}", name)
    try:
        if text.endswith(_LOCAL_OFFSET):
            parsed = datetime.fromisoformat(text.removesuffix(_LOCAL_OFFSET)).replace(tzinfo=zone)
        else:
            parsed = datetime.fromisoformat(text)
        moment = int(parsed.timestamp())
    except (ValueError, OverflowError) as error:
        raise bad_request("Invalid date-time: {}", name) from error
    if not 0 <= moment < _END_OF_TIME:
        raise bad_request("Invalid date-time: {}", name)
    return moment


def parse_day_or_moment(text: str, zone: ZoneInfo, name: str, *, last: bool) -> int:
    """A plain date (its first or last second) or a date-time, as `GET /customers/{id}/bookings` accepts both."""
    if not _DATE.fullmatch(text):
        return parse(text, zone, name)
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise bad_request("Invalid date: {}", name) from error
    return parse(f"{text}T{'23:59:59' if last else '00:00:00'}{_LOCAL_OFFSET}", zone, name)


def check_range(start: int, end: int, zone: ZoneInfo) -> None:
    """Refuse a range that runs backwards or is longer than 31 days of wall-clock time (reference 2.6)."""
    if end < start:
        raise bad_request("The end of the range is before its start")
    wall_start = datetime.fromtimestamp(start, zone).replace(tzinfo=None)
    wall_end = datetime.fromtimestamp(end, zone).replace(tzinfo=None)
    if wall_end - wall_start > LONGEST_RANGE:
        raise bad_request("The maximum date range is 31 days")


def utc(moment: float) -> datetime:
    """An aware datetime in UTC."""
    return datetime.fromtimestamp(moment, UTC)
