"""What the audit log is looked through for. The address is the form, so it can be kept and shared."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from booking.services.audit import ACT_TITLES
from booking.services.audit_log import Filters
from booking.services.staff import Member

SUBJECT_LENGTH = 64
ACTS = [(act, title.capitalize()) for act, title in ACT_TITLES.items()]


class AuditForm(forms.Form):
    who = forms.TypedChoiceField(label="Who", required=False, coerce=int, empty_value=None)
    act = forms.ChoiceField(label="What", required=False, choices=[("", "Everything"), *ACTS])
    subject = forms.CharField(
        label="Booking",
        required=False,
        max_length=SUBJECT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day = forms.DateField(
        label="Day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a day such as 2027-06-12."},
    )

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [("", "Everybody"), *((str(member.id), member.name) for member in members)]
        self.fields["who"].choices = people  # type: ignore[attr-defined]  # a ChoiceField

    def clean_subject(self) -> str:
        """Numbers are written with spaces for people to read."""
        return re.sub(r"\s", "", self.cleaned_data["subject"])

    def to_filters(self) -> Filters:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return Filters(cleaned["who"], cleaned["act"], cleaned["subject"], cleaned["day"])
