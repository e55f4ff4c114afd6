"""Moving a booking at the desk: the difference is said first, it happens once, and nothing of the booking is lost."""

from datetime import datetime, timedelta

import pytest
import requests
import time_machine

from booking.bookeo import Booking, changed_document
from booking.models import Attempt, AuditEntry
from booking.services import booking_changes, days, reconciliation
from booking.services.staff_acts import Role
from tests.manager.desk import allow_only, booked_without_email, calls_counted, day_with
from tests.pages import Button
from tests.plain_browser import PlainBrowser
from tests.shop import CANOE, SAIL, Shop
from tests.staff import make_staff, signed_in


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER, first_name="Ines"))


@pytest.fixture
def booking(shop: Shop) -> Booking:
    return day_with(shop, due=True)[1]


def _now(booking: Booking) -> Booking:
    return booking_changes.get_booking(booking.booking_number)


def _at(browser: PlainBrowser, booking: Booking, query: str = "") -> PlainBrowser:
    return browser.get(f"/manager/bookings/{booking.booking_number}/move/{query}")


def _slots(browser: PlainBrowser) -> list[Button]:
    return [button for button in browser.page.form("#times").buttons if button.name == "slot"]


def _choose(browser: PlainBrowser, number: int = 2) -> PlainBrowser:
    return browser.submit("#times", button=_slots(browser)[number].text)


def _press(browser: PlainBrowser, fields: dict[str, str] | None = None) -> PlainBrowser:
    form = browser.page.form("#change")
    return browser.submit(form, fields, button=form.buttons[0].text)


