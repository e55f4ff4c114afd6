from typing import Any
from urllib.parse import parse_qsl

import pytest

from booking.bookeo import CustomFieldDefinitions, LinkedPerson, PeopleCategory, Product, ResourceType
from booking.drafts import DraftState
from booking.forms.details import DetailsForm
from booking.forms.participants import ParticipantsForm, places_of
from booking.forms.problems import problems_of
from booking.forms.wishes import WishesForm, category_parameter
from booking.services.choices import Choice, Party
from tests.bookeo.samples import payload

PRODUCTS = {p["productCode"]: Product.model_validate(p) for p in payload("settings.products")["data"]}
CATEGORIES = {c["id"]: PeopleCategory.model_validate(c) for c in payload("settings.peoplecategories")["categories"]}
FIELDS = CustomFieldDefinitions.model_validate(payload("settings.customercustomfields"))
RESOURCES = [ResourceType.model_validate(kind) for kind in payload("settings.resources")["data"]]
PERSON = LinkedPerson.model_validate(payload("linkedperson.response"))


def _wishes(code: str = "KAYAK1", **query: str) -> WishesForm:
    public = [kind for kind in RESOURCES if kind.is_public]
    return WishesForm(query, product=PRODUCTS[code], categories=CATEGORIES, resources=public)


@pytest.mark.parametrize(("category", "name"), [("Cadults", "adults"), ("Cinfants", "infants"), ("H4KTWE", "H4KTWE")])
def test_categories_read_well_in_addresses(category: str, name: str) -> None:
    assert category_parameter(category) == name


@pytest.mark.parametrize(
    ("code", "party"), [("KAYAK1", {"Cadults": 1}), ("CHARTER", {"Cadults": 4}), ("SAILP", {"Cadults": 1})]
)
def test_first_visit_asks_for_the_smallest_party(code: str, party: dict[str, int]) -> None:
    form = _wishes(code)
    assert form.is_valid()
    assert form.to_wishes().party == Party.of(party)


def test_options_travel_as_the_wire_wants_them() -> None:
    form = _wishes(adults="2", **{"opt-8KRT4WNE": "AK4RTE", "opt-3JWX6LTA": "2", "opt-R9MEK2CU": "on"})
    assert form.is_valid(), form.errors
    values = [value for _, value in form.to_wishes().options]
    assert values == ["Single kayak", "2", "true"]


def test_defaults_of_options_are_those_of_the_business() -> None:
    form = _wishes()
    assert form.is_valid()
    assert [value for _, value in form.to_wishes().options] == ["Double kayak", "0", "false"]


def test_address_of_wishes_brings_the_same_wishes_back() -> None:
    form = _wishes(adults="2", children="1", **{"opt-8KRT4WNE": "AK4RTE", "opt-R9MEK2CU": "on"})
    assert form.is_valid()
    wishes = form.to_wishes()
    for query in (form.query(), form.query_of(wishes)):
        again = _wishes(**dict(parse_qsl(query)))
        assert again.is_valid()
        assert again.to_wishes() == wishes


def test_resource_may_be_chosen_for_appointments_alone() -> None:
    form = _wishes("SAILP", adults="1", resource="4151RSA4JK18E0DD840E0")
    assert form.is_valid()
    assert form.to_wishes().resource_id == "4151RSA4JK18E0DD840E0"
    assert "resource" not in _wishes("KAYAK1").fields
    assert not _wishes("SAILP", adults="1", resource="4151RSC9XF18E0DE168A0").is_valid()


@pytest.mark.parametrize(
    ("step", "adults"), [("adults+1", "3"), ("adults-1", "1"), ("unknown+1", None), ("adults+7", None)]
)
def test_step_changes_one_number(step: str, adults: str | None) -> None:
    stepped = _wishes(adults="2", step=step).stepped()
    assert (f"adults={adults}" in stepped) if stepped else adults is None


def test_step_stays_within_the_limits() -> None:
    assert "adults=8" in str(_wishes(adults="8", step="adults+1").stepped())
    assert "children=0" in str(_wishes(adults="8", step="children-1").stepped())


GUEST = {"first_name": "Maya", "last_name": "Sample", "email": "maya@example.com", "phone": "055 501 0199"}


def _details(code: str = "KAYAK1", **changes: str) -> DetailsForm:
    return DetailsForm(GUEST | changes, product=PRODUCTS[code], custom_fields=FIELDS)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("055 501 0199", "+390555010199"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0049 89 21801234", "+498921801234"),
        ("+1 (415) 555-2671", "+14155552671"),
    ],
)
def test_phone_is_kept_in_international_form(typed: str, kept: str) -> None:
    form = _details(phone=typed)
    assert form.is_valid(), form.errors
    assert form.to_contact().phone == kept


