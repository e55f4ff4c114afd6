"""From the list to the confirmation, as a client that refuses every cookie and runs no script."""

import json
import re
from datetime import UTC

import pytest
from pytest_django import Settings

from booking.models import Attempt, Draft
from tests.plain_browser import PlainBrowser
from tests.shop import CANOE, CHARTER, GUEST, KAYAK, RIDGE, SAIL, SETTINGS, SUNSET, Shop, book, choose, sign_in


def test_htmx_has_the_next_step_in_the_same_answer(shop: Shop) -> None:
    browser = shop.at_details()
    browser.submit("#details", GUEST, button="Continue", headers={"HX-Request": "true"})

    header = browser.answer.header
    moved = json.loads(header("HX-Trigger"))["draft-moved"]["address"]
    assert (browser.status, browser.page.h1) == (200, "Check and book")
    assert header("HX-Push-Url") == moved.replace("details/", "check/")
    assert (header("HX-Retarget"), header("HX-Reswap"), header("HX-Reselect")) == ("body", "innerHTML", "unset")

    browser.get(header("HX-Push-Url"))
    form = browser.page.form("#book")
    browser.submit(form, {"terms": "on"}, button=form.buttons[-1].text, headers={"HX-Request": "true"})
    assert browser.page.h1.startswith("See you on ")
    assert browser.answer.header("HX-Push-Url") == moved.replace("details/", "confirmed/")


def test_signing_in_with_htmx_takes_the_place_of_the_form(shop: Shop) -> None:
    browser = shop.at_details().follow("Sign in")
    member = {"email": "member@example.com", "password": "demo-member"}
    browser.submit("form:has(#id_password)", member, button="Sign in", headers={"HX-Request": "true"})

    assert browser.page.h1 == "Your details"
    assert not browser.page.select("#id_email")
    assert browser.answer.header("HX-Replace-Url").endswith("/details/")


def test_people_that_cannot_be_read_lose_nothing_that_was_typed(shop: Shop, settings: Settings) -> None:
    settings.PARTICIPANTS_ASKED_FOR = ["RIDGE"]
    browser = shop.at_details(RIDGE, "?adults=2").follow("Sign in")
    sign_in(browser, "guest@example.com", "demo-guest")
    question = next(name for name in browser.page.form("#details").names if name.startswith("text-"))
    browser.submit("#details", {question: "+39 055 501 0188"}, button="Continue")
    shop.knobs("fail=503", on="linkedpeople")
    browser.submit("#participants", {"Cadults-2-first_name": "Robin"}, button="Continue")
    assert browser.status == 503

    shop.adapter.before = None
    browser.follow("Back to the form")
    assert browser.page.form("#participants").fields["Cadults-2-first_name"] == "Robin"


@pytest.mark.parametrize("product", [KAYAK, SAIL, CANOE])
def test_guest_books(shop: Shop, product: str) -> None:
    browser = book(shop.at_check(product))

    assert browser.status == 200
    assert browser.page.h1.startswith("See you on ")
    number = browser.page.one(".code data")["value"]
    assert shop.client.get_booking(booking_number=str(number)).product_name == product


def test_booking_carries_what_was_entered(shop: Shop) -> None:
    browser = shop.at_details(KAYAK, "?adults=2&children=1&opt-3JWX6LTA=2&opt-8KRT4WNE=CX9MTR")
    details = GUEST | {"postcode": "80331", "city": "Munich", "address1": "Marienplatz 1", "country": "DE"}
    browser.submit("#details", details | {"phone": "089 2180 1234", "text-T5HFA7XP": "Grand Hotel"}, button="Continue")
    # The number was read as an Italian one; abroad needs its country code.
    browser.get(browser.page.link("Change your contact details").href)
    browser.submit("#details", {"phone": "+49 89 2180 1234"}, button="Continue")
    book(browser)

    number = str(browser.page.one(".code data")["value"])
    booking = shop.client.get_booking(booking_number=number, expand_customer=True)
    assert booking.customer is not None
    assert booking.customer.email_address == GUEST["email"]
    assert booking.customer.phone_numbers[0].number == "+498921801234"
    assert booking.customer.street_address is not None
    assert booking.customer.street_address.country_code == "DE"
    assert [(n.people_category_id, n.number) for n in booking.participants.numbers] == [
        ("Cadults", 2),
        ("Cchildren", 1),
    ]
    options = {option.name: option.value for option in booking.options}
    assert options["Kayaks"] == "Doubles only"
    assert options["Picnic boxes"] == "2"
    assert options["Hotel for pick-up"] == "Grand Hotel"