def test_times_are_those_of_the_product_and_change_nothing(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    with calls_counted(shop) as made:
        _at(manager, booking)

    assert made[0] == "get_booking"
    assert set(made[1:]) <= {"search_matching_slots", "list_slots"}
    assert booking.product_name
    assert booking.product_name in manager.page.text
    assert len(_slots(manager)) > 3
    assert "create_hold" not in shop.operations


def test_choice_holds_and_says_the_difference_before_anything_changes(
    shop: Shop, manager: PlainBrowser, booking: Booking
) -> None:
    _at(manager, booking)
    with calls_counted(shop) as made:
        _choose(manager)

    assert manager.page.h1 == "Move this booking?"
    assert made == ["get_booking", "create_hold", "get_booking"]
    difference = manager.page.one("#price-difference").get_text()
    assert difference == "The same price" or difference.endswith((" more", " less"))
    assert "due then" in manager.page.text
    assert _now(booking).start_time == booking.start_time


def test_press_moves_once_with_the_mails_that_were_chosen(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _choose(_at(manager, booking))
    with calls_counted(shop) as made:
        _press(manager, {"notify_customer": "on"})

    assert made.count("update_booking") == 1
    assert made[:3] == ["get_booking", "delete_hold", "update_booking"]
    after = _now(booking)
    assert after.start_time != booking.start_time
    assert after.participants.numbers == booking.participants.numbers
    assert "is moved. Bookeo mails the customer." in manager.page.text
    entry = AuditEntry.objects.get(act="move_booking")
    assert entry.outcome == "done"
    assert entry.changes["notify_customer"] == [None, True]
    assert entry.changes["start"] == [str(booking.start_time), str(after.start_time)]


def test_everything_else_of_the_booking_survives(shop: Shop, manager: PlainBrowser) -> None:
    """Also who is coming by name, options, and our reference."""
    named = _booking_with_names(shop)
    _choose(_at(manager, named))
    _press(manager)

    after = _now(named)
    assert after.start_time != named.start_time
    people = [(p.person_id, p.people_category_id, p.category_index) for p in after.participants.details]
    assert people == [(p.person_id, p.people_category_id, p.category_index) for p in named.participants.details]
    assert (after.options, after.customer_id, after.source) == (named.options, named.customer_id, named.source)


@pytest.mark.parametrize("name", [SAIL, CANOE])
def test_course_and_appointment_are_moved_too(shop: Shop, manager: PlainBrowser, name: str) -> None:
    booking = booked_without_email(manager, name)
    _choose(_at(manager, booking), -1)
    assert "due then" in manager.page.text
    _press(manager)
    after = _now(booking)
    assert after.start_time > booking.start_time
    assert after.end_time - after.start_time == booking.end_time - booking.start_time
    assert (after.product_id, after.customer_id) == (booking.product_id, booking.customer_id)


def test_appointment_stays_with_whoever_has_it_unless_anybody_will_do(shop: Shop, manager: PlainBrowser) -> None:
    canoe = booked_without_email(manager, CANOE)
    assert _at(manager, canoe).page.form("#days").fields["resource"] == canoe.resources[0].id
    _press(_choose(manager, -1))
    assert _now(canoe).resources[0].id == canoe.resources[0].id
    _at(manager, canoe).submit("#days", {"resource": ""}, button="Show")
    assert manager.page.form("#times").fields["resource"] == ""
    _press(_choose(manager, -2))
    assert _now(canoe).resources


def test_second_press_moves_nothing_twice(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _choose(_at(manager, booking))
    form = manager.page.form("#change")
    fields, action = form.fields, manager.url
    _press(manager)
    with calls_counted(shop) as made:
        manager._send_form("post", action, fields, {})

    assert "update_booking" not in made
    assert shop.counted["update_booking"] == 1
    assert "nothing was sent twice" in manager.page.text
    assert AuditEntry.objects.filter(act="move_booking").count() == 1
    assert manager.get(action).url == f"/manager/bookings/{booking.booking_number}/"


def test_second_press_on_a_time_holds_nothing_twice(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    form, slot = manager.page.form("#times"), _slots(manager)[2]
    fields, action = {**form.fields, "slot": slot.value}, manager.url
    for _ in range(2):
        manager._send_form("post", action, fields, {})
    assert manager.page.h1 == "Move this booking?"
    assert shop.counted["create_hold"] == 1


def test_another_time_from_the_same_page_replaces_the_hold(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    form, slots, action = manager.page.form("#times"), _slots(manager), manager.url
    manager._send_form("post", action, {**form.fields, "slot": slots[1].value}, {})
    first = manager.url
    manager._send_form("post", action, {**form.fields, "slot": slots[2].value}, {})
    assert manager.url == first
    _press(manager)
    at = _now(booking).start_time.astimezone(days.now().tzinfo)
    assert slots[2].text.startswith(f"Move to {at:%H:%M}")


def test_booking_that_changed_meanwhile_is_shown_anew(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _choose(_at(manager, booking))
    before = _now(booking)
    document = changed_document(before, without=("customer",))
    shop.client.update_booking(
        booking_number=booking.booking_number, document={**document, "externalRef": "touched"}, backend=True
    )
    _press(manager)
    assert manager.status == 409
    assert "is another one than this page has shown" in manager.page.text
    assert _now(booking).start_time == booking.start_time
    _press(manager)
    assert _now(booking).start_time != booking.start_time
    assert _now(booking).external_ref == "touched"


def test_second_of_two_staff_is_told(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    _choose(_at(manager, booking), 1)
    _choose(_at(other, booking), 2)
    _press(manager)
    with calls_counted(shop) as made:
        _press(other)
    assert other.status == 409
    assert "update_booking" not in made


def test_two_staff_at_the_same_moment_are_one_change(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    """The other press comes while ours is being sent."""
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    _choose(_at(manager, booking), 1)
    _choose(_at(other, booking), 2)
    done = [False]

    def meddle(request: requests.PreparedRequest) -> None:
        if request.method == "PUT" and not done[0]:
            done[0] = True
            _press(other)

    shop.meddle(meddle)
    _press(manager)
    assert other.status == 409
    assert "Somebody else is changing this booking at this moment" in other.page.text
    assert "is moved" in manager.page.text
    assert shop.counted["update_booking"] == 1


def test_press_that_did_not_come_through_is_called_so(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _choose(_at(manager, booking))
    action = manager.url
    shop.knobs("cut=before", on="PUT", times=1)
    _press(manager)
    assert (manager.status, manager.page.h1) == (202, "We are checking")
    with time_machine.travel(days.now() + reconciliation.grace() + timedelta(seconds=5), tick=True):
        manager.get(action)
        assert "nothing was changed. Please press again" in manager.page.text
        assert shop.counted["update_booking"] == 1
        _press(manager)
    assert _now(booking).start_time != booking.start_time


def test_draft_of_somebody_else_opens_nothing(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _choose(_at(manager, booking))
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    assert other.get(manager.url).status == 410
    assert other.page.h1 == "This has run out"


def test_time_that_went_meanwhile_leads_to_the_nearest(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    shop.knobs("fail=409", on="POST /v2/holds")
    _choose(manager)
    assert manager.status == 409
    assert "That time has just gone" in manager.page.text
    assert _slots(manager)
    assert _now(booking).start_time == booking.start_time


def test_refusal_at_the_press_is_said_and_changes_nothing(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _choose(_at(manager, booking))
    shop.knobs("fail=403", on="PUT")
    _press(manager)
    assert manager.status == 409
    assert "Bookeo refused it" in manager.page.text
    assert _now(booking).start_time == booking.start_time
    assert AuditEntry.objects.get(act="move_booking").outcome == "refused"
    shop.knobs("", times=0)
    _press(manager)
    assert _now(booking).start_time != booking.start_time


def test_lost_answer_is_looked_up_and_never_called_an_error(
    shop: Shop, manager: PlainBrowser, booking: Booking
) -> None:
    _choose(_at(manager, booking))
    action = manager.url
    shop.knobs("cut=after", on="PUT", times=1)
    _press(manager)
    assert shop.counted["update_booking"] == 1
    assert _now(booking).start_time != booking.start_time
    assert Attempt.objects.get(kind="change").state == "confirmed"
    manager.get(action)
    assert manager.url.endswith(f"/bookings/{booking.booking_number}/")
    assert shop.counted["update_booking"] == 1


def test_time_that_is_closed_to_customers_is_open_to_staff(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    """No hold can be had for it, so no price: that is said, and the press goes."""
    first = _slots(_at(manager, booking))[0]
    start = datetime.fromisoformat(first.value.split("|")[1])
    with time_machine.travel(start - timedelta(minutes=30), tick=True):
        late = _at(signed_in(make_staff(Role.MANAGER)), booking, f"?date={days.day_of(start)}")
        late.submit("#times", button=first.text)
        assert late.page.h1 == "Move this booking?"
        assert "Bookeo could not hold this ahead" in late.page.text
        _press(late)
        assert _now(booking).start_time == start


def test_cancelled_booking_cannot_be_moved(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    shop.client.cancel_booking(booking_number=booking.booking_number)
    _at(manager, booking)
    assert manager.page.h1 == "It is cancelled"
    assert not manager.page.select("#times")


def test_day_far_ahead_stays_within_the_month_that_bookeo_tells(
    shop: Shop, manager: PlainBrowser, booking: Booking
) -> None:
    later = days.today() + timedelta(days=400)
    assert _at(manager, booking, f"?date={later}").status == 200
    assert _at(manager, booking, "?date=soon").status == 422


def test_key_that_may_not_change_is_named(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    allow_only(shop, "bookings_r_all", "availability_r", "customers_r_all")
    _choose(manager)
    assert "bookings_rw_all" in manager.page.text


def test_desk_may_not_move(shop: Shop, booking: Booking) -> None:
    browser = signed_in(make_staff(Role.DESK))
    assert _at(browser, booking).status == 403
    browser.get(f"/manager/bookings/{booking.booking_number}/")
    assert "Move" not in [link.text for link in browser.page.links]


def _booking_with_names(shop: Shop) -> Booking:
    for ahead in range(1, 25):
        start = days.midnight(days.today() + timedelta(days=ahead))
        for found in booking_changes.find_bookings(starting=(start, start + timedelta(days=1)), with_people=True):
            known = {person.person_id for person in found.participants.details}
            if found.event_id and len(known - {"PSELF", "PUNKNOWN"}) > 0 and "Kayak" in (found.product_name or ""):
                return found
    raise AssertionError("the demo names nobody")


def test_meddling_between_look_and_press_is_refused_by_bookeo(
    shop: Shop, manager: PlainBrowser, booking: Booking
) -> None:
    """The booking is cancelled after ours has looked, and before it is sent."""
    _choose(_at(manager, booking))
    done = [False]

    def meddle(request: requests.PreparedRequest) -> None:
        if request.method == "PUT" and not done[0]:
            done[0] = True
            shop.client.cancel_booking(booking_number=booking.booking_number)

    shop.meddle(meddle)
    _press(manager)
    assert manager.status == 409
    assert _now(booking).start_time == booking.start_time


def test_move_from_the_box_that_finds_asks_as_often_as_the_how_to_says(
    shop: Shop, manager: PlainBrowser, booking: Booking
) -> None:
    manager.get("/manager/find/")
    with calls_counted(shop) as made:
        manager.submit("#find", {"text": booking.booking_number}, button="Find")
        manager.follow("Move")
        manager.submit("#days", {"date": str(days.day_of(booking.start_time) + timedelta(days=1))}, button="Show")
        _press(_choose(manager))
    assert "is moved" in manager.page.text
    assert len(made) == 16, made


def test_appointment_can_go_to_somebody_else_at_the_same_hour(shop: Shop, manager: PlainBrowser) -> None:
    canoe = booked_without_email(manager, CANOE)
    mine = canoe.resources[0].id
    options = _at(manager, canoe).page.select("#days [name=resource] option")
    other = next(str(option["value"]) for option in options if option["value"] not in {"", mine})
    manager.submit("#days", {"resource": other}, button="Show")
    _choose(manager, 0)
    _press(manager)
    after = _now(canoe)
    assert (after.start_time, after.resources[0].id) == (canoe.start_time, other)