@pytest.mark.parametrize("typed", ["12", "call me", "+", "+39 1", "9" * 39])
def test_phone_that_nobody_can_call_is_refused(typed: str) -> None:
    assert "phone" in _details(phone=typed).errors


@pytest.mark.parametrize("typed", ["maya@lindqvist", "maya", "@example.com", "a b@example.com"])
def test_slips_in_the_email_are_found(typed: str) -> None:
    assert "email" in _details(email=typed).errors


def test_address_is_whole_and_tidy_or_not_there() -> None:
    assert set(_details(address1="Pier 3").errors) == {"city", "country"}
    form = _details(address1="1 High St", city="London", postcode=" sw1a  1aa ", country="GB")
    assert form.is_valid()
    assert (form.to_contact().postcode, form.to_contact().country) == ("SW1A 1AA", "GB")


def test_address_is_not_asked_for_where_the_business_does_not_want_it() -> None:
    form = DetailsForm(GUEST, product=PRODUCTS["KAYAK1"], custom_fields=FIELDS, address_asked=False)
    assert form.address_fields == []
    assert form.is_valid()


def test_custom_fields_of_all_kinds_are_sent_as_text() -> None:
    form = _details(
        **{"custom-K3RTWA": "A friend", "custom-M8HEUC": "170", "custom-N5WJXT": "on", "custom-P6KALR": "nuts"}
    )
    assert form.is_valid(), form.errors
    assert dict(form.to_contact().custom_fields) == {
        "K3RTWA": "A friend",
        "M8HEUC": "170",
        "N5WJXT": "true",
        "P6KALR": "nuts",
    }
    assert "custom-M8HEUC" in _details(**{"custom-M8HEUC": "999"}).errors


def test_fields_not_meant_for_customers_are_not_shown() -> None:
    document: dict[str, Any] = payload("settings.customercustomfields")
    document["textFields"][0]["shownToCustomers"] = False
    form = DetailsForm(product=PRODUCTS["KAYAK1"], custom_fields=CustomFieldDefinitions.model_validate(document))
    assert "custom-P6KALR" not in form.fields


def test_what_was_typed_fills_the_form_again() -> None:
    wishes = _wishes()
    assert wishes.is_valid()
    choice = Choice.model_validate(
        {"wishes": wishes.to_wishes(), "event_id": "e", "start": "2027-06-12T10:00:00Z", "end": "2027-06-12T11:00:00Z"}
    )
    form = _details(**{"custom-N5WJXT": "on", "text-T5HFA7XP": "Grand"})
    assert form.is_valid()
    state = DraftState(choice=choice, contact=form.to_contact(), text_options=form.to_text_options())
    initial = DetailsForm.initial_from(state)
    assert initial["first_name"] == "Maya"
    assert initial["custom-N5WJXT"] == "true"
    assert initial["text-T5HFA7XP"] == "Grand"
    assert DetailsForm.initial_from(state.model_copy(update={"typed": (("first_name", "May"),)}))["first_name"] == "May"


PLACES = places_of(Party.of({"Cadults": 2, "Cchildren": 1}), CATEGORIES)


def _people(**data: str) -> ParticipantsForm:
    return ParticipantsForm(data, places=PLACES, custom_fields=FIELDS, linked_people=[PERSON])


def test_everybody_has_a_place_with_a_readable_title() -> None:
    assert [place.title for place in PLACES] == ["Adult 1", "Adult 2", "Child 1"]


def test_people_are_sent_as_the_wire_wants_them() -> None:
    form = _people(
        **{
            "Cadults-1-who": "PSELF",
            "Cadults-2-who": "PNEW",
            "Cadults-2-first_name": "Robin",
            "Cadults-2-last_name": "Sample",
            "Cadults-2-custom-M8HEUC": "172",
            "Cchildren-1-who": PERSON.id,
        }
    )
    assert form.is_valid()
    sent = form.to_participants()
    assert [p.person_id for p in sent] == ["PSELF", "PNEW", PERSON.id]
    assert sent[1].person_details is not None
    assert sent[1].person_details.custom_fields[0].value == "172"
    assert sent[2].person_details is None


def test_nobody_comes_twice_and_problems_name_the_person() -> None:
    form = _people(**{"Cadults-1-who": "PSELF", "Cadults-2-who": "PSELF", "Cchildren-1-who": "PNEW"})
    assert not form.is_valid()
    texts = [problem.text for problem in problems_of(*form.forms)]
    assert texts[0] == "Adult 2, Who: this person is in the list already."
    assert texts[1].startswith("Child 1, First name: please fill this in")


def test_somebody_not_decided_yet_needs_no_name() -> None:
    form = _people(**{"Cadults-1-who": "PSELF", "Cadults-2-who": "PUNKNOWN", "Cchildren-1-who": "PUNKNOWN"})
    assert form.is_valid()
