"""A product's options as fields of a form: choices, numbers and switches."""

from django import forms

from booking.bookeo import ChoiceOption, NumberOption, OnOffOption, Product
from booking.forms import messages

Option = ChoiceOption | NumberOption | OnOffOption


def option_parameter(option_id: str) -> str:
    """An option's id is the product's id and a suffix; the address needs the suffix alone."""
    return "opt-" + option_id.rsplit("_", 1)[-1]


def shown_options(product: Product) -> list[Option]:
    """Options that customers may set beforehand, in the business's order. Free text is asked with the details."""
    options: list[Option] = [*product.choice_options, *product.number_options, *product.on_off_options]
    return sorted((o for o in options if o.shown_to_customers and o.enabled), key=lambda option: option.index)


def option_field(option: Option) -> forms.Field:
    match option:
        case ChoiceOption():
            choices = [(value.id, value.name) for value in option.values]
            return forms.ChoiceField(label=option.name, choices=choices, error_messages=messages.CHOICE)
        case NumberOption():
            return forms.IntegerField(
                label=option.name,
                min_value=option.min_value,
                max_value=option.max_value,
                error_messages=messages.NUMBER,
            )
        case OnOffOption():
            return forms.BooleanField(label=option.name, required=False)


def default_value(option: Option) -> str:
    match option:
        case ChoiceOption():
            return option.default_value_id or option.values[0].id
        case NumberOption():
            return str(option.default_value)
        case OnOffOption():
            return "on" if option.default_state else ""


def form_value(option: Option, wire_value: str) -> str:
    """What the form has for a value that went over the wire."""
    match option:
        case ChoiceOption():
            return next((value.id for value in option.values if value.name == wire_value), "")
        case NumberOption():
            return wire_value
        case OnOffOption():
            return "on" if wire_value == "true" else ""
