"""The summary of what is wrong with a form: the words that stand at the fields, with links to them.

One of several forms of the same kind on a page says which it is by its `problem_prefix`.
"""

from dataclasses import dataclass

from django.forms import BaseForm, BoundField


@dataclass(frozen=True, slots=True)
class Problem:
    """`target` is the id of the field, empty for what concerns the form as a whole."""

    text: str
    target: str = ""


def problems_of(*forms: BaseForm) -> list[Problem]:
    return [problem for form in forms if form.is_bound for problem in _problems(form)]


def _problems(form: BaseForm) -> list[Problem]:
    whole = [Problem(str(error)) for error in form.non_field_errors()]
    prefix = getattr(form, "problem_prefix", "")
    fields = [
        Problem(f"{prefix}{field.label}: {_lowered(str(field.errors[0]))}", _target(field))
        for field in form
        if field.errors
    ]
    return whole + fields


def _target(field: BoundField) -> str:
    """A hidden field cannot be gone to."""
    return "" if field.is_hidden else field.id_for_label


def _lowered(sentence: str) -> str:
    """After a colon a sentence goes on small, unless it begins with an abbreviation."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
