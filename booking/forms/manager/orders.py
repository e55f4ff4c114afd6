"""Booking for a customer: the party as staff may book it, whom to look for, somebody new, and the last press."""

from collections.abc import Mapping
from typing import Any

from django import forms

from booking.bookeo import CustomFieldDefinitions, PeopleCategory, Product
from booking.drafts import Contact
from booking.forms import messages
from booking.forms.custom_fields import CustomFieldsForm, asked_of_customers
from booking.forms.details import LINE_LENGTH, NAME_LENGTH, EmailField, PhoneField, TextOptionsForm
from booking.forms.manager.changes import MailsForm
from booking.forms.wishes import WishesForm
from booking.services.business_settings import BusinessSettings
from booking.services.finding import Meaning, meaning_of

MOST_OF_A_CATEGORY = 200


class DeskWishesForm(WishesForm):
    """The form of the page of times without the limits of a booking, which do not bind staff (reference 4.7)."""

    def _add_party_fields(self, categories: Mapping[str, PeopleCategory]) -> None:
        for name, category in self.category_of.items():
            self.fields[name] = forms.IntegerField(
                label=categories[category].name,
                min_value=0,
                max_value=MOST_OF_A_CATEGORY,
                error_messages=messages.PARTY,
            )

    def _check_total(self, total: int) -> None:
        if total < 1:
            raise forms.ValidationError("Add at least one person.")

    def over_the_limits(self) -> str:
        """What customers could not book themselves; empty where they could. Only after `is_valid()`."""
        numbers = {category: self.cleaned_data[name] for name, category in self.category_of.items()}
        total = sum(numbers.values())
        for limit in self.product.booking_limits:
            number = numbers.get(limit.people_category_id, 0) if limit.people_category_id else total
            if not limit.min <= number <= limit.max:
                return "Customers can not book this party themselves. As staff you may; its price is told at the end."
        return ""


class SeekForm(forms.Form):
    text = forms.CharField(
        label="Name, e-mail or phone",
        max_length=LINE_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages=messages.TEXT | {"required": "Type what you look for; a part of the name is enough."},
    )


class NewCustomerForm(CustomFieldsForm):
    """A name is enough. `is_new` is asked only where somebody is known under the same e-mail or telephone number."""

    first_name = forms.CharField(
        label="First name",
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=messages.TEXT,
    )
    last_name = forms.CharField(
        label="Last name",
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=messages.TEXT,
    )
    phone = PhoneField(
        label="Phone",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
        error_messages=messages.TEXT,
    )
    email = EmailField(
        label="E-mail",
        required=False,
        max_length=LINE_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    is_new = forms.BooleanField(label="No, this is somebody new", required=False)

    def __init__(
        self, *args: Any, custom_fields: CustomFieldDefinitions, is_first: bool = False, **kwargs: Any
    ) -> None:
        """`is_first`: where it is what the page is for, it is ready to be typed into."""
        super().__init__(*args, asked=asked_of_customers(custom_fields), **kwargs)
        if is_first:
            self.fields["first_name"].widget.attrs["autofocus"] = True

    @property
    def custom_open(self) -> bool:
        """Whether the business's own questions deserve to be seen at once: one is answered, or wrong."""
        return any(field.value() or field.errors for field in self.custom_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["first_name"] or cleaned["last_name"]):
            self.add_error("first_name", "A name is needed: the first or the last one.")
        return cleaned

    def ask_whether_new(self) -> None:
        self.add_error("is_new", "Somebody is known under this e-mail or phone. Choose them, or tick this.")

    def to_contact(self) -> Contact:
        """Only after `is_valid()`."""
        cleaned = self.cleaned_data
        return Contact(
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            email=cleaned["email"],
            phone=cleaned["phone"],
            custom_fields=self.to_answers(),
        )

    @staticmethod
    def first_values(contact: Contact | None, sought: str) -> dict[str, Any]:
        """What was entered before; else what was looked for, as the name, e-mail or phone that it is."""
        if contact is not None:
            answers = {f"custom-{field}": value for field, value in contact.custom_fields}
            return contact.model_dump(include={"first_name", "last_name", "email", "phone"}) | answers
        match meaning_of(sought):
            case Meaning.EMAIL:
                return {"email": sought}
            case Meaning.PHONE:
                return {"phone": sought}
            case Meaning.NAME:
                first, _, last = sought.rpartition(" ")
                return {"first_name": first, "last_name": last}
        return {}


class OrderForm(TextOptionsForm, MailsForm):
    """The product's own questions, and whom Bookeo mails. Without an e-mail nobody can be."""

    def __init__(self, *args: Any, product: Product, email: str, **kwargs: Any) -> None:
        super().__init__(*args, product=product, **kwargs)
        self.fields["notify_customer"].help_text = f"Bookeo sends its confirmation to {email}, and reminders later."
        if not email:
            self.without_email()

    @staticmethod
    def first_values(now: BusinessSettings, shown: str) -> dict[str, Any]:
        return {"notify_customer": now.mail_customer_when_booked, "notify_users": now.mail_users, "shown": shown}
