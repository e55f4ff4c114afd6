"""What the facts come to, for some days and all products or one. Bookeo is not asked: the database alone is.

A booking counts on the business's own day of its start, as it stands now: one that was moved counts on its new day,
one that was cancelled counts as cancelled and nothing else, one that waits for an answer does not count yet. Amounts
of different currencies are never added.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from booking.models import FactSheet, ProductFact
from booking.services.fact_sheets import PAYMENTS, THOUSAND
from booking.services.fact_weeks import monday_of


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Span":
        """As many days, directly before."""
        return Span(self.first - timedelta(days=len(self.days)), self.first - timedelta(days=1))


@dataclass(slots=True)
class Seats:
    """`booked` of `capacity` where both are known; `apart` were booked where nobody tells the capacity."""

    booked: int = 0
    capacity: int = 0
    apart: int = 0

    def add(self, booked: int, capacity: int, apart: int) -> None:
        self.booked += booked
        self.capacity += capacity
        self.apart += apart


@dataclass(slots=True)
class Value:
    """In thousandths, of bookings that stand: their price, and what was paid of it. `kept` was paid for cancelled ones,
    less what was given back."""

    gross: int = 0
    paid: int = 0
    kept: int = 0


@dataclass(slots=True)
class Flow:
    """In thousandths: money that came, and that went back, which is negative."""

    taken: int = 0
    given: int = 0


@dataclass(slots=True)
class Share:
    """`canceled` of all `made`."""

    made: int = 0
    canceled: int = 0


@dataclass(slots=True)
class Report:
    """Everything by product or currency, and by day. `leads` counts bookings by the days between making and start;
    `notices` cancelled ones by the hours between cancellation and start, None where nobody tells when it was."""

    span: Span
    occupancy: dict[str, dict[date, Seats]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Seats)))
    values: dict[str, dict[date, Value]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Value)))
    payments: dict[str, dict[date, dict[str, Flow]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(Flow)))
    )
    shares_by_product: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    shares_by_week: dict[date, Share] = field(default_factory=lambda: defaultdict(Share))
    leads: Counter[int] = field(default_factory=Counter)
    notices: Counter[int | None] = field(default_factory=Counter)
    people: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.occupancy or self.payments or self.shares_by_product)

    @property
    def bookings(self) -> int:
        return self.leads.total()

    @property
    def seats(self) -> Seats:
        every = Seats()
        for by_day in self.occupancy.values():
            for seats in by_day.values():
                every.add(seats.booked, seats.capacity, seats.apart)
        return every

    @property
    def share(self) -> Share:
        shares = self.shares_by_product.values()
        return Share(sum(share.made for share in shares), sum(share.canceled for share in shares))

    @property
    def median_lead(self) -> int | None:
        """In days; the lower one of two in the middle."""
        left = (self.bookings + 1) // 2
        for lead, number in sorted(self.leads.items()):
            left -= number
            if left <= 0:
                return lead
        return None

    def gross(self) -> dict[str, Decimal]:
        """By currency."""
        return {currency: amount(sum(v.gross for v in days.values())) for currency, days in self.values.items()}

    def received(self) -> dict[str, Decimal]:
        """By currency, less what was given back."""
        flows = {c: [flow for by in days.values() for flow in by.values()] for c, days in self.payments.items()}
        return {currency: amount(sum(f.taken + f.given for f in those)) for currency, those in flows.items()}


def amount(thousandths: int) -> Decimal:
    return Decimal(thousandths) / THOUSAND


def find_products() -> dict[str, str]:
    """Names by id, in the account's order; those that are closed to the API last."""
    return dict(ProductFact.objects.order_by("position", "name").values_list("product_id", "name"))


def any_facts() -> bool:
    return FactSheet.objects.exists()


def find_reports(span: Span, product_id: str = "") -> tuple[Report, Report]:
    """Of these days, and of as many before. Payments are of all products: for one product there are none."""
    here, before = Report(span), Report(span.before)
    sheets = FactSheet.objects.filter(day__range=(span.before.first, span.last))
    sheets = sheets.filter(product_id=product_id) if product_id else sheets
    for day, product, figures in sheets.values_list("day", "product_id", "figures"):
        _add(here if day >= span.first else before, day, product, figures)
    return here, before


def _add(report: Report, day: date, product_id: str, figures: Mapping[str, Any]) -> None:
    if product_id == PAYMENTS:
        _add_payments(report, day, figures)
        return
    if "seats" in figures:
        report.occupancy[product_id][day].add(*figures["seats"])
    if made := figures.get("made", 0):
        for share in (report.shares_by_product[product_id], report.shares_by_week[monday_of(day)]):
            share.made += made
            share.canceled += figures.get("canceled", 0)
    for currency, (gross, paid, kept) in figures.get("money", {}).items():
        value = report.values[currency][day]
        value.gross += gross
        value.paid += paid
        value.kept += kept
    report.people += figures.get("people", 0)
    report.leads.update({int(lead): number for lead, number in figures.get("leads", {}).items()})
    report.notices.update({int(n) if n else None: number for n, number in figures.get("notices", {}).items()})


def _add_payments(report: Report, day: date, figures: Mapping[str, Mapping[str, list[int]]]) -> None:
    for currency, methods in figures.items():
        for method, (taken, given) in methods.items():
            flow = report.payments[currency][day][method]
            flow.taken += taken
            flow.given += given
