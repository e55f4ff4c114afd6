"""What the page of times weighs on the wire, measured by Chromium itself (targets: docs/architecture.md)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener
from tests.journeys.steps import book, choose_time, enter_details, open_product
from tests.live import Server

pytestmark = pytest.mark.browser

KIB = 1024


class Meter:
    """Counts the bytes and the requests of a page, the business's photos left out."""

    def __init__(self, page: Page, photos: str) -> None:
        self.sizes: dict[str, int] = {}
        self.others: list[str] = []
        self._photos = photos
        self._session = page.context.new_cdp_session(page)
        self._addresses: dict[str, str] = {}
        self._session.on("Network.requestWillBeSent", self._sent)
        self._session.on("Network.loadingFinished", self._finished)
        self._session.send("Network.enable")

    def _sent(self, event: dict[str, object]) -> None:
        self._addresses[str(event["requestId"])] = event["request"]["url"]  # type: ignore[index]

    def _finished(self, event: dict[str, object]) -> None:
        # A request that began before we listened belongs to the page before.
        address = self._addresses.get(str(event["requestId"]), "data:")
        # What the browser had in memory costs nothing and is told with a size of nought.
        if event["encodedDataLength"] and not address.startswith((self._photos, "data:")):
            self.sizes[address] = int(event["encodedDataLength"])  # type: ignore[call-overload]

    def of(self, ending: str) -> int:
        return sum(size for address, size in self.sizes.items() if address.endswith(ending))


@pytest.fixture
def metered(new_page: PageOpener, live_site: Server, sandbox_server: Server) -> tuple[Page, Meter]:
    page = new_page(width=412)
    page.goto(live_site.url)
    address = page.get_by_role("link", name="Kayak tour to the islands").get_attribute("href")
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    meter = Meter(page, sandbox_server.url)
    page.goto(live_site.url + str(address))
    page.wait_for_function("() => window.htmx")
    page.wait_for_load_state("networkidle")
    return page, meter


def test_product_page_is_light(metered: tuple[Page, Meter]) -> None:
    _, meter = metered
    assert sum(meter.sizes.values()) <= 28 * KIB, meter.sizes
    assert meter.of(".js") <= 18 * KIB, meter.sizes
    assert meter.of(".css") <= 5 * KIB, meter.sizes
    assert len(meter.sizes) <= 5, meter.sizes
    assert not [address for address in meter.sizes if address.endswith((".woff", ".woff2", ".ttf"))]


def test_another_day_costs_one_small_request(metered: tuple[Page, Meter]) -> None:
    page, meter = metered
    meter.sizes.clear()
    with page.expect_event("requestfinished", lambda request: "date=" in request.url):
        page.locator(".month a").nth(3).click()
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    assert len(meter.sizes) == 1, meter.sizes
    assert sum(meter.sizes.values()) <= 3 * KIB, meter.sizes


def test_whole_booking_is_few_requests(new_page: PageOpener, live_site: Server, sandbox_server: Server) -> None:
    page = new_page(width=412)
    meter = Meter(page, sandbox_server.url)
    open_product(page, live_site.url, "Kayak tour to the islands")
    choose_time(page)
    enter_details(page)
    book(page)
    page.wait_for_load_state("networkidle")
    assert sum(meter.sizes.values()) <= 50 * KIB, meter.sizes
