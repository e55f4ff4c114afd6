"""The account's own questions, as fields of a form and as Bookeo wants their answers."""

from collections.abc import Iterable
from typing import Any

from django import forms

from booking.bookeo import (
    ChoiceCustomField,
    CustomFieldDefinitions,
    NumberCustomField,
    OnOffCustomField,
    TextCustomField,
)
from booking.forms import messages
from booking.presenters.html import summary

CustomField = ChoiceCustomField | NumberCustomField | OnOffCustomField | TextCustomField

TEXT_LENGTH = 500


class CustomFieldsForm(forms.Form):
    """A form that asks some of the account's own questions, after its own fields."""

    def __init__(self, *args: Any, asked: Iterable[CustomField], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.custom_field_of: dict[str, str] = {}
        for definition in asked:
            name = f"custom-{definition.id}"
            self.custom_field_of[name] = definition.id
            self.fields[name] = _field(definition)

    @property
    def custom_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.custom_field_of]

    def to_answers(self) -> tuple[tuple[str, str], ...]:
        """Ids and answers as Bookeo wants them, without those left empty. Only after `is_valid()`."""
        answers = ((field, _wire_text(self.cleaned_data.get(name))) for name, field in self.custom_field_of.items())
        return tuple((field, answer) for field, answer in answers if answer)


def asked_of_customers(fields: CustomFieldDefinitions) -> list[CustomField]:
    return [definition for definition in _shown(fields) if definition.for_customer]


def asked_of_participants(fields: CustomFieldDefinitions) -> list[CustomField]:
    return [definition for definition in _shown(fields) if definition.for_participants]


def _field(definition: CustomField) -> forms.Field:
    """A form field for one of the account's own questions. None is required: the API does not tell which are."""
    hint = summary(definition.description)
    match definition:
        case ChoiceCustomField():
            choices = [("", "Please choose"), *((value.name, value.name) for value in definition.values)]
            return forms.ChoiceField(
                label=definition.name, choices=choices, required=False, help_text=hint, error_messages=messages.CHOICE
            )
        case NumberCustomField():
            return forms.IntegerField(
                label=definition.name,
                min_value=definition.min_value,
                max_value=definition.max_value,
                required=False,
                help_text=hint or f"{definition.min_value} to {definition.max_value}",
                error_messages=messages.NUMBER,
            )
        case OnOffCustomField():
            return forms.BooleanField(label=definition.name, required=False, help_text=hint)
        case TextCustomField():
            return forms.CharField(
                label=definition.name,
                required=False,
                max_length=TEXT_LENGTH,
                help_text=hint,
                error_messages=messages.TEXT,
            )


def _shown(fields: CustomFieldDefinitions) -> list[CustomField]:
    """Definitions of all four kinds that customers may see, in the business's order."""
    kinds: list[CustomField] = [
        *fields.choice_fields,
        *fields.number_fields,
        *fields.on_off_fields,
        *fields.text_fields,
    ]
    return sorted((d for d in kinds if d.shown_to_customers), key=lambda definition: definition.index)


def _wire_text(value: Any) -> str:
    """An answer as Bookeo wants it: a switch that is off is left out (reference 7.6)."""
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)
