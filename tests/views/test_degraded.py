"""Bookeo fails while people look around: what we remember is shown, and how old it is."""

from booking.services import cache
from tests.shop import KAYAK, Shop

OLD = "The calendar does not answer just now."
BUSY = "POST /v2/availability/matchingslots"


def test_page_that_was_seen_says_how_old_it_is(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    assert OLD not in browser.page.text
    times = browser.page.select(".slot")
    cache.forget_all_times()
    shop.knobs("fail=503", on="/availability/")
    browser.get(browser.url)

    assert browser.status == 200
    assert OLD in browser.page.text
    assert len(browser.page.select(".slot")) == len(times)


def test_facts_that_are_fresh_again_are_not_called_old(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    cache.forget_all_times()
    shop.knobs("fail=503", on="/availability/", times=6)
    browser.get(browser.url)
    shop.knobs("")
    cache.forget_all_times()
    cache._failed.clear()
    assert OLD not in browser.get(browser.url).page.text


def test_times_are_shown_without_prices_when_only_prices_cannot_be_had(shop: Shop) -> None:
    shop.knobs("fail=429", on=BUSY)
    browser = shop.visitor().get("/").follow(KAYAK)

    assert browser.status == 200
    assert OLD not in browser.page.text
    assert {slot.select_one(".later").get_text() for slot in browser.page.select(".slot")} == {"Price at next step"}


def test_catalogue_outlives_bookeo(shop: Shop) -> None:
    shop.visitor().get("/")
    shop.knobs("fail=503")
    browser = shop.visitor().get("/")
    assert (browser.status, OLD in browser.page.text) == (200, False)