def test_price_on_the_button_is_the_price_of_the_booking(shop: Shop) -> None:
    browser = shop.at_check(KAYAK, "?adults=2&children=1&infants=1")
    button = next(b for form in browser.page.forms for b in form.button_names if b.startswith("Book for"))
    book(browser)

    booking = shop.client.get_booking(booking_number=str(browser.page.one(".code data")["value"]))
    assert booking.price is not None
    assert button == f"Book for €{booking.price.total_gross.amount:.2f}"


def test_request_is_not_called_confirmed(shop: Shop) -> None:
    browser = shop.at_check(CHARTER, "?adults=5")
    assert browser.page.h1 == "Check and send your request"
    book(browser)

    assert browser.page.h1.startswith("Thank you, Alex: we have your request")
    assert "Confirmed" not in browser.page.text


def test_guest_booking_costs_three_calls(shop: Shop) -> None:
    shop.visitor().get("/").follow(KAYAK)
    shop.at_details()
    shop.calls.clear()

    browser = shop.visitor().get("/").follow(KAYAK)
    browser.get(browser.url + "?adults=3")
    choose(browser)
    browser.submit("#details", GUEST, button="Continue")
    book(browser)

    beyond = [operation for operation in shop.operations if operation not in SETTINGS | {"list_slots"}]
    assert beyond == ["search_matching_slots", "search_matching_slots", "create_hold", "create_booking"][-len(beyond) :]
    assert beyond.count("create_hold") == beyond.count("create_booking") == 1
    assert len(beyond) <= 4


def test_members_product_asks_to_sign_in_first(shop: Shop) -> None:
    browser = shop.at_details(SUNSET)
    assert browser.page.h1 == "Sign in"
    assert "create_hold" not in shop.operations

    browser.submit(
        "form:has(#id_password)", {"email": "member@example.com", "password": "demo-member"}, button="Sign in"
    )

    assert browser.page.h1 == "Your details"
    assert shop.counted["create_hold"] == 1
    browser.submit("#details", button="Continue")
    assert book(browser).page.h1.startswith("See you on ")


def test_time_for_members_can_be_changed_before_signing_in(shop: Shop) -> None:
    browser = shop.at_details(SUNSET).follow("Change time or party")
    choose(browser, 2)
    assert browser.page.h1 == "Sign in"
    sign_in(browser, "member@example.com", "demo-member")
    assert browser.page.h1 == "Your details"

    browser.submit("form:has(.btn.bare)", button="Not you? Go on as a guest")
    assert browser.page.h1 == "Sign in"


def test_guest_account_cannot_book_for_members(shop: Shop) -> None:
    browser = shop.at_details(SUNSET)
    sign_in(browser, "guest@example.com", "demo-guest")

    assert browser.status == 422
    assert "members or with prepaid credits only" in browser.page.text


def test_signed_in_customer_pays_less_his_credit_within_six_calls(shop: Shop) -> None:
    shop.at_details()
    shop.calls.clear()
    browser = shop.at_details()
    browser.follow("Sign in")
    browser.submit(
        "form:has(#id_password)", {"email": "member@example.com", "password": "demo-member"}, button="Sign in"
    )
    assert "Your credit −€20.00" in browser.page.one(".sum").get_text(" ", strip=True)
    assert "Left to pay" in browser.page.text

    browser.submit("#details", button="Continue")
    book(browser)

    assert browser.page.h1.startswith("See you on ")
    beyond = [operation for operation in shop.operations if operation not in SETTINGS | {"list_slots"}]
    assert len(beyond) <= 6, beyond


