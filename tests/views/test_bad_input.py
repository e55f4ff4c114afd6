"""Whatever is sent, the answer is a clear page with a truthful status, and nothing that was typed is lost."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from tests.plain_browser import PlainBrowser
from tests.shop import GUEST, KAYAK, PADDLE, RIDGE, Shop, book, times_of

LONG = "x" * 10_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ODD_QUERIES = [
    "date=1999-01-01",
    "month=1999-01",
    "month=garbage",
    "more=x.y",
    "more=unknown-token.2",
    "more=..9",
    "date=9999-12-31",
    "month=9999-12",
]
PAGES = ["", "times/", "details/", "sign-in/", "participants/", "check/", "checking/", "confirmed/", "calendar.ics"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("adults=10000", "At most 12"),
        ("adults=-1", "At least 0"),
        ("adults=two", "Give a whole number"),
        ("adults=" + "9" * 5000, "At most 12"),
        ("adults=👨‍👩‍👧", "Give a whole number"),
        ("adults=0", "Add at least one person"),
        ("adults=10&children=10", "At most 12 people can book together; you have 20"),
        ("adults=1&date=2027-13-45", "Give a date"),
        ("adults=1&opt-8KRT4WNE=NOPE", "Choose one of the list"),
        ("adults=1&opt-3JWX6LTA=99", "At most 12"),
    ],
)
def test_wrong_wishes_are_named_at_the_field(shop: Shop, query: str, said: str) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    browser.get(browser.url + "?" + query)

    assert browser.status == 422
    assert said.lower() in browser.page.one("#party [role=alert]").get_text(" ").lower()
    assert not browser.page.select(".slot")
    assert "create_hold" not in shop.operations


def test_wrong_wishes_answer_htmx_with_the_same_words(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    browser.get(browser.url + "?adults=10000", headers={"HX-Request": "true"})

    assert browser.status == 422
    assert browser.page.one("[role=alert] a")["href"] == "#adults"


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_odd_addresses_show_the_next_free_times(shop: Shop, query: str) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    browser.get(f"{browser.url}?adults=2&{query}")

    assert browser.status == 200
    assert browser.page.select(".slot")


@pytest.mark.parametrize(
    "path",
    [
        "/products/NOSUCHPRODUCT/",
        "/products/5117STAFFD19C0A1B2D09/",
        "/checkout/short/details/",
        "/nothing/here",
        "/products/a%00b/",
    ],
)
def test_unknown_addresses_are_404(shop: Shop, path: str) -> None:
    browser = shop.visitor().get(path)
    assert browser.status == 404
    assert browser.page.h1 == "This page does not exist"


@pytest.mark.parametrize(
    "page", ["", "times/", "details/", "sign-in/", "participants/", "check/", "checking/", "confirmed/", "calendar.ics"]
)
def test_unknown_draft_is_gone(shop: Shop, page: str) -> None:
    browser = shop.visitor().get(f"/checkout/{'A' * 32}/{page}")
    assert browser.status == 410
    assert browser.page.h1 == "This booking page has run out"


@pytest.mark.parametrize(
    "slot", ["", "made-up", "5117KAYAK_2027-01-01|2027-01-01T10:00:00+01:00|2027-01-01T12:00:00+01:00||~forged"]
)
def test_tampered_time_offers_the_times_again(shop: Shop, slot: str) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    answer = _post(browser, browser.url, {"slot": slot, "visit": ""})

    assert answer.status == 422
    assert "Please choose one of these times" in answer.page.text
    assert "create_hold" not in shop.operations


def test_post_from_another_site_is_refused(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    browser.submit("#party", button=times_of(browser)[0].text, headers={"Sec-Fetch-Site": "cross-site"})

    assert browser.status == 403
    assert "create_hold" not in shop.operations


def test_form_of_another_draft_is_refused(shop: Shop) -> None:
    mine, other = shop.at_details(), shop.at_details()
    foreign = other.page.form("#details").fields["key"]
    mine.submit("#details", GUEST | {"key": str(foreign)}, button="Continue")

    assert mine.status == 403


def test_one_megabyte_is_413(shop: Shop) -> None:
    browser = shop.at_details()
    browser.submit("#details", GUEST | {"first_name": "x" * 1_000_000}, button="Continue")
    assert browser.status == 413


def test_wrong_details_are_summed_up_and_kept(shop: Shop) -> None:
    browser = shop.at_details()
    typed = {"first_name": "Élodie 🛶", "last_name": LONG[:200], "email": "maya@lindqvist", "phone": "12"}
    browser.submit("#details", typed, button="Continue")

    assert browser.status == 422
    summary = browser.page.one("form [role=alert]")
    links = [(a["href"], a.get_text()) for a in summary.select("a")]
    assert [href for href, _ in links] == ["#id_last_name", "#id_email", "#id_phone"]
    assert "E-mail: this has no ending, such as .com." in [text for _, text in links]
    assert {name: browser.page.form("#details").fields[name] for name in typed} == typed
    assert browser.page.one("#id_email")["aria-invalid"] == "true"
    assert browser.page.one("#id_email_error").get_text() == "This has no ending, such as .com."


def test_half_an_address_asks_for_the_rest(shop: Shop) -> None:
    browser = shop.at_details()
    browser.submit("#details", GUEST | {"address1": "Marienplatz 1"}, button="Continue")

    assert browser.status == 422
    hrefs = [a["href"] for a in browser.page.select("form [role=alert] a")]
    assert hrefs == ["#id_city", "#id_country"]
    assert browser.page.one("details:has(#id_city)").has_attr("open")


def test_terms_must_be_agreed_to(shop: Shop) -> None:
    browser = shop.at_check()
    form = browser.page.form("form:has(#id_terms)")
    browser.submit(form, {"terms": []}, button=form.buttons[0].text)

    assert browser.status == 422
    assert browser.page.select("a[href='#id_terms']")
    assert "create_booking" not in shop.operations


@pytest.mark.parametrize("page", ["check/", "participants/", "confirmed/", "checking/", "calendar.ics"])
def test_too_early_goes_to_the_first_unfinished_step(shop: Shop, page: str) -> None:
    browser = shop.at_details()
    browser.get(browser.url.replace("details/", page))
    assert browser.page.h1 == "Your details"


def test_confirmed_draft_shows_the_confirmation_everywhere(shop: Shop) -> None:
    browser = book(shop.at_check())
    base = browser.url.removesuffix("confirmed/")
    for page in ("", "details/", "check/", "participants/", "times/", "sign-in/"):
        browser.get(base + page)
        assert browser.page.h1.startswith("See you on "), page


def test_nothing_changes_on_get(shop: Shop) -> None:
    browser = shop.at_check()
    shop.calls.clear()
    base = browser.url.removesuffix("check/")
    for page in ("", "details/", "check/", "times/", "checking/"):
        browser.get(base + page)
    for page in ("code/", "sign-out/"):
        assert browser.get(base + page).page.h1 == "Check and book"
    assert not [call for call in shop.calls if call.is_write and call.operation != "search_matching_slots"]


def test_stepper_works_without_script(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    browser.submit("#party", button="One more: Adults")
    browser.submit("#party", button="One more: Children")
    fields = browser.page.form("#party").fields
    assert (fields["adults"], fields["children"]) == ("2", "1")

    for _ in range(4):
        browser.submit("#party", button="One fewer: Children")
    assert browser.page.form("#party").fields["children"] == "0"


def test_later_and_earlier_times_are_links(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    first = times_of(browser)
    browser.follow("Later times")
    second = times_of(browser)
    assert not set(first) & set(second)
    assert shop.operations[-1] == "list_slots" or "get_matching_slots_page" in shop.operations
    browser.follow("Earlier times")
    assert times_of(browser) == first


def test_nothing_that_fits_says_so_and_offers_another_party(shop: Shop) -> None:
    nothing = {"data": [], "info": {"totalItems": 0, "totalPages": 1, "currentPage": 1}}
    shop.answer_instead("/availability/matchingslots", nothing)
    browser = shop.visitor().get("/").follow(PADDLE)
    browser.get(browser.url + "?adults=6")

    assert browser.status == 200
    assert browser.page.one(".empty h3").get_text() == "No free time for 6 adults"
    assert browser.page.link("Change the party").href == "#party"
    assert shop.counted["search_matching_slots"] == 2 * 4  # four months ahead, for each of the two parties


def test_day_without_times_names_the_next_free_one(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(RIDGE)
    today = datetime.now(ZoneInfo("Europe/Rome")).date()
    monday = today + timedelta(days=14 - today.weekday())
    browser.get(f"{browser.url}?adults=2&date={monday}")

    notice = browser.page.one(".when [role=alert]").get_text()
    assert notice.startswith(f"Nothing is free on Monday {monday.day} ")
    assert "The next free time is Wednesday" in notice
    assert browser.page.select(".slot")


def _post(browser: PlainBrowser, address: str, fields: dict[str, str]) -> PlainBrowser:
    return browser._go("POST", address, urlencode(fields).encode(), FORM)
