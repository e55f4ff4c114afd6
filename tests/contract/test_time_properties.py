"""Times mean the same moment on both sides of the wire: any zone, any season, any offset."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from booking.bookeo import ACCOUNT_LOCAL
from booking.bookeo.models.base import AnsweredTime, RequestedTime, time_text
from sandbox import moments, schedule
from sandbox.demo_business import harbour_and_hills
from sandbox.demo_products import KAYAK
from sandbox.errors import ApiError

# Half hours, a change by half an hour, a summer time that pauses, a day that was skipped, and no change at all.
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "Europe/Rome",
            "America/New_York",
            "America/St_Johns",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
            "Pacific/Apia",
            "UTC",
        )
    ]
)
MOMENTS = st.integers(1_000_000_000, 2_200_000_000)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
WALL_TIMES = st.datetimes(datetime(2001, 1, 1), datetime(2038, 1, 1)).map(  # noqa: DTZ001 - the clock on a wall
    lambda wall: wall.replace(microsecond=0)
)
answered, requested = TypeAdapter(AnsweredTime), TypeAdapter(RequestedTime)
SUMMER_BEGINS, WINTER_BEGINS = datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001
ROME = ZoneInfo("Europe/Rome")


@given(MOMENTS, ZONES)
def test_what_the_sandbox_writes_is_the_same_moment_for_everybody(moment: int, zone: ZoneInfo) -> None:
    text = moments.render(moment, zone)
    assert moments.parse(text, zone) == moment
    told = answered.validate_python(text)
    assert told.timestamp() == moment
    assert told.utcoffset() == datetime.fromtimestamp(moment, zone).utcoffset()


@given(MOMENTS, OFFSETS, ZONES)
def test_what_the_client_writes_is_the_same_moment_for_the_sandbox(
    moment: int, offset: timezone, zone: ZoneInfo
) -> None:
    asked = datetime.fromtimestamp(moment, offset)
    text = time_text(asked)
    assert moments.parse(text, zone) == moment
    assert not text.endswith("-00:00")
    read = requested.validate_python(text)
    assert (read, read.utcoffset()) == (asked, asked.utcoffset())


@given(WALL_TIMES, ZONES)
@example(SUMMER_BEGINS, ROME)
@example(WINTER_BEGINS, ROME)
def test_local_time_is_the_clock_on_the_wall_of_the_business(wall: datetime, zone: ZoneInfo) -> None:
    text = time_text(wall.replace(tzinfo=ACCOUNT_LOCAL))
    assert text == f"{wall.isoformat()}-00:00"
    assert requested.validate_python(text).replace(tzinfo=None) == wall
    moment = moments.parse(text, zone)
    shown = datetime.fromtimestamp(moment, zone).replace(tzinfo=None)
    skipped = wall.replace(tzinfo=UTC) - shown.replace(tzinfo=UTC)
    # An hour that the clock skips is read as if it had not changed yet; any other is read as it stands.
    there_is_no_such_hour = wall.replace(tzinfo=zone).utcoffset() != datetime.fromtimestamp(moment, zone).utcoffset()
    assert bool(skipped) == there_is_no_such_hour


@given(WALL_TIMES, ZONES)
@example(WINTER_BEGINS, ROME)
def test_local_time_and_the_offset_of_that_moment_say_the_same(wall: datetime, zone: ZoneInfo) -> None:
    local = wall.replace(tzinfo=zone)
    assume(local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall)
    assert moments.parse(f"{wall.isoformat()}-00:00", zone) == moments.parse(local.isoformat(), zone)


@given(st.dates(date(2001, 1, 1), date(2037, 12, 30)), ZONES)
@example(SUMMER_BEGINS.date(), ROME)
@example(WINTER_BEGINS.date(), ROME)
def test_slots_start_at_the_same_hour_in_all_seasons(day: date, zone: ZoneInfo) -> None:
    product = harbour_and_hills().product(KAYAK)
    assert product is not None
    noon = moments.local_moment(day, time(12), zone)
    assume(moments.local_date(noon, zone) == day)
    slots = list(schedule.occurrences(product, day, day, zone))
    shown = [datetime.fromisoformat(moments.render(slot.starts, zone)) for slot in slots]
    assert [(one.date(), one.time()) for one in shown] == [(day, rule.at) for rule in product.schedules]
    assert {slot.ends - slot.starts for slot in slots} == {9000}


@given(MOMENTS, st.integers(-3600, 40 * 86_400), ZONES)
def test_range_is_refused_beyond_31_days_of_the_calendar(start: int, seconds: int, zone: ZoneInfo) -> None:
    first, last = (datetime.fromtimestamp(moment, zone).replace(tzinfo=UTC) for moment in (start, start + seconds))
    allowed = seconds >= 0 and last - first <= timedelta(days=31)
    with contextlib.nullcontext() if allowed else pytest.raises(ApiError):
        moments.check_range(start, start + seconds, zone)
