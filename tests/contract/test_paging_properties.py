"""The pages of a list are the list: whatever its length, whatever the page size, whatever happens meanwhile."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.bookeo import Bookeo, CustomerInput, Page, iter_pages
from sandbox import create_app
from sandbox.demo_products import KAYAK
from tests.sandbox.bodies import kayak_for_robin
from tests.sandbox.client import Api, Json
from tests.sandbox.conftest import NOW
from tests.wsgi_adapter import WsgiAdapter

START = datetime(2026, 6, 12, tzinfo=UTC)
END = START + timedelta(days=10)
quick = settings(max_examples=15, deadline=None, database=None)
SIZE = st.integers(1, 30)


class Shop:
    """A sandbox of its own for one example, with the client and with the means to disturb."""

    def __init__(self, database: Path) -> None:
        self.app = create_app(database, data="empty", knob_values={"clock": NOW})
        self.api = Api(self.app)
        self.bookeo = Bookeo(
            base_url="http://sandbox.test/v2",
            secret_key="sandbox-secret",
            api_key="sandbox-api-key",
            adapter=WsgiAdapter(self.app),
        )

    def book(self, day: int) -> Json:
        """Book the kayak tour on a day of June."""
        return self.api.created("/bookings", kayak_for_robin(1, eventId=f"5117KY100019C0A1B2E00_2026-06-{day}"))

    def walk(self, first: Page[Any], turn: Callable[..., Page[Any]]) -> tuple[list[Page[Any]], list[Any]]:
        """Turn all pages, booking something before each; answers the pages and everything on them."""

        def turn_later(**which: Any) -> Page[Any]:
            self.book(12 + which["page_number"] % 12)
            return turn(**which)

        pages = list(iter_pages(first, turn_later, max_pages=100))
        return pages, list(chain.from_iterable(page.data for page in pages))


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Shop]]:
    """Opens a new shop for each example."""
    folder, opened = tmp_path_factory.mktemp("paging"), list[Shop]()

    def open_another() -> Shop:
        opened.append(Shop(folder / f"{len(opened)}.sqlite3"))
        return opened[-1]

    yield open_another
    for shop in opened:
        shop.app.store.close()


def check_counts(pages: list[Page[Any]], everything: list[Any], size: int) -> None:
    """Every page is full but the last, and tells its place and the same totals."""
    assert [len(page.data) for page in pages[:-1]] == [size] * (len(pages) - 1)
    assert {page.info.total_items for page in pages} == {len(everything)}
    assert {page.info.total_pages for page in pages} == {-(-len(everything) // size)}
    assert [page.info.current_page for page in pages] == list(range(1, len(pages) + 1))


@quick
@given(size=SIZE, extra=st.integers(0, 12))
def test_pages_of_slots_are_the_slots_of_the_moment_of_the_search(
    open_shop: Callable[[], Shop], size: int, extra: int
) -> None:
    shop = open_shop()
    for day in range(extra):
        shop.book(12 + day)
    everything = list(shop.bookeo.list_slots(start_time=START, end_time=END, product_id=KAYAK, items_per_page=300).data)
    first = shop.bookeo.list_slots(start_time=START, end_time=END, product_id=KAYAK, items_per_page=size)
    pages, seen = shop.walk(first, shop.bookeo.get_slots_page)
    assert seen == everything
    check_counts(pages, everything, size)


@quick
@given(size=SIZE, count=st.integers(0, 25))
def test_pages_of_bookings_are_the_bookings_of_the_moment_of_the_search(
    open_shop: Callable[[], Shop], size: int, count: int
) -> None:
    shop = open_shop()
    numbers = {shop.book(12 + index % 10)["bookingNumber"] for index in range(count)}
    first = shop.bookeo.list_bookings(start_time=START, end_time=END, items_per_page=size)
    pages, seen = shop.walk(first, shop.bookeo.get_bookings_page)
    assert len(seen) == count
    assert {booking.booking_number for booking in seen} == numbers
    assert [booking.start_time for booking in seen] == sorted(booking.start_time for booking in seen)
    check_counts(pages, seen, size)


@quick
@given(size=SIZE, count=st.integers(0, 25))
def test_pages_of_customers_are_the_customers_of_the_moment_of_the_search(
    open_shop: Callable[[], Shop], size: int, count: int
) -> None:
    shop = open_shop()
    made = [shop.bookeo.create_customer(customer=CustomerInput(last_name=f"Sought {n}")).id for n in range(count)]
    first = shop.bookeo.search_customers(search_text="sought", search_field="lastName", items_per_page=size)
    pages, seen = shop.walk(first, shop.bookeo.get_customers_page)
    assert sorted(customer.id for customer in seen) == sorted(made)
    check_counts(pages, seen, size)


@quick
@given(size=SIZE)
def test_pages_of_matching_slots_are_found_by_the_location_too(open_shop: Callable[[], Shop], size: int) -> None:
    shop = open_shop()
    search = {
        "productId": KAYAK,
        "startTime": "2026-06-12T00:00:00-00:00",
        "endTime": "2026-06-22T00:00:00-00:00",
        "peopleNumbers": [{"peopleCategoryId": "Cadults", "number": 2}],
    }
    found = shop.api.post("/availability/matchingslots", search, itemsPerPage=size)
    path = found.headers["Location"].partition("/v2")[2]
    seen = found.data
    for number in range(2, found.body["info"]["totalPages"] + 1):
        shop.book(12 + number % 10)
        seen = seen + shop.api.get(path, pageNumber=number).data
    assert seen == shop.api.get(path).data + seen[size:]
    assert len({slot["eventId"] for slot in seen}) == len(seen) == found.body["info"]["totalItems"]
