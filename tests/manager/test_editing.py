"""Changing people and options at the desk: only what was changed is sent, and the difference is said before."""

from collections import Counter
from datetime import timedelta

import pytest

from booking.bookeo import Booking
from booking.models import AuditEntry
from booking.services import booking_changes, business_settings, days
from booking.services.staff_acts import Role
from tests.manager.desk import calls_counted, day_with
from tests.plain_browser import PlainBrowser
from tests.shop import CANOE, KAYAK, RIDGE, Shop
from tests.staff import make_staff, signed_in


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER, first_name="Ines"))


def _coming(name: str, *, in_company: bool = False) -> Booking:
    """A booking of the product; at a time that others have booked too, if so wished."""
    start = days.midnight(days.today() + timedelta(days=2))
    found = booking_changes.find_bookings(starting=(start, start + timedelta(days=25)), with_people=True)
    mine = [booking for booking in found if booking.product_name == name and booking.accepted]
    times = Counter(booking.event_id for booking in mine)
    return next(booking for booking in mine if times[booking.event_id] > 1 or not in_company)


def _now(booking: Booking) -> Booking:
    return booking_changes.get_booking(booking.booking_number)


def _at(browser: PlainBrowser, booking: Booking) -> PlainBrowser:
    return browser.get(f"/manager/bookings/{booking.booking_number}/edit/")


def _see(browser: PlainBrowser, fields: dict[str, str]) -> PlainBrowser:
    return browser.submit("#edit", fields, button="See the difference")


def _press(browser: PlainBrowser) -> PlainBrowser:
    form = browser.page.form("#change")
    return browser.submit(form, button=form.buttons[0].text)


def _adults(booking: Booking) -> int:
    return sum(entry.number for entry in booking.participants.numbers if entry.people_category_id == "Cadults")


def test_page_begins_with_what_is_there(shop: Shop, manager: PlainBrowser) -> None:
    booking = _coming(KAYAK)
    _at(manager, booking)
    fields = manager.page.form("#edit").fields
    assert fields["adults"] == str(_adults(booking))
    _see(manager, {})
    assert "Nothing was changed." in manager.page.text
    assert "create_hold" not in shop.operations


def test_larger_party_costs_more_and_everything_else_stays(shop: Shop, manager: PlainBrowser) -> None:
    booking = _coming(KAYAK)
    _at(manager, booking)
    fields = {"adults": str(_adults(booking) + 1)}
    _see(manager, fields)
    if manager.status == 422:  # somebody is named: the new place may stay open
        _see(manager, {})
    assert manager.page.h1 == "Change this booking?"
    difference = [tag.get_text() for tag in manager.page.select("#price-difference")]
    assert not difference or difference[0].endswith(" more")
    assert _now(booking) == booking
    with calls_counted(shop) as made:
        _press(manager)

    assert made.count("update_booking") == 1
    after = _now(booking)
    assert _adults(after) == _adults(booking) + 1
    assert (after.start_time, after.event_id, after.options) == (booking.start_time, booking.event_id, booking.options)
    assert (after.customer_id, after.source, after.external_ref) == (
        booking.customer_id,
        booking.source,
        booking.external_ref,
    )
    before = {(p.person_id, p.people_category_id, p.category_index) for p in booking.participants.details}
    assert before <= {(p.person_id, p.people_category_id, p.category_index) for p in after.participants.details}
    entry = AuditEntry.objects.get(act="move_booking")
    assert entry.changes["people"][1] == entry.changes["people"][0] + 1
    assert "is changed" in manager.page.text


def test_option_is_changed_alone(shop: Shop, manager: PlainBrowser) -> None:
    booking = _coming(KAYAK)
    picnic = next(o for p in shop.client.list_products() if p.name == KAYAK for o in p.number_options)
    before = next((int(o.value) for o in booking.options if o.id == picnic.id), 0)
    _see(_at(manager, booking), {f"opt-{picnic.id.rsplit('_', 1)[-1]}": str(before + 1)})
    assert picnic.name in manager.page.text
    _press(manager)
    after = _now(booking)
    assert {o.id: o.value for o in after.options}[picnic.id] == str(before + 1)
    assert after.participants.numbers == booking.participants.numbers
    others = {(o.id, o.value) for o in booking.options if o.id != picnic.id and o.value}
    assert others <= {(o.id, o.value) for o in after.options}


