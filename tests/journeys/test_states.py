"""The rarer states of the pages: each says what to do next, and is accessible."""

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.steps import choose_time, enter_details, open_product
from tests.live import Server
from tests.shop import KAYAK

pytestmark = pytest.mark.browser


@pytest.fixture
def knob(sandbox_server: Server) -> Iterator[Callable[..., None]]:
    """Make the sandbox misbehave: `knob("fail.createHold", "409")`."""

    def turn(**values: str) -> None:
        requests.post(f"{sandbox_server.url}/knobs", json=values, timeout=10).raise_for_status()

    yield lambda name, value: turn(**{name: value})
    turn()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_holding_time_that_ends(new_page: PageOpener, live_site: Server, color_scheme: str) -> None:
    page = new_page(width=360, color_scheme=color_scheme)
    page.clock.install()
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    page.clock.fast_forward("08:30")
    expect(page.locator(".hold.soon")).to_be_visible()
    assert_accessible(page)
    page.clock.fast_forward("02:00")
    expect(page.locator(".hold.over")).to_be_visible()
    assert_accessible(page)


def test_longer_hold_keeps_the_focus_and_what_was_typed(new_page: PageOpener, live_site: Server) -> None:
    page = new_page(width=360)
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    page.wait_for_function("() => window.htmx")
    page.get_by_label("First name").fill("Maya")
    page.evaluate("document.getElementById('hold').dataset.before = ''")
    page.get_by_role("button", name="Hold for longer").click()
    expect(page.locator("#hold:not([data-before])")).to_be_visible()
    expect(page.get_by_role("button", name="Hold for longer")).to_be_focused()
    expect(page.get_by_label("First name")).to_have_value("Maya")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_booking_that_moved_on(new_page: PageOpener, live_site: Server, color_scheme: str) -> None:
    page = new_page(color_scheme=color_scheme)
    new_page.allow_statuses(410)
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    early = page.url
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.goto(early)
    expect(page.get_by_role("heading", level=1)).to_have_text("This booking has moved on")
    assert_accessible(page)
    page.get_by_label("E-mail").fill("alex@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")


def test_time_that_went(new_page: PageOpener, live_site: Server, knob: Callable[[str, str], None]) -> None:
    page = new_page(width=360)
    new_page.allow_statuses(409)
    open_product(page, live_site.url, KAYAK)
    knob("fail.createHold", "409")
    page.locator(".slot").nth(4).click()
    expect(page.locator(".when [role=alert]")).to_contain_text("has just gone")
    expect(page.locator(".slot").first).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_press_that_is_looked_into(
    new_page: PageOpener, live_site: Server, knob: Callable[[str, str], None], color_scheme: str
) -> None:
    page = new_page(width=360, color_scheme=color_scheme)
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.get_by_label(re.compile("I agree")).check()
    knob("fail.createBooking", "503")
    page.get_by_role("button", name=re.compile("^Book for")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We are checking your booking")
    assert_accessible(page)


def test_script_block_for_search_engines_is_no_matter_for_the_policy(new_page: PageOpener, live_site: Server) -> None:
    page = new_page()  # which fails for every violation
    open_product(page, live_site.url, KAYAK)
    data = page.evaluate("JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)")
    assert (data["name"], data["offers"]["lowPrice"]) == (KAYAK, "32")
