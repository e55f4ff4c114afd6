"""Which days the reports are about, and which product. The address is the form, so it can be kept and shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms

from booking.forms import messages
from booking.forms.manager.find import day_field
from booking.services import days
from booking.services.reports import Span

LONGEST_DAYS = 92
USUAL = "last-30"
# As they are offered; the keys stand in addresses.
SPANS = {
    "last-7": "Last 7 days",
    "last-30": "Last 30 days",
    "last-90": "Last 90 days",
    "this-month": "This month",
    "next-30": "Next 30 days",
}


@dataclass(frozen=True, slots=True)
class Question:
    """`named` is the key of a span of `SPANS`, empty for days of one's own."""

    span: Span
    product_id: str
    named: str


class ReportForm(forms.Form):
    first = day_field("From")
    last = day_field("Until")
    product = forms.ChoiceField(label="Product", required=False, error_messages=messages.CHOICE)
    span = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, products: Mapping[str, str]) -> None:
        super().__init__(data)
        self._products = products
        self.fields["product"].choices = [("", "All"), *products.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Days of one's own go before a named span; one that is left open is found from the other."""
        cleaned = super().clean() or {}
        if cleaned.get("span") and cleaned["span"] not in SPANS:
            self.add_error(None, "There are no days of this name. Choose others.")
        if self.errors:
            return cleaned
        first, last = cleaned["first"], cleaned["last"]
        if not first and not last:
            span = _span_named(cleaned["span"] or USUAL)
            return cleaned | {"first": span.first, "last": span.last, "span": cleaned["span"] or USUAL}
        first = first or last - timedelta(days=29)
        last = last or max(first, min(days.today(), first + timedelta(days=29)))
        if last < first:
            self.add_error("last", "This is before the first day.")
        elif last - first >= timedelta(days=LONGEST_DAYS):
            self.add_error("last", "At most three months at once.")
        return cleaned | {"first": first, "last": last, "span": ""}

    def to_question(self) -> Question:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return Question(Span(cleaned["first"], cleaned["last"]), cleaned["product"], cleaned["span"])

    def filled_in(self) -> "ReportForm":
        """With the days that were found. Only after `is_valid()`."""
        question = self.to_question()
        found = {"first": question.span.first, "last": question.span.last, "product": question.product_id}
        return ReportForm({name: str(value) for name, value in found.items()}, products=self._products)


def _span_named(name: str) -> Span:
    today = days.today()
    first_of_month = today.replace(day=1)
    spans: dict[str, tuple[date, date]] = {
        "last-7": (today - timedelta(days=6), today),
        "last-30": (today - timedelta(days=29), today),
        "last-90": (today - timedelta(days=89), today),
        "this-month": (first_of_month, days.last_of_month(today)),
        "next-30": (today, today + timedelta(days=29)),
    }
    return Span(*spans[name])
