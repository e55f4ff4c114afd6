"""What tests of the desk begin with: bookings that stand, with their balances, and how many calls a page takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from booking.bookeo import Booking
from booking.services import booking_changes, day_lists, days
from tests.environment import SANDBOX_API_KEY
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, SETTINGS, Shop


def day_with(shop: Shop, *, due: bool) -> tuple[date, Booking]:
    """A coming day, and one of its bookings: with something due, or with all paid."""
    for ahead in range(1, 15):
        day = days.today() + timedelta(days=ahead)
        for booking in day_lists.get_day(day, with_slots=False).bookings:
            price = booking.price
            if price is None or booking.canceled or not booking.accepted or price.total_gross.is_zero:
                continue
            if (price.total_paid.is_zero and due) or (price.total_paid == price.total_gross and not due):
                return day, booking
    raise AssertionError("the demo has no such booking")


def booked_without_email(browser: PlainBrowser, name: str = KAYAK) -> Booking:
    """A new booking at one of the first times, of somebody who gave a name alone."""
    browser.get("/manager/book/").follow(name)
    slot = next(button for button in browser.page.form("#party").buttons if button.name == "slot")
    browser.submit("#party", button=slot.text).submit("#new", {"last_name": "Walkin"}, button="Continue")
    form = browser.page.form("#book")
    browser.submit(form, button=form.buttons[0].text)
    return booking_changes.get_booking(browser.url.split("/")[3])


@contextmanager
def calls_counted(shop: Shop) -> Iterator[list[str]]:
    """The operations that the block asks of Bookeo, settings apart: they are remembered."""
    before, made = len(shop.calls), list[str]()
    yield made
    made += [operation for operation in shop.operations[before:] if operation not in SETTINGS]


def allow_only(shop: Shop, *permissions: str) -> None:
    """From now on our key has these permissions alone."""
    app: Any = shop.adapter.app
    app.api_keys = {**app.api_keys, SANDBOX_API_KEY: replace(app.api_keys[SANDBOX_API_KEY], permissions=permissions)}
