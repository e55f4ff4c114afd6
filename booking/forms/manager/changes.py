"""Moving and changing a booking: which times to look at, and whom to tell."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from booking.bookeo import ResourceType
from booking.forms import messages
from booking.forms.manager.find import day_field
from booking.services import days
from booking.services.business_settings import BusinessSettings
from booking.services.desk_changes import Mails


class TimesForm(forms.Form):
    """From which day on times are shown, and of whom, where customers choose somebody or something."""

    date = day_field("From day")

    def __init__(self, *args: Any, resources: Iterable[ResourceType] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in resources:
            self.fields["resource"] = forms.ChoiceField(
                label=kind.name,
                required=False,
                choices=[("", "Any that is free"), *((resource.id, resource.name) for resource in kind.resources)],
                error_messages=messages.CHOICE,
            )
            break

    def since(self) -> dt.date:
        """The day asked for, or today; never one that is over. Only after `is_valid()`."""
        return days.to_look_at(self.cleaned_data.get("date"))

    @property
    def resource_id(self) -> str:
        """Of whom times are shown; empty for anybody."""
        return str(self.cleaned_data.get("resource") or "")


class MailsForm(forms.Form):
    """Whom Bookeo mails about a change. `shown` names what the page has shown."""

    notify_customer = forms.BooleanField(
        label="Mail the customer", required=False, help_text="Bookeo sends its mail of a changed booking."
    )
    notify_users = forms.BooleanField(
        label="Mail the users of the Bookeo account",
        required=False,
        help_text="Those who are told of changes there, such as the guide.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def without_email(self) -> "MailsForm":
        """There is nothing to mail the customer with."""
        del self.fields["notify_customer"]
        return self

    @staticmethod
    def first_values(now: BusinessSettings, shown: str) -> dict[str, Any]:
        return {
            "notify_customer": now.mail_customer_when_changed,
            "notify_users": now.mail_users,
            "shown": shown,
        }

    def to_mails(self) -> Mails:
        """Only after `is_valid()`."""
        return Mails(self.cleaned_data.get("notify_customer", False), self.cleaned_data["notify_users"])
