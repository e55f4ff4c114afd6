"""What the page of times weighs on the wire, measured by Chromium itself (targets: docs/architecture.md)."""

from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener
from tests.journeys.steps import book, choose_time, enter_details, open_product
from tests.live import Server
from tests.shop import KAYAK

pytestmark = pytest.mark.browser

KIB = 1024


class Meter:
    """Counts the bytes and the requests of pages, without the business's photos and what the browser had already."""

    def __init__(self, page: Page, photos: str) -> None:
        self.sizes: dict[str, int] = {}
        self._photos = photos
        self._session = page.context.new_cdp_session(page)
        self._sent_by_id: dict[str, list[str]] = {}
        self._session.on("Network.requestWillBeSent", self._sent)
        self._session.on("Network.requestServedFromCache", self._not_sent)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.send("Network.enable")

    @property
    def requests(self) -> list[str]:
        """All that went over the wire, answers that lead elsewhere among them."""
        return [request for sent in self._sent_by_id.values() for request in sent]

    def forget_what_the_browser_has(self) -> None:
        """From now on each page is a first visit."""
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _sent(self, event: dict[str, Any]) -> None:
        request = event["request"]
        if not request["url"].startswith((self._photos, "data:")):
            self._sent_by_id.setdefault(event["requestId"], []).append(f"{request['method']} {request['url']}")

    def _not_sent(self, event: dict[str, Any]) -> None:
        self._sent_by_id.pop(event["requestId"], None)

    def _finished(self, event: dict[str, Any]) -> None:
        # A request that is not known began before we listened, or is none of ours.
        sent = self._sent_by_id.get(event["requestId"])
        if sent and event["encodedDataLength"]:
            self.sizes[sent[-1].split(" ")[1]] = int(event["encodedDataLength"])
        elif sent:
            del self._sent_by_id[event["requestId"]]  # what the browser had is told with a size of nought

    def of(self, ending: str) -> int:
        return sum(size for address, size in self.sizes.items() if address.endswith(ending))

    def answered_by(self, site: str) -> int:
        """How many requests the application answered, and not the files beside it."""
        return sum(f" {site}/" in request and "/static/" not in request for request in self.requests)


@pytest.fixture
def metered(new_page: PageOpener, live_site: Server, sandbox_server: Server) -> tuple[Page, Meter]:
    page = new_page(width=412)
    page.goto(live_site.url)
    address = urljoin(page.url, str(page.get_by_role("link", name=KAYAK).get_attribute("href")))
    meter = Meter(page, sandbox_server.url)
    meter.forget_what_the_browser_has()
    page.goto(address)
    page.wait_for_function("() => window.htmx")
    page.wait_for_load_state("networkidle")
    return page, meter


def test_product_page_is_light(metered: tuple[Page, Meter]) -> None:
    _, meter = metered
    assert sum(meter.sizes.values()) <= 28 * KIB, meter.sizes
    assert meter.of(".js") <= 18 * KIB, meter.sizes
    assert meter.of(".css") <= 5 * KIB, meter.sizes
    assert len(meter.requests) <= 5, meter.requests
    assert min(meter.of(".js"), meter.of(".css")) > 0, "what is not measured is not light"
    assert not [address for address in meter.sizes if address.endswith((".woff", ".woff2", ".ttf"))]


def test_another_day_costs_one_small_request(metered: tuple[Page, Meter]) -> None:
    page, meter = metered
    meter.sizes.clear()
    with page.expect_event("requestfinished", lambda request: "date=" in request.url):
        page.locator(".month a").nth(3).click()
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    assert len(meter.sizes) == 1, meter.sizes
    assert sum(meter.sizes.values()) <= 3 * KIB, meter.sizes


def test_whole_booking_is_short_and_light(new_page: PageOpener, live_site: Server, sandbox_server: Server) -> None:
    page = new_page(width=412)
    meter = Meter(page, sandbox_server.url)
    pages: list[str] = []
    page.on("load", lambda shown: pages.append(shown.url))
    open_product(page, live_site.url, KAYAK)
    choose_time(page)
    required = page.locator("#details :is(input, select, textarea)[required]").count()
    enter_details(page)
    book(page)
    page.wait_for_load_state("networkidle")

    assert len(pages) <= 4, pages
    assert required <= 6
    assert meter.answered_by(live_site.url) <= 6, meter.requests
    assert len(meter.requests) <= 14, meter.requests
    assert sum(meter.sizes.values()) <= 50 * KIB, meter.sizes


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_jumps_while_a_page_comes(new_page: PageOpener, live_site: Server, width: int) -> None:
    page = new_page(width=width)
    page.add_init_script(COUNT_SHIFTS)
    page.goto(live_site.url)
    _stands_still(page)
    open_product(page, live_site.url, KAYAK)
    _stands_still(page)
    choose_time(page)
    _stands_still(page)
    enter_details(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    _stands_still(page)
    book(page)
    _stands_still(page)


COUNT_SHIFTS = """
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
        .observe({type: "layout-shift", buffered: true});
"""


def _stands_still(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.shifts") == 0, page.url
