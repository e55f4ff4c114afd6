"""Answers to options and custom fields: names on the wire, ids in the store (reference 7.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sandbox.call import Call, Json, is_whole_number
from sandbox.catalogue import Product
from sandbox.errors import bad_request
from sandbox.pricing import Chosen
from sandbox.questions import CustomField, Option
from sandbox.schemas import NamedValue

Asked = TypeVar("Asked", Option, CustomField)
_LONGEST_TEXT = 2000


def chosen_options(call: Call, product: Product, given: Sequence[NamedValue], *, complete: bool) -> list[Chosen]:
    """Each option of the product with its value: as given, else its default. `complete` insists on required texts."""
    values: dict[str, str] = {}
    for entry in given:
        option = _find(call, product.options, entry)
        values[option.id] = _stored(call, option, entry.value)
    chosen = [Chosen(option, values.get(option.id, _default(option))) for option in product.options]
    if complete:
        _check_required(call, chosen)
    return [entry for entry in chosen if entry.option.kind != "text" or entry.value]


def _check_required(call: Call, chosen: Iterable[Chosen]) -> None:
    for entry in chosen:
        if entry.option.required and not entry.value.strip():
            raise bad_request("Missing required option: {}", call.text(entry.option.name))


def _default(option: Option) -> str:
    if option.kind == "choice":
        return option.default_choice or option.choices[0].id
    return {"number": str(option.default), "onOff": "false", "text": ""}[option.kind]


def _find(call: Call, known: Sequence[Asked], entry: NamedValue) -> Asked:
    for field in known:
        if field.id == entry.id if entry.id is not None else call.text(field.name) == entry.name:
            return field
    raise bad_request("Unknown option or field: {}", entry.id or entry.name)


def _stored(call: Call, field: Option | CustomField, value: str) -> str:
    if field.kind == "choice":
        return _choice_id(call, field, value)
    if field.kind == "number":
        return _number(field, value)
    if field.kind == "onOff" and value not in ("true", "false"):
        raise bad_request("The value of {} must be true or false", field.id)
    if len(value) > _LONGEST_TEXT:
        raise bad_request("The value of {} is too long", field.id)
    return value


def _choice_id(call: Call, field: Option | CustomField, value: str) -> str:
    for choice in field.choices:
        if call.text(choice.name) == value:
            return choice.id
    raise bad_request("The value of {} is not one of its choices", field.id)


def _number(field: Option | CustomField, value: str) -> str:
    if not is_whole_number(value) or not field.minimum <= int(value) <= field.maximum:
        raise bad_request("The value of {} must be between {} and {}", field.id, field.minimum, field.maximum)
    return str(int(value))


def custom_values(call: Call, given: Sequence[NamedValue], *, for_customer: bool) -> list[tuple[str, str]]:
    """Custom field values as (field id, stored value). Raises a 400 for fields that do not apply."""
    fields = [
        field
        for field in call.account.custom_fields
        if (field.for_customer if for_customer else field.for_participants)
    ]
    found = [(_find(call, fields, entry), entry.value) for entry in given]
    return [(field.id, _stored(call, field, value)) for field, value in found if value]


def render_option(call: Call, product: Product, option_id: str, value: str) -> Json:
    """A booking's option in the language of the answer."""
    option = product.option(option_id)
    if option is None:
        return {"id": option_id, "value": value}
    return {"id": option_id, "name": call.text(option.name), "value": _shown(call, option, value)}


def render_custom_values(call: Call, stored: Iterable[Sequence[str]]) -> list[Json]:
    """Custom field values in the language of the answer."""
    fields = {field.id: field for field in call.account.custom_fields}
    return [
        {"id": field_id, "name": call.text(fields[field_id].name), "value": _shown(call, fields[field_id], value)}
        for field_id, value in stored
        if field_id in fields
    ]


def _shown(call: Call, field: Option | CustomField, value: str) -> str:
    if field.kind != "choice":
        return value
    return next((call.text(choice.name) for choice in field.choices if choice.id == value), value)
