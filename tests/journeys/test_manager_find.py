"""The desk finds a booking by a name, with the keyboard alone."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import assert_fits, sign_in
from tests.live import Server


def test_booking_is_found_by_name_with_the_keyboard_alone(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(cookies="accepted")
    sign_in(page, live_site, owner)
    page.goto(f"{live_site.url}/manager/payments/")

    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert_accessible(page)
    page.keyboard.type("guest visitor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="customer")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("j")
    expect(page.locator("[data-open]").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Guest Visitor")
    assert_accessible(page)
    assert not [address for address in asked if "guest" in address.lower()]
    assert len(asked) == 3, "the press, what was found, the customer"


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "light"), (768, "dark"), (1280, "light"), (1280, "dark")])
def test_pages_are_accessible_and_fit(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    new_page.allow_statuses(422)
    sign_in(page, live_site, owner)
    page.goto(f"{live_site.url}/manager/customers/")
    page.get_by_label("Text").fill("guest")
    page.get_by_role("main").get_by_role("button", name="Find").click()
    customer = page.locator("a[data-open]").first.get_attribute("href")
    addresses = [
        "find/",
        "find/?unpaid=on&cancelled=too",
        "find/?first=soon",
        "payments/",
        "payments/?first=2026-10-01",
    ]
    addresses += [f"{customer}"[len("/manager/") :] + rest for rest in ("", "edit/", "delete/")]
    for number, address in enumerate(addresses):
        page.goto(f"{live_site.url}/manager/{address}")
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{number}-{width}-{color_scheme}.png", full_page=True)
        assert_accessible(page)
        assert_fits(page)
