"""Moving a booking and booking a walk-in at the desk, in Chromium: by keyboard, and how many presses that takes."""

import os
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from booking.services import days
from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import Desk, assert_fits, sign_in
from tests.live import Server


def _seen(page: Page, name: str = "") -> None:
    """It fits, it is accessible, and where PICTURES names a folder, it has its picture taken."""
    if (folder := os.environ.get("PICTURES")) and name:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert_accessible(page)
    assert_fits(page)


def _booking_of(page: Page, site: str, product: str) -> str:
    """The number of a coming booking of this product."""
    page.goto(f"{site}/manager/find/?first={days.today() + timedelta(days=3)}&last={days.today() + timedelta(days=20)}")
    row = page.locator("tr", has_text=product).first
    return row.locator("td[data-label=Number]").inner_text().replace(" ", "")


def test_booking_is_found_and_moved_to_tomorrow_by_keyboard(
    new_page: PageOpener, live_site: Server, owner: str
) -> None:
    page = new_page(cookies="accepted")
    sign_in(page, live_site, owner)
    number = _booking_of(page, live_site.url, "Kayak tour")
    page.goto(f"{live_site.url}/manager/day/")

    desk = Desk(page)
    desk.key("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    desk.type(number)
    desk.key("Enter")
    expect(page.locator("h1 + p .num")).to_have_text(re.compile(number[:4]))
    desk.tab_to("a[href$='/move/']")
    desk.key("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Move to another time")
    _seen(page, "move")
    desk.tab_to("#id_date")
    desk.fill(page.locator("#id_date"), str(days.today() + timedelta(days=1)))
    desk.key("Enter")
    expect(page).to_have_url(re.compile("date="))
    desk.tab_to("button.slot")
    desk.key("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Move this booking?")
    expect(page.locator("#price-difference")).to_have_text(re.compile("The same price|more|less"))
    _seen(page, "change")
    desk.tab_to("#change .btn:not(a)")
    desk.key("Enter")
    expect(page.get_by_role("status").filter(has_text="is moved")).to_be_visible()
    _seen(page, "moved")

    # docs/how-to/work-at-the-desk.md tells these figures.
    assert (desk.presses, desk.pages) == (8, 8)


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "dark"), (768, "light"), (1280, "dark"), (1280, "light")])
def test_walk_in_without_an_e_mail_is_booked_from_the_agenda_and_pays_in_cash(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    shot = f"{width}-{color_scheme}"
    sign_in(page, live_site, owner)
    page.goto(f"{live_site.url}/manager/day/{days.today() + timedelta(days=6)}/")
    _seen(page, f"day-{shot}")

    desk = Desk(page)
    desk.click(page.locator(".run a[href*='event=']").first)
    expect(page.get_by_role("heading", name="The time you came from")).to_be_visible()
    _seen(page, f"book-{shot}")
    desk.click(page.locator("button.slot").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is it for?")
    _seen(page, f"who-{shot}")
    desk.fill(page.get_by_label("Last name"), f"Walkin{uuid.uuid4().hex[:6]}")
    desk.key("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    expect(page.get_by_text("There is no e-mail, so the customer is not mailed.")).to_be_visible()
    _seen(page, f"check-{shot}")
    desk.click(page.get_by_role("button", name="Book, then take the payment"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Take a payment")
    desk.choose(page.get_by_label("How"), "cash")
    desk.click(page.get_by_role("button", name="Record the payment"))
    expect(page.get_by_text("Nothing due", exact=True)).to_be_visible()
    _seen(page, f"booked-{shot}")

    # The same place tells these.
    assert (desk.presses, desk.pages) == (7, 9)


def test_party_is_changed_with_script_and_the_times_follow(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(width=768, cookies="accepted")
    sign_in(page, live_site, owner)
    page.goto(f"{live_site.url}/manager/book/")
    _seen(page, "products")
    page.get_by_role("link", name="Kayak tour to the islands").click()
    expect(page.get_by_role("heading", level=2, name="Choose a time")).to_be_visible()
    page.wait_for_function("window.htmx")
    page.get_by_role("button", name="One more: Adults").click()
    expect(page.locator("#times-status")).to_contain_text("for 2 adults")
    assert "adults=2" in page.url
    assert "csrf" not in page.url
    page.locator("button.slot").nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is it for?")
    page.get_by_label("Name, e-mail or phone").fill("guest")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="customer").first).to_be_visible()
    _seen(page, "found")
    page.get_by_role("button", name="Choose").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and book")
    _seen(page, "check-known")


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "light"), (1280, "dark")])
def test_people_and_options_are_changed(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    new_page.allow_statuses(422)
    shot = f"{width}-{color_scheme}"
    sign_in(page, live_site, owner)
    number = _booking_of(page, live_site.url, "Kayak tour")
    page.goto(f"{live_site.url}/manager/bookings/{number}/")
    _seen(page, f"detail-{shot}")
    page.goto(f"{live_site.url}/manager/bookings/{number}/move/")
    _seen(page, f"move-{shot}")
    page.goto(f"{live_site.url}/manager/bookings/{number}/edit/")
    _seen(page, f"edit-{shot}")
    page.get_by_label("Picnic boxes").fill("7" if width == 360 else "6")  # the sandbox is shared
    page.get_by_role("button", name="See the difference").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change this booking?")
    _seen(page, f"change-{shot}")
    page.get_by_role("button", name="Change the booking").click()
    expect(page.get_by_role("status").filter(has_text="is changed")).to_be_visible()
