"""A payment that is recorded, or money that is given back. Amounts are typed as people write them."""

import re
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision, get_currency_symbol
from django import forms
from django.conf import settings

from booking.bookeo import Money
from booking.forms import messages
from booking.presenters.manager.payments import METHODS
from booking.services import days
from booking.services.desk_payments import Taking

LINE_LENGTH = 120
COMMENT_LENGTH = 300
FORM_BYTES = 18
MOST = Decimal(1_000_000)
OLDEST = timedelta(days=366)
# Digits between two signs that group thousands.
GROUP = 3
CLOCKS_DIFFER = timedelta(minutes=5)
MINUSES = ("-", "−", "–")
AMOUNT = re.compile(r"\d{1,9}([.,]\d+)?|\d{1,3}([.,' ]\d{3})+([.,]\d+)?")
DATETIME_FORMAT = "%Y-%m-%dT%H:%M"


class AmountField(forms.CharField):
    """12,50 and 12.50 mean the same. Cleans to a Decimal above zero, in the business's currency."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        for name in (settings.BUSINESS_CURRENCY, get_currency_symbol(settings.BUSINESS_CURRENCY, "en")):
            text = text.replace(name, "")
        return amount_of(text.strip())


def amount_of(text: str) -> Decimal:
    """Raises ValidationError, with what to do instead."""
    if text.startswith(MINUSES):
        raise forms.ValidationError("Without a minus. To give money back there is a page of its own.")
    if re.search(r"[^\d.,'\s]", text):
        raise forms.ValidationError(f"Type a figure in {settings.BUSINESS_CURRENCY}, such as 12.50.")
    places = get_currency_precision(settings.BUSINESS_CURRENCY)
    if not AMOUNT.fullmatch(text):
        raise forms.ValidationError("Type a figure such as 12.50.")
    whole, cents = _split(text, places)
    if len(cents) > places:
        raise forms.ValidationError(f"At most {places} digits after the comma.")
    amount = Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{cents or 0}")
    if not 0 < amount <= MOST:
        raise forms.ValidationError("Type an amount above zero, and below a million.")
    return amount


def _split(text: str, places: int) -> tuple[str, str]:
    """Before and after the decimal sign: the last of two kinds, or the only sign."""
    signs = re.findall(r"[.,]", text)
    if not signs:
        return text, ""
    before, after = re.split(r"[.,](?=[^.,]*$)", text)
    if len(signs) == 1 and len(after) == GROUP and places < GROUP:
        raise forms.ValidationError("Is this thousands or cents? Type it as 1234.00.")
    is_grouping = len(signs) > 1 and len(set(signs)) == 1
    return (text, "") if is_grouping else (before, after)


class TakingForm(forms.Form):
    """`most` is what needs no second look: the balance for a payment, what was paid for a refund."""

    amount = AmountField(label="Amount", max_length=20, error_messages=messages.FILL_IN)
    method = forms.ChoiceField(label="How", choices=list(METHODS.items()), error_messages=messages.CHOICE)
    other_method = forms.CharField(
        label="Which other way", required=False, max_length=LINE_LENGTH, error_messages=messages.TEXT
    )
    received = forms.DateTimeField(
        label="When",
        required=False,
        input_formats=[DATETIME_FORMAT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=DATETIME_FORMAT),
        error_messages={"invalid": "Give a day and a time."},
    )
    reason = forms.CharField(label="What for", max_length=LINE_LENGTH, error_messages=messages.TEXT)
    comment = forms.CharField(
        label="Comment",
        required=False,
        max_length=COMMENT_LENGTH,
        help_text="For staff; customers do not see it.",
        error_messages=messages.TEXT,
    )
    sure = forms.BooleanField(label="Yes, that much", required=False)
    form = forms.CharField(widget=forms.HiddenInput, max_length=64)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, most: Decimal, is_refund: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most, self.is_refund, self.needs_second_look = most, is_refund, False
        if is_refund:
            self.fields["method"].label, self.fields["received"].label = "How it goes back", "When it was given"

    def clean_received(self) -> datetime | None:
        received: datetime | None = self.cleaned_data["received"]
        now = days.now()
        if received and not now - OLDEST <= received <= now + CLOCKS_DIFFER:
            raise forms.ValidationError("Give a moment of the past year; not one to come.")
        return received

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("method") == "other" and not cleaned.get("other_method"):
            self.add_error("other_method", "Say which.")
        amount = cleaned.get("amount")
        self.needs_second_look = amount is not None and amount > self.most
        if self.needs_second_look and not cleaned.get("sure"):
            self.add_error("sure", self._too_much())
        return cleaned

    def _too_much(self) -> str:
        if self.is_refund:
            return "This is more than was paid. Tick the box if it is right all the same."
        return "This is more than is due. Tick the box if it is right all the same."

    def to_taking(self) -> Taking:
        """Only after `is_valid()`. Giving back is a payment with a minus."""
        cleaned = self.cleaned_data
        amount = -cleaned["amount"] if self.is_refund else cleaned["amount"]
        return Taking(
            form=cleaned["form"],
            amount=Money(amount=amount, currency=settings.BUSINESS_CURRENCY),
            reason=cleaned["reason"],
            method=cleaned["method"],
            other_method=cleaned["other_method"] if cleaned["method"] == "other" else "",
            comment=cleaned["comment"],
            received=cleaned["received"],
        )


def new_form_value() -> str:
    """What makes a double press one record."""
    return secrets.token_urlsafe(FORM_BYTES)


def first_values(amount: Decimal, *, method: str, reason: str, shown: str) -> dict[str, Any]:
    """With these a new form begins."""
    return {
        "amount": f"{amount:.{get_currency_precision(settings.BUSINESS_CURRENCY)}f}" if amount > 0 else "",
        "method": method,
        "received": days.now().replace(second=0, microsecond=0),
        "reason": reason,
        "form": new_form_value(),
        "shown": shown,
    }
