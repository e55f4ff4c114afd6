"""Who books: a guest's details with the account's own questions, or somebody who signs in."""

import re
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale
from django import forms
from django.conf import settings
from django.core.validators import EmailValidator

from booking.bookeo import (
    CustomFieldDefinitions,
    Product,
)
from booking.drafts import Contact, DraftState
from booking.forms import messages
from booking.forms.custom_fields import TEXT_LENGTH, CustomFieldsForm, asked_of_customers
from booking.presenters.html import summary

NAME_LENGTH = 80
LINE_LENGTH = 120
NOT_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
ADDRESS_FIELDS = ("address1", "postcode", "city", "state", "country")


class PhoneField(forms.CharField):
    """A telephone number; national ones are read as of the business's country. Cleans to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, settings.BUSINESS_COUNTRY)
        except phonenumbers.NumberParseException as error:
            raise forms.ValidationError("Give a number that we can call, such as +39 0555 010199.") from error
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(
                "This number is too short or too long. Abroad? Begin with + and the country code."
            )
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class EmailField(forms.EmailField):
    """An e-mail address, with a word on the commonest slip."""

    default_validators = [EmailValidator("This does not look like an e-mail address.")]  # noqa: RUF012 - as Django's

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"error_messages": messages.TEXT} | kwargs)

    def clean(self, value: Any) -> str:
        text = str(value or "").strip()
        if "@" in text and "." not in text.rsplit("@", 1)[1]:
            raise forms.ValidationError("This has no ending, such as .com.")
        return str(super().clean(text))


def _text(label: str, autocomplete: str, *, required: bool = True, length: int = NAME_LENGTH) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages=messages.TEXT,
    )


class TextOptionsForm(forms.Form):
    """The product's questions that are answered in words."""

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text_option_of: dict[str, str] = {}
        for option in product.text_options:
            if option.shown_to_customers and option.enabled:
                name = f"text-{option.id.rsplit('_', 1)[-1]}"
                self.text_option_of[name] = option.id
                self.fields[name] = forms.CharField(
                    label=option.name,
                    required=option.required,
                    max_length=TEXT_LENGTH,
                    help_text=summary(option.description),
                    error_messages=messages.TEXT | {"required": "Please answer this one."},
                )

    @property
    def text_option_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.text_option_of]

    def to_text_options(self) -> tuple[tuple[str, str], ...]:
        answers = ((option, self.cleaned_data[name]) for name, option in self.text_option_of.items())
        return tuple((option, value) for option, value in answers if value)


class DetailsForm(TextOptionsForm, CustomFieldsForm):
    """A guest's details."""

    first_name = _text("First name", "given-name")
    last_name = _text("Last name", "family-name")
    email = EmailField(
        label="E-mail",
        max_length=LINE_LENGTH,
        help_text="For your confirmation, and to change or cancel later.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages=messages.TEXT | {"required": "We need it to send your confirmation."},
    )
    phone = PhoneField(
        label="Mobile phone",
        max_length=40,
        help_text="Only if something changes on the day.",
        error_messages=messages.TEXT | {"required": "Please give a number we can reach you on."},
    )
    address1 = _text("Street and number", "address-line1", required=False, length=LINE_LENGTH)
    postcode = _text("Postcode", "postal-code", required=False, length=12)
    city = _text("Town", "address-level2", required=False)
    state = _text("State or province", "address-level1", required=False)
    country = forms.ChoiceField(label="Country", required=False, error_messages=messages.CHOICE)

    def __init__(
        self, *args: Any, custom_fields: CustomFieldDefinitions, address_asked: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, asked=asked_of_customers(custom_fields), **kwargs)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]  # a ChoiceField
        if not address_asked:
            for name in ADDRESS_FIELDS:
                del self.fields[name]

    @property
    def address_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ADDRESS_FIELDS if name in self.fields]

    @property
    def address_has_content(self) -> bool:
        return any(field.value() for field in self.address_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("postcode"):
            cleaned["postcode"] = " ".join(cleaned["postcode"].upper().split())
        if any(cleaned.get(name) for name in ADDRESS_FIELDS[:-1]) and not cleaned.get("country"):
            self.add_error("country", "Please choose one for this address.")
        if cleaned.get("address1") and not cleaned.get("city"):
            self.add_error("city", "Please give one for this address.")
        return cleaned

    def to_contact(self) -> Contact:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        address = {name: cleaned.get(name, "") for name in ADDRESS_FIELDS}
        return Contact(
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            email=cleaned["email"],
            phone=cleaned["phone"],
            custom_fields=self.to_answers(),
            **address,
        )

    @staticmethod
    def initial_from(state: DraftState) -> dict[str, Any]:
        """What the visitor typed before, as the form's first values."""
        initial: dict[str, Any] = {f"text-{option.rsplit('_', 1)[-1]}": value for option, value in state.text_options}
        if state.contact is not None:
            initial |= state.contact.model_dump(exclude={"custom_fields"})
            initial |= {f"custom-{field}": value for field, value in state.contact.custom_fields}
        return initial | dict(state.typed)


class SignInForm(forms.Form):
    email = EmailField(
        label="E-mail", max_length=LINE_LENGTH, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=messages.TEXT,
    )


class ProofForm(forms.Form):
    """The e-mail that opens the way from an old address of a draft to its new one."""

    email = EmailField(
        label="E-mail",
        max_length=LINE_LENGTH,
        help_text="The one that was entered for this booking.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Promotion or gift voucher code",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages=messages.TEXT | {"required": "Type the code first."},
    )


class ConsentForm(forms.Form):
    terms = forms.BooleanField(label="Your agreement", error_messages={"required": "Please tick the box first."})


@cache
def countries() -> list[tuple[str, str]]:
    """Countries by name, in the business's language. Babel's list has groups of countries too, which are left out."""
    territories = Locale.parse(settings.BUSINESS_LOCALE).territories
    named = sorted((name, code) for code, name in territories.items() if re.fullmatch("[A-Z]{2}", code))
    return [("", "Please choose"), *((code, name) for name, code in named if code not in NOT_COUNTRIES)]
