"""Failures as the script receives them: a few words for the box at the foot of the page, which stays as it is."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.plain_browser import PlainBrowser
from tests.shop import GUEST, KAYAK, Shop, book

HTMX = {"HX-Request": "true"}


def _is_for_the_box(browser: PlainBrowser) -> bool:
    header = browser.answer.header
    assert "<html" not in browser.answer.text
    return (
        header("HX-Retarget") == "#trouble-words"
        and header("HX-Reswap") == "innerHTML"
        and header("HX-Reselect") == "unset"
        and header("HX-Push-Url") == "false"
    )


def test_calendar_out_of_reach(shop: Shop) -> None:
    browser = shop.visitor().get("/").follow(KAYAK)
    shop.knobs("fail=503")
    browser.get(f"{browser.url}?adults=2&date={datetime.now(UTC) + timedelta(days=90):%Y-%m-%d}", headers=HTMX)

    assert browser.status == 503
    assert _is_for_the_box(browser)
    assert "We cannot reach the calendar right now." in browser.page.text
    assert not browser.page.select("[data-final]")


def test_too_large(shop: Shop) -> None:
    browser = shop.at_details()
    browser.submit("#details", GUEST | {"first_name": "x" * 100_000}, button="Continue", headers=HTMX)

    assert browser.status == 413
    assert _is_for_the_box(browser)
    assert browser.page.select("[data-final]"), "sending the same again would change nothing"


@pytest.mark.parametrize(("page", "status"), [("details/", 410), ("no-such-page/", 404)])
def test_what_is_not_there(shop: Shop, page: str, status: int) -> None:
    browser = shop.visitor().get(f"/checkout/{'A' * 32}/{page}", headers=HTMX)
    assert browser.status == status
    assert _is_for_the_box(browser)


def test_form_of_another_page(shop: Shop) -> None:
    browser = shop.at_details()
    browser.submit("#details", GUEST | {"key": "forged"}, button="Continue", headers=HTMX)
    assert browser.status == 403
    assert _is_for_the_box(browser)


def test_busy_calendar_at_the_last_press_keeps_the_page(shop: Shop) -> None:
    browser = shop.at_check()
    shop.knobs("fail=429", on="POST /v2/bookings", times=1)
    book(browser)

    assert browser.status == 503
    assert browser.page.h1 == "Check and book"
    assert "nothing was booked" in browser.page.one("[data-focus]").get_text()
    assert book(browser).page.h1.startswith("See you on ")


def test_press_that_came_to_nothing_is_told_where_it_may_be_repeated(shop: Shop) -> None:
    browser = shop.at_check()
    shop.knobs("fail=503", on="POST /v2/bookings", times=1)
    book(browser)
    assert browser.page.h1 == "We are checking your booking"

    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        browser.get(browser.url)
        assert "did not come through" in browser.page.one("[data-focus]").get_text()
        assert "did not come through" in browser.get(browser.url).page.text
        book(browser)
    assert browser.page.h1.startswith("See you on ")
