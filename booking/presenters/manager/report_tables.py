"""The figures of the reports as tables to take along: one value in each cell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from booking.presenters.manager.reports import LEADS, NOTICES, in_steps
from booking.services.reports import Report, amount

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: Callable[[Report, Names], Iterator[list[object]]]


def _occupancy(report: Report, names: Names) -> Iterator[list[object]]:
    for product, by_day in report.occupancy.items():
        for day, seats in sorted(by_day.items()):
            yield [names.get(product, product), day, seats.booked, seats.capacity, seats.apart]


def _revenue(report: Report, names: Names) -> Iterator[list[object]]:
    for currency, by_day in report.values.items():
        for day, value in sorted(by_day.items()):
            yield [day, currency, amount(value.gross), amount(value.paid), amount(value.kept)]


def _payments(report: Report, names: Names) -> Iterator[list[object]]:
    for currency, by_day in report.payments.items():
        for day, methods in sorted(by_day.items()):
            for method, flow in sorted(methods.items()):
                yield [day, currency, method, amount(flow.taken), amount(flow.given)]


def _lead(report: Report, names: Names) -> Iterator[list[object]]:
    for label, number in in_steps(report.leads, LEADS).items():
        yield [label, number]


def _cancellations(report: Report, names: Names) -> Iterator[list[object]]:
    for product, share in report.shares_by_product.items():
        yield [names.get(product, product), share.made, share.canceled]


def _weeks(report: Report, names: Names) -> Iterator[list[object]]:
    for monday, share in sorted(report.shares_by_week.items()):
        yield [monday, share.made, share.canceled]


def _notice(report: Report, names: Names) -> Iterator[list[object]]:
    for label, number in in_steps(report.notices, NOTICES).items():
        yield [label, number]


TABLES = {
    "occupancy": Table(("product", "day", "seats booked", "seats in all", "booked without known seats"), _occupancy),
    "revenue": Table(("day", "currency", "value", "paid", "kept of cancelled bookings"), _revenue),
    "payments": Table(("day", "currency", "method", "taken", "given back"), _payments),
    "lead-time": Table(("booked before", "bookings"), _lead),
    "cancellations": Table(("product", "bookings", "cancelled"), _cancellations),
    "cancellations-by-week": Table(("week from", "bookings", "cancelled"), _weeks),
    "notice": Table(("cancelled before the start", "bookings"), _notice),
}
