"""Money at the desk: taken once, given back with care, never against a balance that nobody saw."""

from decimal import Decimal

import pytest
import requests
from django.core.exceptions import ValidationError

from booking.bookeo import Booking, Money
from booking.forms.manager.payments import amount_of
from booking.models import AuditEntry
from booking.presenters.texts import full_moment
from booking.services import booking_changes, business_settings, desk_payments, payments
from booking.services.staff_acts import Role
from tests.manager.desk import allow_only, calls_counted, day_with
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import make_staff, signed_in

RECORD = "Record the payment"


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER, first_name="Ines"))


@pytest.fixture
def booking(shop: Shop) -> Booking:
    return day_with(shop, due=True)[1]


@pytest.fixture
def paid(shop: Shop) -> Booking:
    return day_with(shop, due=False)[1]


def _at(browser: PlainBrowser, booking: Booking, page: str = "payment") -> PlainBrowser:
    return browser.get(f"/manager/bookings/{booking.booking_number}/{page}/")


def _amounts(booking: Booking) -> list[Decimal]:
    return [payment.amount.amount for payment in payments.find_payments_of(booking.booking_number)]


def _gross(booking: Booking) -> Decimal:
    assert booking.price
    return booking.price.total_gross.amount


def test_balance_is_proposed_and_taken_with_one_press(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    with calls_counted(shop) as made:
        _at(manager, booking)
    assert made == ["get_booking"]
    with calls_counted(shop) as made:
        manager.submit("#taking", button=RECORD)

    assert made == ["get_booking", "create_booking_payment", "get_booking", "list_booking_payments"]
    assert _amounts(booking) == [_gross(booking)]
    assert "taken: recorded at Bookeo." in manager.page.text
    assert "Nothing due" in manager.page.text
    assert "[web-" not in manager.page.text
    entry = AuditEntry.objects.get(act="take_payment")
    assert (entry.subject, entry.outcome) == (booking.booking_number, "done")
    assert [Decimal(value) for value in entry.changes["balance"]] == [_gross(booking), 0]


def test_double_press_is_one_record(manager: PlainBrowser, booking: Booking) -> None:
    form = _at(manager, booking).page.form("#taking")
    for _ in range(2):
        manager.submit(form, button=RECORD)
        assert "taken: recorded at Bookeo." in manager.page.text

    assert _amounts(booking) == [_gross(booking)]
    assert AuditEntry.objects.filter(act="take_payment").count() == 1


def test_other_balance_than_the_one_shown_asks_again(manager: PlainBrowser, booking: Booking) -> None:
    form = _at(manager, booking).page.form("#taking")
    money = Money(amount=Decimal(5), currency="EUR")
    payments.record_payment(booking.booking_number, form="another-desk", amount=money, reason="x", method="cash")
    manager.submit(form, {"amount": "1"}, button=RECORD)

    assert manager.status == 409
    assert "Somebody changed this booking meanwhile" in manager.page.text
    assert f"€{_gross(booking) - 5:.2f} due" in manager.page.text
    assert _amounts(booking) == [5]
    manager.submit("#taking", button=RECORD)
    assert sorted(_amounts(booking)) == [1, 5]


def test_two_at_once_are_no_two_payments(
    shop: Shop, manager: PlainBrowser, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other press comes while ours is being recorded."""
    monkeypatch.setattr(desk_payments, "PATIENCE_SECONDS", 0)
    other = _at(signed_in(make_staff(Role.DESK)), booking)
    _at(manager, booking)
    pressed = [False]

    def meddle(request: requests.PreparedRequest) -> None:
        if request.method == "POST" and not pressed[0]:
            pressed[0] = True
            other.submit("#taking", button=RECORD)

    shop.meddle(meddle)
    manager.submit("#taking", button=RECORD)
    assert _amounts(booking) == [_gross(booking)]
    assert other.status == 409
    assert "is being recorded at this moment" in other.page.one("main [role=alert]").get_text()
    other.submit("#taking", button=RECORD)
    assert "Somebody changed this booking meanwhile" in other.page.one("main [role=alert]").get_text()
    assert _amounts(booking) == [_gross(booking)]


def test_second_payment_from_the_same_form_is_asked_for(manager: PlainBrowser, booking: Booking) -> None:
    """Back, another amount, and the button again."""
    form = _at(manager, booking).page.form("#taking")
    manager.submit(form, {"amount": "15"}, button=RECORD)
    manager.submit(form, {"amount": "30"}, button=RECORD)
    assert manager.status == 409
    assert "has recorded €15.00 already" in manager.page.one("main [role=alert]").get_text()
    assert _amounts(booking) == [15]
    manager.submit("#taking", button=RECORD)
    assert "€30.00 taken: recorded at Bookeo." in manager.page.text
    assert sorted(_amounts(booking)) == [15, 30]


def test_booking_that_is_cancelled_under_the_form_asks_again(manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    booking_changes.cancel_booking(booking)
    manager.submit("#taking", button=RECORD)
    assert manager.status == 409
    assert "By your rule" in manager.page.text
    assert _amounts(booking) == []


def test_cancelled_booking_is_settled_by_the_rule(manager: PlainBrowser, paid: Booking, booking: Booking) -> None:
    business_settings.save(free_cancellation_hours=24 * 365, late_cancellation_fee_percent=50)
    for one in (paid, booking):
        booking_changes.cancel_booking(one)
    half = desk_payments.fee_kept(booking_changes.get_booking(paid.booking_number))
    assert half is not None
    _at(manager, paid, "refund")
    assert Decimal(manager.page.form("#taking").fields["amount"]) == _gross(paid) - half.amount
    assert f"By your rule we keep €{half.amount:.2f}" in manager.page.text
    unpaid_half = desk_payments.fee_kept(booking_changes.get_booking(booking.booking_number))
    assert unpaid_half is not None
    assert Decimal(_at(manager, booking).page.form("#taking").fields["amount"]) == unpaid_half.amount


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "−5"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "$5"}, "amount"),
        ({"amount": "5 USD"}, "amount"),
        ({"amount": "5.005"}, "amount"),
        ({"amount": "five"}, "amount"),
        ({"amount": "999999"}, "sure"),
        ({"method": "other"}, "other_method"),
        ({"method": "barter"}, "method"),
        ({"reason": ""}, "reason"),
        ({"received": "2099-01-01T10:00"}, "received"),
        ({"received": "yesterday"}, "received"),
    ],
)
def test_what_cannot_be_is_pointed_out(
    manager: PlainBrowser, booking: Booking, fields: dict[str, str], field: str
) -> None:
    _at(manager, booking).submit("#taking", fields, button=RECORD)
    assert manager.status == 422
    assert manager.page.select(f"[role=alert] a[href='#id_{field}']")
    assert _amounts(booking) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1.234.567", None),
        ("1,234", None),
        ("1,2,3", None),
        ("1e3", None),
        ("٣", None),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str | None) -> None:
    if amount is None:
        with pytest.raises(ValidationError):
            amount_of(text)
    else:
        assert amount_of(text) == Decimal(amount)


def test_comma_and_currency_are_understood(manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking).submit("#taking", {"amount": "€ 12,50", "method": "debitCard"}, button=RECORD)
    assert _amounts(booking) == [Decimal("12.50")]


def test_refund_is_a_payment_with_a_minus(manager: PlainBrowser, paid: Booking) -> None:
    _at(manager, paid, "refund").submit("#taking", {"amount": "10.00"}, button="Record the refund")
    assert sorted(_amounts(paid)) == [-10, _gross(paid)]
    assert "€10.00 given back" in manager.page.text
    assert AuditEntry.objects.get(act="refund").changes["amount"] == [None, "-10.00"]


def test_refund_above_what_was_paid_needs_a_second_word(manager: PlainBrowser, paid: Booking) -> None:
    too_much = str(_gross(paid) + 1)
    _at(manager, paid, "refund").submit("#taking", {"amount": too_much}, button="Record the refund")
    assert manager.status == 422
    assert "more than was paid" in manager.page.text
    assert len(_amounts(paid)) == 1
    manager.submit("#taking", {"sure": "on"}, button="Record the refund")
    assert min(_amounts(paid)) == -Decimal(too_much)


def test_lost_answer_is_looked_for_and_never_sent_again(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    form = manager.page.form("#taking")
    shop.knobs("cut=after", on="POST /v2/bookings", times=1)
    manager.submit(form, button=RECORD)
    manager.submit(form, button=RECORD)
    assert _amounts(booking) == [_gross(booking)]
    assert "failed" not in manager.page.text


def test_unknown_outcome_says_that_it_is_being_checked(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    shop.knobs("cut=before", on="POST /v2/bookings", times=1)
    manager.submit("#taking", button=RECORD)
    assert (manager.status, manager.page.h1) == (202, "We are checking")
    assert AuditEntry.objects.get(act="take_payment").outcome == "unknown"


def test_form_that_met_a_bookeo_that_fails_is_sent_again_as_it_was(
    shop: Shop, manager: PlainBrowser, booking: Booking
) -> None:
    _at(manager, booking)
    shop.knobs("fail=503", on="GET /v2/bookings")
    manager.submit("#taking", {"amount": "12.50", "comment": "by her brother"}, button=RECORD)
    assert (manager.status, manager.page.h1) == (503, "Bookeo does not answer")
    assert not AuditEntry.objects.filter(act="take_payment").exists()

    shop.knobs("")
    manager.submit("#again", button="Try again")
    assert "€12.50 taken: recorded at Bookeo." in manager.page.text
    assert "by her brother" in manager.page.text
    assert _amounts(booking) == [Decimal("12.50")]


def test_what_bookeo_refuses_stays_in_the_form(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    shop.knobs("fail=400", on="POST /v2/bookings", times=1)
    manager.submit("#taking", {"comment": "by her brother"}, button=RECORD)
    assert manager.status == 422
    assert "Nothing was recorded" in manager.page.one("main [role=alert]").get_text()
    assert manager.page.form("#taking").fields["comment"] == "by her brother"

    manager.submit("#taking", button=RECORD)
    assert _amounts(booking) == [_gross(booking)]


def test_key_that_may_not_write_payments_is_named(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    allow_only(shop, "bookings_r_all", "payments_r_all")
    manager.submit("#taking", button=RECORD)
    assert "payments_rw_all" in manager.page.text
    assert AuditEntry.objects.get(act="take_payment").outcome == "failed"


def test_slip_of_a_refund_says_what_was_given_back(manager: PlainBrowser, booking: Booking) -> None:
    back = Money(amount=Decimal(-110), currency="EUR")
    made = payments.record_payment(booking.booking_number, form="f", amount=back, reason="Goodwill", method="cash")
    manager.get(f"/manager/bookings/{booking.booking_number}/payments/{made.id}/receipt/")
    assert manager.page.h1 == "Refund"
    assert f"Given back {full_moment(made.received_time)}" in manager.page.text
    assert "€110.00 more given back than paid" in manager.page.text
    assert "Received" not in manager.page.text
    assert "-€" not in manager.page.text


def test_receipt_is_of_this_booking_alone(shop: Shop, manager: PlainBrowser, paid: Booking, booking: Booking) -> None:
    payment = payments.find_payments_of(paid.booking_number)[0]
    manager.get(f"/manager/bookings/{paid.booking_number}/payments/{payment.id}/receipt/")
    assert manager.page.h1 == "Receipt"
    assert f"€{_gross(paid):.2f}" in manager.page.text
    assert f"Received {full_moment(payment.received_time)}" in manager.page.text
    assert manager.get(f"/manager/bookings/{booking.booking_number}/payments/{payment.id}/receipt/").status == 404
