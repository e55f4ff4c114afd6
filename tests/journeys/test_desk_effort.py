"""What the desk's two most frequent acts cost, measured with the keyboard alone in a real browser. The how-to says the
same figures: whoever changes the way changes them."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from playwright.sync_api import expect

from booking.bookeo import Bookeo, BookingInput, CustomerInput, ParticipantsInput, PeopleNumber
from tests.browser import PageOpener
from tests.environment import ROOT, SANDBOX_API_KEY, SANDBOX_SECRET_KEY
from tests.journeys.desk import Desk, sign_in
from tests.live import Server
from tests.shop import KAYAK_ID

HOW_TO = ROOT / "docs" / "how-to" / "work-at-the-desk.md"
_surnames = (f"Quay{letter}" for letter in itertools.cycle("abcdefghijklmnopqrstuvwxyz"))


@dataclass(frozen=True)
class Known:
    """What the customer at the desk can tell of a booking that is not paid."""

    number: str
    name: str
    email: str


def _look_for(desk: Desk, text: str) -> None:
    desk.key("/")
    desk.type(text)
    desk.key("Enter")


def _open_row(desk: Desk, number: str) -> None:
    """Down the list to this booking, and in."""
    row = desk.page.locator(f"[data-rows] a[data-open][href$='/{number}/']")
    expect(row).to_be_visible()
    while not row.evaluate("link => link === document.activeElement"):
        desk.key("j")
    desk.key("Enter")


def _by_number(desk: Desk, booking: Known) -> None:
    _look_for(desk, booking.number)


def _by_name(desk: Desk, booking: Known) -> None:
    _look_for(desk, booking.name)
    _open_row(desk, booking.number)


def _by_email(desk: Desk, booking: Known) -> None:
    _look_for(desk, booking.email)
    _open_row(desk, booking.number)


WAYS = (_by_number, _by_name, _by_email)


def _cancel(desk: Desk) -> None:
    desk.key("c")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Cancel this booking?")
    desk.key("Control+Enter")
    expect(desk.page.get_by_role("status").filter(has_text="is cancelled")).to_be_visible()


def _take_payment(desk: Desk) -> None:
    desk.key("p")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Take a payment")
    desk.key("Control+Enter")
    expect(desk.page.get_by_role("status").filter(has_text="recorded at Bookeo")).to_be_visible()


@pytest.fixture
def bookeo(sandbox_server: Server) -> Bookeo:
    return Bookeo(base_url=f"{sandbox_server.url}/v2", secret_key=SANDBOX_SECRET_KEY, api_key=SANDBOX_API_KEY)


@pytest.mark.parametrize(("title", "act"), [("Find and cancel", _cancel), ("Find and take a payment", _take_payment)])
def test_effort_is_what_the_how_to_says(
    new_page: PageOpener,
    live_site: Server,
    owner: str,
    bookeo: Bookeo,
    title: str,
    act: Callable[[Desk], None],
) -> None:
    page = new_page(cookies="accepted")
    sign_in(page, live_site, owner)
    desk = Desk(page)
    measured = []
    for way in WAYS:
        booking = _booked(bookeo)
        desk.begin(f"{live_site.url}/manager/day/")
        way(desk, booking)
        expect(page.get_by_role("heading", level=1)).to_have_text(booking.name)
        act(desk)
        measured.append((desk.presses - desk.texts, desk.pages))

    keys, requests = (median(figures) for figures in zip(*measured, strict=True))
    told = re.search(rf"^\| {title} \| ([\d.]+) \| ([\d.]+) \|", HOW_TO.read_text(), re.MULTILINE)
    assert told, f"{HOW_TO.name} has no figures for “{title}”; measured: {measured}"
    assert (float(told[1]), float(told[2])) == (keys, requests), measured


def _booked(bookeo: Bookeo) -> Known:
    """A booking for two in a few days, by somebody who has not been here before."""
    begin = datetime.now(UTC) + timedelta(days=3)
    slots = bookeo.list_slots(product_id=KAYAK_ID, start_time=begin, end_time=begin + timedelta(days=10)).data
    slot = max(slots, key=lambda slot: slot.num_seats_available)
    surname = next(_surnames)
    customer = CustomerInput(first_name="Robin", last_name=surname, email_address=f"{surname.lower()}@example.com")
    party = ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=2),))
    wanted = BookingInput(product_id=KAYAK_ID, event_id=slot.event_id, participants=party, customer=customer)
    made = bookeo.create_booking(booking=wanted)
    return Known(made.booking_number, f"Robin {surname}", str(customer.email_address))
