"""Whatever is wrong, our own words say so: none of Django's shows through."""

import re
from typing import Any

import pytest
from django.forms import BaseForm

from booking.bookeo import CustomFieldDefinitions, Product
from booking.forms.details import CodeForm, DetailsForm, ProofForm, SignInForm
from booking.forms.participants import ParticipantsForm, Place
from booking.forms.wishes import WishesForm
from tests.bookeo.samples import payload

PRODUCT = Product.model_validate(payload("settings.products")["data"][0])
FIELDS = CustomFieldDefinitions.model_validate(payload("settings.customercustomfields"))
DJANGOS = re.compile(r"required\.|Ensure|Enter a|Select a|Null characters|not one of the available")
WRONG = ["", "x\0", "x" * 700, "99999999", "-1", "not@an@address", "a@b..example.com"]


def _errors(form: BaseForm) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _filled(form: type[BaseForm], value: str, **known: Any) -> BaseForm:
    names = form(**known).fields
    return form(dict.fromkeys(names, value), **known)


@pytest.mark.parametrize("value", WRONG)
def test_forms_of_a_guest(value: str) -> None:
    forms = [_filled(DetailsForm, value, product=PRODUCT, custom_fields=FIELDS)]
    forms += [_filled(kind, value) for kind in (SignInForm, ProofForm, CodeForm)]
    said = [error for form in forms for error in _errors(form)]
    assert said
    assert not [error for error in said if DJANGOS.search(error)]


@pytest.mark.parametrize("value", WRONG)
def test_forms_of_the_party(value: str) -> None:
    query = dict.fromkeys(WishesForm({}, product=PRODUCT, categories={}).fields, value)
    wishes = WishesForm(query, product=PRODUCT, categories={})
    place = Place("Cadults", "Adults", 1)
    names = ("who", "first_name", "last_name", *(f"custom-{field.id}" for field in FIELDS.text_fields))
    typed = {f"{place.prefix}-{name}": value for name in names}
    people = ParticipantsForm(typed, places=[place], custom_fields=FIELDS, linked_people=(), known=())
    people.is_valid()
    said = [error for form in (wishes, *people.forms) for error in _errors(form)]
    assert said
    assert not [error for error in said if DJANGOS.search(error)]
