"""A whole day at the desk, in Chromium: somebody walks in, pays, comes along, is moved, brings a friend, is called off
and paid back; in the evening the cash is counted, and everything stands in the audit log."""

import csv
import re
import uuid
from datetime import timedelta

from playwright.sync_api import Page, expect

from booking.services import days
from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import assert_fits, sign_in
from tests.live import Server
from tests.shop import KAYAK

# What the day leaves in the log, the last first.
ACTS = (
    "Cancel a booking",
    "Give money back",
    "Take payments",
    "Move or change a booking",
    "Move or change a booking",
    "Check people in",
    "Take payments",
    "Book for a customer",
)


def test_whole_day_at_the_desk(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(cookies="accepted")
    sign_in(page, live_site, owner)
    day = f"{live_site.url}/manager/day/{days.today() + timedelta(days=5)}/"

    booking = _walk_in(page, day)
    _check_in(page, day, booking)
    _move(page, booking)
    _bring_a_friend(page, booking)
    _pay_the_rest(page)
    _call_off(page, booking)
    _count_the_cash(page, live_site)

    page.goto(f"{live_site.url}/manager/audit/?subject={booking}")
    expect(page.locator("#entries tbody tr")).to_have_count(len(ACTS))
    for row, act in zip(page.locator("#entries tbody tr").all(), ACTS, strict=True):
        expect(row).to_contain_text(act)
    _looks_well(page)


def _walk_in(page: Page, day: str) -> str:
    page.goto(day)
    page.locator(".run", has_text=KAYAK).locator("a[href*='event=']").first.click()
    page.locator("button.slot").first.click()
    page.get_by_label("Last name").fill(f"Walkin{uuid.uuid4().hex[:6]}")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Book, then take the payment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take a payment")
    page.get_by_label("How").select_option("cash")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="recorded at Bookeo")).to_be_visible()
    return page.url.rstrip("/").rsplit("/", 1)[1]


def _check_in(page: Page, day: str, booking: str) -> None:
    page.goto(day)
    page.locator(f"#check-{booking}").click()
    expect(page.locator(f"#check-{booking}")).to_have_attribute("aria-pressed", "true")


def _move(page: Page, booking: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(booking)
    page.keyboard.press("Enter")
    expect(page.locator("h1 + p .num")).to_have_text(re.compile(booking[:4]))
    page.keyboard.press("m")
    expect(page.get_by_role("heading", level=1)).to_have_text("Move to another time")
    page.locator("button.slot").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move this booking?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="is moved")).to_be_visible()


def _bring_a_friend(page: Page, booking: str) -> None:
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change people or options")
    page.get_by_label("Adults").fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change this booking?")
    expect(page.locator("#price-difference")).to_contain_text("more")
    _looks_well(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="is changed")).to_be_visible()


def _pay_the_rest(page: Page) -> None:
    page.keyboard.press("p")
    expect(page.get_by_label("How")).to_have_value("cash")  # as the last time
    page.get_by_label("How").select_option("creditCard")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing due", exact=True)).to_be_visible()


def _call_off(page: Page, booking: str) -> None:
    page.get_by_role("link", name="Refund").click()
    _looks_well(page)
    page.get_by_label("Amount").fill("5,00")
    page.get_by_role("button", name="Record the refund").click()
    expect(page.get_by_role("status").filter(has_text="given back")).to_be_visible()
    page.get_by_role("link", name="Receipt").last.click()
    _looks_well(page)
    page.go_back()
    page.keyboard.press("c")
    page.locator("#id_template").select_option("The weather does not allow it")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").filter(has_text="is cancelled")).to_be_visible()
    assert booking in page.url


def _count_the_cash(page: Page, site: Server) -> None:
    page.goto(f"{site.url}/manager/payments/")
    expect(page.get_by_role("main")).to_contain_text("Cash")
    _looks_well(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    lines = list(csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert {"cash", "creditCard"} <= {line["method"] for line in lines}
    assert "-5.00" in {line["amount"] for line in lines}


def _looks_well(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)
