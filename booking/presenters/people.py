"""Who comes, in words."""

from collections.abc import Mapping

from booking.bookeo import PeopleCategory
from booking.presenters import texts
from booking.services.choices import Party

# Bookeo's own categories in English; the singular of other words cannot be known.
SINGULARS = {"Adults": "adult", "Children": "child", "Infants": "infant", "Students": "student", "Seniors": "senior"}


def party_text(party: Party, categories: Mapping[str, PeopleCategory]) -> str:
    """2 adults and 1 child. Category names are plurals of the account's own wording, in its own language."""
    return texts.joined(_people(number, categories.get(category), category) for category, number in party.numbers)


def singular(name: str) -> str:
    """Adult, for Adults; other words as they are."""
    return SINGULARS[name].capitalize() if name in SINGULARS else name


def _people(number: int, category: PeopleCategory | None, category_id: str) -> str:
    name = category.name if category else category_id
    if number == 1:
        return f"1 {SINGULARS[name]}" if name in SINGULARS else f"1 × {name}"
    return f"{number} {name.lower()}" if name in SINGULARS else f"{number} × {name}"
