"""A piece of a day at the desk, in Chromium: sign in, see the day, open a booking, take a payment, check in."""

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener, assert_accessible
from tests.live import Server, manage, site_environment
from tests.staff import PASSWORD


@pytest.fixture
def owner(live_site: Server, collected_static_files: Path) -> str:
    """The e-mail of a new owner of the live site."""
    email = f"{uuid.uuid4().hex[:8]}@example.com"
    environment = site_environment(live_site.log.parent, collected_static_files)
    manage(["create_owner", "--email", email, "--name", "Marta"], {**environment, "STAFF_PASSWORD": PASSWORD})
    return email


def _sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/manager/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("nav.links [aria-current]")).to_have_text("Today")


def _go_to_a_day_with_something_due(page: Page) -> None:
    for _ in range(10):
        heading = page.get_by_role("heading", level=1).inner_text()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
        if page.locator(".run tr:has(.badge.warn:text-is('due'))").count():
            return
    raise AssertionError("the demo has nothing due")


def _fits(page: Page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], page.url


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "light"), (768, "dark"), (1280, "light")])
def test_piece_of_a_day_at_the_desk(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    _sign_in(page, live_site.url, owner)
    assert_accessible(page)
    _go_to_a_day_with_something_due(page)
    day = page.url
    assert_accessible(page)
    _fits(page)

    page.locator(".run tr:has(.badge.warn:text-is('due')) a").first.click()
    number = page.locator("h1 + p .num").inner_text().replace(" ", "")
    assert_accessible(page)
    _fits(page)
    page.get_by_role("link", name="Take payment").click()
    assert_accessible(page)
    _fits(page)
    page.get_by_label("How").select_option("cash")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_role("status").filter(has_text="recorded at Bookeo")).to_be_visible()
    expect(page.get_by_text("Nothing due", exact=True)).to_be_visible()

    page.goto(day)
    button = page.locator(f"#check-{number}")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(page.locator("#here")).not_to_have_text("0")
    assert page.url == day
    assert_accessible(page)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_booking_is_cancelled_and_the_list_printed(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(width=360, cookies="accepted", color_scheme="dark")
    _sign_in(page, live_site.url, owner)
    _go_to_a_day_with_something_due(page)
    day = page.url
    page.get_by_role("link", name="Who is coming").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert_accessible(page)
    _fits(page)

    page.goto(day)
    page.locator(".run tr:has(.badge.warn:text-is('due')) a").first.click()
    page.get_by_role("link", name="Cancel booking").click()
    assert_accessible(page)
    _fits(page)
    page.locator("#id_template").select_option("The weather does not allow it")
    page.get_by_role("button", name=re.compile("^Cancel booking")).click()
    expect(page.get_by_role("status").filter(has_text="is cancelled")).to_be_visible()
    assert_accessible(page)
