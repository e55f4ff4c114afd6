"""The account's own questions, as fields of a form and as Bookeo wants their answers."""

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


def custom_field(definition: CustomField) -> forms.Field:
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


def shown_definitions(fields: CustomFieldDefinitions) -> list[CustomField]:
    """Definitions of all four kinds that customers may see, in the business's order."""
    kinds: list[CustomField] = [
        *fields.choice_fields,
        *fields.number_fields,
        *fields.on_off_fields,
        *fields.text_fields,
    ]
    return sorted((d for d in kinds if d.shown_to_customers), key=lambda definition: definition.index)


def wire_text(value: Any) -> str:
    """An answer as Bookeo wants it: a switch that is off is left out (reference 7.6)."""
    if isinstance(value, bool):
        return "true" if value else ""
    return "" if value is None else str(value)
