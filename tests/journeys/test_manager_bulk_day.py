"""A day is called off in Chromium: undone in time, and carried out while staff look on."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from bench.bulk_day import END_THE_WINDOW
from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import assert_fits, sign_in
from tests.live import Server, manage, site_environment
from tests.shop import KAYAK
from tests.test_worker import run_worker


@pytest.fixture
def environment(live_site: Server, sandbox_server: Server, collected_static_files: Path) -> dict[str, str]:
    """Of a program beside the live site."""
    folder = live_site.log.parent
    queue = f"sqlite://{quote(str(folder / 'queue.sqlite3'))}"
    told = site_environment(folder, collected_static_files)
    return {**told, "BOOKEO_BASE_URL": f"{sandbox_server.url}/v2", "QUEUE_URL": queue}


def _looks_well(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def _at_preview_of_kayaks(page: Page, site: str) -> None:
    """Of a day far enough ahead that other journeys leave it alone."""
    for ahead in range(8, 20):
        page.goto(f"{site}/manager/bulk/new/?day={date.today() + timedelta(days=ahead)}")  # noqa: DTZ011 - any will do
        box = page.get_by_label(re.compile(KAYAK))
        if box.count() and "(1)" not in box.locator("xpath=..").inner_text():
            break
    _looks_well(page)
    box.check()
    page.get_by_role("button", name="Look at the bookings").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Call off or move")


@contextmanager
def _worker(environment: dict[str, str], log: Path) -> Iterator[None]:
    manage(["shell", "-v", "0", "-c", END_THE_WINDOW], environment)
    with run_worker(environment, log):
        yield


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "dark"), (1280, "light")])
def test_day_is_called_off_and_undone(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    sign_in(page, live_site, owner)
    page.get_by_role("link", name="Bulk day").click()
    _looks_well(page)
    page.get_by_role("link", name="Call off or move a day").click()
    _at_preview_of_kayaks(page, live_site.url)
    _looks_well(page)
    rows = page.locator("#bookings tbody tr").count()
    page.get_by_role("button", name=re.compile(f"^Cancel {rows} bookings of ")).click()
    expect(page.get_by_text("Nothing is sent before")).to_be_visible()
    _looks_well(page)
    page.get_by_role("button", name="Undo: send nothing").click()
    expect(page.get_by_role("status").filter(has_text="It is undone. Nothing was sent.")).to_be_visible()
    expect(page.locator("#results .badge", has_text="Undone")).to_have_count(rows)
    _looks_well(page)


@pytest.mark.long
def test_day_is_moved_while_somebody_looks_on(
    new_page: PageOpener, live_site: Server, owner: str, environment: dict[str, str], tmp_path: Path
) -> None:
    page = new_page(width=768, cookies="accepted")
    sign_in(page, live_site, owner)
    _at_preview_of_kayaks(page, live_site.url)
    page.get_by_role("button", name="Move to the nearest time").click()
    expect(page.get_by_text("keep what was paid")).to_be_visible()
    _looks_well(page)
    rows = page.locator("#bookings tbody tr").count()
    page.get_by_role("combobox", name=re.compile("^What happens to")).first.select_option("cancel")
    page.get_by_role("button", name=re.compile("^Move .* bookings of ")).click()
    expect(page.get_by_role("alert").filter(has_text="This is what you have chosen now")).to_be_focused()
    page.get_by_role("button", name=re.compile("^Cancel 1 and move .* bookings of ")).click()
    undo = page.get_by_role("button", name="Undo: send nothing")
    undo.focus()
    with page.expect_response(re.compile("step=waiting"), timeout=20_000):  # the page looks again
        pass
    expect(undo).to_be_focused()

    with _worker(environment, tmp_path / "worker.log"):
        expect(page.get_by_text(f"All is done: {rows} bookings.").first).to_be_visible(timeout=60_000)
    expect(page.locator("#run-said")).to_contain_text("All is done")
    expect(page.locator("#results .badge", has_text="Moved")).to_have_count(rows - 1)
    expect(page.locator("#results .badge", has_text="Cancelled")).to_have_count(1)
    assert not page.locator("#progress").get_attribute("hx-trigger")
    _looks_well(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as CSV").click()
    lines = list(csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert sorted(line["result"] for line in lines) == ["Cancelled", *["Moved"] * (rows - 1)]


def test_day_is_called_off_without_script(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(width=360, cookies="accepted", javascript=False)
    sign_in(page, live_site, owner)
    _at_preview_of_kayaks(page, live_site.url)
    page.get_by_role("button", name=re.compile("^Cancel .* bookings of ")).click()
    page.get_by_role("button", name="Undo: send nothing").click()
    expect(page.get_by_role("status").filter(has_text="It is undone")).to_be_visible()