def test_sign_in_tries_each_record_and_says_one_thing_for_every_failure(shop: Shop) -> None:
    messages = set()
    for email, password in [
        ("nobody@example.com", "demo-guest"),
        ("guest@example.com", "wrong"),
        ("nopass@example.com", "anything"),
    ]:
        browser = shop.at_details().follow("Sign in")
        sign_in(browser, email, password)
        assert browser.status == 422
        messages.add(browser.page.one("form [role=alert]").get_text(" ", strip=True))
    assert len(messages) == 1

    for password in ("demo-old", "demo-new"):
        browser = shop.at_details().follow("Sign in")
        sign_in(browser, "twice@example.com", password)
        assert browser.page.h1 == "Your details"


def test_sign_in_attempts_are_limited(shop: Shop) -> None:
    browser = shop.at_details().follow("Sign in")
    wrong = {"email": "guest@example.com", "password": "wrong"}
    for _ in range(5):
        browser.submit("form:has(#id_password)", wrong, button="Sign in")
        assert browser.status == 422
    before = shop.counted["authenticate_customer"]
    browser.submit("form:has(#id_password)", wrong | {"password": "demo-guest"}, button="Sign in")

    assert browser.status == 429
    assert shop.counted["authenticate_customer"] == before


def test_participants_are_asked_for_and_sent(shop: Shop, settings: Settings) -> None:
    settings.PARTICIPANTS_ASKED_FOR = ["RIDGE"]
    browser = shop.at_details(RIDGE, "?adults=2")
    question = next(name for name in browser.page.form("#details").names if name.startswith("text-"))
    browser.submit("#details", GUEST | {question: "+39 055 501 0188"}, button="Continue")
    assert browser.page.h1 == "Who is coming?"

    form = browser.page.form("form:has(fieldset)")
    browser.submit(form, button="Continue")
    assert browser.status == 422
    assert "Please fill this in" in browser.page.text

    form = browser.page.form("form:has(fieldset)")
    browser.submit(form, {"Cadults-2-first_name": "Robin", "Cadults-2-last_name": "Sample"}, button="Continue")
    assert "Robin Sample" in browser.page.text
    book(browser)

    number = str(browser.page.one(".code data")["value"])
    details = shop.client.get_booking(booking_number=number, expand_participants=True).participants.details
    assert details[0].person_id == "PSELF"
    assert details[1].person_details is not None
    assert details[1].person_details.first_name == "Robin"


def test_linked_person_is_offered_and_booked(shop: Shop, settings: Settings) -> None:
    settings.PARTICIPANTS_ASKED_FOR = ["RIDGE"]
    browser = shop.at_details(RIDGE, "?adults=1&children=1").follow("Sign in")
    sign_in(browser, "guest@example.com", "demo-guest")
    question = next(name for name in browser.page.form("#details").names if name.startswith("text-"))
    browser.submit("#details", {question: "+39 055 501 0188"}, button="Continue")
    choices = {option.get_text(): str(option["value"]) for option in browser.page.select("#id_Cchildren-1-who option")}
    browser.submit("#participants", {"Cchildren-1-who": choices["Junior Visitor"]}, button="Continue")
    book(browser)

    number = str(browser.page.one(".code data")["value"])
    booking = shop.client.get_booking(booking_number=number, expand_participants=True)
    assert [d.person_id for d in booking.participants.details] == ["PSELF", choices["Junior Visitor"]]


