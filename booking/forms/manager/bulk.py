"""Which day and products are called off, and what becomes of each booking: cancelled, moved, or left as it is."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django import forms
from django.forms import BoundField

from booking.forms import messages
from booking.forms.manager.cancellation import CancellationForm
from booking.forms.manager.find import WRONG_DAY
from booking.presenters.manager.bulk import choices_of, label_of, time_text
from booking.services import days
from booking.services.bulk_days import Plan
from booking.services.bulk_preview import Candidate, Preview, ProductOnDay
from booking.services.business_settings import BusinessSettings

FORM_BYTES = 16
FULL = "{day} has {places} places left, and these are {wanted} people. Choose another time for some of them."
OVER = "This day is over."
TOO_FAR = "At most three years ahead."
AHEAD = timedelta(days=3 * 366)
PER_ROW = "row-"


class Fate(StrEnum):
    """What becomes of a booking, or is proposed for all. One that is moved has the id of its new time as its choice."""

    CANCEL = "cancel"
    MOVE = "move"
    STAY = "stay"


def fate_of(text: str) -> Fate:
    return Fate(text) if text in set(Fate) else Fate.CANCEL


class DayForm(forms.Form):
    """Day and products go into the address, so the page can be opened again."""

    day = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=messages.FILL_IN | WRONG_DAY,
    )

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < days.today():
            raise forms.ValidationError(OVER)
        if day > days.today() + AHEAD:
            raise forms.ValidationError(TOO_FAR)
        return day


class ProductsForm(forms.Form):
    product = forms.MultipleChoiceField(
        label="Products",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one.",
            "invalid_choice": "One of these has no bookings on this day.",
        },
    )

    def __init__(self, *args: Any, products: Iterable[ProductOnDay], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (product.product_id, f"{product.name or 'A product that is closed to us'} ({product.bookings})")
            for product in products
        ]


class BulkForm(CancellationForm):
    """The flags of a cancellation, and a choice for each booking. `named` are the numbers that the button named."""

    form = forms.CharField(widget=forms.HiddenInput, max_length=64)
    named = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args: Any, found: Preview, for_all: Fate, **kwargs: Any) -> None:
        self._found = found
        kwargs.setdefault("initial", {})
        super().__init__(*args, **kwargs)
        for candidate in self._open():
            self.fields[_name(candidate)] = forms.ChoiceField(
                label=label_of(candidate),
                choices=choices_of(candidate, cancel=Fate.CANCEL, stay=Fate.STAY),
                initial=_proposed(candidate, for_all),
                error_messages={
                    "required": "Choose one of the list.",
                    "invalid_choice": "This time is not free any more: choose another one.",
                },
            )

    @staticmethod
    def first_flags(now: BusinessSettings) -> dict[str, Any]:
        return CancellationForm.first_values(now, "") | {"form": secrets.token_urlsafe(FORM_BYTES)}

    @staticmethod
    def unchosen(found: Preview) -> dict[str, str]:
        return {_name(candidate): Fate.STAY for candidate in found.candidates}

    def clean(self) -> dict[str, Any]:
        """A time is not given away twice."""
        cleaned = super().clean() or {}
        wanted: Counter[str] = Counter()
        for candidate in self._open():
            time = self._found.times.get(cleaned.get(_name(candidate), ""))
            if time is None:
                continue
            wanted[time.event_id] += candidate.seats
            if wanted[time.event_id] > (time.seats_left or 0):
                words = FULL.format(day=time_text(time), places=time.seats_left, wanted=wanted[time.event_id])
                self.add_error(_name(candidate), words)
        return cleaned

    def fates(self) -> dict[str, str]:
        """By booking number: what was chosen, or is proposed. A time that has gone shows as the list's first choice."""
        return {candidate.booking.booking_number: self._fate(_name(candidate)) for candidate in self._open()}

    def counts(self) -> tuple[int, int, int]:
        """How many are cancelled, moved, and left alone."""
        fates = Counter(fate if fate in set(Fate) else Fate.MOVE for fate in self.fates().values())
        return fates[Fate.CANCEL], fates[Fate.MOVE], fates[Fate.STAY]

    def names_what_is_chosen(self) -> bool:
        """Only after `is_valid()`: the button said how many, and that is what is chosen."""
        return bool(self.cleaned_data["named"] == named(self.counts()))

    def field_of(self, number: str) -> BoundField | None:
        """None for a booking that cannot be chosen."""
        return self[f"{PER_ROW}{number}"] if f"{PER_ROW}{number}" in self.fields else None

    def to_plan(self) -> Plan:
        """Only after `is_valid()`."""
        times = self._found.times
        chosen = [(candidate, self.cleaned_data[_name(candidate)]) for candidate in self._open()]
        return Plan(
            form=self.cleaned_data["form"],
            day=self._found.day,
            flags=self.to_flags(),
            cancel=tuple(candidate for candidate, fate in chosen if fate == Fate.CANCEL),
            move=tuple((candidate, times[fate]) for candidate, fate in chosen if fate in times),
        )

    def _fate(self, name: str) -> str:
        value = str(self[name].value())
        field = self.fields[name]
        return value if isinstance(field, forms.ChoiceField) and field.valid_value(value) else Fate.CANCEL

    def _open(self) -> Sequence[Candidate]:
        return [candidate for candidate in self._found.candidates if not candidate.is_queued]


def named(counts: tuple[int, int, int]) -> str:
    return f"{counts[0]}-{counts[1]}"


def _name(candidate: Candidate) -> str:
    return f"{PER_ROW}{candidate.booking.booking_number}"


def _proposed(candidate: Candidate, for_all: Fate) -> str:
    if candidate.is_over or for_all == Fate.STAY:
        return Fate.STAY
    if for_all == Fate.MOVE:
        return candidate.times.nearest.event_id if candidate.times.nearest else Fate.STAY
    return Fate.CANCEL
