from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from icalendar import Calendar

from booking.bookeo import Duration, Hold, Money, Product, Tax
from booking.drafts import DraftState, Placed
from booking.presenters.calendar import calendar_file
from booking.presenters.checkout import hold_box, phone_text
from booking.presenters.price import price_box
from booking.presenters.rules import cancellation_rule
from booking.presenters.ticket import ticket_of
from booking.services.choices import Choice, CourseClass, Party, Wishes
from booking.services.policies import CancellationPolicy
from tests.bookeo.samples import payload

START = datetime(2027, 6, 12, 8, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(product_id="p", party=Party.of({"Cadults": 2})),
    event_id="e",
    start=START,
    end=START + timedelta(hours=2),
)
PRODUCT = Product(product_id="p", name="Tour", type="fixed", duration=Duration(hours=2), api_bookings_allowed=True)
TAXES = {"4151TXV2LN18DF9226F40": Tax(id="4151TXV2LN18DF9226F40", name="VAT 20%")}


def _eur(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def _hold(name: str) -> Hold:
    return Hold.model_validate(payload(name))


def _lines(name: str) -> dict[str, str]:
    return {line.label: line.amount for line in price_box(_hold(name), None, TAXES, PRODUCT).lines}


def test_price_names_its_taxes() -> None:
    box = price_box(_hold("hold.response"), _eur("142"), TAXES, PRODUCT)
    assert (box.total, box.payable_differs, box.changed) == ("€142.00", False, "")
    assert _lines("hold.response") == {"Of which VAT 20%": "€23.67"}


def test_credits_and_vouchers_lower_what_is_left_to_pay() -> None:
    box = price_box(_hold("hold.credit.response"), None, TAXES, PRODUCT)
    assert (box.total, box.payable, box.payable_differs) == ("€142.00", "€97.00", True)
    lines = _lines("hold.credit.response")
    assert (lines["Gift voucher"], lines["Your credit"]) == ("−€25.00", "−€20.00")


def test_promotion_and_prepaid_credits_are_told() -> None:
    assert _lines("hold.promotion.response")["Your code saved you"] == "€12.40"


def test_prepaid_credit_is_the_price() -> None:
    box = price_box(_hold("hold.prepaid.response"), _eur("15"), TAXES, PRODUCT)
    assert (box.total, box.lines, box.changed) == ("1 prepaid credit", [], "")
    assert (box.press, box.note) == (
        "Book with 1 credit",
        "Your credit is used for this booking. Pressing twice books once.",
    )


def test_button_names_what_it_costs() -> None:
    hold = _hold("hold.response")
    assert price_box(hold, None, TAXES, PRODUCT).press == "Book for €142.00"
    assert price_box(_hold("hold.credit.response"), None, TAXES, PRODUCT).press == "Book, €97.00 left to pay"

    covered = price_box(hold.model_copy(update={"total_payable": _eur("0")}), None, TAXES, PRODUCT)
    assert (covered.press, covered.note) == ("Book, nothing left to pay", "Pressing twice books once.")

    to_answer = PRODUCT.model_copy(update={"accept_deny": True})
    asked = price_box(hold, None, TAXES, to_answer, payment_note="You pay when you come.")
    assert (asked.press, asked.note) == ("Send the request", "You pay when you come. Pressing twice sends it once.")


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        ("142", ""),
        ("150", "Less than the estimate"),
        ("118.33", "was without taxes"),
        ("100", "This is the final price"),
    ],
)
def test_difference_to_the_estimate_is_explained(estimate: str, said: str) -> None:
    changed = price_box(_hold("hold.response"), _eur(estimate), TAXES, PRODUCT).changed
    assert said in changed
    assert bool(said) == bool(changed)


def test_request_without_rates_has_no_price_yet() -> None:
    asked = PRODUCT.model_copy(update={"accept_deny": True})
    assert price_box(_hold("hold.prepaid.response"), None, TAXES, asked).later
    assert not price_box(_hold("hold.prepaid.response"), None, TAXES, PRODUCT).later


@pytest.mark.parametrize(
    ("left", "minutes", "soon", "over"),
    [(600, 10, False, False), (121, 3, False, False), (120, 2, True, False), (0, 0, True, True), (-5, 0, True, True)],
)
def test_hold_counts_down_to_its_end(left: int, minutes: int, soon: bool, over: bool) -> None:
    hold = _hold("hold.response")
    box = hold_box(DraftState(choice=CHOICE, hold=hold), 3, hold.expiration - timedelta(seconds=left))
    assert box is not None
    assert (box.minutes, box.soon, box.over, box.places) == (minutes, soon, over, "3 places are")


def test_no_hold_no_box() -> None:
    assert hold_box(DraftState(choice=CHOICE), 1, START) is None


def test_cancellation_rule_is_worked_out() -> None:
    with time_machine.travel(START - timedelta(days=3)):
        assert cancellation_rule(CancellationPolicy(24, 50), START, _eur("130")) == (
            "Free to cancel until Friday 11 June, 10:00. After that we keep half the price, €65.00."
        )
        free = cancellation_rule(CancellationPolicy(24, 0), START, _eur("130"))
        assert free == "Free to cancel until Friday 11 June, 10:00."
        assert cancellation_rule(CancellationPolicy(24, 30), START, None).endswith("we keep 30 % of the price.")
    with time_machine.travel(START - timedelta(hours=5)):
        late = cancellation_rule(CancellationPolicy(24, 100), START, _eur("130"))
        assert late == "This starts soon, so cancelling costs the whole price, €130.00."


@pytest.mark.parametrize(
    ("accepted", "headline"), [(True, "See you on Saturday, Maya"), (False, "Thank you, Maya: we have your request")]
)
def test_ticket_says_what_is_due(accepted: bool, headline: str) -> None:
    placed = Placed(
        booking_number="4151607147062318", start=START, end=START, accepted=accepted, total=_eur("142"), paid=_eur("42")
    )
    ticket = ticket_of(placed, "Maya", PRODUCT)
    assert (ticket.headline, ticket.number_spaced) == (headline, "4151 6071 4706 2318")
    assert (ticket.paid, ticket.due) == ("€42.00", "€100.00")


@pytest.mark.parametrize(("number", "text"), [("+498921801234", "+49 89 21801234"), ("whatever", "whatever"), ("", "")])
def test_phones_are_readable(number: str, text: str) -> None:
    assert phone_text(number) == text


def _events(**more: object) -> list[object]:
    fields = {"booking_number": "415", "title": "Tour", "place": "Pier", "start": START, "end": START, "accepted": True}
    return Calendar.from_ical(calendar_file(**(fields | more))).walk("VEVENT")  # type: ignore[arg-type]


def test_calendar_file_is_right_in_any_zone_and_keeps_its_uid() -> None:
    first, again = _events()[0], _events()[0]
    assert first["uid"] == again["uid"] == "415-1@bookeo"
    assert first.decoded("dtstart") == START
    assert first["status"] == "CONFIRMED"
    assert _events(accepted=False)[0]["status"] == "TENTATIVE"


def test_calendar_file_of_a_course_has_each_class() -> None:
    classes = [
        CourseClass(start=START + timedelta(days=7 * n), end=START + timedelta(days=7 * n, hours=2)) for n in range(3)
    ]
    events = _events(classes=classes)
    assert [event.decoded("dtstart") for event in events] == [c.start for c in classes]
    assert len({event["uid"] for event in events}) == 3
