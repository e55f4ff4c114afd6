"""The month as a table of links: how many times each day has."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from booking.presenters import texts
from booking.services.availability import DayOfMonth

REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class MonthCell:
    """`state` is one of: blank, none, full, free. Free cells carry a link."""

    number: int = 0
    weekday: str = ""
    note: str = ""
    state: str = "blank"
    href: str = ""
    few: bool = False
    current: bool = False
    today: bool = False


@dataclass(frozen=True, eq=False)
class Month:
    """Immutable and told apart by identity, so that its HTML is made once."""

    name: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[MonthCell]]
    previous: tuple[str, str] | None
    following: tuple[str, str] | None


@lru_cache(REMEMBERED)
def month_of(month: date, days: tuple[DayOfMonth, ...], *, today: date, current: date | None, query: str) -> Month:
    """`query` is the address of the wishes, to which each day adds its date."""
    known = {day.day: day for day in days}
    first = month.replace(day=1)
    begin = max(first, today) if today < _following(first) else first  # weeks that are over need no room
    start = begin - timedelta(days=begin.weekday())
    weeks = []
    while start < _following(first):
        week = [start + timedelta(days=n) for n in range(7)]
        weeks.append([_cell(day, first, known.get(day), today, current, query) for day in week])
        start += timedelta(days=7)
    monday = date(2024, 1, 1)
    names = [texts.weekday(monday + timedelta(days=n)) for n in range(7)]
    return Month(
        name=texts.month_name(first),
        weekdays=[(name[:2], name) for name in names],
        weeks=weeks,
        previous=_month_link(first - timedelta(days=1), query) if first > today else None,
        following=_month_link(_following(first), query),
    )


def _cell(day: date, month: date, known: DayOfMonth | None, today: date, current: date | None, query: str) -> MonthCell:
    if day.month != month.month:
        return MonthCell()
    name = texts.weekday(day)
    if known is None:
        note = "today" if day == today else ""
        return MonthCell(day.day, name, note=note, state="none", today=day == today)
    if not known.free:
        return MonthCell(day.day, name, note="full", state="full", today=day == today)
    return MonthCell(
        day.day,
        name,
        note=texts.counted(known.free, "time", "times"),
        state="free",
        href=f"?{query}&date={day:%Y-%m-%d}",
        few=known.free == 1 < known.slots,
        current=day == current,
        today=day == today,
    )


def _following(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month_link(day: date, query: str) -> tuple[str, str]:
    first = day.replace(day=1)
    return texts.month_alone(first), f"?{query}&month={first:%Y-%m}"
