"""Two people at once, two presses at once, time running out, answers getting lost."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import requests
import time_machine

from booking.bookeo import BookingInput, ParticipantsInput, PeopleNumber, Slot
from booking.models import Attempt
from tests.plain_browser import PlainBrowser
from tests.shop import GUEST, KAYAK, KAYAK_ID, PADDLE, Shop, book, choose, times_of

PADDLE_ID = "5117PADDLE19C0A1B2D04"


def test_second_press_on_a_time_finds_the_draft_of_the_first(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    page, url = browser.page, browser.url
    first = choose(browser).url
    again = PlainBrowser.in_process().get(url)
    again._page = page  # the same showing of the page, pressed twice

    assert choose(again).url == first
    assert shop.counted["create_hold"] == 1


def test_other_time_from_the_same_page_gives_the_first_hold_up(shop: Shop) -> None:
    seats = FreeSeats(shop)
    browser = shop.visitor().get("/").follow(KAYAK)
    page, url = browser.page, browser.url
    choose(browser)
    again = PlainBrowser.in_process().get(url)
    again._page = page
    choose(again, 6)

    sent = [call for call in shop.operations if call == "create_hold"]
    assert len(sent) == 2
    assert again.url == browser.url
    assert seats.taken() == 1


def test_time_that_went_keeps_the_party_and_offers_others(shop: Shop) -> None:
    seat = LastSeat.made_in(shop)
    quick, slow = seat.browse(), seat.browse()
    label = seat.label(slow)
    seat.press(quick)
    seat.press(slow)

    assert quick.page.h1 == "Your details"
    assert slow.status == 409
    assert "has just gone" in slow.page.one(".when [role=alert]").get_text()
    assert slow.page.form("#party").fields["adults"] == "1"
    offered = [button.text for button in times_of(slow)]
    assert label not in offered


def test_alternatives_begin_with_the_day_that_was_chosen(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    last = times_of(browser)[-1]
    event = last.value.split("|")[0]
    start = datetime.fromisoformat(last.value.split("|")[1])
    slots = shop.client.list_slots(product_id=KAYAK_ID, start_time=start, end_time=start + timedelta(hours=1))
    _take_all(shop, next(slot for slot in slots.data if slot.event_id == event), KAYAK_ID)
    choose(browser, -1)

    assert browser.status == 409
    first_day = browser.page.select(".when h3")[0].get_text()
    assert first_day.startswith(f"{start:%A} {start.day} ")


def test_double_press_on_book_books_once(shop: Shop) -> None:
    browser = shop.at_check()
    form = browser.page.form("form:has(#id_terms)")
    second = PlainBrowser.in_process().get(browser.url)
    book(browser)
    second.submit(form, {"terms": "on"}, button=form.buttons[0].text)

    assert browser.page.h1 == second.page.h1
    assert shop.counted["create_booking"] == 1


def test_other_window_cannot_change_what_a_press_books(shop: Shop) -> None:
    shown = shop.at_check()
    other = PlainBrowser.in_process().get(shown.url).follow("Change the time")
    choose(other, 2)
    book(shown)

    assert shown.status == 409
    assert "Something was changed" in shown.page.one("[data-focus]").get_text()
    assert "create_booking" not in shop.operations
    assert shown.page.select(".pairs")[0].get_text() == other.page.select(".pairs")[0].get_text()
    assert book(shown).page.h1.startswith("See you on ")


def test_price_that_changes_with_a_longer_hold_is_seen_before_it_is_agreed_to(shop: Shop) -> None:
    browser = shop.at_check()
    browser.submit("form:has(#id_code)", {"code": "WELCOME10"}, button="Apply")
    shown = PlainBrowser.in_process().get(browser.url)  # with script only the box of the hold changes
    shop.refuse_codes()
    browser.submit(
        "#book", button="Hold for longer", headers={"HX-Request": "true"}
    )  # changes the box of the hold alone
    book(shown)

    assert shown.status == 409
    assert "Not accepted any more: WELCOME10" in shown.page.text
    assert "create_booking" not in shop.operations


def test_two_presses_at_the_same_moment_book_once(shop: Shop) -> None:
    browser = shop.at_check()
    form = browser.page.form("form:has(#id_terms)")
    second = PlainBrowser.in_process().get(browser.url)

    def press_again(request: requests.PreparedRequest) -> None:
        if request.method == "POST" and "/bookings?" in str(request.path_url):
            shop.adapter.before = None
            second.submit(form, {"terms": "on"}, button=form.buttons[0].text)

    shop.meddle(press_again)
    book(browser)

    assert browser.page.h1.startswith("See you on ")
    assert second.page.h1 == "We are checking your booking"
    assert second.get(second.url).page.h1 == browser.page.h1
    assert shop.counted["create_booking"] == 1


def test_expired_hold_loses_nothing_and_books_at_the_same_price(shop: Shop) -> None:
    browser = shop.at_check()
    with time_machine.travel(_in_minutes(11), tick=True):
        browser.get(browser.url)
        assert "The holding time is over" in browser.page.one(".hold").get_text()
        assert GUEST["email"] in browser.page.text
        book(browser)
    assert browser.page.h1.startswith("See you on ")
    assert shop.counted["create_hold"] == 2


def test_hold_can_be_started_anew_on_the_spot(shop: Shop) -> None:
    seats = FreeSeats(shop)
    browser = shop.at_details()
    with time_machine.travel(_in_minutes(8), tick=True):
        browser.get(browser.url)
        browser.submit("#details", {"first_name": "Maya"}, button="Hold for longer")
        assert browser.page.form("#details").fields["first_name"] == "Maya"
        assert browser.page.h1 == "Your details"
        assert browser.page.one("[data-left]").get_text() == "10 min"
    assert seats.taken() == 1


def test_time_that_went_after_the_hold_ran_out_keeps_what_was_typed(shop: Shop) -> None:
    seat = LastSeat.made_in(shop)
    browser = seat.press(seat.browse()).submit("#details", GUEST, button="Continue")
    with time_machine.travel(_in_minutes(11), tick=True):
        _take_all(shop, seat.slot)
        book(browser)

        assert "has just gone" in browser.page.one(".when [role=alert]").get_text()
        assert "Keep it" not in browser.page.text
        assert browser.page.form("#party").fields["adults"] == "1"
        choose(browser)
        assert browser.page.h1 == "Check and book"
        assert GUEST["email"] in browser.page.text


def test_lost_answer_is_looked_up_and_ends_as_confirmed(shop: Shop) -> None:
    browser = shop.at_check()
    shop.knobs("cut=after", on="POST /v2/bookings", times=1)
    book(browser)

    # The page that looks it up found the booking by its reference: the customer never sees an error.
    assert browser.page.h1.startswith("See you on ")
    assert shop.counted["create_booking"] == 1
    assert Attempt.objects.get().state == "confirmed"


def test_lost_answer_of_a_booking_that_was_not_made_frees_the_way(shop: Shop) -> None:
    browser = shop.at_check()
    shop.knobs("fail=503", on="POST /v2/bookings", times=1)
    book(browser)
    assert browser.page.h1 == "We are checking your booking"
    assert browser.answer.header("Refresh") == "3"

    with time_machine.travel(_in_minutes(2), tick=True):
        browser.get(browser.url)
        assert browser.page.h1 == "Check and book"
        book(browser)
    assert browser.page.h1.startswith("See you on ")
    assert sorted(Attempt.objects.values_list("state", flat=True)) == ["confirmed", "lost"]


def test_address_from_before_the_details_opens_nothing_personal(shop: Shop) -> None:
    browser = shop.at_details()
    early = browser.url
    browser.submit("#details", GUEST, button="Continue")
    assert browser.url.split("/")[2] != early.split("/")[2]

    stranger = shop.visitor().get(early)
    assert stranger.status == 410
    assert not any(value in stranger.answer.text for value in GUEST.values())
    for _ in range(5):
        stranger.submit("form", {"email": "guess@example.com"}, button="Go on with this booking")
        assert stranger.status == 422
    stranger.submit("form", {"email": GUEST["email"]}, button="Go on with this booking")
    assert stranger.status == 429


def test_back_to_the_old_address_leads_on_with_the_email(shop: Shop) -> None:
    browser = shop.at_details()
    early = browser.url
    browser.submit("#details", GUEST, button="Continue")
    browser.get(early).submit("form", {"email": " Alex@Example.com "}, button="Go on with this booking")
    assert browser.page.h1 == "Check and book"


def test_second_press_on_continue_arrives_too(shop: Shop) -> None:
    browser = shop.at_details()
    form, url = browser.page.form("#details"), browser.url
    browser.submit(form, GUEST, button="Continue")
    second = PlainBrowser.in_process()
    second.url = url
    second._page = browser._page
    second.submit(form, GUEST, button="Continue")
    assert second.url == browser.url


def test_changing_the_time_keeps_the_details(shop: Shop) -> None:
    seats = FreeSeats(shop)
    browser = shop.at_check()
    browser.get(browser.page.link("Change the time").href)
    browser.get(browser.url + "?adults=2")
    choose(browser, 2)

    assert browser.page.h1 == "Check and book"
    assert "2 adults" in browser.page.text
    assert GUEST["email"] in browser.page.text
    assert seats.taken() == 2


@pytest.mark.parametrize(
    "knob",
    [
        *(f"fail={status}" for status in (401, 403, 429, 500, 503)),
        *(f"garbage={kind}" for kind in ("html", "truncated", "content_type", "error_body")),
        "cut=before",
    ],
)
def test_catalogue_is_honest_when_the_upstream_is_not(shop: Shop, knob: str) -> None:
    shop.knobs(knob)
    browser = shop.visitor().get("/")

    assert browser.status == 503
    assert browser.page.h1 == "We cannot reach the calendar right now"
    assert browser.answer.header("Retry-After")
    assert browser.page.link("Try again").href == "/"


def test_failing_hold_keeps_the_page_of_times_usable(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    url = browser.url
    shop.knobs("fail=500", on="POST /v2/holds")
    choose(browser)
    assert browser.status == 503
    assert browser.answer.header("Retry-After")
    shop.adapter.before = None
    assert choose(browser.get(url)).page.h1 == "Your details"


class FreeSeats:
    """Free kayak seats of the coming week; `taken()` tells how many fewer there are than at the start."""

    def __init__(self, shop: Shop) -> None:
        self._client = shop.client
        self._before = self._count()

    def taken(self) -> int:
        return self._before - self._count()

    def _count(self) -> int:
        start = datetime.now(UTC)
        slots = self._client.list_slots(
            product_id=KAYAK_ID, start_time=start, end_time=start + timedelta(days=7), items_per_page=300
        )
        return sum(slot.num_seats_available for slot in slots.data)


@dataclass
class LastSeat:
    """A paddleboard time with one seat left. `browse` shows it to somebody, `press` chooses it."""

    shop: Shop
    slot: Slot

    @classmethod
    def made_in(cls, shop: Shop) -> "LastSeat":
        client = shop.client
        start = datetime.now(UTC) + timedelta(days=3)
        slots = client.list_slots(product_id=PADDLE_ID, start_time=start, end_time=start + timedelta(days=25))
        slot = next(slot for slot in slots.data if slot.num_seats_available >= 2)
        numbers = (PeopleNumber(people_category_id="Cadults", number=slot.num_seats_available - 1),)
        booking = BookingInput(
            product_id=PADDLE_ID, event_id=slot.event_id, participants=ParticipantsInput(numbers=numbers)
        )
        client.create_hold(booking=booking, hold_duration_seconds=600)
        shop.calls.clear()
        return cls(shop, slot)

    def browse(self) -> PlainBrowser:
        browser = self.shop.visitor().get("/").follow(PADDLE)
        return browser.get(f"{browser.url}?adults=1&date={self.slot.start_time:%Y-%m-%d}")

    def press(self, browser: PlainBrowser) -> PlainBrowser:
        return browser.submit("#party", button=self.label(browser))

    def label(self, browser: PlainBrowser) -> str:
        start = f"Book {self.slot.start_time:%H:%M} "
        return next(button.text for button in times_of(browser) if button.text.startswith(start))


def _take_all(shop: Shop, slot: Slot, product_id: str = PADDLE_ID) -> None:
    """Somebody else holds every seat of a slot."""
    client = shop.client
    left = client.list_slots(product_id=product_id, start_time=slot.start_time, end_time=slot.end_time).data[0]
    numbers = (PeopleNumber(people_category_id="Cadults", number=left.num_seats_available),)
    booking = BookingInput(
        product_id=product_id, event_id=slot.event_id, participants=ParticipantsInput(numbers=numbers)
    )
    client.create_hold(booking=booking)


def _in_minutes(minutes: int) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)
