"""The owner's settings, one form for each section. A form's fields are named as the settings are."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.files.uploadedfile import UploadedFile

from booking.bookeo import Product
from booking.services.business_settings import BusinessSettings
from booking.services.logos import LARGEST_BYTES

NOTE_LENGTH = 500
LINE_LENGTH = 120
ADDRESS_LENGTH = 300
LIST_LENGTH = 4000
STANDARD_COLOUR = "#0b6e72"
EVERY_PRODUCT = "*"
KIB = 1024
MISSING = {"required": "Please fill this in."}


def _number(label: str, low: int, high: int, help_text: str = "") -> forms.IntegerField:
    words = {"invalid": "Type a whole number.", "min_value": f"At least {low}.", "max_value": f"At most {high}."}
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, help_text=help_text, error_messages=MISSING | words
    )


def _note(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=NOTE_LENGTH,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _switch(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class SectionForm(forms.Form):
    """`settings` are those that the section decides on."""

    settings: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, files: Any = None, *, now: BusinessSettings) -> None:
        super().__init__(data, files, initial=self.initial_from(now))

    @classmethod
    def initial_from(cls, now: BusinessSettings) -> dict[str, Any]:
        return {name: getattr(now, name) for name in cls.settings}

    def entered(self) -> list[tuple[str, str]]:
        """What was entered and is not what is saved: label and text; of what is no text the label alone."""
        values = [(str(self[name].label), self[name].value()) for name in self.changed_data]
        return [(label, value if isinstance(value, str) else "") for label, value in values]

    def to_settings(self) -> dict[str, Any]:
        """Only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in self.settings}


class RulesForm(SectionForm):
    settings = ("free_cancellation_hours", "late_cancellation_fee_percent", "bulk_undo_minutes")

    free_cancellation_hours = _number("Free cancelling until, hours before", 0, 24 * 365)
    late_cancellation_fee_percent = _number("Fee after that, percent of the price", 0, 100)
    bulk_undo_minutes = _number(
        "Time to take a whole day’s decision back, minutes", 1, 120, "Nothing is sent to Bookeo before it has passed."
    )


class TextsForm(SectionForm):
    settings = ("site_headline", "meeting_note", "payment_note", "terms_url")

    site_headline = forms.CharField(label="Heading of the first page", max_length=LINE_LENGTH, error_messages=MISSING)
    meeting_note = _note("Where to come", "Shown on the confirmation.")
    payment_note = _note("About paying", "Shown beside the button that books.")
    terms_url = forms.CharField(
        label="Address of your terms",
        required=False,
        max_length=ADDRESS_LENGTH,
        help_text="Such as https://www.example.com/terms.",
        widget=forms.URLInput(),
    )

    def clean_terms_url(self) -> str:
        address = str(self.cleaned_data["terms_url"])
        if address and not re.fullmatch(r"https://[^\s\"'<>]+", address):
            raise forms.ValidationError("Give the whole address, with https:// at its beginning.")
        return address


class QuestionsForm(SectionForm):
    settings = ("participants_asked_for", "address_asked")

    address_asked = _switch("Offer guests to give an address")
    participants_asked_for = forms.MultipleChoiceField(
        label="Ask who is coming, by name", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, products: Iterable[Product], now: BusinessSettings, **kwargs: Any) -> None:
        products = list(products)
        super().__init__(*args, now=now, **kwargs)
        choices = [(EVERY_PRODUCT, "For everything"), *((p.product_id, f"For “{p.name}”") for p in products)]
        self.fields["participants_asked_for"].choices = choices  # type: ignore[attr-defined]  # a choice field
        asked = set(now.participants_asked_for)
        self.initial["participants_asked_for"] = (
            [EVERY_PRODUCT]
            if EVERY_PRODUCT in asked
            else [product.product_id for product in products if asked & {product.product_id, product.product_code}]
        )

    def clean_participants_asked_for(self) -> tuple[str, ...]:
        chosen = self.cleaned_data["participants_asked_for"]
        return (EVERY_PRODUCT,) if EVERY_PRODUCT in chosen else tuple(chosen)


