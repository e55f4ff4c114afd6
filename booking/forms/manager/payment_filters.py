"""Which payments are listed. The address is the form; without one it is today's."""

from datetime import timedelta
from typing import Any

from django import forms

from booking.bookeo import PaymentMethod
from booking.forms import messages
from booking.forms.manager.find import day_field
from booking.presenters.manager.payments import METHODS
from booking.services import days
from booking.services.payments import Received

LONGEST_DAYS = 92
OTHER_LENGTH = 60


class PaymentFiltersForm(forms.Form):
    first = day_field("Received from")
    last = day_field("Received until")
    method = forms.ChoiceField(
        label="Method", required=False, choices=[("", "All"), *METHODS.items()], error_messages=messages.CHOICE
    )
    other = forms.CharField(
        label="Name of the other method",
        required=False,
        max_length=OTHER_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=messages.TEXT,
    )

    def clean(self) -> dict[str, Any]:
        """A day left open is the other one, or today."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        first = cleaned["first"] or min(filter(None, (cleaned["last"], days.today())))
        cleaned |= {"first": first, "last": cleaned["last"] or max(first, days.today())}
        if cleaned["last"] < first:
            self.add_error("last", "This is before the first day.")
        elif cleaned["last"] - first > timedelta(days=LONGEST_DAYS):
            self.add_error("last", "At most three months at once.")
        if cleaned["method"] == PaymentMethod.OTHER and not cleaned["other"]:
            self.add_error("other", "Bookeo asks for its name, such as “hotel voucher”.")
        return cleaned

    def to_filters(self) -> Received:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        is_other = cleaned["method"] == PaymentMethod.OTHER
        other = cleaned["other"] if is_other else ""
        return Received(cleaned["first"], cleaned["last"], method=cleaned["method"], other_method=other)
