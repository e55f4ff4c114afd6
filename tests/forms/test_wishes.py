"""The address of the product page: what it means, what is wrong with it, and how it is written."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.bookeo import PeopleCategoryList, Product, ResourceType
from booking.forms.problems import problems_of
from booking.forms.wishes import WishesForm
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, SAILING

BOAT, PICNIC, PHOTOS = "opt-8KRT4WNE", "opt-3JWX6LTA", "opt-R9MEK2CU"
CATEGORIES = {c.id: c for c in PeopleCategoryList.model_validate(payload("settings.peoplecategories")).categories}
PRODUCTS = {p["productId"]: p for p in payload("settings.products")["data"]}
RESOURCES = [ResourceType.model_validate(kind) for kind in payload("settings.resources")["data"]]
POTTERY, CHARTER = "4151PTRY4N18E08D6A2BE", "4151CHRT3W18E142BD62F"


def _product(product_id: str = KAYAK, **changes: Any) -> Product:
    return Product.model_validate(PRODUCTS[product_id] | changes)


def _form(query: str = "", product_id: str = KAYAK, **changes: Any) -> WishesForm:
    given = dict(parse_qsl(query, keep_blank_values=True))
    return WishesForm(given, product=_product(product_id, **changes), categories=CATEGORIES, resources=RESOURCES)


def _data(query: str = "", product_id: str = KAYAK, **changes: Any) -> dict[str, str]:
    return dict(_form(query, product_id, **changes).data)


def _said(query: str, product_id: str = KAYAK) -> list[str]:
    return [problem.text for problem in problems_of(_form(query, product_id))]


class TestDefaults:
    @pytest.mark.parametrize(
        ("product_id", "party"),
        [
            (KAYAK, {"adults": "1", "children": "0", "H4KTWE": "0"}),
            (POTTERY, {"adults": "1"}),
            (SAILING, {"adults": "1", "children": "0"}),
            (CHARTER, {"adults": "4", "children": "0"}),
        ],
    )
    def test_first_visit_has_the_smallest_party(self, product_id: str, party: dict[str, str]) -> None:
        form = _form("", product_id)
        assert form.is_valid()
        assert {field.name: field.value() for field in form.party_fields} == party

    def test_smallest_party_overflows_into_the_next_category(self) -> None:
        limits = [
            {"min": 5, "max": 9},
            {"peopleCategoryId": "Cadults", "min": 1, "max": 3},
            {"peopleCategoryId": "Cchildren", "min": 0, "max": 6},
        ]
        data = _data("", bookingLimits=limits)
        assert (data["adults"], data["children"]) == ("3", "2")

    def test_category_without_a_limit_cannot_be_booked(self) -> None:
        form = _form("adults=1&infants=1&W9RXJA=1")
        assert [field.label for field in form.party_fields] == ["Adults", "Children", "Students"]
        assert form.is_valid()
        assert form.to_wishes().party.numbers == (("Cadults", 1),)

    def test_options_begin_as_the_business_says(self) -> None:
        onoff = PRODUCTS[KAYAK]["onOffOptions"][0] | {"defaultState": True}
        assert (_data()[BOAT], _data()[PICNIC], _data()[PHOTOS]) == ("BW7NXL", "0", "")
        assert _data(onOffOptions=[onoff])[PHOTOS] == "on"

    def test_unticked_box_stays_unticked_once_a_party_is_named(self) -> None:
        onoff = PRODUCTS[KAYAK]["onOffOptions"][0] | {"defaultState": True}
        assert _data("adults=2", onOffOptions=[onoff]).get(PHOTOS, "") == ""

    @pytest.mark.parametrize("hidden", [{"shownToCustomers": False}, {"enabled": False}])
    def test_hidden_options_are_neither_shown_nor_taken(self, hidden: dict[str, bool]) -> None:
        choice = PRODUCTS[KAYAK]["choiceOptions"][0] | hidden
        form = _form(f"adults=1&{BOAT}=AK4RTE", choiceOptions=[choice])
        assert form.is_valid()
        assert f"{KAYAK}_8KRT4WNE" not in dict(form.to_wishes().options)

    def test_options_stand_in_the_business_s_order(self) -> None:
        number = PRODUCTS[KAYAK]["numberOptions"][0] | {"index": 0}
        assert [f.name for f in _form("", numberOptions=[number]).option_fields] == [PICNIC, BOAT, PHOTOS]

    def test_options_are_open_when_one_is_set_or_wrong(self) -> None:
        assert not _form("adults=2").options_open
        assert _form(f"adults=2&{PICNIC}=1").options_open
        assert _form(f"adults=2&{PICNIC}=x").options_open
        assert _form("adults=1&resource=4151RSA4JK18E0DD840E0", SAILING).options_open

    def test_resource_is_asked_for_appointments_only(self) -> None:
        assert "resource" not in _form().fields
        field: Any = _form("", SAILING).fields["resource"]
        labels = [label for _, label in field.choices]
        assert labels[0] == "Any that is free"
        assert labels[1:] == [r.name for r in RESOURCES[0].resources]


class TestMeaning:
    def test_all_kinds_of_options_become_what_the_wire_wants(self) -> None:
        form = _form(f"adults=2&children=1&{BOAT}=AK4RTE&{PICNIC}=3&{PHOTOS}=on&date=2026-07-18")
        assert form.is_valid()
        wishes = form.to_wishes()
        assert wishes.product_id == KAYAK
        assert wishes.party.numbers == (("Cadults", 2), ("Cchildren", 1))
        assert dict(wishes.options) == {
            f"{KAYAK}_8KRT4WNE": "Single kayak",
            f"{KAYAK}_3JWX6LTA": "3",
            f"{KAYAK}_R9MEK2CU": "true",
        }
        assert form.day_asked() == date(2026, 7, 18)

    def test_appointment_carries_its_resource(self) -> None:
        form = _form("adults=1&resource=4151RSA4JK18E0DD840E0", SAILING)
        assert form.is_valid()
        assert form.to_wishes().resource_id == "4151RSA4JK18E0DD840E0"

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("adults=9", "Adults: at most 8 can be booked at once."),
            ("adults=-1", "Adults: at least 0."),
            ("adults=x", "Adults: give a whole number."),
            ("adults=1.5", "Adults: give a whole number."),
            ("adults=", "Adults: say how many come."),
            ("adults=0&children=0", "Add at least one person."),
            ("adults=8&children=1", "At most 8 people can book together; you have 9."),
            (f"adults=1&{BOAT}=NOPE", "Boat: choose one of the list."),
            (f"adults=1&{PICNIC}=7", "Picnic box: at most 6."),
            ("adults=1&date=18.7.", "From day: give a date like 2027-06-12."),
        ],
    )
    def test_what_is_wrong_is_said_once_at_its_field(self, query: str, said: str) -> None:
        assert _said(query) == [said]

    def test_too_small_a_party_is_told_the_least(self) -> None:
        assert _said("adults=1&children=2", CHARTER) == ["This is for at least 4 people; you have 3."]

    @given(query=st.dictionaries(st.sampled_from(["adults", "children", BOAT, PICNIC, "date", "step"]), st.text()))
    def test_anything_may_stand_in_an_address(self, query: dict[str, str]) -> None:
        form = WishesForm(query, product=_product(), categories=CATEGORIES)
        form.stepped()
        form.query()
        if form.is_valid():
            assert form.to_wishes().party.total >= 1
        else:
            assert problems_of(form)


class TestAddress:
    ALL = f"adults=2&children=1&H4KTWE=0&{BOAT}=AK4RTE&{PICNIC}=3&{PHOTOS}=on"

    @pytest.mark.parametrize("query", [ALL, ALL.replace("=on", "="), "adults=1", ""])
    def test_address_means_the_same_when_it_is_written_again(self, query: str) -> None:
        form = _form(query)
        again = _form(form.query())
        assert form.is_valid()
        assert again.is_valid()
        assert again.to_wishes() == form.to_wishes()
        assert again.query() == form.query()

    @pytest.mark.parametrize("state", [True, False])
    @pytest.mark.parametrize("query", [ALL, ALL.replace("=on", "="), "adults=1"])
    def test_wishes_lead_back_to_their_address(self, query: str, state: bool) -> None:
        onoff = PRODUCTS[KAYAK]["onOffOptions"][0] | {"defaultState": state}
        form = _form(query, onOffOptions=[onoff])
        assert form.is_valid()
        again = _form(_form("", onOffOptions=[onoff]).query_of(form.to_wishes()), onOffOptions=[onoff])
        assert again.is_valid()
        assert again.to_wishes() == form.to_wishes()

    def test_wishes_of_an_appointment_lead_back_too(self) -> None:
        form = _form("adults=1&resource=4151RSA4JK18E0DD840E0&opt-L4WKR9TE=DJ9TKA", SAILING)
        assert form.is_valid()
        assert _form(form.query_of(form.to_wishes()), SAILING).query() == form.query()

    def test_links_add_their_day_to_the_wishes(self) -> None:
        form = _form("adults=2&date=2026-07-18")
        assert "date" not in dict(parse_qsl(form.query()))
        assert dict(parse_qsl(form.query(date="2026-07-20")))["date"] == "2026-07-20"

    def test_addresses_have_no_strangers_in_them(self) -> None:
        assert "evil" not in _form("adults=1&evil=<script>&visit=x").query()


class TestStepping:
    @pytest.mark.parametrize(
        ("query", "children"),
        [
            ("adults=2&step=children%2B1", "1"),
            ("adults=2&children=1&step=children-1", "0"),
            ("adults=2&children=0&step=children-1", "0"),
            ("adults=2&children=6&step=children%2B1", "6"),
            ("adults=2&children=many&step=children%2B1", "1"),
        ],
    )
    def test_press_changes_one_number_within_its_limits(self, query: str, children: str) -> None:
        stepped = _form(query).stepped()
        assert stepped is not None
        found = dict(parse_qsl(stepped))
        assert (found["adults"], found["children"]) == ("2", children)
        assert "step" not in found

    def test_press_keeps_day_and_options(self) -> None:
        stepped = _form(f"adults=2&{PICNIC}=3&date=2026-07-18&step=adults%2B1").stepped()
        found = dict(parse_qsl(stepped or ""))
        assert (found["adults"], found[PICNIC], found["date"]) == ("3", "3", "2026-07-18")

    @pytest.mark.parametrize("step", ["", "adults", "adults%2B2", "nobody%2B1", "opt-3JWX6LTA%2B1", "%2B1"])
    def test_other_presses_are_none(self, step: str) -> None:
        assert _form(f"adults=2&step={step}").stepped() is None


def test_parameters_are_readable() -> None:
    names = [field.name for field in _form()]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name) for name in names)
    assert {"adults", "children", "H4KTWE", BOAT} <= set(names)
