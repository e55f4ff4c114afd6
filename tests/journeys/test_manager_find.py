"""The desk finds a booking by a name, with the keyboard alone."""

import os
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener, assert_accessible
from tests.live import Server, manage, site_environment
from tests.staff import PASSWORD


@pytest.fixture
def owner(live_site: Server, collected_static_files: Path) -> str:
    """The e-mail of a new owner of the live site, who signs in with `PASSWORD`."""
    email = f"{uuid.uuid4().hex[:8]}@example.com"
    environment = site_environment(live_site.log.parent, collected_static_files)
    manage(["create_owner", "--email", email, "--name", "Marta"], {**environment, "STAFF_PASSWORD": PASSWORD})
    return email


def _sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/manager/customers/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")


def test_booking_is_found_by_name_with_the_keyboard_alone(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(cookies="accepted")
    _sign_in(page, live_site.url, owner)
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
    assert len(asked) == 4, "to the box, the press, what was found, the customer"


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "light"), (768, "dark"), (1280, "light"), (1280, "dark")])
def test_pages_are_accessible_and_fit(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    new_page.allow_statuses(422)
    _sign_in(page, live_site.url, owner)
    page.get_by_label("Text").fill("guest")
    page.get_by_role("button", name="Find").click()
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
        widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], address
