"""A piece of a day at the desk, in Chromium: sign in, see the day, open a booking, take a payment, check in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import assert_fits, sign_in
from tests.live import Server


def _go_to_a_day_with_something_due(page: Page) -> None:
    for _ in range(10):
        heading = page.get_by_role("heading", level=1).inner_text()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
        if page.locator(".run tr:has(.badge.warn:text-is('due'))").count():
            return
    raise AssertionError("the demo has nothing due")


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "light"), (768, "dark"), (1280, "light")])
def test_piece_of_a_day_at_the_desk(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    sign_in(page, live_site, owner)
    assert_accessible(page)
    _go_to_a_day_with_something_due(page)
    day = page.url
    assert_accessible(page)
    assert_fits(page)

    page.locator(".run tr:has(.badge.warn:text-is('due')) a").first.click()
    number = page.locator("h1 + p .num").inner_text().replace(" ", "")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Take payment").click()
    assert_accessible(page)
    assert_fits(page)
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
    sign_in(page, live_site, owner)
    _go_to_a_day_with_something_due(page)
    day = page.url
    page.get_by_role("link", name="Who is coming").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    page.goto(day)
    page.locator(".run tr:has(.badge.warn:text-is('due')) a").first.click()
    page.get_by_role("link", name="Cancel booking").click()
    assert_accessible(page)
    assert_fits(page)
    page.locator("#id_template").select_option("The weather does not allow it")
    page.get_by_role("button", name=re.compile("^Cancel booking")).click()
    expect(page.get_by_role("status").filter(has_text="is cancelled")).to_be_visible()
    assert_accessible(page)