def test_shorter_appointment_ends_earlier(shop: Shop, manager: PlainBrowser) -> None:
    """Nobody sends the end along: it follows from the length that was chosen."""
    length = next(o for p in shop.client.list_products() if p.name == CANOE for o in p.choice_options)
    short, long = length.values
    manager.get("/manager/book/").follow(CANOE)
    manager.submit("#party", {f"opt-{length.id.rsplit('_', 1)[-1]}": long.id}, button="Update times")
    slot = next(button for button in manager.page.form("#party").buttons if button.name == "slot")
    manager.submit("#party", button=slot.text).submit("#new", {"last_name": "Walkin"}, button="Continue")
    form = manager.page.form("#book")
    manager.submit(form, button=form.buttons[0].text)
    booking = booking_changes.get_booking(manager.url.split("/")[3])

    _see(_at(manager, booking), {f"opt-{length.id.rsplit('_', 1)[-1]}": short.id})
    assert short.name in manager.page.text
    _press(manager)
    after = _now(booking)
    assert after.start_time == booking.start_time
    assert booking.end_time - after.end_time == timedelta(minutes=30)
    assert after.resources == booking.resources


def test_names_are_changed_and_the_log_holds_none(shop: Shop, manager: PlainBrowser) -> None:
    business_settings.save(participants_asked_for=("*",))
    booking = _coming(RIDGE)
    _at(manager, booking)
    form = manager.page.form("#edit")
    place = next(name for name in form.fields if name.endswith("-who")).removesuffix("-who")
    named = {f"{place}-who": "PNEW", f"{place}-first_name": "Zenobia", f"{place}-last_name": "Example"}
    _see(manager, named)
    assert "Zenobia" not in manager.url
    _press(manager)
    people = {
        person.person_details.first_name for person in _now(booking).participants.details if person.person_details
    }
    assert "Zenobia" in people
    entry = AuditEntry.objects.get(act="move_booking")
    assert entry.changes["fields"] == [None, ["participants"]]
    assert "Zenobia" not in str(entry.changes)


def test_larger_party_is_asked_who_the_others_are(shop: Shop, manager: PlainBrowser) -> None:
    business_settings.save(participants_asked_for=("*",))
    booking = _coming(RIDGE)
    _at(manager, booking)
    number = _adults(booking) + 1
    _see(manager, {"adults": str(number)})
    assert manager.status == 422
    assert "The party has grown" in manager.page.text
    fields = manager.page.form("#edit").fields
    assert fields["adults"] == str(number)
    assert fields[f"Cadults-{number}-who"] == "PUNKNOWN"
    _see(manager, {})
    assert manager.page.h1 == "Change this booking?"


def test_nonsense_is_said_at_its_field_and_nothing_is_lost(shop: Shop, manager: PlainBrowser) -> None:
    booking = _coming(KAYAK)
    _see(_at(manager, booking), {"adults": "some"})
    assert manager.status == 422
    assert manager.page.form("#edit").fields["adults"] == "some"
    _see(manager, {"adults": "0", "children": "0"})
    assert manager.status == 422
    assert _now(booking) == booking


def test_party_that_no_place_is_left_for_is_refused_at_the_press(shop: Shop, manager: PlainBrowser) -> None:
    booking = _coming(KAYAK, in_company=True)
    _see(_at(manager, booking), {"adults": "150"})
    if manager.status == 422:
        _see(manager, {})
    assert "Bookeo could not hold this ahead" in manager.page.text
    warning = next(tag.get_text() for tag in manager.page.select("main .say.bad"))
    before = sum(entry.number for entry in booking.participants.numbers)
    after = 150 + before - _adults(booking)
    assert warning == f"There may be fewer places than people: {after} people are more than the {before} before."
    _press(manager)
    assert manager.status == 409
    assert "Nothing was changed" in manager.page.text
    assert _now(booking) == booking


def test_cancelled_booking_cannot_be_changed(shop: Shop, manager: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    _at(manager, booking)
    fields = manager.page.form("#edit").fields
    shop.client.cancel_booking(booking_number=booking.booking_number)
    manager._send_form("post", manager.url, fields, {})
    assert (manager.status, manager.page.h1) == (409, "It is cancelled")


def test_desk_may_not_change(shop: Shop) -> None:
    _, booking = day_with(shop, due=True)
    assert _at(signed_in(make_staff(Role.DESK)), booking).status == 403
