"""Party, options and day on the page of times: what a press means, without script."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, SUNSET, Shop, choose, press_time, times_of

BOAT, PICNIC = "opt-8KRT4WNE", "opt-3JWX6LTA"


def _at_times(shop: Shop, query: str = "") -> PlainBrowser:
    browser = shop.visitor().get("/").follow(KAYAK)
    return browser.get(browser.url + query) if query else browser


def test_enter_in_a_party_field_updates_the_times(shop: Shop) -> None:
    browser = _at_times(shop, "?adults=2").submit("#party", {"adults": "3"})

    assert browser.page.form("#party").fields["adults"] == "3"
    assert "3 adults" in browser.page.one("#times-status").get_text()
    assert "create_hold" not in shop.operations


def test_updating_leads_to_an_address_that_can_be_shared(shop: Shop) -> None:
    browser = _at_times(shop).submit("#party", {"adults": "3", PICNIC: "2", "date": "2099-01-02"})

    query = parse_qs(urlsplit(browser.url).query)
    assert (query["adults"], query[PICNIC], query["date"]) == (["3"], ["2"], ["2099-01-02"])
    assert not {"visit", "key", "shown", "slot"} & set(query)


@pytest.mark.parametrize("changed", [{"adults": "4"}, {PICNIC: "1"}, {BOAT: "CX9MTR"}])
def test_time_pressed_after_an_unapplied_change_holds_nothing(shop: Shop, changed: dict[str, str]) -> None:
    browser = _at_times(shop, "?adults=2")
    press_time(browser, times_of(browser)[3], changed)

    assert browser.status == 409
    assert "changed after these times" in browser.page.one(".when [role=alert]").get_text()
    assert "create_hold" not in shop.operations
    now = browser.page.form("#party").fields
    assert {name: now[name] for name in changed} == changed

    assert choose(browser, 0).page.h1 == "Your details"
    assert ("4 adults" in browser.page.text) == ("adults" in changed)


def test_time_of_another_party_is_not_held_for_a_party_that_cannot_be(shop: Shop) -> None:
    browser = _at_times(shop, "?adults=2")
    press_time(browser, times_of(browser)[0], {"adults": "99"})

    assert browser.status == 422
    assert browser.page.form("#party").fields["adults"] == "99"
    assert "create_hold" not in shop.operations


def test_changing_opens_with_what_was_chosen(shop: Shop) -> None:
    browser = shop.at_check(KAYAK, f"?adults=3&children=1&{PICNIC}=2&{BOAT}=CX9MTR", time=8)
    day = browser.page.one(".pairs strong:-soup-contains(', ')").get_text()
    for text in ("Change the time", "Change who is coming", "Choose"):
        fields = PlainBrowser.in_process().get(browser.page.link(text).href).page.form("#party").fields
        assert (fields["adults"], fields["children"], fields[PICNIC], fields[BOAT]) == ("3", "1", "2", "CX9MTR")
        assert fields["date"]
    browser.follow("Change the time")
    assert "3 adults and 1 child" in browser.page.one("#times-status").get_text()
    assert browser.page.select(".when h3")[0].get_text().split()[0] in day


def test_change_can_be_given_up(shop: Shop) -> None:
    browser = shop.at_check().follow("Change the time")
    assert "You hold" in browser.page.text
    assert browser.follow("Keep it").page.h1 == "Check and book"


def test_member_who_has_not_signed_in_changes_what_was_chosen(shop: Shop) -> None:
    browser = shop.at_details(SUNSET, "?adults=2").follow("Change time or party")
    assert browser.page.form("#party").fields["adults"] == "2"
    assert "You have chosen" in browser.page.text


def test_unapplied_change_holds_nothing_while_changing_either(shop: Shop) -> None:
    browser = shop.at_check(KAYAK, "?adults=2").follow("Change the time")
    held = shop.counted["create_hold"]
    press_time(browser, times_of(browser)[0], {"adults": "3"})
    assert (browser.status, shop.counted["create_hold"]) == (409, held)

    assert choose(browser, 0).page.h1 == "Check and book"
    assert "3 adults" in browser.page.text
