"""The owner of a live site at the desk, in a real browser."""

import uuid
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.live import Server, manage, site_environment
from tests.staff import PASSWORD


def make_owner(site: Server, static_files: Path) -> str:
    """The e-mail of a new owner, who signs in with `PASSWORD`."""
    email = f"{uuid.uuid4().hex[:8]}@example.com"
    environment = site_environment(site.log.parent, static_files)
    manage(["create_owner", "--email", email, "--name", "Marta"], {**environment, "STAFF_PASSWORD": PASSWORD})
    return email


def sign_in(page: Page, site: Server, email: str) -> None:
    page.goto(f"{site.url}/manager/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("nav.links [aria-current]")).to_have_text("Today")


def assert_fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], page.url
