"""Changing who comes with a booking, and its options: three forms on one page, which begin with what is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from booking.bookeo import (
    Booking,
    CustomFieldDefinitions,
    LinkedPerson,
    ParticipantInput,
)
from booking.forms.details import TextOptionsForm
from booking.forms.manager.orders import DeskWishesForm
from booking.forms.participants import LATER, MYSELF, SOMEBODY, ParticipantsForm, places_of
from booking.forms.problems import Problem, problems_of
from booking.services import desk_changes
from booking.services.catalogue import Offer
from booking.services.choices import Party
from booking.services.desk_changes import Change

MORE_PLACES = "The party has grown: say who the others are, or leave it open."


@dataclass(frozen=True, slots=True)
class Named:
    """What the names need: the customer's people, and the account's own questions."""

    people: tuple[LinkedPerson, ...]
    custom_fields: CustomFieldDefinitions


class EditForms:
    """`named` is absent where nobody is named. Only what differs from the booking is changed."""

    def __init__(self, data: Mapping[str, Any] | None, booking: Booking, offer: Offer, named: Named | None) -> None:
        self.booking, self.offer, self.named, self.is_bound = booking, offer, named, data is not None
        self.party = self._party_form(data)
        known = {option.id: option.value for option in booking.options if option.id}
        answers = {f"text-{option.rsplit('_', 1)[-1]}": value for option, value in known.items()}
        self.texts = TextOptionsForm(data, product=offer.product, initial=answers)
        self.has_grown = False
        self.names = self._names_form(data) if named else None

    @property
    def places(self) -> str:
        """Which places the page shows, so that a larger party is noticed."""
        return ",".join(form.place.prefix for form in self.names.forms) if self.names else ""

    @property
    def problems(self) -> list[Problem]:
        forms = [self.party, *([self.texts] if self.texts.is_bound else [])]
        found = problems_of(*forms, *(self.names.forms if self.names and not self.has_grown else []))
        return [*found, Problem(MORE_PLACES)] if self.has_grown else found

    def is_valid(self) -> bool:
        valid = [self.party.is_valid(), self.texts.is_valid(), not self.has_grown]
        if self.names and not self.has_grown:
            valid.append(self.names.is_valid())
        return all(valid)

    def to_change(self) -> Change:
        """Only after `is_valid()`."""
        party = self._whole_party()
        options = self._options()
        people = self.names.to_participants() if self.names else None
        return Change(
            party=party if dict(party.numbers) != dict(Party.of_booking(self.booking).numbers) else None,
            options=tuple(options.items()) if self._differ(options) else None,
            people=people if people is not None and _key(people) != _key(_known(self.booking, party)) else None,
        )

    def _party_form(self, data: Mapping[str, Any] | None) -> DeskWishesForm:
        product, categories = self.offer.product, self.offer.categories
        wishes = desk_changes.wishes_of(self.booking)
        empty = DeskWishesForm({}, product=product, categories=categories)
        given = data if data is not None else dict(parse_qsl(empty.query_of(wishes)))
        return DeskWishesForm(
            {name: str(value) for name, value in given.items()}, product=product, categories=categories
        )

    def _names_form(self, data: Mapping[str, Any] | None) -> ParticipantsForm | None:
        party = self._whole_party() if self.party.is_valid() else Party.of_booking(self.booking)
        places = places_of(party, self.offer.categories)
        shown = str((data or {}).get("places", "")).split(",")
        self.has_grown = data is not None and any(place.prefix not in shown for place in places)
        named = self.named or Named((), CustomFieldDefinitions())
        typed = {name: str(value) for name, value in data.items()} if data is not None and self.has_grown else None
        form = ParticipantsForm(
            None if self.has_grown else data,
            places=places,
            custom_fields=named.custom_fields,
            linked_people=named.people,
            known=_only(_known(self.booking, party), named.people),
            typed=typed,
        )
        return _for_staff(form)

    def _whole_party(self) -> Party:
        """With categories that the form does not know: they stay."""
        chosen = self.party.to_wishes().party
        mine = set(self.party.category_of.values())
        others = tuple(entry for entry in Party.of_booking(self.booking).numbers if entry[0] not in mine)
        return Party(numbers=(*chosen.numbers, *others))

    def _options(self) -> dict[str, str]:
        texts = {option: self.texts.cleaned_data[name] for name, option in self.texts.text_option_of.items()}
        return dict(self.party.to_wishes().options) | texts

    def _differ(self, options: Mapping[str, str]) -> bool:
        known = {option.id: option.value for option in self.booking.options}
        return any(known.get(option, "") != value for option, value in options.items())


def _known(booking: Booking, party: Party) -> tuple[ParticipantInput, ...]:
    """Whoever has each place now; nobody knows who, where nobody was named."""
    there = {(p.people_category_id, p.category_index): p.person_id for p in booking.participants.details}
    return tuple(
        ParticipantInput(
            person_id=there.get((category, index), LATER), people_category_id=category, category_index=index
        )
        for category, number in party.numbers
        for index in range(1, number + 1)
    )


def _only(known: Iterable[ParticipantInput], people: Iterable[LinkedPerson]) -> tuple[ParticipantInput, ...]:
    """Somebody whose record is gone cannot be chosen any more."""
    there = {MYSELF, SOMEBODY, LATER, *(person.id for person in people)}
    return tuple(
        entry if entry.person_id in there else entry.model_copy(update={"person_id": LATER}) for entry in known
    )


def _for_staff(form: ParticipantsForm) -> ParticipantsForm:
    """The same choices in words for staff."""
    words = {MYSELF: "The customer", LATER: "Not known yet"}
    for person in form.forms:
        field: Any = person.fields["who"]
        field.choices = [(value, words.get(value, label)) for value, label in field.choices]
    return form


def _key(people: Iterable[ParticipantInput]) -> list[tuple[str, str, int]]:
    return [(person.person_id, person.people_category_id, person.category_index) for person in people]
