"""Booking for a customer at the desk: one booking for each press, and nothing personal in an address."""

import re
from datetime import datetime, timedelta

import pytest
import requests
import time_machine

from booking.bookeo import Booking
from booking.models import Attempt, AuditEntry, Draft
from booking.services import booking_changes, customers, day_lists, days
from booking.services.staff_acts import Role
from tests.manager.desk import allow_only, calls_counted, day_with
from tests.pages import Button
from tests.plain_browser import PlainBrowser
from tests.shop import CANOE, KAYAK, RIDGE, SAIL, Shop
from tests.staff import make_staff, signed_in

WALK_IN = {"last_name": "Walkin", "phone": "+39 055 501 0777"}


@pytest.fixture
def desk(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.DESK, first_name="Ines"))


def _product(shop: Shop, name: str) -> str:
    return next(product.product_id for product in shop.client.list_products() if product.name == name)


def _at(browser: PlainBrowser, name: str = KAYAK, query: str = "") -> PlainBrowser:
    return browser.get("/manager/book/").follow(name) if not query else browser.get(f"/manager/book/?{query}")


def _slots(browser: PlainBrowser) -> list[Button]:
    return [button for button in browser.page.form("#party").buttons if button.name == "slot"]


def _choose(browser: PlainBrowser, number: int = 3, fields: dict[str, str] | None = None) -> PlainBrowser:
    return browser.submit("#party", fields, button=_slots(browser)[number].text)


def _new(browser: PlainBrowser, fields: dict[str, str] | None = None) -> PlainBrowser:
    return browser.submit("#new", fields or WALK_IN, button="Continue")


def _press(browser: PlainBrowser, fields: dict[str, str] | None = None, number: int = 0) -> PlainBrowser:
    form = browser.page.form("#book")
    return browser.submit(form, fields, button=form.buttons[number].text)


def _made(browser: PlainBrowser) -> Booking:
    found = re.search(r"/manager/bookings/(\d+)/", browser.url)
    assert found, browser.url
    return booking_changes.get_booking(found[1])


@pytest.mark.parametrize("name", [KAYAK, SAIL, CANOE])
def test_walk_in_without_an_e_mail_is_booked_once(shop: Shop, desk: PlainBrowser, name: str) -> None:
    _choose(_at(desk, name))
    assert desk.page.h1 == "Who is it for?"
    _new(desk)
    assert desk.page.h1 == "Check and book"
    assert "There is no e-mail, so the customer is not mailed." in desk.page.text
    with calls_counted(shop) as made:
        _press(desk)

    assert made.count("create_booking") == 1
    booking = _made(desk)
    assert booking.customer
    assert (booking.customer.last_name, booking.customer.email_address) == ("Walkin", None)
    assert booking.source == "desk"
    assert "The customer is not mailed." in desk.page.text
    entry = AuditEntry.objects.get(act="book_for_customer")
    assert (entry.outcome, entry.subject) == ("done", booking.booking_number)
    assert "Walkin" not in str(entry.changes)


