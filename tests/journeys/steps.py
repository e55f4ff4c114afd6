"""What a visitor does, as steps of a journey in a real browser."""

import re

from playwright.sync_api import Page, expect

GUEST = {"First name": "Alex", "Last name": "Example", "E-mail": "alex@example.com", "Mobile phone": "+39 055 501 0188"}


def open_product(page: Page, site: str, name: str) -> None:
    page.goto(site)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def choose_time(page: Page, number: int = 5) -> None:
    page.locator(".slot").nth(number).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Your details|Sign in"))


def enter_details(page: Page, **more: str) -> None:
    for label, value in (GUEST | more).items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Continue").click()


def book(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Check and"))
    page.get_by_label(re.compile("I agree")).check()
    page.get_by_role("button", name=re.compile("^(Book for|Send the request)")).click()
    expect(page.locator(".code")).to_be_visible()
