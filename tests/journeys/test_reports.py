"""The reports in Chromium: read, narrowed down, taken along; by keyboard, on a phone, in the dark, without script."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import assert_fits, sign_in
from tests.live import Server, manage, site_environment
from tests.shop import KAYAK


@pytest.fixture(scope="module", autouse=True)
def _filled(live_site: Server, sandbox_server: Server, collected_static_files: Path) -> None:
    """The figures are there."""
    environment = {
        **site_environment(live_site.log.parent, collected_static_files),
        "BOOKEO_BASE_URL": f"{sandbox_server.url}/v2",
        "REPORT_DAYS_BACK": "28",
    }
    manage(["facts", "--fill", "28"], environment)


def _open_reports(page: Page, site: Server, email: str) -> None:
    sign_in(page, site, email)
    page.goto(f"{site.url}/manager/reports/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "dark"), (768, "light"), (1280, "dark")])
def test_reports_are_read_and_taken_along(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    _open_reports(page, live_site, owner)
    assert_accessible(page)
    assert_fits(page)

    page.get_by_role("link", name="Next 30 days").click()
    expect(page.get_by_role("link", name="Next 30 days")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("img", name="Booked value by day, in EUR")).to_be_visible()
    for summary in page.locator("details > summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Booked value by day, in EUR")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    heat = page.get_by_role("group", name="Occupancy")
    heat.focus()
    expect(heat).to_be_focused()
    page.keyboard.press("ArrowRight")
    if width == 360:
        page.wait_for_function("() => document.querySelector('.scroll:has(#heat)').scrollLeft > 0")
    first = page.locator("#heat tbody th").first
    gap = first.evaluate("e => e.getBoundingClientRect().left - e.closest('.scroll').getBoundingClientRect().left")
    assert 0 <= gap <= 2, "the product's name stays where it is"

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of occupancy").click()
    rows = list(csv.reader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:3] == ["product", "day", "seats booked"]
    assert KAYAK in {row[0] for row in rows}


def test_reports_need_no_script(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(width=360, cookies="accepted", javascript=False)
    _open_reports(page, live_site, owner)
    page.get_by_label("Product", exact=True).select_option(label=KAYAK)
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#heat tbody tr")).to_have_count(1)
    page.locator("details > summary").first.click()
    expect(page.locator("#revenue-EUR")).to_be_visible()
    assert_accessible(page)

    new_page.allow_statuses(422)
    page.goto(f"{live_site.url}/manager/reports/?first=2026-10-01&last=2026-09-01")
    expect(page.get_by_role("alert")).to_contain_text("Until: this is before the first day.")
    assert_accessible(page)
