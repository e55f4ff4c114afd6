"""When products take place: pure rules over dates."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sandbox import schedule
from sandbox.demo_business import harbour_and_hills
from sandbox.demo_products import CANOE, CHARTER, SAIL4, SUNSET, YOGA, ZIP
from sandbox.moments import render

ROME = ZoneInfo("Europe/Rome")


def product(product_id: str) -> schedule.Product:
    """A product of the demo."""
    found = harbour_and_hills().product(product_id)
    assert found is not None
    return found


def starts(product_id: str, first: str, last: str) -> list[str]:
    """Start times as text."""
    slots = schedule.occurrences(product(product_id), date.fromisoformat(first), date.fromisoformat(last), ROME)
    return [render(slot.starts, ROME) for slot in slots]


def test_hours_are_local_across_both_clock_changes() -> None:
    assert starts(YOGA, "2026-03-28", "2026-03-29") == ["2026-03-28T07:30:00+01:00", "2026-03-29T07:30:00+02:00"]
    assert starts(YOGA, "2026-10-24", "2026-10-25") == ["2026-10-24T07:30:00+02:00", "2026-10-25T07:30:00+01:00"]


def test_whole_day_across_a_clock_change_ends_at_midnight() -> None:
    (day,) = schedule.occurrences(product(CHARTER), date(2026, 3, 29), date(2026, 3, 29), ROME)
    assert (render(day.starts, ROME), render(day.ends, ROME)) == (
        "2026-03-29T00:00:00+01:00",
        "2026-03-30T00:00:00+02:00",
    )
    assert day.ends - day.starts == 23 * 3600


def test_months_and_weekdays_decide() -> None:
    assert [start[11:16] for start in starts(SUNSET, "2026-03-31", "2026-04-01")] == ["16:30", "20:30"]
    assert starts(ZIP, "2026-06-09", "2026-06-11") == ["2026-06-11T00:00:00+02:00"]


def test_course_every_other_week_keeps_its_rhythm_over_years() -> None:
    fridays = [start[:10] for start in starts(SAIL4, "2026-12-01", "2027-01-31") if "T18:30" in start]
    gaps = {(date.fromisoformat(two) - date.fromisoformat(one)).days for one, two in pairwise(fridays)}
    assert gaps == {14}


@pytest.mark.parametrize("product_id", [product.id for product in harbour_and_hills().products if product.schedules])
def test_every_event_id_is_unique_and_finds_its_slot(product_id: str) -> None:
    slots = list(schedule.occurrences(product(product_id), date(2026, 6, 1), date(2026, 6, 30), ROME))
    assert slots
    assert len({slot.event_id for slot in slots}) == len(slots)
    assert all(schedule.find(product(product_id), slot.event_id, ROME) == slot for slot in slots)


@pytest.mark.parametrize("event_id", ["", "nonsense", "5117YG073019C0A1B2E00_2026-13-01", "other_2026-06-12"])
def test_unknown_event_is_not_found(event_id: str) -> None:
    assert schedule.find(product(YOGA), event_id, ROME) is None
    assert schedule.find_flexible(product(CANOE), event_id, 3600, ROME) is None


def test_classes_of_a_course_are_weekly_with_ids_of_their_own() -> None:
    course = next(schedule.occurrences(product(SAIL4), date(2026, 10, 13), date(2026, 10, 13), ROME))
    assert [render(one.starts, ROME) for one in course.classes] == [
        "2026-10-13T18:00:00+02:00",
        "2026-10-20T18:00:00+02:00",
        "2026-10-27T18:00:00+01:00",
        "2026-11-03T18:00:00+01:00",
    ]
    assert len({one.event_id for one in course.classes}) == 4


def test_longer_appointments_end_before_closing() -> None:
    day = schedule.flexible_starts(product(CANOE), 1781215200, 1781301599, 90 * 60, ROME)
    ends = [render(slot.ends, ROME)[11:16] for slot in day]
    assert (ends[0], ends[-1]) == ("10:30", "19:00")
