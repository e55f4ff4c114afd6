"""Who is coming, by name: one small form for each place, in the order of the categories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from booking.bookeo import (
    CustomFieldDefinitions,
    CustomFieldValue,
    LinkedPerson,
    LinkedPersonInput,
    ParticipantInput,
    PeopleCategory,
    PersonId,
)
from booking.forms import messages
from booking.forms.custom_fields import CustomFieldsForm, asked_of_participants
from booking.forms.details import NAME_LENGTH
from booking.presenters.people import singular
from booking.services.choices import Party

MYSELF, SOMEBODY, LATER = PersonId.SELF.value, PersonId.NEW.value, PersonId.UNKNOWN.value


@dataclass(frozen=True, slots=True)
class Place:
    """One person to be named: `index` counts inside the category, from 1."""

    category_id: str
    category_name: str
    index: int

    @property
    def prefix(self) -> str:
        return f"{self.category_id}-{self.index}"

    @property
    def title(self) -> str:
        return f"{singular(self.category_name)} {self.index}"


def places_of(party: Party, categories: Mapping[str, PeopleCategory]) -> list[Place]:
    return [
        Place(category, categories[category].name if category in categories else category, index)
        for category, number in party.numbers
        for index in range(1, number + 1)
    ]


NAME_MESSAGES = messages.TEXT | {"required": "Please fill this in, or choose “I do not know yet”."}


class PersonForm(CustomFieldsForm):
    who = forms.ChoiceField(label="Who", error_messages=messages.CHOICE)
    first_name = forms.CharField(label="First name", max_length=NAME_LENGTH, error_messages=NAME_MESSAGES)
    last_name = forms.CharField(label="Last name", max_length=NAME_LENGTH, error_messages=NAME_MESSAGES)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        place: Place,
        custom_fields: CustomFieldDefinitions,
        linked_people: Iterable[LinkedPerson] = (),
        initial: dict[str, Any],
    ) -> None:
        super().__init__(data, asked=asked_of_participants(custom_fields), prefix=place.prefix, initial=initial)
        self.place = place
        self.problem_prefix = f"{place.title}, "
        self.fields["who"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (SOMEBODY, "Somebody new"),
            (MYSELF, "Myself"),
            *((p.id, " ".join(filter(None, (p.first_name, p.last_name))) or "Unnamed") for p in linked_people),
            (LATER, "I do not know yet"),
        ]
        if self["who"].value() != SOMEBODY:
            self.fields["first_name"].required = self.fields["last_name"].required = False

    @property
    def detail_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("first_name", "last_name", *self.custom_field_of)]

    def to_participant(self) -> ParticipantInput:
        who = self.cleaned_data["who"]
        fields: dict[str, Any] = {
            "person_id": who,
            "people_category_id": self.place.category_id,
            "category_index": self.place.index,
        }
        if who == SOMEBODY:
            fields["person_details"] = self._details()
        return ParticipantInput(**fields)

    def _details(self) -> LinkedPersonInput:
        values = tuple(CustomFieldValue(id=field, value=answer) for field, answer in self.to_answers())
        fields: dict[str, Any] = {name: self.cleaned_data[name] for name in ("first_name", "last_name")}
        if values:
            fields["custom_fields"] = values
        return LinkedPersonInput(**fields)


class ParticipantsForm:
    """All places together. `data` is None on the first visit; then `known` and `typed` fill the form."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        places: list[Place],
        custom_fields: CustomFieldDefinitions,
        linked_people: Iterable[LinkedPerson] = (),
        known: Iterable[ParticipantInput] = (),
        typed: Mapping[str, str] | None = None,
    ) -> None:
        people = tuple(linked_people)
        answers = {f"{p.people_category_id}-{p.category_index}": p for p in known}
        self.forms = [
            PersonForm(
                data,
                place=place,
                custom_fields=custom_fields,
                linked_people=people,
                initial=_initial(answers.get(place.prefix), first=number == 0) | _typed_for(place, typed or {}),
            )
            for number, place in enumerate(places)
        ]

    @property
    def is_bound(self) -> bool:
        return any(form.is_bound for form in self.forms)

    def is_valid(self) -> bool:
        invalid = [form for form in self.forms if not form.is_valid()]
        return self._nobody_twice() and not invalid

    def to_participants(self) -> tuple[ParticipantInput, ...]:
        return tuple(form.to_participant() for form in self.forms)

    def _nobody_twice(self) -> bool:
        chosen: set[str] = set()
        once = True
        for form in self.forms:
            who = form.cleaned_data.get("who", "") if form.is_bound else ""
            if who not in {"", SOMEBODY, LATER} and who in chosen:
                form.add_error("who", "This person is in the list already.")
                once = False
            chosen.add(who)
        return once


def _typed_for(place: Place, typed: Mapping[str, str]) -> dict[str, str]:
    start = f"{place.prefix}-"
    return {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}


def _initial(known: ParticipantInput | None, *, first: bool) -> dict[str, Any]:
    if known is None:
        return {"who": MYSELF if first else SOMEBODY}
    initial: dict[str, Any] = {"who": known.person_id}
    details = known.person_details
    if details is not None:
        initial |= {"first_name": details.first_name or "", "last_name": details.last_name or ""}
        initial |= {f"custom-{value.id}": value.value for value in details.custom_fields or ()}
    return initial
