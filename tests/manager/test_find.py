"""Finding bookings and customers: the box, the filters, long lists, and what must never stand in an address."""

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from booking.bookeo import Booking
from booking.services import days, finding, sought
from booking.services.finding import Cancelled, Cursor, Filters, Meaning
from booking.services.sought import SearchGone
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, SETTINGS, Shop, book
from tests.staff import make_staff, signed_in

FIND = "/manager/find/"


@pytest.fixture
def desk(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.DESK))


def _look_for(browser: PlainBrowser, text: str) -> PlainBrowser:
    return browser.get(FIND).submit("#find", {"text": text}, button="Find")


def _booked(shop: Shop) -> Booking:
    number = str(book(shop.at_check(KAYAK, "?adults=2")).page.one(".code data")["value"])
    return shop.client.get_booking(booking_number=number)


def _numbers(browser: PlainBrowser) -> list[str]:
    return [cell.get_text().replace(" ", "") for cell in browser.page.select("td[data-label=Number]")]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("5412051800271", Meaning.NUMBER),
        ("5412 0518 0027 1", Meaning.NUMBER),
        ("#5117 6112 2312 3221", Meaning.NUMBER),
        ("maya@example.com", Meaning.EMAIL),
        ("+39 0555 010199", Meaning.PHONE),
        ("0039 0555 010199", Meaning.PHONE),
        ("(0555) 01-01-99", Meaning.PHONE),
        ("Maya Lindqvist", Meaning.NAME),
        ("Room 12", Meaning.NAME),
        ("007", Meaning.NAME),
    ],
)
def test_text_means_what_people_mean_by_it(text: str, meaning: Meaning) -> None:
    assert finding.meaning_of(text) == meaning


def test_page_itself_asks_only_for_what_is_remembered(shop: Shop, desk: PlainBrowser) -> None:
    desk.get(FIND)
    assert desk.status == 200
    assert set(shop.operations) <= SETTINGS


def test_number_leads_straight_to_the_booking(shop: Shop, desk: PlainBrowser) -> None:
    _look_for(desk, "5412 0518 0027 16")
    assert desk.redirects == ["/manager/bookings/54120518002716/"]


@pytest.mark.parametrize("number", ["5117 6112 2312 3221", "1" * 80])
def test_wrong_number_can_be_put_right(desk: PlainBrowser, number: str) -> None:
    _look_for(desk, f"#{number}")
    digits = number.replace(" ", "")
    assert (desk.status, desk.page.h1) == (404, "Find")
    assert str(desk.page.one("#id_text")["value"]).replace(" ", "") == digits
    (problem,) = desk.page.select("main [role=alert] a[href='#id_text']")
    assert problem.get_text().replace(" ", "") == f"Nobookinghasthenumber{digits}:checkthedigits."


@pytest.mark.parametrize("text", ["Visitor Guest", "visitor,  guest"])
def test_surname_may_come_first(shop: Shop, desk: PlainBrowser, text: str) -> None:
    _look_for(desk, text)
    assert "guest@example.com" in desk.page.text
    assert shop.counted["search_customers"] == 2


@pytest.mark.parametrize(
    ("text", "searches"), [("nobody-of-this-name", 1), ("Nobody Thisname", 2), ("No Body Thisname", 1)]
)
def test_nobody_costs_two_searches_at_most(shop: Shop, desk: PlainBrowser, text: str, searches: int) -> None:
    _look_for(desk, text)
    assert shop.counted["search_customers"] == searches


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("+39 0555 999999", "Nobody with this telephone number is found."),
        ("none@nowhere.example", "Nobody with this e-mail is found."),
    ],
)
def test_nobody_found_is_told_by_what_was_looked_for(desk: PlainBrowser, text: str, sentence: str) -> None:
    _look_for(desk, text)
    assert sentence in desk.page.text
    assert "part of the name" not in desk.page.text


@pytest.mark.parametrize("text", ["guest@example.com", "Guest Visitor", " guest   visitor ", "visitor"])
def test_name_and_email_find_the_customer_and_the_bookings(shop: Shop, desk: PlainBrowser, text: str) -> None:
    _look_for(desk, text)
    assert "Guest Visitor" in {link.text for link in desk.page.links if link.href.startswith("/manager/customers/")}
    assert "guest@example.com" in desk.page.text
    assert _numbers(desk)
    assert shop.counted["search_customers"] == 1
    assert shop.counted["list_customer_bookings"] <= finding.CUSTOMERS_LOOKED_INTO


def test_phone_is_looked_for_in_the_bookings_around_today(shop: Shop, desk: PlainBrowser) -> None:
    made = _booked(shop)
    _look_for(desk, "055 5010188")
    assert _numbers(desk) == [made.booking_number]
    assert "Bookeo cannot look for telephone numbers" in desk.page.text
    assert "alex@example.com" in desk.page.text


def test_nobody_found_says_so(desk: PlainBrowser) -> None:
    _look_for(desk, "nobody-of-this-name")
    assert "Nobody is found under this" in desk.page.text


def test_empty_box_is_pointed_out(desk: PlainBrowser) -> None:
    _look_for(desk, " # ")
    assert desk.status == 422
    assert desk.page.select("[role=alert] a[href='#id_text']")


