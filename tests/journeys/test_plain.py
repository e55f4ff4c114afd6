"""The humblest client there is, over real HTTP: no cookie, no script, no style."""

import pytest

from tests.live import Server
from tests.plain_browser import PlainBrowser
from tests.shop import CANOE, GUEST, KAYAK, SAIL, book, choose


@pytest.mark.parametrize("product", [KAYAK, SAIL, CANOE])
def test_client_without_cookies_and_script_books(live_site: Server, product: str) -> None:
    browser = PlainBrowser.over_http(live_site.url).get("/").follow(product)
    choose(browser).submit("#details", GUEST, button="Continue")

    assert book(browser).page.h1.startswith("See you on ")
