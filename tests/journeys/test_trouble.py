"""With script, an answer that does not come, or is none, leaves the page and all that was typed where they are."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.steps import GUEST, choose_time, enter_details, open_product
from tests.live import Server
from tests.shop import KAYAK

pytestmark = pytest.mark.browser

DETAILS, CHECK = re.compile(r"/details/$"), re.compile(r"/check/$")


@pytest.fixture
def page(new_page: PageOpener, live_site: Server) -> Iterator[Page]:
    """A visitor whose time is held, with htmx at work."""
    page = new_page(width=360)
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    page.wait_for_function("() => window.htmx")
    yield page
    # htmx writes its own line when an answer fails to come.
    new_page.problems[:] = [p for p in new_page.problems if not re.search(r"htmx:|ERR_|status of (413|503)", p)]


def _fail(page: Page, address: re.Pattern[str], how: str) -> None:
    """Let the next post to this address fail."""

    def answer(route: Route) -> None:
        if how == "dropped":
            return route.abort("connectionreset")
        if how == "proxy":
            return route.fulfill(status=503, body="<html><body>Bad gateway</body></html>")
        return route.continue_(post_data=f"{route.request.post_data}&more={'x' * 70_000}")

    page.route(address, answer, times=1)


def _trouble(page: Page) -> Locator:
    box = page.locator("#trouble")
    expect(box).to_be_focused()
    return box


@pytest.mark.parametrize("how", ["dropped", "proxy"])
def test_details_that_got_no_answer_are_still_there_and_go_through_again(page: Page, how: str) -> None:
    _fail(page, DETAILS, how)
    enter_details(page)
    box = _trouble(page)
    expect(box).to_contain_text("No answer came.")
    expect(page.get_by_label("E-mail")).to_have_value(GUEST["E-mail"])
    assert_accessible(page)

    box.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")


def test_refusal_of_ours_is_told_in_its_own_words(page: Page) -> None:
    _fail(page, DETAILS, "too large")
    enter_details(page)
    box = _trouble(page)
    expect(box).to_contain_text("This is more than we can take.")
    expect(box.get_by_role("button", name="Try again")).to_be_hidden()
    expect(page.get_by_label("First name")).to_have_value(GUEST["First name"])

    box.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Continue", exact=True).last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")


def test_press_whose_answer_is_lost_can_be_repeated(page: Page) -> None:
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    page.wait_for_function("() => window.htmx")
    page.get_by_label(re.compile("I agree")).check()
    _lose_answer(page)
    page.get_by_role("button", name=re.compile("^Book for")).click()
    _trouble(page).get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^See you on"))


def test_offline_is_said_and_taken_back(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


def _lose_answer(page: Page) -> None:
    """The next press arrives and is done, but its answer does not come back."""

    def answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(CHECK, answer, times=1)