class LookForm(SectionForm):
    """A colour control always has a value, so a box says whether it counts."""

    settings = ("accent_colour", "logo")

    own_colour = _switch("A colour of our own")
    accent_colour = forms.CharField(
        label="Colour",
        required=False,
        help_text="Buttons and links; lighter or darker where that reads better.",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text=f"PNG, JPEG or WebP, at most {LARGEST_BYTES // KIB} KB.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    without_logo = _switch("Show no logo")

    def __init__(self, *args: Any, now: BusinessSettings, **kwargs: Any) -> None:
        super().__init__(*args, now=now, **kwargs)
        if not now.logo:
            del self.fields["without_logo"]

    @classmethod
    def initial_from(cls, now: BusinessSettings) -> dict[str, Any]:
        return {"own_colour": bool(now.accent_colour), "accent_colour": now.accent_colour or STANDARD_COLOUR}

    def clean_accent_colour(self) -> str:
        colour = str(self.cleaned_data["accent_colour"]).lower()
        if self.cleaned_data.get("own_colour") and not re.fullmatch(r"#[0-9a-f]{6}", colour):
            raise forms.ValidationError("Give a colour such as #0b6e72.")
        return colour

    def clean_logo(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["logo"]
        if file is not None and (file.size or 0) > LARGEST_BYTES:
            raise forms.ValidationError(f"This file is larger than {LARGEST_BYTES // KIB} KB.")
        return file

    def to_settings(self) -> dict[str, Any]:
        """Without the logo, which has to be kept first."""
        colour = self.cleaned_data["accent_colour"] if self.cleaned_data["own_colour"] else ""
        return {"accent_colour": colour, **({"logo": ""} if self.cleaned_data.get("without_logo") else {})}


class EmbedForm(SectionForm):
    settings = ("embed_origins",)

    embed_origins = forms.CharField(
        label="Sites",
        required=False,
        max_length=LIST_LENGTH,
        help_text="One a line, such as https://www.example.com. Each exactly, without a page after it.",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    @classmethod
    def initial_from(cls, now: BusinessSettings) -> dict[str, Any]:
        return {"embed_origins": "\n".join(now.embed_origins)}

    def clean_embed_origins(self) -> tuple[str, ...]:
        lines = [line.strip() for line in self.cleaned_data["embed_origins"].splitlines() if line.strip()]
        return tuple(dict.fromkeys(_origin(line) for line in lines))


class MailsForm(SectionForm):
    settings = (
        "mail_customer_when_booked",
        "mail_customer_when_changed",
        "mail_customer_when_cancelled",
        "mail_users",
    )

    mail_customer_when_booked = _switch("Customers, when we book for them")
    mail_customer_when_changed = _switch("Customers, when we move or change a booking")
    mail_customer_when_cancelled = _switch("Customers, when we cancel")
    mail_users = _switch("Users of the Bookeo account, each time")


class SecurityForm(SectionForm):
    settings = ("second_factor_required",)

    second_factor_required = _switch(
        "Everybody needs a second factor", "Whoever has none sets one up before anything else opens."
    )

    def __init__(self, *args: Any, has_factor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_factor = has_factor

    def clean_second_factor_required(self) -> bool:
        required = bool(self.cleaned_data["second_factor_required"])
        if required and not self.has_factor:
            raise forms.ValidationError("Set up your own first, under your name.")
        return required


def _origin(line: str) -> str:
    """Scheme, host and port, in the form in which browsers compare them."""
    try:
        parts = urlsplit(line)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:
        raise forms.ValidationError(f"“{line}” is no address.") from error
    extra = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme != "https" or not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) or any(extra):
        raise forms.ValidationError(f"“{line}” is not of the kind https://www.example.com.")
    return f"https://{host}" + (f":{port}" if port not in {None, 443} else "")