def test_price_of_the_hold_is_the_price_of_the_booking(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    shown = desk.page.form("#book").buttons[0].text.removeprefix("Book for €")
    _press(desk)
    price = _made(desk).price
    assert price
    assert f"{price.total_gross.amount:.2f}" == shown


def test_walk_in_goes_on_to_the_payment(shop: Shop, desk: PlainBrowser) -> None:
    _press(_new(_choose(_at(desk))), number=1)
    assert desk.page.h1 == "Take a payment"


def test_walk_in_is_moved_later_and_nobody_is_mailed(shop: Shop) -> None:
    manager = signed_in(make_staff(Role.MANAGER))
    _press(_new(_choose(_at(manager))))
    booking = _made(manager)
    manager.follow("Move")
    slots = [button for button in manager.page.form("#times").buttons if button.name == "slot"]
    manager.submit("#times", button=slots[-1].text)
    assert "There is no e-mail, so the customer is not mailed." in manager.page.text
    form = manager.page.form("#change")
    manager.submit(form, button=form.buttons[0].text)
    assert "is moved. The customer is not mailed." in manager.page.text
    assert _made(manager).start_time != booking.start_time


def test_slot_of_the_agenda_comes_first(shop: Shop, desk: PlainBrowser) -> None:
    day, booking = day_with(shop, due=True)
    desk.get(f"/manager/day/{day}/")
    assert "event=" in str(desk.page.one(f"a[href*='event={booking.event_id}&']")["href"])
    desk.get(str(desk.page.one(f"a[href*='event={booking.event_id}&']")["href"]))
    assert _slots(desk)[0].value.startswith(f"{booking.event_id}|")
    assert "The time you came from" in desk.page.text


def test_time_without_a_booking_can_be_booked_from_the_agenda(shop: Shop, desk: PlainBrowser) -> None:
    for ahead in range(1, 15):
        day = days.today() + timedelta(days=ahead)
        taken = {booking.event_id for booking in day_lists.get_day(day).bookings if not booking.canceled}
        free = [slot for slot in day_lists.get_day(day).slots if slot.event_id not in taken and slot.seats_left]
        if free:
            desk.get(f"/manager/day/{day}/")
            assert desk.page.select(f"details a[href*='event={free[0].event_id}']")
            return
    raise AssertionError("the demo has no empty time")


def test_customer_page_books_for_that_customer_without_asking(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    desk.get(f"/manager/customers/{booking.customer_id}/").follow("Book for this customer").follow(KAYAK)
    _choose(desk)
    assert desk.page.h1 == "Check and book"
    with calls_counted(shop) as made:
        _press(desk)
    assert "create_customer" not in made
    assert _made(desk).customer_id == booking.customer_id


def test_again_takes_product_party_options_and_customer_along(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    desk.get(f"/manager/bookings/{booking.booking_number}/").follow("Book again")
    assert f"customer={booking.customer_id}" in desk.url
    _choose(desk)
    _press(desk)
    again = _made(desk)
    assert again.booking_number != booking.booking_number
    assert (again.product_id, again.customer_id) == (booking.product_id, booking.customer_id)
    assert again.participants.numbers == booking.participants.numbers
    assert {(o.id, o.value) for o in again.options} == {(o.id, o.value) for o in booking.options}


def test_second_press_is_the_same_booking(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    form, action = desk.page.form("#book"), desk.url
    _press(desk)
    first = desk.url
    desk._send_form("post", action, form.fields, {})
    assert desk.url == first
    assert shop.counted["create_booking"] == 1
    assert AuditEntry.objects.filter(act="book_for_customer").count() == 1
    assert desk.get(action).url == first


def test_press_at_the_same_moment_is_one_booking(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    form, action = desk.page.form("#book"), desk.url
    done = [False]

    def meddle(request: requests.PreparedRequest) -> None:
        if request.method == "POST" and request.path_url.startswith("/v2/bookings") and not done[0]:
            done[0] = True
            desk._send_form("post", action, form.fields, {})
            assert desk.page.h1 == "We are checking"

    shop.meddle(meddle)
    desk._send_form("post", action, form.fields, {})
    assert shop.counted["create_booking"] == 1
    assert _made(desk)


def test_lost_answer_is_looked_up_and_found(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    action = desk.url
    shop.knobs("cut=after", on="POST /v2/bookings", times=1)
    _press(desk)
    assert (desk.status, desk.page.h1) == (202, "We are checking")
    assert Attempt.objects.get(kind="booking").state == "unknown"
    assert AuditEntry.objects.get(act="book_for_customer").outcome == "unknown"
    desk.get(action)
    assert _made(desk)
    assert shop.counted["create_booking"] == 1


def test_refused_press_may_be_tried_again(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    action = desk.url
    shop.knobs("fail=503", on="POST /v2/bookings", times=1)
    _press(desk)
    assert desk.status == 202
    with time_machine.travel(days.now() + timedelta(minutes=3), tick=True):
        desk.get(action)
        assert desk.page.h1 == "Check and book"


def test_customer_is_found_and_chosen(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    assert booking.customer
    assert booking.customer.last_name
    _choose(_at(desk))
    desk.submit("#seek", {"text": booking.customer.last_name}, button="Look")
    assert booking.customer.last_name not in desk.url
    button = next(b for b in desk.page.form("#found").buttons if b.value == booking.customer_id)
    desk._send_form("post", desk.url, {**desk.page.form("#found").fields, "customer": button.value}, {})
    assert desk.page.h1 == "Check and book"
    _press(desk)
    assert _made(desk).customer_id == booking.customer_id


def test_somebody_known_is_noticed_before_a_second_record_is_made(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    assert booking.customer
    email = booking.customer.email_address
    assert email
    _new(_choose(_at(desk)), {"last_name": "Twin", "email": email.upper()})
    assert desk.status == 422
    assert "Somebody is known under this e-mail or phone" in desk.page.text
    assert booking.customer_id in {button.value for button in desk.page.form("#twins").buttons}
    assert desk.page.form("#new").fields["last_name"] == "Twin"
    _new(desk, {"is_new": "on"})
    assert desk.page.h1 == "Check and book"


def test_telephone_number_of_a_coming_booking_is_noticed(shop: Shop, desk: PlainBrowser) -> None:
    _press(_new(_choose(_at(desk))))
    known = _made(desk)
    _new(_choose(_at(desk)))
    assert desk.status == 422
    assert known.customer_id in {button.value for button in desk.page.form("#twins").buttons}


def test_name_is_needed(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)), {"phone": "+39 055 501 0999"})
    assert desk.status == 422
    assert "A name is needed" in desk.page.text


def test_members_only_needs_a_customer_who_is_one(shop: Shop, desk: PlainBrowser) -> None:
    product = next(product for product in shop.client.list_products() if product.members_only)
    _choose(_at(desk, product.name))
    assert "Only members or holders of prepaid credits can book this" in desk.page.text
    assert not desk.page.select("#new")
    found = {customer.member: customer for customer in customers.find_customers("")}
    desk.submit("#seek", {"text": str(found[False].email_address)}, button="Look")
    fields = desk.page.form("#found").fields
    desk._send_form("post", desk.url, {**fields, "customer": found[False].id}, {})
    assert (desk.status, "choose one of them" in desk.page.text) == (403, True)
    desk._send_form("post", desk.url, {**fields, "customer": found[True].id}, {})
    assert desk.page.h1 == "Check and book"
    _press(desk)
    assert _made(desk).customer_id == found[True].id


def test_required_question_of_the_product_is_asked(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk, RIDGE)))
    _press(desk)
    assert desk.status == 422
    text = next(name for name in desk.page.form("#book").fields if name.startswith("text-"))
    _press(desk, {text: "No nuts"})
    assert _made(desk)


def test_party_over_the_limit_is_booked_by_staff_without_a_price_before(shop: Shop, desk: PlainBrowser) -> None:
    """A booking of the course is for two at most, and six can take part."""
    _at(desk, SAIL, f"product={_product(shop, SAIL)}&adults=3")
    assert "Customers can not book this party themselves" in desk.page.text
    _choose(desk, 0)
    assert "The price is not known yet" in desk.page.text
    _press(_new(desk))
    assert sum(entry.number for entry in _made(desk).participants.numbers) == 3


def test_changed_party_is_never_booked_with_the_times_of_another(shop: Shop, desk: PlainBrowser) -> None:
    _at(desk)
    _choose(desk, 3, {"adults": "3"})
    assert desk.status == 409
    assert "Choose once more" in desk.page.text
    assert "create_hold" not in shop.operations
    _new(_choose(desk))
    _press(desk)
    assert sum(entry.number for entry in _made(desk).participants.numbers) == 3


def test_hold_that_ran_out_is_renewed_at_the_press(shop: Shop) -> None:
    desk = signed_in(make_staff(Role.DESK))
    _new(_choose(_at(desk), 8))
    with time_machine.travel(days.now() + timedelta(minutes=11), tick=True):
        _press(desk)
        assert _made(desk)
    assert shop.counted["create_hold"] == 2


def test_price_that_changed_meanwhile_is_seen_first(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    action = desk.url
    fields = {**desk.page.form("#book").fields, "shown": "another"}
    desk._send_form("post", action, fields, {})
    assert desk.status == 409
    assert "create_booking" not in shop.operations
    _press(desk)
    assert _made(desk)


def test_time_that_went_leads_to_the_nearest_with_all_kept(shop: Shop, desk: PlainBrowser) -> None:
    _at(desk)
    shop.knobs("fail=409", on="POST /v2/holds", times=1)
    _choose(desk)
    assert desk.status == 409
    assert "That time has just gone" in desk.page.text
    _new(_choose(desk))
    shop.knobs("fail=409", on="POST /v2/bookings", times=1)
    _press(desk)
    assert "That time has just gone" in desk.page.text
    assert desk.page.h1 == f"Book {KAYAK}"


def test_nothing_personal_stands_in_an_address_or_in_the_open(shop: Shop, desk: PlainBrowser) -> None:
    _choose(_at(desk))
    desk.submit("#seek", {"text": "Walkin"}, button="Look")
    _new(desk, {**WALK_IN, "email": "walkin@example.com"})
    seen = " ".join([desk.url, *desk.redirects])
    assert "alkin" not in seen
    stored = b"".join(bytes(draft.sealed) for draft in Draft.objects.all())
    assert b"alkin" not in stored


def test_draft_of_somebody_else_opens_nothing(shop: Shop, desk: PlainBrowser) -> None:
    _new(_choose(_at(desk)))
    other = signed_in(make_staff(Role.DESK))
    assert other.get(desk.url).status == 410
    token = desk.url.split("/")[3]
    assert shop.visitor().get(f"/checkout/{token}/details/").status == 410


def test_month_is_all_that_is_asked_for_at_once(shop: Shop, desk: PlainBrowser) -> None:
    product = _product(shop, KAYAK)
    for day in (days.today() + timedelta(days=300), datetime(2027, 3, 1).date(), datetime(2027, 10, 1).date()):  # noqa: DTZ001
        assert _at(desk, query=f"product={product}&date={day}").status == 200
    assert _at(desk, query=f"product={product}&date=soon").status == 422
    assert _at(desk, query="product=none-such").status == 404
    assert _at(desk, query=f"product={product}&customer=none-such").status == 404


def test_key_that_may_not_book_is_named(shop: Shop, desk: PlainBrowser) -> None:
    _at(desk)
    allow_only(shop, "bookings_r_all", "availability_r", "customers_r_all")
    _choose(desk)
    assert "bookings_rw_all" in desk.page.text


def test_walk_in_asks_as_often_as_the_how_to_says(shop: Shop, desk: PlainBrowser) -> None:
    day, booking = day_with(shop, due=True)
    desk.get(f"/manager/day/{day}/")
    with calls_counted(shop) as made:
        desk.get(str(desk.page.one(f"a[href*='event={booking.event_id}&']")["href"]))
        _new(_choose(desk, 0), {"last_name": "Walkin"})
        _press(desk, number=1)
    assert desk.page.h1 == "Take a payment"
    assert made == ["search_matching_slots", "list_slots", "create_hold", "create_booking", "get_booking"]
