"""What staff and account pages will ask for: bookings, payments and customers that exist, over the sandbox."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import requests

from booking.bookeo import Booking, CustomerInput, Money, Payment
from booking.services import booking_changes, customers, days, payments
from booking.services.booking_changes import CancelFlags
from booking.services.errors import NotFound, OutcomeUnknown, RuleRefused, Unavailable
from booking.services.payments import Received
from tests.shop import KAYAK, Shop, book


def _booked(shop: Shop) -> Booking:
    number = str(book(shop.at_check(KAYAK, "?adults=2")).page.one(".code data")["value"])
    return shop.client.get_booking(booking_number=number)


def _now(booking: Booking) -> Booking:
    return booking_changes.get_booking(booking.booking_number)


def _customer(shop: Shop, email: str) -> str:
    return customers.find_customers(email, field="emailAddress")[0].id


def test_bookings_of_a_long_span_are_found_in_pieces(shop: Shop) -> None:
    now = datetime.now(UTC)
    found = booking_changes.find_bookings(starting=(now - timedelta(days=20), now + timedelta(days=70)))

    assert shop.counted["list_bookings"] == 3
    assert [b.start_time for b in found] == sorted(b.start_time for b in found)
    assert len({b.booking_number for b in found}) == len(found) > 100
    assert not any(b.canceled for b in found)


def test_bookings_changed_lately_are_found_with_their_people(shop: Shop) -> None:
    made = _booked(shop)
    span = (datetime.now(UTC) - timedelta(minutes=1), datetime.now(UTC) + timedelta(minutes=1))
    found = booking_changes.find_bookings(changed=span, with_people=True)

    assert made.booking_number in {b.booking_number for b in found}
    assert all(b.customer for b in found)


def test_find_needs_a_span() -> None:
    with pytest.raises(ValueError, match="span"):
        booking_changes.find_bookings()


def test_change_moves_to_another_event_and_keeps_the_rest(shop: Shop) -> None:
    before = _booked(shop)
    later = before.start_time + timedelta(days=7)
    slots = shop.client.list_slots(
        product_id=before.product_id, start_time=later - timedelta(hours=1), end_time=later + timedelta(hours=1)
    )
    after = booking_changes.change_booking(
        booking_changes.get_booking(before.booking_number),
        form="form-1",
        event_id=slots.data[0].event_id,
        as_manager=True,
    )

    assert after.start_time == later
    assert (after.options, after.external_ref) == (before.options, before.external_ref)
    assert after.last_change_time is not None


def test_change_whose_answer_is_lost_is_read_again(shop: Shop) -> None:
    before = _booked(shop)
    shop.knobs("cut=after", on="PUT /v2/bookings", times=1)
    later = before.start_time + timedelta(days=7)
    slots = shop.client.list_slots(
        product_id=before.product_id, start_time=later - timedelta(hours=1), end_time=later + timedelta(hours=1)
    )
    after = booking_changes.change_booking(
        booking_changes.get_booking(before.booking_number),
        form="form-1",
        event_id=slots.data[0].event_id,
        as_manager=True,
    )

    assert after.start_time == later
    assert shop.counted["update_booking"] == 1


def test_cancel_frees_the_seats_and_is_not_sent_twice(shop: Shop) -> None:
    before = _booked(shop)
    cancelled = booking_changes.cancel_booking(
        booking_changes.get_booking(before.booking_number), CancelFlags(reason="Storm")
    )
    again = booking_changes.cancel_booking(_now(before))

    assert cancelled.canceled
    assert again.canceled
    assert shop.counted["cancel_booking"] == 1
    assert booking_changes.get_booking(before.booking_number).canceled


def test_cancel_whose_answer_is_lost_looks_at_the_booking(shop: Shop) -> None:
    before = _booked(shop)
    shop.knobs("cut=after", on="DELETE /v2/bookings", times=1)
    assert booking_changes.cancel_booking(_now(before)).canceled


def test_cancel_that_never_arrived_says_so(shop: Shop) -> None:
    before = _booked(shop)
    shop.knobs("fail=503", on="DELETE /v2/bookings", times=1)
    with pytest.raises(OutcomeUnknown):
        booking_changes.cancel_booking(_now(before))
    assert not booking_changes.get_booking(before.booking_number).canceled


def test_customer_of_a_booking(shop: Shop) -> None:
    assert booking_changes.get_customer_of(_booked(shop).booking_number).email_address == "alex@example.com"


def test_unknown_booking_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound):
        booking_changes.get_booking("1234567890123456")


def test_payment_and_refund_are_recorded_in_order(shop: Shop) -> None:
    number = _booked(shop).booking_number
    paid = _pay(number, "50")
    refunded = _pay(number, "-20")

    assert [p.id for p in payments.find_payments_of(number)] == [paid.id, refunded.id]
    booking = booking_changes.get_booking(number)
    assert booking.price is not None
    assert booking.price.total_paid.amount == Decimal(30)
    today = payments.find_received(Received(days.today(), days.today(), method="cash"))
    assert {paid.id, refunded.id} <= {p.id for p in today}


def test_payment_whose_answer_is_lost_is_found_by_its_reference(shop: Shop) -> None:
    number = _booked(shop).booking_number
    shop.knobs("cut=after", on=f"POST /v2/bookings/{number}/payments", times=1)
    paid = _pay(number, "50")

    assert shop.counted["create_booking_payment"] == 1
    assert payments.find_payments_of(number) == (paid,)


def test_payment_that_never_arrived_is_not_claimed(shop: Shop) -> None:
    number = _booked(shop).booking_number
    shop.knobs("fail=500", on=f"POST /v2/bookings/{number}/payments", times=1)
    with pytest.raises(OutcomeUnknown):
        _pay(number, "50")
    assert payments.find_payments_of(number) == ()


def test_second_press_of_the_same_form_records_one_payment(shop: Shop) -> None:
    number = _booked(shop).booking_number
    first, second = (_pay(number, "50", form="form-1") for _ in range(2))
    other = _pay(number, "50", form="form-2")

    assert first == second
    assert shop.counted["create_booking_payment"] == 2
    assert {p.id for p in payments.find_payments_of(number)} == {first.id, other.id}


def test_payment_that_was_refused_may_be_sent_again(shop: Shop) -> None:
    number = _booked(shop).booking_number
    shop.knobs("fail=429", on=f"POST /v2/bookings/{number}/payments", times=1)
    with pytest.raises(Unavailable):
        _pay(number, "50", form="form-1")
    paid = _pay(number, "50", form="form-1")
    assert payments.find_payments_of(number) == (paid,)


def test_cancellation_by_two_at_once_is_sent_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = _booked(shop)
    monkeypatch.setattr(booking_changes, "get_booking", lambda number, *, with_people=True: seen)
    with pytest.raises(OutcomeUnknown):  # what was read stays as it was before the first
        booking_changes.cancel_booking(_now(seen))
    with pytest.raises(OutcomeUnknown):
        booking_changes.cancel_booking(_now(seen))
    assert shop.counted["cancel_booking"] == 1


def test_customer_is_created_changed_read_and_deleted(shop: Shop) -> None:
    made = customers.create_customer(
        CustomerInput(first_name="New", last_name="Person", email_address="new@example.com"), form="form-1"
    )
    changed = customers.change_customer(made.id, last_name="Name")

    assert (changed.first_name, changed.last_name, changed.email_address) == ("New", "Name", "new@example.com")
    assert customers.get_customer(made.id).last_name == "Name"
    customers.delete_customer(made.id)
    with pytest.raises(NotFound):
        customers.get_customer(made.id)


def test_customer_whose_creation_lost_its_answer_is_found(shop: Shop) -> None:
    shop.knobs("cut=after", on="POST /v2/customers", times=1)
    made = customers.create_customer(CustomerInput(first_name="New", email_address="new@example.com"), form="form-1")

    assert made.email_address == "new@example.com"
    assert len(customers.find_customers("new@example.com", field="emailAddress")) == 1


def test_customer_with_bookings_to_come_cannot_be_deleted(shop: Shop) -> None:
    owner = booking_changes.get_customer_of(_booked(shop).booking_number)
    with pytest.raises(RuleRefused):
        customers.delete_customer(owner.id)


def test_bookings_of_a_customer_come_by_start(shop: Shop) -> None:
    found = customers.find_bookings_of(_customer(shop, "guest@example.com"), since=date(2020, 1, 1))
    assert len(found) >= 3
    assert [b.start_time for b in found] == sorted(b.start_time for b in found)


def test_linked_person_is_changed_and_deleted(shop: Shop) -> None:
    guest = _customer(shop, "guest@example.com")
    person = customers.find_linked_people(guest)[0]
    customers.change_linked_person(guest, person.id, first_name="Renamed")

    again = customers.get_linked_person(guest, person.id)
    assert (again.first_name, again.last_name, again.custom_fields) == (
        "Renamed",
        person.last_name,
        person.custom_fields,
    )
    customers.delete_linked_person(guest, person.id)
    assert person.id not in {p.id for p in customers.find_linked_people(guest)}


def _pay(number: str, amount: str, *, form: str = "") -> Payment:
    money = Money(amount=Decimal(amount), currency="EUR")
    return payments.record_payment(
        number, form=form or uuid.uuid4().hex, amount=money, reason="At the desk", method="cash"
    )


@pytest.mark.parametrize("write", ["change", "cancellation", "customer", "deletion"])
def test_write_that_may_stand_is_never_said_not_to(shop: Shop, write: str) -> None:
    """Its answer is lost, and then nothing can be asked: neither “done” nor “nothing was changed” would be true."""
    number = _booked(shop).booking_number
    guest = _customer(shop, "guest@example.com")
    person = customers.find_linked_people(guest)[0]
    writes = {
        "change": lambda: booking_changes.change_booking(
            booking_changes.get_booking(number), form="form-1", title="Birthday"
        ),
        "cancellation": lambda: booking_changes.cancel_booking(booking_changes.get_booking(number)),
        "customer": lambda: customers.change_customer(guest, first_name="Sandy"),
        "deletion": lambda: customers.delete_linked_person(guest, person.id),
    }
    shop.adapter.before = _lose_a_write_and_all_that_follows()
    with pytest.raises(OutcomeUnknown):
        writes[write]()


def _lose_a_write_and_all_that_follows() -> Callable[[requests.PreparedRequest], None]:
    lost: list[str] = []

    def turn(request: requests.PreparedRequest) -> None:
        if lost:
            request.headers["X-Sandbox-Knobs"] = "fail=503"
        elif request.method in {"PUT", "DELETE"}:
            lost.append(str(request.method))
            request.headers["X-Sandbox-Knobs"] = "cut=after"

    return turn
