"""A guest's details: what is asked, what is refused, and what becomes of the answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from booking.bookeo import CustomFieldDefinitions, Product
from booking.drafts import Contact, DraftState
from booking.forms.details import DetailsForm, SignInForm, TextOptionsForm
from booking.services.choices import Choice, Party, Wishes
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK

FIELDS = payload("settings.customercustomfields")
PRODUCT = payload("settings.products")["data"][0]
GUEST = {
    "first_name": "Maya",
    "last_name": "Rossi",
    "email": "maya@example.com",
    "phone": "055 501 0188",
}
START = datetime(2027, 6, 12, 10, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(product_id=KAYAK, party=Party.of({"Cadults": 2})),
    event_id="event",
    start=START,
    end=START + timedelta(hours=2),
)


def _form(data: dict[str, str] | None = None, *, fields: Any = FIELDS, **more: Any) -> DetailsForm:
    product = Product.model_validate(PRODUCT | more.pop("product", {}))
    definitions = CustomFieldDefinitions.model_validate(fields)
    return DetailsForm(data, product=product, custom_fields=definitions, **more)


def _contact(**changes: str) -> Contact:
    form = _form(GUEST | changes)
    assert form.is_valid(), form.errors
    return form.to_contact()


def _said(**changes: str) -> dict[str, str]:
    form = _form(GUEST | changes)
    assert not form.is_valid()
    return {name: str(errors[0]) for name, errors in form.errors.items()}


class TestPhone:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("055 501 0188", "+390555010188"),
            ("+39 055 501 0188", "+390555010188"),
            ("0039 055 501 0188", "+390555010188"),
            ("+49 (89) 2180-1234", "+498921801234"),
            ("+44 20 7946 0958", "+442079460958"),
            ("+1 (212) 555-0123", "+12125550123"),
            ("+81-3-1234-5678", "+81312345678"),
            ("  +33 1 99 00 11 22 ", "+33199001122"),
        ],
    )
    def test_numbers_are_kept_in_international_form(self, typed: str, kept: str) -> None:
        assert _contact(phone=typed).phone == kept

    def test_number_without_a_country_is_read_as_of_the_business_s(self, settings: Settings) -> None:
        settings.BUSINESS_COUNTRY = "US"
        assert _contact(phone="(212) 555-0123").phone == "+12125550123"

    @pytest.mark.parametrize("typed", ["12", "+39 055 501 0188 123456", "call me", "👍", "+999 1234567", "0" * 40])
    def test_what_cannot_be_called_is_said(self, typed: str) -> None:
        assert set(_said(phone=typed)) == {"phone"}

    def test_number_is_needed(self) -> None:
        assert _said(phone=" ") == {"phone": "Please give a number we can reach you on."}


class TestEmail:
    def test_blanks_around_it_do_not_matter(self) -> None:
        assert _contact(email=" maya@example.com ").email == "maya@example.com"

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("maya@example", "This has no ending, such as .com."),
            ("", "We need it to send your confirmation."),
        ],
    )
    def test_slips_are_named(self, typed: str, said: str) -> None:
        assert _said(email=typed) == {"email": said}

    @pytest.mark.parametrize(
        "typed", ["maya.example.com", "maya@@example.com", "maya rossi@example.com", "@example.com", "👍@example.com"]
    )
    def test_what_is_no_address_is_refused_in_our_words(self, typed: str) -> None:
        assert _said(email=typed) == {"email": "This does not look like an e-mail address."}


class TestNames:
    @pytest.mark.parametrize("name", ["Élodie 🛶", "O'Brien-Müller", "李", "محمد"])
    def test_names_of_every_kind_are_kept(self, name: str) -> None:
        assert _contact(first_name=name).first_name == name

    def test_missing_and_endless_names_are_told(self) -> None:
        assert _said(first_name=" ", last_name="x" * 81) == {
            "first_name": "Please fill this in.",
            "last_name": "At most 80 characters.",
        }

    def test_null_bytes_are_refused(self) -> None:
        assert set(_said(first_name="a\0b")) == {"first_name"}


class TestAddress:
    def test_none_is_needed(self) -> None:
        contact = _contact()
        assert {contact.address1, contact.city, contact.postcode, contact.state, contact.country} == {""}

    def test_whole_one_is_tidied(self) -> None:
        contact = _contact(address1="Marienplatz 1", postcode=" sw1a   1aa ", city="London", country="GB")
        assert (contact.postcode, contact.city, contact.country) == ("SW1A 1AA", "London", "GB")

    @pytest.mark.parametrize(
        ("given", "missing"),
        [
            ({"address1": "Marienplatz 1"}, {"city", "country"}),
            ({"address1": "Marienplatz 1", "country": "DE"}, {"city"}),
            ({"city": "Munich"}, {"country"}),
            ({"postcode": "80331"}, {"country"}),
            ({"state": "Bavaria"}, {"country"}),
        ],
    )
    def test_half_a_one_asks_for_the_rest(self, given: dict[str, str], missing: set[str]) -> None:
        assert set(_said(**given)) == missing

    def test_country_alone_is_enough_of_an_address(self) -> None:
        assert _contact(country="IT").country == "IT"

    def test_countries_are_countries(self) -> None:
        country: Any = _form().fields["country"]
        codes = [code for code, _ in country.choices]
        assert {"IT", "DE", "US", "JP"} <= set(codes)
        assert not {"EU", "UN", "ZZ", "001"} & set(codes)
        assert len(codes) == len(set(codes))

    def test_address_is_left_out_where_the_business_does_not_ask(self) -> None:
        form = _form(GUEST | {"city": "Munich"}, address_asked=False)
        assert form.is_valid()
        assert form.address_fields == []
        assert form.to_contact().city == ""


class TestCustomFields:
    def test_answers_of_all_kinds_travel_as_text(self) -> None:
        answers = {"K3RTWA": "A friend", "M8HEUC": "172", "N5WJXT": "on", "P6KALR": "Nuts"}
        contact = _contact(**{f"custom-{field}": value for field, value in answers.items()})
        assert dict(contact.custom_fields) == {
            "K3RTWA": "A friend",
            "M8HEUC": "172",
            "N5WJXT": "true",
            "P6KALR": "Nuts",
        }

    def test_questions_left_open_are_not_answered(self) -> None:
        assert _contact().custom_fields == ()

    def test_nought_is_an_answer(self) -> None:
        number = FIELDS["numberFields"][0] | {"minValue": 0}
        form = _form(GUEST | {"custom-M8HEUC": "0"}, fields=FIELDS | {"numberFields": [number]})
        assert form.is_valid()
        assert form.to_contact().custom_fields == (("M8HEUC", "0"),)

    @pytest.mark.parametrize(
        ("field", "value"), [("M8HEUC", "79"), ("M8HEUC", "231"), ("M8HEUC", "tall"), ("K3RTWA", "The moon")]
    )
    def test_answers_outside_the_limits_are_told(self, field: str, value: str) -> None:
        assert set(_said(**{f"custom-{field}": value})) == {f"custom-{field}"}

    def test_only_what_customers_may_see_is_asked_in_the_business_s_order(self) -> None:
        hidden = FIELDS["textFields"][0] | {"shownToCustomers": False}
        others = FIELDS["onOffFields"][0] | {"forCustomer": False}
        first = FIELDS["numberFields"][0] | {"index": 0}
        fields = FIELDS | {"textFields": [hidden], "onOffFields": [others], "numberFields": [first]}
        assert [field.label for field in _form(fields=fields).custom_fields] == [
            "Height (cm)",
            "How did you hear about us?",
        ]

    def test_hints_are_plain_text(self) -> None:
        described = FIELDS["textFields"][0] | {"description": "<p>Nuts, <b>milk</b></p><script>x()</script>"}
        form = _form(fields=FIELDS | {"textFields": [described]})
        assert form.fields["custom-P6KALR"].help_text == "Nuts, milk"
        assert form.fields["custom-M8HEUC"].help_text == "80 to 230"


class TestTextOptions:
    def test_answers_keep_their_option_and_empty_ones_are_left_out(self) -> None:
        form = _form(GUEST | {"text-T5HFA7XP": " Grand Hotel "})
        assert form.is_valid()
        assert form.to_text_options() == ((f"{KAYAK}_T5HFA7XP", "Grand Hotel"),)
        without = _form(GUEST)
        assert without.is_valid()
        assert without.to_text_options() == ()

    def test_required_question_must_be_answered_also_when_signed_in(self) -> None:
        product = Product.model_validate(PRODUCT | {"textOptions": [PRODUCT["textOptions"][0] | {"required": True}]})
        form = TextOptionsForm({}, product=product)
        assert form.errors == {"text-T5HFA7XP": ["Please answer this one."]}

    @pytest.mark.parametrize("hidden", [{"shownToCustomers": False}, {"enabled": False}])
    def test_hidden_questions_are_not_asked(self, hidden: dict[str, bool]) -> None:
        form = _form(product={"textOptions": [PRODUCT["textOptions"][0] | hidden]})
        assert form.text_option_fields == []

    def test_endless_answer_is_told(self) -> None:
        assert set(_said(**{"text-T5HFA7XP": "x" * 501})) == {"text-T5HFA7XP"}


def test_what_was_saved_fills_the_form_again() -> None:
    first = _form(
        GUEST | {"custom-K3RTWA": "A friend", "custom-N5WJXT": "on", "text-T5HFA7XP": "Grand", "country": "IT"}
    )
    assert first.is_valid()
    state = DraftState(choice=CHOICE, contact=first.to_contact(), text_options=first.to_text_options())
    again = _form({name: str(value) for name, value in DetailsForm.initial_from(state).items()})
    assert again.is_valid()
    assert again.to_contact() == first.to_contact()
    assert again.to_text_options() == first.to_text_options()


def test_what_was_typed_last_wins_over_what_was_saved() -> None:
    contact = Contact(first_name="Maya", last_name="Rossi", email="maya@example.com")
    state = DraftState(choice=CHOICE, contact=contact, typed=(("first_name", "Mai"), ("phone", "05")))
    initial = DetailsForm.initial_from(state)
    assert (initial["first_name"], initial["last_name"], initial["phone"]) == ("Mai", "Rossi", "05")


def test_passwords_keep_their_blanks_and_are_never_shown_again() -> None:
    form = SignInForm({"email": " maya@example.com ", "password": " two  blanks "})
    assert form.is_valid()
    assert form.cleaned_data == {"email": "maya@example.com", "password": " two  blanks "}
    assert "two" not in str(SignInForm({"email": "x", "password": " two  blanks "}))
