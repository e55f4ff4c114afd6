"""A press whose process died: whatever page its visitor opens, it finds out what became of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from booking.drafts import open_draft
from booking.models import Attempt
from booking.services import attempts, reconciliation
from booking.services.attempts import Kind
from tests.plain_browser import PlainBrowser
from tests.shop import Shop, book


def _token(browser: PlainBrowser) -> str:
    return browser.url.split("/checkout/")[1].split("/")[0]


def _pressed(browser: PlainBrowser) -> Attempt:
    """The attempt is in the ledger, and nobody will ever settle it by an answer."""
    return attempts.begin(Kind.BOOKING, open_draft(_token(browser)).reference.hex)


@pytest.mark.parametrize("page", ["", "details/", "check/", "times/", "confirmed/", "calendar.ics"])
def test_every_page_of_a_pressed_draft_finds_out(shop: Shop, page: str) -> None:
    browser = shop.at_check()
    _pressed(browser)
    browser.get(f"/checkout/{_token(browser)}/{page}")
    assert browser.url.endswith("/checking/")
    assert browser.page.one("h1").text == "We are checking your booking"


def test_press_that_came_to_nothing_frees_the_way(shop: Shop) -> None:
    browser = shop.at_check()
    _pressed(browser)
    limit = max(reconciliation.grace(), reconciliation.PENDING_LIMIT)
    with time_machine.travel(datetime.now(UTC) + limit + timedelta(seconds=1), tick=True):
        browser.get(browser.url)
        assert browser.url.endswith("/check/")
        assert Attempt.objects.get().state == "lost"


def test_press_that_arrived_is_confirmed_although_its_process_died(shop: Shop) -> None:
    browser = shop.at_check()
    attempt = _pressed(browser)
    number = str(book(shop.at_check()).page.one(".code data")["value"])
    attempts.confirm(attempt, number)
    browser.get(browser.url)
    assert browser.url.endswith("/confirmed/")
    assert browser.page.one(".code data")["value"] == number
