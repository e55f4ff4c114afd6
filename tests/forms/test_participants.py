"""Who is coming: one person for each place, nobody twice."""

from datetime import UTC, datetime
from typing import Any

import pytest

from booking.bookeo import CustomFieldDefinitions, LinkedPerson, ParticipantInput, PeopleCategory
from booking.forms.participants import LATER, MYSELF, SOMEBODY, ParticipantsForm, places_of
from booking.forms.problems import problems_of
from booking.services.choices import Party
from tests.bookeo.samples import payload

CATEGORIES = {
    "Cadults": PeopleCategory(id="Cadults", name="Adults", num_seats=1),
    "Cchildren": PeopleCategory(id="Cchildren", name="Children", num_seats=1),
}
PLACES = places_of(Party.of({"Cadults": 2, "Cchildren": 1}), CATEGORIES)
FIELDS = CustomFieldDefinitions.model_validate(payload("settings.customercustomfields"))
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
JUNIOR = LinkedPerson(id="4151JUNIOR", first_name="Junior", last_name="Rossi", customer_id="C1", creation_time=LONG_AGO)
NAMELESS = LinkedPerson(id="4151NAMELESS", customer_id="C1", creation_time=LONG_AGO)
ROBIN = {"Cadults-2-who": SOMEBODY, "Cadults-2-first_name": "Robin", "Cadults-2-last_name": "Sample"}
EVERYBODY = {"Cadults-1-who": MYSELF, **ROBIN, "Cchildren-1-who": LATER}


def _form(data: dict[str, str] | None, **more: Any) -> ParticipantsForm:
    return ParticipantsForm(data, places=PLACES, custom_fields=FIELDS, **more)


def _people(data: dict[str, str], **more: Any) -> tuple[ParticipantInput, ...]:
    form = _form(data, **more)
    assert form.is_valid(), [f.errors for f in form.forms]
    return form.to_participants()


def _said(data: dict[str, str], **more: Any) -> dict[str, str]:
    form = _form(data, **more)
    assert not form.is_valid()
    return {problem.target: problem.text for problem in problems_of(*form.forms)}


def test_places_count_inside_their_category() -> None:
    assert [(place.prefix, place.title) for place in PLACES] == [
        ("Cadults-1", "Adult 1"),
        ("Cadults-2", "Adult 2"),
        ("Cchildren-1", "Child 1"),
    ]


def test_category_that_the_account_has_dropped_keeps_its_id() -> None:
    (place,) = places_of(Party.of({"W9RXJA": 1}), CATEGORIES)
    assert place.title == "W9RXJA 1"


def test_each_place_becomes_a_participant() -> None:
    myself, robin, later = _people(EVERYBODY)
    assert (myself.person_id, myself.person_details) == ("PSELF", None)
    assert (robin.person_id, robin.people_category_id, robin.category_index) == ("PNEW", "Cadults", 2)
    assert robin.person_details is not None
    assert (robin.person_details.first_name, robin.person_details.last_name) == ("Robin", "Sample")
    assert (later.person_id, later.people_category_id, later.category_index) == ("PUNKNOWN", "Cchildren", 1)
    assert later.person_details is None


def test_first_place_is_the_visitor_s_own_until_said_otherwise() -> None:
    assert [form["who"].value() for form in _form(None).forms] == [MYSELF, SOMEBODY, SOMEBODY]


def test_somebody_new_needs_both_names() -> None:
    said = _said(EVERYBODY | {"Cadults-2-first_name": " ", "Cadults-2-last_name": ""})
    assert said == {
        "id_Cadults-2-first_name": "Adult 2, First name: please fill this in, or choose “I do not know yet”.",
        "id_Cadults-2-last_name": "Adult 2, Last name: please fill this in, or choose “I do not know yet”.",
    }


