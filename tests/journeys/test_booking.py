"""Bookings by hand, in Chromium: with script and without, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.steps import book, choose_time, enter_details, open_product
from tests.live import Server
from tests.shop import KAYAK

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("product", [KAYAK, "Sailing course, four evenings", "Private canoe lesson"])
def test_guest_books(new_page: PageOpener, live_site: Server, product: str, javascript: bool, width: int) -> None:
    page = new_page(width=width, javascript=javascript)
    open_product(page, live_site.url, product)
    choose_time(page)
    enter_details(page)
    book(page)

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^See you on .*, Alex$"))
    expect(page.locator(".ticket .pic")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_every_page_of_the_flow_is_accessible(new_page: PageOpener, live_site: Server, color_scheme: str) -> None:
    page = new_page(width=1280, color_scheme=color_scheme)
    new_page.allow_statuses(422, 409)
    page.goto(live_site.url)
    assert_accessible(page)
    page.get_by_role("link", name=KAYAK).click()
    expect(page.locator(".slot").first).to_be_visible()
    page.get_by_text("Options").click()
    assert_accessible(page)
    choose_time(page)
    page.get_by_text("Address").click()
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert").filter(has_text="put right")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert_accessible(page)
    page.get_by_role("link", name="Go on without signing in").click()
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.get_by_text("Promotion or voucher code").click()
    page.get_by_label(re.compile("code")).fill("NONSENSE")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("alert").filter(has_text="put right")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Change the time").click()
    expect(page.locator(".slot").first).to_be_visible()
    assert_accessible(page)
    page.go_back()
    book(page)
    assert_accessible(page)


def test_members_flow_and_participants_are_accessible(new_page: PageOpener, live_site: Server) -> None:
    page = new_page(width=360)
    new_page.allow_statuses(422)
    open_product(page, live_site.url, "Sunset boat")
    choose_time(page)
    assert_accessible(page)
    page.get_by_label("E-mail").fill("member@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="do not match")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Password").fill("demo-member")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your details")
    assert_accessible(page)

    open_product(page, live_site.url, "Ridge walk with breakfast")
    choose_time(page)
    enter_details(page, **{"A phone number for the mountain": "+39 055 501 0188"})
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is coming?")
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    book(page)


def test_error_pages_are_accessible(new_page: PageOpener, live_site: Server) -> None:
    page = new_page(width=360)
    new_page.allow_statuses(404, 410)
    for path in ("/nowhere", f"/checkout/{'A' * 32}/details/"):
        page.goto(live_site.url + path)
        assert_accessible(page)


def test_party_and_day_change_without_a_new_page(new_page: PageOpener, live_site: Server) -> None:
    page = new_page(width=768)
    open_product(page, live_site.url, KAYAK)
    page.wait_for_function("() => window.htmx")
    page.evaluate("window.sameDocument = true")
    before = page.locator(".slot strong").first.inner_text()

    page.get_by_role("button", name="One more: Adults").click()
    expect(page.locator("#times-status")).to_contain_text("2 adults")
    assert page.locator(".slot strong").first.inner_text() != before
    assert "adults=2" in page.url

    day = page.locator(".month a").nth(4)
    number = re.sub(r"\D", "", day.inner_text().split("\n")[0])
    day.click()
    expect(page.locator(".when h3").first).to_contain_text(number)
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    assert page.evaluate("window.sameDocument")

    page.reload()
    expect(page.locator("#adults")).to_have_value("2")
    expect(page.locator(".when h3").first).to_contain_text(number)


def test_back_from_the_check_finds_the_details_as_they_were(new_page: PageOpener, live_site: Server) -> None:
    page = new_page()
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    page.wait_for_function("() => window.htmx")
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your details")
    expect(page.get_by_label("E-mail")).to_have_value("alex@example.com")


def test_double_click_books_once(new_page: PageOpener, live_site: Server) -> None:
    page = new_page()
    open_product(page, live_site.url, KAYAK)
    page.locator(".slot").first.dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your details")
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.get_by_label(re.compile("I agree")).check()
    page.get_by_role("button", name=re.compile("^Book for")).dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^See you on"))


def test_countdown_warns_and_ends_politely(new_page: PageOpener, live_site: Server) -> None:
    page = new_page()
    page.clock.install()
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    page.clock.fast_forward("08:30")
    expect(page.locator("[data-say]")).to_have_text("Your places are held for two more minutes.")
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^1:\d\d min$"))
    page.clock.fast_forward("02:00")
    expect(page.locator("[data-say]")).to_have_text(re.compile("The holding time is over"))
    expect(page.get_by_role("button", name="Hold the places again")).to_be_visible()


def test_keyboard_alone_books(new_page: PageOpener, live_site: Server) -> None:
    page = new_page()
    open_product(page, live_site.url, KAYAK)
    page.locator(".slot").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your details")
    page.get_by_label("First name").focus()
    for value in ("Alex", "Example", "alex@example.com", "+39 055 501 0188"):
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    page.get_by_label("E-mail").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.get_by_label(re.compile("I agree")).press("Space")
    page.get_by_role("button", name=re.compile("^Book for")).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^See you on"))