def test_promotion_lowers_the_price_and_can_be_taken_off(shop: Shop) -> None:
    browser = shop.at_check()
    before = _total(browser)
    browser.submit("form:has(#id_code)", {"code": "WELCOME10"}, button="Apply")
    assert _total(browser) < before
    assert "WELCOME10" in browser.page.text

    browser.submit("form:has([name=remove])", button="Remove the code")
    assert _total(browser) == before


def test_enter_in_the_field_for_another_code_keeps_the_one_that_is_there(shop: Shop) -> None:
    browser = shop.at_check()
    browser.submit("form:has(#id_code)", {"code": "WELCOME10"}, button="Apply")
    reduced = _total(browser)
    browser.submit("form:has(#id_code)", {"code": "GIFT25"})

    assert "WELCOME10 and GIFT25" in browser.page.text
    assert _total(browser) == reduced


def test_code_that_is_taken_off_when_the_time_has_gone_offers_others(shop: Shop) -> None:
    browser = shop.at_check()
    browser.submit("form:has(#id_code)", {"code": "WELCOME10"}, button="Apply")
    shop.knobs("fail=404", on="POST /v2/holds", times=1)
    browser.submit("form:has([name=remove])", button="Remove the code")
    assert "has just gone" in browser.page.one(".when [role=alert]").get_text()


def test_code_that_ran_out_is_named_with_the_price_without_it(shop: Shop) -> None:
    browser = shop.at_check()
    before = _total(browser)
    browser.submit("form:has(#id_code)", {"code": "WELCOME10"}, button="Apply")
    shop.refuse_codes()
    browser.submit("#book", button="Hold for longer")

    assert "Not accepted any more: WELCOME10" in browser.page.one("aside").get_text()
    assert _total(browser) == before


def test_voucher_is_recognised_in_the_same_field(shop: Shop) -> None:
    browser = shop.at_check()
    browser.submit("form:has(#id_code)", {"code": "GIFT25"}, button="Apply")
    assert browser.status == 200
    assert "Gift voucher" in browser.page.text


def test_bad_code_keeps_the_hold_and_says_so_at_the_field(shop: Shop) -> None:
    browser = shop.at_check()
    before = _total(browser)
    browser.submit("form:has(#id_code)", {"code": "NONSENSE"}, button="Apply")

    assert browser.status == 422
    assert "not valid" in browser.page.one("#id_code_error").get_text()
    assert browser.page.one("#id_code")["value"] == "NONSENSE"
    assert _total(browser) == before
    assert book(browser).page.h1.startswith("See you on ")


def test_calendar_file_is_in_utc_and_keeps_its_uid(shop: Shop) -> None:
    browser = book(shop.at_check())
    number = str(browser.page.one(".code data")["value"])
    address = browser.page.link("Add to calendar").href
    first = browser.get(address).answer
    second = browser.get(address).answer

    assert first.header("Content-Type") == "text/calendar; charset=utf-8"
    uids = [re.findall(r"UID:(\S+)", answer.text) for answer in (first, second)]
    assert uids[0] == uids[1] == [f"{number}-1@bookeo"]
    booking = shop.client.get_booking(booking_number=number)
    assert f"DTSTART:{booking.start_time.astimezone(UTC):%Y%m%dT%H%M%SZ}" in first.text


def test_course_calendar_has_each_class(shop: Shop) -> None:
    browser = book(shop.at_check(SAIL))
    text = browser.get(browser.page.link("Add to calendar").href).answer.text
    assert text.count("BEGIN:VEVENT") == 4


def test_database_shows_nothing_of_a_guest(shop: Shop) -> None:
    book(shop.at_check())

    assert Draft.objects.count() >= 1
    stored = b"".join(bytes(draft.sealed) for draft in Draft.objects.all())
    for secret in GUEST.values():
        assert secret.encode() not in stored
    attempt = Attempt.objects.get()
    assert attempt.state == "confirmed"
    assert not any(value in str(vars(attempt)) for value in GUEST.values())


def _total(browser: PlainBrowser) -> str:
    return str(browser.page.select(".sum .total dd")[0].get_text())