@pytest.mark.parametrize("who", [MYSELF, LATER])
def test_names_do_not_matter_for_anybody_else(who: str) -> None:
    data = {"Cadults-1-who": LATER, "Cadults-2-who": who, "Cadults-2-first_name": "Left over", "Cchildren-1-who": LATER}
    assert _people(data)[1].person_details is None


@pytest.mark.parametrize("who", ["", "4151STRANGER", "nonsense"])
def test_only_people_of_the_list_can_be_chosen(who: str) -> None:
    assert set(_said(EVERYBODY | {"Cadults-1-who": who}, linked_people=[JUNIOR])) == {"id_Cadults-1-who"}


def test_linked_person_is_sent_by_id() -> None:
    people = _people(EVERYBODY | {"Cchildren-1-who": JUNIOR.id}, linked_people=[JUNIOR])
    assert (people[2].person_id, people[2].person_details) == (JUNIOR.id, None)


def test_linked_people_stand_between_the_visitor_and_nobody() -> None:
    who: Any = _form(None, linked_people=[JUNIOR, NAMELESS]).forms[0].fields["who"]
    assert [text for _, text in who.choices] == [
        "Somebody new",
        "Myself",
        "Junior Rossi",
        "Unnamed",
        "I do not know yet",
    ]


@pytest.mark.parametrize("who", [MYSELF, JUNIOR.id])
def test_nobody_comes_twice(who: str) -> None:
    data = EVERYBODY | {"Cadults-1-who": who, "Cchildren-1-who": who}
    assert _said(data, linked_people=[JUNIOR]) == {
        "id_Cchildren-1-who": "Child 1, Who: this person is in the list already."
    }


def test_several_may_be_new_or_unknown() -> None:
    child = {"Cchildren-1-who": SOMEBODY, "Cchildren-1-first_name": "Kim", "Cchildren-1-last_name": "Sample"}
    assert [p.person_id for p in _people(EVERYBODY | {"Cadults-1-who": LATER} | child)] == ["PUNKNOWN", "PNEW", "PNEW"]


def test_questions_for_participants_are_asked_and_answered() -> None:
    labels = [field.label for field in _form(None).forms[0].detail_fields]
    assert labels == ["First name", "Last name", "Height (cm)", "Allergies"]
    _, robin, _ = _people(EVERYBODY | {"Cadults-2-custom-M8HEUC": "172", "Cadults-2-custom-P6KALR": "Nuts"})
    assert robin.person_details is not None
    assert [(v.id, v.value) for v in robin.person_details.custom_fields] == [("M8HEUC", "172"), ("P6KALR", "Nuts")]


def test_questions_left_open_are_not_sent() -> None:
    _, robin, _ = _people(EVERYBODY)
    assert robin.person_details is not None
    assert robin.person_details.custom_fields == ()


def test_wrong_answer_is_told_with_its_place() -> None:
    said = _said(EVERYBODY | {"Cadults-2-custom-M8HEUC": "12"})
    assert list(said) == ["id_Cadults-2-custom-M8HEUC"]
    assert said["id_Cadults-2-custom-M8HEUC"].startswith("Adult 2, Height (cm): ")


def test_what_was_saved_fills_the_form_again() -> None:
    people = _people(EVERYBODY | {"Cadults-2-custom-P6KALR": "Nuts"})
    forms = _form(None, known=people).forms
    assert [form["who"].value() for form in forms] == [MYSELF, SOMEBODY, LATER]
    assert [field.value() for field in forms[1].detail_fields] == ["Robin", "Sample", None, "Nuts"]


def test_what_was_typed_last_stands_at_its_own_place() -> None:
    typed = {"Cadults-2-first_name": "Rob", "Cadults-2-who": SOMEBODY, "Cadults-22-first_name": "x"}
    forms = _form(None, typed=typed, known=_people(EVERYBODY)).forms
    assert [form["first_name"].value() for form in forms] == [None, "Rob", None]
    assert forms[1]["last_name"].value() == "Sample"


def test_whole_party_of_somebody_else_s_making_is_refused() -> None:
    assert len(_said({})) == len(PLACES)
