"""Looking for customers, and changing their details. Only what somebody changed on the page is sent: what changed at
Bookeo meanwhile stays."""

from typing import Any

from django import forms
from django.http import QueryDict

from booking.bookeo import Customer, LinkedPerson, PhoneNumber, PhoneType, StreetAddress
from booking.forms import messages
from booking.forms.details import LINE_LENGTH, NAME_LENGTH, EmailField, PhoneField, countries
from booking.forms.manager.find import TEXT_LENGTH, day_field

Person = Customer | LinkedPerson

PHONES_MOST = 5
ADDRESS = {
    "address1": "Street and number",
    "address2": "Second line",
    "postcode": "Postcode",
    "city": "Town",
    "state": "State or province",
}
FIELDS = [
    ("name", "Name"),
    ("firstName", "First name"),
    ("lastName", "Last name"),
    ("emailAddress", "E-mail"),
]
TYPES = [
    (PhoneType.MOBILE, "Mobile"),
    (PhoneType.WORK, "Work"),
    (PhoneType.HOME, "Home"),
    (PhoneType.FAX, "Fax"),
]


class SearchForm(forms.Form):
    field = forms.ChoiceField(label="Look in", choices=FIELDS, error_messages=messages.CHOICE)
    text = forms.CharField(
        label="Text",
        max_length=TEXT_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
        error_messages=messages.TEXT | {"required": "Type what you look for; a part is enough."},
    )


class KnownPhoneField(PhoneField):
    """A number that was kept before is not judged again: old ones may be of any form."""

    def __init__(self, *, known: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def clean(self, value: Any) -> str:
        return self.known if value == self.known else super().clean(value)


def _line(label: str, length: int = NAME_LENGTH) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=messages.TEXT,
        show_hidden_initial=True,
    )


class PersonForm(forms.Form):
    """Details of a customer or of a linked person, with the values that the page was opened with beside them."""

    first_name = _line("First name")
    last_name = _line("Last name")
    email = EmailField(
        label="E-mail",
        required=False,
        max_length=LINE_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        show_hidden_initial=True,
    )
    born = day_field("Born")

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        super().__init__(data, initial=_initial(person))
        self.person = person
        self.fields["born"].show_hidden_initial = True
        for number, phone in enumerate([*person.phone_numbers[: PHONES_MOST - 1], None]):
            self._add_phone(number, phone)
        for name, label in ADDRESS.items():
            self.fields[name] = _line(label, LINE_LENGTH)
        self.fields["country"] = forms.ChoiceField(
            label="Country",
            required=False,
            choices=self._countries(),
            show_hidden_initial=True,
            error_messages=messages.CHOICE,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["first_name"] or cleaned["last_name"]):
            self.add_error("first_name", "A name is needed: the first or the last one.")
        return cleaned

    def to_changes(self) -> dict[str, Any]:
        """What to change, by the fields' names at Bookeo's client. Only after `is_valid()`."""
        cleaned, changed = self.cleaned_data, set(self.changed_data)
        simple = {
            "first_name": cleaned["first_name"],
            "last_name": cleaned["last_name"],
            "email": cleaned["email"],
            "born": cleaned["born"],
        }
        names = {"email": "email_address", "born": "date_of_birth"}
        changes = {names.get(name, name): value or None for name, value in simple.items() if name in changed}
        if any(name.startswith("phone") for name in changed):
            changes["phone_numbers"] = self._phones()
        if changed & {*ADDRESS, "country"}:
            changes["street_address"] = self._address(changed)
        return changes

    def _phones(self) -> tuple[PhoneNumber, ...]:
        """Fields of a number that we do not know stay with it; one that was emptied goes."""
        before, kept = self.person.phone_numbers, []
        for number in range(min(len(before), PHONES_MOST - 1) + 1):
            text, kind = self.cleaned_data[f"phone{number}"], self.cleaned_data[f"phone{number}_type"]
            if text and number < len(before):
                kept.append(before[number].model_copy(update={"number": text, "type": kind}))
            elif text:
                kept.append(PhoneNumber(number=text, type=kind))
        return (*kept, *before[PHONES_MOST - 1 :])

    def _address(self, changed: set[str]) -> StreetAddress:
        names = {name: "country_code" if name == "country" else name for name in (*ADDRESS, "country")}
        update = {to: self.cleaned_data[name] or None for name, to in names.items() if name in changed}
        return (self.person.street_address or StreetAddress()).model_copy(update=update)

    def _add_phone(self, number: int, phone: PhoneNumber | None) -> None:
        label = f"Phone {number + 1}" if phone else "Another phone"
        known = phone.number if phone else ""
        self.fields[f"phone{number}"] = KnownPhoneField(
            known=known,
            label=label,
            required=False,
            max_length=40,
            show_hidden_initial=True,
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            error_messages=messages.TEXT,
        )
        kind = phone.type if phone else PhoneType.MOBILE
        others = [] if kind in {known for known, _ in TYPES} else [(kind, kind)]
        self.fields[f"phone{number}_type"] = forms.ChoiceField(
            label=f"{label} is",
            required=False,
            choices=[*TYPES, *others],
            show_hidden_initial=True,
            error_messages=messages.CHOICE,
        )
        self.initial.update({f"phone{number}": known, f"phone{number}_type": kind})

    def _countries(self) -> list[tuple[str, str]]:
        """With the one that stands there, should it be none that we know."""
        known, there = countries(), self.initial["country"]
        return known if there in dict(known) else [*known, (there, there)]


def _initial(person: Person) -> dict[str, Any]:
    address = person.street_address or StreetAddress()
    return {
        "first_name": person.first_name or "",
        "last_name": person.last_name or "",
        "email": person.email_address or "",
        "born": person.date_of_birth,
        **{name: getattr(address, name) or "" for name in ADDRESS},
        "country": address.country_code or "",
    }
