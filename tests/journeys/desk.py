"""The owner of a live site at the desk, in a real browser, and what each act costs there."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, Request, expect

from tests.live import Server, manage, site_environment
from tests.staff import PASSWORD


def make_owner(site: Server, static_files: Path) -> str:
    """The e-mail of an owner who is made for this, and signs in with `PASSWORD`."""
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


@dataclass
class Desk:
    """A page with somebody of the staff at it. `presses` are of keys and buttons, a text or a choice entered at once
    counted as one; `texts` are those among them. `pages` are asked of the site, redirects among them."""

    page: Page
    presses: int = 0
    texts: int = 0
    pages: int = 0

    def __post_init__(self) -> None:
        self.page.on("request", self._count)

    def begin(self, address: str = "") -> None:
        """Count from here on, or from this page on."""
        if address:
            self.page.goto(address)
        self.presses = self.texts = self.pages = 0

    def key(self, *names: str) -> None:
        """One key after another."""
        for name in names:
            self.presses += 1
            self.page.keyboard.press(name)

    def click(self, target: Locator) -> None:
        """A link or a button."""
        self.presses += 1
        target.click()

    def type(self, text: str) -> None:
        """A text, where the cursor is."""
        self._enter()
        self.page.keyboard.type(text)

    def fill(self, field: Locator, text: str) -> None:
        """A text into this field."""
        self._enter()
        field.fill(text)

    def choose(self, field: Locator, option: str) -> None:
        """One of a list."""
        self._enter()
        field.select_option(option)

    def tab_to(self, selector: str) -> None:
        """As somebody does who cannot use a mouse; everything must be reachable so. Not counted: a press reaches it."""
        for _ in range(80):
            if self.page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached on {self.page.url}")

    def _enter(self) -> None:
        self.presses += 1
        self.texts += 1

    def _count(self, request: Request) -> None:
        self.pages += request.is_navigation_request()
