"""What was chosen, by whom, for whom: as the pages of the checkout repeat it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from booking.bookeo import Hold, LinkedPersonInput, Money, ParticipantInput, PeopleCategoryList, Product, Tax
from booking.drafts import Contact, DraftState, Placed, SignedIn
from booking.presenters.checkout import answers_to_text_options, hold_box, participant_lines, person_of, summary_of
from booking.presenters.price import price_box
from booking.presenters.rules import cancellation_rule
from booking.presenters.ticket import ticket_of
from booking.services.choices import Choice, CourseClass, Party, Wishes
from booking.services.policies import CancellationPolicy
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK

CATEGORIES = {c.id: c for c in PeopleCategoryList.model_validate(payload("settings.peoplecategories")).categories}
PRODUCT = Product.model_validate(payload("settings.products")["data"][0])
START = datetime(2027, 6, 12, 8, tzinfo=UTC)
POLICY = CancellationPolicy(free_hours=24, fee_percent=50)


def _choice(**changes: Any) -> Choice:
    wishes = Wishes(
        product_id=KAYAK,
        party=Party.of({"Cadults": 2, "Cchildren": 1}),
        options=(
            (f"{KAYAK}_8KRT4WNE", "Double kayak"),
            (f"{KAYAK}_3JWX6LTA", "2"),
            (f"{KAYAK}_R9MEK2CU", "true"),
        ),
    )
    fields = {"wishes": wishes, "event_id": "event", "start": START, "end": START + timedelta(hours=2)}
    return Choice.model_validate(fields | changes)


def _state(**known: Any) -> DraftState:
    return DraftState(choice=_choice(), **known)


def _eur(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


class TestWhatWasChosen:
    def test_everything_is_said_in_words(self) -> None:
        summary = summary_of(_choice(), PRODUCT, CATEGORIES)
        assert summary.product_name == "Sunset Kayak Tour"
        assert summary.when == "Saturday, 12 June 2027, 10:00 to 12:00"
        assert (summary.day, summary.span) == ("Saturday, 12 June 2027", "10:00 to 12:00")
        assert summary.party == "2 adults and 1 child"
        assert summary.options == [("Boat", "Double kayak"), ("Picnic box", "2"), ("Photo pack", "Yes")]
        assert (summary.classes, summary.on_request) == ([], False)

    def test_options_that_are_off_are_not_worth_a_line(self) -> None:
        options = ((f"{KAYAK}_3JWX6LTA", "0"), (f"{KAYAK}_R9MEK2CU", "false"))
        wishes = Wishes(product_id=KAYAK, party=Party.of({"Cadults": 1}), options=options)
        assert summary_of(_choice(wishes=wishes), PRODUCT, CATEGORIES).options == []

    def test_option_that_the_business_has_dropped_keeps_its_id(self) -> None:
        wishes = Wishes(product_id=KAYAK, party=Party.of({"Cadults": 1}), options=(("gone", "Large"),))
        assert summary_of(_choice(wishes=wishes), PRODUCT, CATEGORIES).options == [("gone", "Large")]

    def test_classes_of_a_course_are_told_each_with_its_hours(self) -> None:
        winter = datetime(2027, 11, 6, 9, tzinfo=UTC)
        classes = [CourseClass(start=moment, end=moment + timedelta(hours=2)) for moment in (START, winter)]
        assert summary_of(_choice(classes=classes), PRODUCT, CATEGORIES).classes == [
            "Sat 12 Jun, 10:00 to 12:00",
            "Sat 6 Nov, 10:00 to 12:00",
        ]

    def test_what_staff_must_accept_is_marked(self) -> None:
        asked = PRODUCT.model_copy(update={"accept_deny": True})
        assert summary_of(_choice(), asked, CATEGORIES).on_request


class TestWhoBooks:
    def test_nobody_yet(self) -> None:
        assert person_of(_state(), {}) is None

    def test_guest_with_everything(self) -> None:
        contact = Contact(
            first_name="Maya",
            last_name="Rossi",
            email="maya@example.com",
            phone="+390555010199",
            address1="Via Roma 1",
            postcode="50123",
            city="Firenze",
            country="IT",
            custom_fields=(("K3RTWA", "A friend"), ("N5WJXT", "true"), ("gone", "7")),
        )
        person = person_of(_state(contact=contact), {"K3RTWA": "How?", "N5WJXT": "Newsletter"})
        assert person is not None
        assert (person.name, person.first_name, person.signed_in) == ("Maya Rossi", "Maya", False)
        assert person.phone.startswith("+39 ")
        assert person.phone.replace(" ", "") == "+390555010199"
        assert person.address == "Via Roma 1, 50123 Firenze, IT"
        assert person.answers == [("How?", "A friend"), ("Newsletter", "Yes"), ("gone", "7")]

    def test_guest_without_an_address_has_none(self) -> None:
        contact = Contact(first_name="Maya", last_name="Rossi", email="maya@example.com")
        person = person_of(_state(contact=contact), {})
        assert person is not None
        assert (person.address, person.phone, person.answers) == ("", "", [])

    def test_signed_in_customer_goes_before_a_guest(self) -> None:
        contact = Contact(first_name="Guest", last_name="G", email="guest@example.com")
        member = SignedIn(customer_id="C1", first_name="Maya", last_name="", email="maya@example.com", phone="")
        person = person_of(_state(contact=contact, signed_in=member), {})
        assert person is not None
        assert (person.name, person.email, person.signed_in) == ("Maya", "maya@example.com", True)


def test_participants_are_named_at_their_places() -> None:
    def person(person_id: str, index: int, category: str = "Cadults", **more: Any) -> ParticipantInput:
        return ParticipantInput(person_id=person_id, people_category_id=category, category_index=index, **more)

    robin = LinkedPersonInput(first_name="Robin", last_name="Sample")
    people = (
        person("PSELF", 1),
        person("PNEW", 2, person_details=robin),
        person("PUNKNOWN", 1, "Cchildren"),
        person("4151LINKED", 1, "W9RXJA"),
    )
    assert participant_lines(_state(participants=people), CATEGORIES) == [
        ("Adult 1", "Yourself"),
        ("Adult 2", "Robin Sample"),
        ("Child 1", "Not known yet"),
        ("Family 1", "Somebody you booked for before"),
    ]


def test_answers_in_words_stand_under_their_questions() -> None:
    state = _state(text_options=((f"{KAYAK}_T5HFA7XP", "Grand Hotel"), ("gone", "x")))
    assert answers_to_text_options(state, PRODUCT) == [("Hotel name", "Grand Hotel"), ("gone", "x")]


class TestPrice:
    HOLD = Hold.model_validate(payload("hold.response"))

    def _with_taxes(self, **taxes: Any) -> Hold:
        price = self.HOLD.price.model_copy(update=taxes)
        return self.HOLD.model_copy(update={"price": price})

    def test_unknown_tax_is_still_a_tax(self) -> None:
        (line,) = price_box(self.HOLD, None, {}, PRODUCT).lines
        assert (line.label, line.amount, line.quiet) == ("Of which tax", "€23.67", True)

    def test_sum_of_taxes_is_told_where_no_single_one_is(self) -> None:
        (line,) = price_box(self._with_taxes(taxes=()), None, {}, PRODUCT).lines
        assert (line.label, line.amount) == ("Of which taxes", "€23.67")

    def test_no_taxes_no_line(self) -> None:
        assert price_box(self._with_taxes(taxes=(), total_taxes=_eur("0")), None, {}, PRODUCT).lines == []

    def test_tax_of_nothing_is_left_out(self) -> None:
        taxes = tuple(tax.model_copy(update={"amount": _eur("0.00")}) for tax in self.HOLD.price.taxes)
        known = {tax.tax_id: Tax(id=tax.tax_id, name="VAT") for tax in taxes}
        assert price_box(self._with_taxes(taxes=taxes), None, known, PRODUCT).lines == []

    def test_estimate_in_another_currency_is_not_compared(self) -> None:
        assert price_box(self.HOLD, Money(amount=Decimal(1), currency="USD"), {}, PRODUCT).changed == ""


class TestTicket:
    def _ticket(self, total: Money | None, paid: Money | None, credits_used: int = 0) -> Any:
        placed = Placed(booking_number="415160", start=START, end=START, accepted=True, total=total, paid=paid)
        return ticket_of(placed, "", PRODUCT, credits_used)

    def test_nothing_paid_is_not_mentioned(self) -> None:
        ticket = self._ticket(_eur("142"), _eur("0"))
        assert (ticket.paid, ticket.due, ticket.settled) == ("", "€142.00", "")
        assert self._ticket(_eur("142"), None).due == "€142.00"

    def test_unknown_price_is_not_invented(self) -> None:
        ticket = self._ticket(None, None)
        assert (ticket.paid, ticket.due, ticket.settled) == ("", "", "")

    def test_fully_paid_ticket_asks_for_nothing(self) -> None:
        ticket = self._ticket(_eur("142"), _eur("142"))
        assert (ticket.paid, ticket.due, ticket.settled) == ("€142.00", "", "Nothing is left to pay.")

    def test_credits_are_what_was_paid(self) -> None:
        ticket = self._ticket(_eur("0"), _eur("0"), credits_used=2)
        assert (ticket.paid, ticket.due, ticket.settled) == ("2 prepaid credits", "", "Nothing is left to pay.")

    def test_number_is_easy_to_read_out(self) -> None:
        ticket = self._ticket(None, None)
        assert (ticket.number, ticket.number_spaced) == ("415160", "4151 60")
        assert ticket.headline == "See you on Saturday"


class TestHold:
    @pytest.mark.parametrize(("seats", "text"), [(1, "place is"), (2, "2 places are"), (0, "0 places are")])
    def test_places_are_counted(self, seats: int, text: str) -> None:
        hold = Hold.model_validate(payload("hold.response"))
        box = hold_box(_state(hold=hold), seats, hold.expiration - timedelta(minutes=5))
        assert box is not None
        assert box.places == text

    def test_end_is_told_to_people_and_to_the_script(self, settings: Settings) -> None:
        settings.HOLD_SECONDS = 300
        hold = Hold.model_validate(payload("hold.response"))
        box = hold_box(_state(hold=hold), 1, hold.expiration - timedelta(seconds=90))
        assert box is not None
        assert (box.until, box.seconds, box.whole) == ("09:18", 90, 300)
        assert datetime.fromtimestamp(box.ends, UTC) == hold.expiration


@pytest.mark.parametrize(
    ("hours_left", "said"),
    [
        (24.01, "Free to cancel until Friday 11 June, 10:00. After that we keep half the price."),
        (24, "This starts soon, so cancelling costs half the price."),
        (0.5, "This starts soon, so cancelling costs half the price."),
    ],
)
def test_rule_turns_at_its_hour(time_machine: Any, hours_left: float, said: str) -> None:
    time_machine.move_to(START - timedelta(hours=hours_left), tick=False)
    assert cancellation_rule(POLICY, START, None) == said


def test_rule_without_a_fee_is_generous_to_the_end(time_machine: Any) -> None:
    time_machine.move_to(START - timedelta(hours=1), tick=False)
    said = cancellation_rule(CancellationPolicy(24, 0), START, _eur("130"))
    assert said == "You may cancel free of charge until it starts."


def test_fee_is_rounded_to_cents(time_machine: Any) -> None:
    time_machine.move_to(START - timedelta(days=3), tick=False)
    assert cancellation_rule(POLICY, START, _eur("33.33")).endswith("we keep half the price, €16.66.")
    assert cancellation_rule(POLICY, START, _eur("0")).endswith("we keep half the price.")


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [("1001", "JPY", "JP¥500"), ("10.005", "KWD", "KWD5.002")],
)
def test_fee_is_rounded_to_the_coins_of_its_currency(time_machine: Any, amount: str, currency: str, said: str) -> None:
    time_machine.move_to(START - timedelta(days=3), tick=False)
    rule = cancellation_rule(POLICY, START, Money(amount=Decimal(amount), currency=currency))
    assert rule.replace("\xa0", "").endswith(f"half the price, {said}.")
