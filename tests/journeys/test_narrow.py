"""Nothing sticks out: on the narrowest phones, and with letters twice as large."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener
from tests.journeys.steps import book, choose_time, enter_details, open_product
from tests.live import Server
from tests.shop import KAYAK

pytestmark = pytest.mark.browser


def _fits(page: Page, larger: bool) -> None:
    if larger:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], page.title()


@pytest.mark.parametrize(("width", "larger"), [(320, False), (390, True)], ids=["320px", "200-percent"])
def test_every_page_of_the_flow_fits(new_page: PageOpener, live_site: Server, width: int, larger: bool) -> None:
    page = new_page(width=width)
    page.goto(live_site.url)
    _fits(page, larger)
    open_product(page, live_site.url, KAYAK)
    _fits(page, larger)
    choose_time(page)
    _fits(page, larger)
    enter_details(page, **{"E-mail": "a-name-so-long-that-it-fills-more-than-a-line@a-long-domain.example.com"})
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    _fits(page, larger)
    book(page)
    _fits(page, larger)
