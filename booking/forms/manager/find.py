"""The one box, and the filters of bookings. The address is the form of filters, so it can be kept and shared; what goes
into the box is posted, because it may be somebody's name."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms

from booking.bookeo import Product
from booking.forms import messages
from booking.services import days
from booking.services.finding import Cancelled, Cursor, Filters, tidied

TEXT_LENGTH = 120
DAYS_AHEAD = 30
LONGEST_DAYS = 366
LAST_PIECE = 20
LAST_PAGE = 500
TOKEN_LENGTH = 300
YEARS = range(1900, 2100)
WRONG_DAY = {"invalid": "Give a day such as 2027-06-12."}
NOTHING_TYPED = "Type what you look for."
CANCELLED = [(Cancelled.WITHOUT, "Left out"), (Cancelled.TOO, "Shown too"), (Cancelled.ONLY, "Only these")]


class BoxForm(forms.Form):
    text = forms.CharField(
        label="Number, name, e-mail or phone",
        max_length=TEXT_LENGTH,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "spellcheck": "false", "aria-keyshortcuts": "/"}
        ),
        error_messages=messages.TEXT | {"required": NOTHING_TYPED},
    )

    def __init__(self, *args: Any, is_first: bool = False, **kwargs: Any) -> None:
        """`is_first`: where it is what the page is for, it is ready to be typed into."""
        super().__init__(*args, **kwargs)
        if is_first:
            self.fields["text"].widget.attrs["autofocus"] = True

    def clean_text(self) -> str:
        """As it is looked for."""
        text = tidied(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(NOTHING_TYPED)
        return text


def day_field(label: str) -> forms.DateField:
    """A day, which may be left open."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[_is_within_reason],
        error_messages=WRONG_DAY,
    )


def _is_within_reason(day: date) -> None:
    """Calendars end somewhere, and days are added to days."""
    if day.year not in YEARS:
        raise forms.ValidationError(WRONG_DAY["invalid"])


class FiltersForm(forms.Form):
    first = day_field("Starts from")
    last = day_field("Starts until")
    changed = day_field("Changed since")
    product = forms.ChoiceField(label="Product", required=False, error_messages=messages.CHOICE)
    cancelled = forms.ChoiceField(
        label="Cancelled ones", required=False, choices=CANCELLED, error_messages=messages.CHOICE
    )
    unpaid = forms.BooleanField(label="Unpaid only", required=False)

    def __init__(self, *args: Any, products: Iterable[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All"), *((product.product_id, product.name) for product in products)]
        self.fields["product"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """One day left open is filled in from the other, or from today."""
        cleaned = super().clean() or {}
        if self.errors or cleaned["changed"]:
            return cleaned
        first = cleaned["first"] or min(filter(None, (cleaned["last"], days.today())))
        cleaned |= {"first": first, "last": cleaned["last"] or first + timedelta(days=DAYS_AHEAD)}
        self._check_span(cleaned)
        return cleaned

    def clean_changed(self) -> Any:
        """Changes have happened already."""
        changed = self.cleaned_data["changed"]
        if changed and changed > days.today():
            raise forms.ValidationError("This day is still to come.")
        if changed and days.today() - changed > timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError("At most a year back.")
        return changed

    def to_filters(self) -> Filters:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return Filters(
            first=cleaned["first"],
            last=cleaned["last"],
            changed_since=cleaned["changed"],
            product_id=cleaned["product"],
            cancelled=Cancelled(cleaned["cancelled"]),
            unpaid=cleaned["unpaid"],
        )

    def _check_span(self, cleaned: dict[str, Any]) -> None:
        if cleaned["last"] < cleaned["first"]:
            self.add_error("last", "This is before the first day.")
        elif cleaned["last"] - cleaned["first"] > timedelta(days=LONGEST_DAYS):
            self.add_error("last", "At most a year at once.")


class CursorForm(forms.Form):
    """Where a further page begins; nonsense means the first one."""

    piece = forms.IntegerField(required=False, min_value=0, max_value=LAST_PIECE)
    page = forms.IntegerField(required=False, min_value=1, max_value=LAST_PAGE)
    token = forms.CharField(required=False, max_length=TOKEN_LENGTH)

    def to_cursor(self) -> Cursor:
        if not self.is_valid():
            return Cursor()
        cleaned = self.cleaned_data
        return Cursor(cleaned["piece"] or 0, cleaned["page"] or 1, cleaned["token"])
