"""The reports in words, tables and pictures. Each picture stands beside a table with the same figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from booking.bookeo import Money
from booking.models import FactKind
from booking.presenters import texts
from booking.presenters.manager.heat_map import Heat, heat_map, named, percent
from booking.presenters.manager.money_pictures import Picture, payments_picture, revenue_picture
from booking.services.fact_following import Standing
from booking.services.fact_weeks import Progress
from booking.services.reports import Report, Share

OLD_AFTER = timedelta(minutes=30)
HOURS = 24
# Beyond so many percent a change says nothing.
MOST_CHANGE = 200

Steps = Sequence[tuple[str, int | None]]
# Up to and with so many days before the start; the last without end.
LEADS: Steps = (
    ("On the same day", 0),
    ("1 to 2 days before", 2),
    ("3 to 7 days before", 7),
    ("8 to 14 days before", 14),
    ("15 to 30 days before", 30),
    ("More than 30 days before", None),
)
# Up to and with so many hours.
NOTICES: Steps = (
    ("After the start", -1),
    ("Less than a day before", HOURS - 1),
    ("1 to 2 days before", 3 * HOURS - 1),
    ("3 to 7 days before", 8 * HOURS - 1),
    ("8 to 14 days before", 15 * HOURS - 1),
    ("More than 14 days before", None),
)
NOT_TOLD = "Not told"


@dataclass(frozen=True, slots=True)
class Figure:
    """`change` says how it was in the days before."""

    label: str
    value: str
    change: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """`width` of 100 for the bar."""

    label: str
    number: str
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """`as_of` is empty before the first facts; `is_old` when nothing was heard for long; `filling` says how far the
    first filling has come; `refused` names what the key may not read."""

    heading: str
    as_of: str
    is_old: bool
    filling: str
    refused: list[str]
    is_empty: bool
    has_payments: bool
    figures: list[Figure]
    heat: Heat
    revenue: list[Picture]
    payments: list[Picture]
    leads: list[BarRow]
    by_product: list[BarRow]
    by_week: list[BarRow]
    notices: list[BarRow]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the facts themselves, and how products are called."""

    standing: Standing
    progress: Progress
    names: Mapping[str, str]
    now: datetime


def report_page(here: Report, before: Report, known: Known, *, of_one_product: bool) -> ReportPage:
    as_of = known.standing.as_of
    progress = known.progress
    compared = before if progress.first and progress.first <= before.span.first else None
    return ReportPage(
        heading=f"{texts.full_day(here.span.first)} to {texts.full_day(here.span.last)}",
        as_of=texts.deadline(as_of) if as_of else "",
        is_old=as_of is not None and known.now - as_of > OLD_AFTER,
        filling=_filling(progress) if as_of and not progress.is_complete else _beyond(here, progress),
        refused=[str(kind) for kind in FactKind if kind in known.standing.refused],
        is_empty=here.is_empty,
        has_payments=not of_one_product and FactKind.PAYMENTS not in known.standing.refused,
        figures=_figures(here, compared),
        heat=heat_map(here.occupancy, here.span.days, known.names, today=texts.day_of(known.now)),
        revenue=[revenue_picture(currency, here.span, by_day) for currency, by_day in here.values.items()],
        payments=[payments_picture(currency, here.span, by_day) for currency, by_day in here.payments.items()],
        leads=_bar_rows(in_steps(here.leads, LEADS)),
        by_product=_share_rows(named(here.shares_by_product, known.names)),
        by_week=_share_rows(
            (f"Week of {texts.date_alone(monday)}", share) for monday, share in sorted(here.shares_by_week.items())
        ),
        notices=_bar_rows(in_steps(here.notices, NOTICES)),
    )


def in_steps(counted: Mapping[int, int] | Mapping[int | None, int], steps: Steps) -> dict[str, int]:
    """How many are in each step; what nobody tells in a step of its own, where there is any."""
    found = {label: 0 for label, _ in steps}
    for value, number in counted.items():
        if value is None:
            found[NOT_TOLD] = found.get(NOT_TOLD, 0) + number
        else:
            found[next(label for label, most in steps if most is None or value <= most)] += number
    return found


def _filling(progress: Progress) -> str:
    so_far = f"{progress.read} of {progress.wanted} weeks are read so far"
    if progress.first is None or progress.last is None:
        return f"Figures are being filled: {so_far}."
    reach = f"{texts.full_day(progress.first)} to {texts.full_day(progress.last)}"
    return f"Figures are being filled: {so_far}. They are complete from {reach}."


def _beyond(report: Report, progress: Progress) -> str:
    """Days that nobody has read are not days without bookings."""
    if progress.first and report.span.first < progress.first:
        return f"Figures begin on {texts.full_day(progress.first)}; what was before is not counted."
    if progress.last and report.span.last > progress.last:
        return f"Figures reach until {texts.full_day(progress.last)}; what comes later is not counted yet."
    return ""


def _figures(here: Report, before: Report | None) -> list[Figure]:
    old = before or Report(here.span.before)
    seats, was = here.seats, old.seats
    share, shared = here.share, old.share
    figures = [
        *_amounts("Booked value", here.gross(), old.gross()),
        *_amounts("Payments", here.received(), old.received()),
        Figure("Bookings", str(here.bookings), _change(here.bookings, old.bookings)),
        Figure("People", str(here.people), _change(here.people, old.people)),
        Figure("Occupancy", percent(seats.booked, seats.capacity), _was(percent(was.booked, was.capacity))),
        Figure("Booked ahead, median", _days(here.median_lead), _was(_days(old.median_lead))),
        Figure("Cancelled", percent(share.canceled, share.made), _was(percent(shared.canceled, shared.made))),
    ]
    return figures if before else [Figure(figure.label, figure.value, "") for figure in figures]


def _amounts(label: str, here: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> list[Figure]:
    """One for each currency."""
    return [
        Figure(
            label,
            texts.money(Money(amount=value, currency=currency)),
            _change(value, before.get(currency, Decimal(0)), currency),
        )
        for currency, value in here.items()
    ]


def _change(here: Decimal | int, before: Decimal | int, currency: str = "") -> str:
    """“before: 40, up 15%”"""
    if not before:
        return _was("none")
    was = texts.money(Money(amount=Decimal(before), currency=currency)) if currency else str(before)
    change = round(100 * (Decimal(here) - Decimal(before)) / abs(Decimal(before)))
    if not change or change > MOST_CHANGE:
        return _was(was) if change else f"{_was(was)}, the same"
    return f"{_was(was)}, {'up' if change > 0 else 'down'} {abs(change)}%"


def _was(text: str) -> str:
    return f"before: {text}"


def _days(number: int | None) -> str:
    return "none" if number is None else texts.counted(number, "day", "days")


def _bar_rows(counted: Mapping[str, int]) -> list[BarRow]:
    whole = sum(counted.values())
    return [
        BarRow(label, str(number), percent(number, whole), f"{100 * number / (whole or 1):.1f}")
        for label, number in counted.items()
    ]


def _share_rows(shares: Iterable[tuple[str, Share]]) -> list[BarRow]:
    return [
        BarRow(
            label,
            f"{share.canceled} of {share.made}",
            percent(share.canceled, share.made),
            f"{100 * share.canceled / (share.made or 1):.1f}",
        )
        for label, share in shares
    ]
