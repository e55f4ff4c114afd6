"""What the facts come to, for some days and all products or one. Bookeo is not asked: the database alone is.

A booking counts on the business's own day of its start, as it stands now: one that was moved counts on its new day,
one that was cancelled counts as cancelled and nothing else, one that waits for an answer does not count yet. Amounts
of different currencies are never added.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from booking.models import FactSheet, ProductFact
from booking.services.fact_sheets import COLUMNS, THOUSAND, WHOLE_DAY
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
    values: dict[str, dict[date, Value]] = field(default_factory=lambda: defaultdict(dict))
    payments: dict[str, dict[date, dict[str, Flow]]] = field(default_factory=lambda: defaultdict(dict))
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
    by_product = sheets.filter(product_id=product_id) if product_id else sheets.exclude(product_id=WHOLE_DAY)
    for day, product, *numbers in by_product.values_list("day", "product_id", *COLUMNS):
        _add_numbers(here if day >= span.first else before, day, product, numbers)
    of_all = sheets.filter(product_id=product_id or WHOLE_DAY)
    for day, figures in of_all.values_list("day", "figures"):
        _add_figures(here if day >= span.first else before, day, figures)
    return here, before


def _add_numbers(report: Report, day: date, product_id: str, numbers: Sequence[int]) -> None:
    made, canceled, people, *seats = numbers
    if any(seats):
        report.occupancy[product_id][day].add(*seats)
    if made:
        for share in (report.shares_by_product[product_id], report.shares_by_week[monday_of(day)]):
            share.made += made
            share.canceled += canceled
    report.people += people


def _add_figures(report: Report, day: date, figures: Mapping[str, Any]) -> None:
    for currency, (gross, paid, kept) in figures.get("money", {}).items():
        report.values[currency][day] = Value(gross, paid, kept)
    for currency, methods in figures.get("payments", {}).items():
        report.payments[currency][day] = {method: Flow(*flow) for method, flow in methods.items()}
    for lead, number in figures.get("leads", {}).items():
        report.leads[int(lead)] += number
    for notice, number in figures.get("notices", {}).items():
        report.notices[int(notice) if notice else None] += number