def test_what_is_typed_stands_in_no_address_and_no_log(desk: PlainBrowser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        _look_for(desk, "guest@example.com")
    addresses = [*desk.redirects, desk.url]
    assert not [address for address in addresses if "guest" in address or "example" in address]
    assert "guest@example.com" not in caplog.text
    assert desk.answer.header("Referrer-Policy") == "same-origin"
    assert desk.answer.header("Cache-Control") == "no-store"


def test_address_of_a_search_runs_out_and_cannot_be_made_up(desk: PlainBrowser) -> None:
    assert desk.get(f"{FIND}?seek=made-up").status == 404
    assert desk.page.h1 == "This search has run out"
    sealed = sought.seal("Maya")
    assert sought.unseal(sealed) == "Maya"
    with time_machine.travel(days.now() + timedelta(days=1)), pytest.raises(SearchGone):
        sought.unseal(sealed)


def test_filters_find_bookings_by_start_and_product(shop: Shop, desk: PlainBrowser) -> None:
    made = _booked(shop)
    day = days.day_of(made.start_time)
    desk.get(f"{FIND}?first={day}&last={day}&product={made.product_id}")
    assert made.booking_number in _numbers(desk)
    products = [cell.get_text(" ", strip=True) for cell in desk.page.select("td[data-label=Product]")]
    assert products
    assert all(product.startswith(KAYAK) for product in products)
    desk.get(f"{FIND}?first={day + timedelta(days=300)}&last={day + timedelta(days=300)}")
    assert desk.page.select(".empty")


def test_cancelled_ones_are_left_out_shown_or_alone(shop: Shop, desk: PlainBrowser) -> None:
    made = _booked(shop)
    shop.client.cancel_booking(booking_number=made.booking_number)
    query = f"{FIND}?first={days.day_of(made.start_time)}&last={days.day_of(made.start_time)}"
    assert made.booking_number not in _numbers(desk.get(query))
    assert made.booking_number in _numbers(desk.get(f"{query}&cancelled=too"))
    only = _numbers(desk.get(f"{query}&cancelled=only"))
    assert made.booking_number in only
    assert len(only) == len(desk.page.select("td .badge.bad"))


def test_unpaid_ones_alone(shop: Shop, desk: PlainBrowser) -> None:
    desk.get(f"{FIND}?unpaid=on")
    dues = [cell.get_text(strip=True) for cell in desk.page.select("td[data-label='To pay']")]
    assert dues
    assert all(dues)
    assert "looked through" in desk.page.text


def test_changed_lately(shop: Shop, desk: PlainBrowser) -> None:
    made = _booked(shop)
    desk.get(f"{FIND}?changed={days.today()}")
    assert made.booking_number in _numbers(desk)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=soon", "id_first"),
        ("first=2027-06-12&last=2027-06-11", "id_last"),
        ("first=2027-01-01&last=2029-01-01", "id_last"),
        ("changed=2200-01-01", "id_changed"),
        ("product=none-such", "id_product"),
        ("cancelled=perhaps", "id_cancelled"),
    ],
)
def test_nonsense_in_a_filter_is_pointed_out(desk: PlainBrowser, query: str, field: str) -> None:
    desk.get(f"{FIND}?{query}")
    assert desk.status == 422
    assert desk.page.select(f"[role=alert] a[href='#{field}']")


def test_long_list_is_read_page_by_page(shop: Shop, desk: PlainBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 10)
    first, last = days.today(), days.today() + timedelta(days=60)
    everything = [b.booking_number for page in finding.every_page(Filters(first, last)) for b in page]
    shop.calls.clear()
    desk.get(f"{FIND}?first={first}&last={last}")
    assert shop.counted["list_bookings"] + shop.counted["get_bookings_page"] == 1
    seen = _numbers(desk)
    while desk.page.select("a[data-further]"):
        shop.calls.clear()
        seen += _numbers(desk.follow("Further"))
        assert shop.counted["list_bookings"] + shop.counted["get_bookings_page"] == 1
    assert len(everything) > 20
    assert sorted(set(seen)) == sorted(everything)
    assert desk.page.link("Beginning").href.startswith("?first=")


def test_page_whose_token_ran_out_is_asked_for_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 10)
    filters = Filters(days.today(), days.today() + timedelta(days=20))
    second = finding.find_page(filters, Cursor()).next
    assert second is not None
    shop.calls.clear()
    assert finding.find_page(filters, Cursor(0, 2, "forgotten")).bookings == finding.find_page(filters, second).bookings
    assert shop.counted["list_bookings"] == 1


def test_picked_list_looks_through_a_few_pages_at_a_time(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 5)
    filters = Filters(days.today(), days.today() + timedelta(days=60), cancelled=Cancelled.ONLY)
    shop.calls.clear()
    found = finding.find_page(filters, Cursor())
    assert len(shop.calls) <= finding.PAGES_AT_ONCE
    assert found.looked_at <= 5 * finding.PAGES_AT_ONCE
    assert found.next is not None


def test_nothing_is_to_pay_for_a_cancelled_booking(shop: Shop) -> None:
    made = _booked(shop)
    assert finding.left_to_pay(made) > 0
    assert finding.left_to_pay(made.model_copy(update={"canceled": True})) == Decimal(0)
    assert finding.left_to_pay(made.model_copy(update={"price": None})) == Decimal(0)


@pytest.mark.parametrize("text", ["Maya", "maya@example.com"])
def test_permission_that_the_key_lacks_is_named(shop: Shop, desk: PlainBrowser, text: str) -> None:
    shop.as_key("readonly-api-key")
    _look_for(desk, text)
    assert desk.status == 503
    assert "customers_r_all" in desk.page.text


def test_dead_bookeo_is_no_empty_list(shop: Shop, desk: PlainBrowser) -> None:
    desk.get(FIND)
    shop.knobs("fail=503")
    desk.get(f"{FIND}?unpaid=on")
    assert desk.status == 503
    assert desk.page.h1 == "Bookeo does not answer"
