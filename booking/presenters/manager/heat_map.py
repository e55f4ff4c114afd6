"""Occupancy by product and day as a table whose cells are warmer the fuller the day is, and say so in figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from booking.presenters import texts
from booking.services.reports import Seats

NOTHING_OFFERED = "·"

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class HeatDay:
    day: str
    weekday: str
    number: str
    is_today: bool
    words: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`tone` is a step of the heat; the text says the same."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    name: str
    cells: list[HeatCell]
    whole: str


@dataclass(frozen=True, slots=True)
class Heat:
    days: list[HeatDay]
    rows: list[HeatRow]
    has_apart: bool


def heat_map(
    occupancy: Mapping[str, Mapping[date, Seats]], days: list[date], names: Mapping[str, str], *, today: date
) -> Heat:
    """A row for each product, a cell for each day."""
    rows = [_heat_row(name, by_day, days) for name, by_day in named(occupancy, names)]
    return Heat(
        days=[
            HeatDay(
                day=day.isoformat(),
                weekday=texts.weekday(day)[:2],
                number=str(day.day),
                is_today=day == today,
                words=texts.short_day(day),
            )
            for day in days
        ],
        rows=rows,
        has_apart=any(cell.tone == "apart" for row in rows for cell in row.cells),
    )


def _heat_row(name: str, by_day: Mapping[date, Seats], days: Iterable[date]) -> HeatRow:
    booked = sum(seats.booked for seats in by_day.values())
    capacity = sum(seats.capacity for seats in by_day.values())
    apart = sum(seats.apart for seats in by_day.values())
    whole = percent(booked, capacity) if capacity else texts.counted(apart, "seat", "seats")
    return HeatRow(name, [_heat_cell(by_day.get(day)) for day in days], whole)


def _heat_cell(seats: Seats | None) -> HeatCell:
    if seats is None or not (seats.capacity or seats.apart):
        return HeatCell("none", NOTHING_OFFERED)
    if not seats.capacity:
        return HeatCell("apart", f"+{seats.apart}")
    full = round(100 * seats.booked / seats.capacity)
    return HeatCell(f"heat-{-(-min(full, 100) // 20)}", str(full))


def percent(part: int, whole: int) -> str:
    """62%; none of nothing"""
    return f"{round(100 * part / whole)}%" if whole else "none"


def named(found: Mapping[str, Found], names: Mapping[str, str]) -> list[tuple[str, Found]]:
    """In the order of the products; one without a name by its id."""
    order = {product: number for number, product in enumerate(names)}
    products = sorted(found, key=lambda product: (order.get(product, len(order)), product))
    return [(names.get(product, product), found[product]) for product in products]
