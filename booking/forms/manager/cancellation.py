"""How a booking is cancelled: each box says what Bookeo does when it is ticked."""

from typing import Any, Self

from django import forms

from booking.forms import messages
from booking.services.booking_changes import CancelFlags
from booking.services.business_settings import BusinessSettings

REASON_LENGTH = 300
REASONS = (
    "Cancelled at your wish",
    "The weather does not allow it",
    "Too few people have booked",
    "A guide or the equipment is missing",
    "You did not come",
)


class CancellationForm(forms.Form):
    template = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[("", "None, or in your own words"), *((reason, reason) for reason in REASONS)],
        error_messages=messages.CHOICE,
    )
    words = forms.CharField(
        label="In your own words",
        required=False,
        max_length=REASON_LENGTH,
        help_text="The reason stands in the customer’s e-mail.",
        error_messages=messages.TEXT,
    )
    notify_customer = forms.BooleanField(
        label="Mail the customer",
        required=False,
        help_text="Bookeo sends its mail of a cancellation, with the reason in it.",
    )
    notify_users = forms.BooleanField(
        label="Mail the users of the Bookeo account",
        required=False,
        help_text="Those who are told of changes there, such as the guide.",
    )
    apply_policy = forms.BooleanField(
        label="Let Bookeo apply its own policy",
        required=False,
        help_text="May charge the customer’s card, where one is on file.",
    )
    track_in_history = forms.BooleanField(
        label="Count it in the customer’s history",
        required=False,
        help_text="Their number of cancellations grows by one.",
    )
    remaining_series = forms.BooleanField(
        label="Cancel the rest of the series too",
        required=False,
        help_text="Only for a booking that repeats: all later ones go with it.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def without_email(self) -> Self:
        """There is nothing to mail the customer with, so no mail has the reason in it either."""
        del self.fields["notify_customer"]
        self.fields["words"].help_text = ""
        return self

    @staticmethod
    def first_values(now: BusinessSettings, seen: str) -> dict[str, Any]:
        return {
            "notify_customer": now.mail_customer_when_cancelled,
            "notify_users": now.mail_users,
            "track_in_history": True,
            "seen": seen,
        }

    def to_flags(self) -> CancelFlags:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return CancelFlags(
            notify_customer=cleaned.get("notify_customer", False),
            notify_users=cleaned["notify_users"],
            apply_policy=cleaned["apply_policy"],
            track_in_history=cleaned["track_in_history"],
            remaining_series=cleaned["remaining_series"],
            reason=". ".join(filter(None, (cleaned["template"], cleaned["words"]))),
        )
