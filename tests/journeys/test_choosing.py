"""The page of times with script: what is shown is what a press holds, whatever happens in between."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import PageOpener
from tests.journeys.steps import open_product
from tests.live import Server
from tests.shop import KAYAK

pytestmark = pytest.mark.browser

TIMES = re.compile(r"/products/[^/]+/\?")


@pytest.fixture
def page(new_page: PageOpener, live_site: Server) -> Iterator[Page]:
    """A visitor who looks at times, with htmx at work."""
    page = new_page(width=768)
    open_product(page, live_site.url, KAYAK)
    page.wait_for_function("() => window.htmx")
    yield page
    # htmx writes its own line when an answer fails to come.
    new_page.problems[:] = [p for p in new_page.problems if not re.search("htmx:|ERR_|status of 503", p)]


def _title(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_enter_in_a_party_field_updates_the_times(page: Page) -> None:
    page.get_by_label("Adults", exact=True).fill("3")
    page.keyboard.press("Enter")
    expect(page.locator("#times-status")).to_contain_text("3 adults")
    expect(page.get_by_label("Adults", exact=True)).to_have_value("3")
    expect(page.get_by_label("Adults", exact=True)).to_be_focused()


def test_address_holds_the_wishes_and_nothing_else(page: Page) -> None:
    page.get_by_role("button", name="One more: Adults").click()
    expect(page.locator("#times-status")).to_contain_text("2 adults")
    assert "adults=2" in page.url
    assert not re.search("visit=|key=|shown=|slot=|step=", page.url)


def test_back_shows_the_party_before(page: Page) -> None:
    more = page.get_by_role("button", name="One more: Adults")
    for number in (2, 3):
        more.click()
        expect(page.locator("#times-status")).to_contain_text(f"{number} adults")
    page.go_back()
    expect(page.locator("#times-status")).to_contain_text("2 adults")
    expect(page.locator("#adults")).to_have_value("2")


def test_times_of_the_party_before_cannot_be_pressed(page: Page) -> None:
    page.route(TIMES, lambda route: None)  # the answer never comes
    page.get_by_role("button", name="One more: Adults").click()
    expect(page.locator("#times")).to_have_attribute("inert", "")
    expect(page.locator("#times-status")).to_have_text("Looking for times…")


def test_time_pressed_at_the_moment_of_the_change_holds_nothing(page: Page, new_page: PageOpener) -> None:
    new_page.allow_statuses(409)
    page.evaluate("""() => {
        document.getElementById("adults").value = "4";
        document.querySelector(".slot").click();
    }""")
    expect(page.locator(".when [role=alert]")).to_contain_text("changed after these times")
    expect(page.locator("#adults")).to_have_value("4")
    expect(page.locator("#times-status")).to_contain_text("4 adults")
    page.locator(".slot").first.click()
    _title(page, "Your details")
    expect(page.locator("aside")).to_contain_text("4 adults")


@pytest.mark.parametrize("failure", ["503", "dropped"])
def test_failed_change_of_party_says_so_and_lets_nobody_press_old_times(page: Page, failure: str) -> None:
    fail(page, TIMES, failure)
    page.get_by_role("button", name="One more: Adults").click()
    box = page.locator("#trouble")
    expect(box).to_be_visible()
    expect(box).to_be_focused()
    expect(page.locator("#adults")).to_have_value("2")
    expect(page.locator("#times")).to_have_attribute("inert", "")
    expect(page.locator("#times-status")).to_have_text("The times below are not for this choice yet.")

    page.unroute(TIMES)
    box.get_by_role("button", name="Try again").click()
    expect(page.locator("#times-status")).to_contain_text("2 adults")
    expect(box).to_be_hidden()
    expect(page.locator("#times")).not_to_have_attribute("inert", "")
    assert "adults=2" in page.url


def test_failed_change_of_day_leaves_the_times_that_are_shown(page: Page) -> None:
    before = page.url
    said = page.locator("#times-status").inner_text()
    fail(page, TIMES, "503")
    page.locator(".month a").nth(2).click()
    expect(page.locator("#trouble")).to_be_focused()
    expect(page.locator("#times-status")).to_have_text(said)
    assert page.url == before

    page.locator("#trouble").get_by_role("button", name="Close").click()
    expect(page.locator(".month a").nth(2)).to_be_focused()
    page.locator(".slot").nth(5).click()
    _title(page, "Your details")


def test_another_month_keeps_the_eyes_on_the_month(page: Page) -> None:
    page.get_by_role("link", name="the month after").click()
    expect(page.locator("#month")).to_be_focused()


def test_wrong_party_is_named_above_it_and_put_right_again(page: Page, new_page: PageOpener) -> None:
    new_page.allow_statuses(422)
    page.get_by_label("Adults", exact=True).fill("99")
    page.keyboard.press("Enter")
    expect(page.locator("#party-problems [role=alert]")).to_be_focused()
    expect(page.locator(".slot")).to_have_count(0)
    page.get_by_label("Adults", exact=True).fill("2")
    page.keyboard.press("Enter")
    expect(page.locator(".slot").first).to_be_visible()
    expect(page.locator("#party-problems")).to_be_empty()


def fail(page: Page, address: re.Pattern[str], failure: str) -> None:
    """Let requests for this address fail from now on."""

    def answer(route: Route) -> None:
        if failure == "dropped":
            route.abort("connectionreset")
        else:
            route.fulfill(status=int(failure), body="<html><body>Bad gateway</body></html>")

    page.route(address, answer)
