"""What tests of the bulk day begin with: a day with bookings, the form of its preview, and the work of a worker."""

from datetime import date, timedelta

from django.db.models.functions import Now

from booking.bookeo import Booking
from booking.models import BulkRow, BulkRun
from booking.services import bulk_runs, day_lists, days
from booking.services.bulk_runs import Turn
from tests.pages import Form
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, Shop


def kayak_day(shop: Shop, *, at_least: int = 2) -> tuple[date, list[Booking]]:
    """A coming day, and its bookings of the kayak tour."""
    for ahead in range(2, 20):
        day = days.today() + timedelta(days=ahead)
        found = [
            booking
            for booking in day_lists.get_day(day, with_slots=False).bookings
            if booking.product_name == KAYAK and not booking.canceled
        ]
        if len(found) >= at_least:
            return day, found
    raise AssertionError("the demo has no such day")


def address_of(day: date, bookings: list[Booking], more: str = "") -> str:
    return f"/manager/bulk/preview/?day={day}&product={bookings[0].product_id}{more}"


def row_of(booking: Booking) -> str:
    """The name of the booking's field."""
    return f"row-{booking.booking_number}"


def press(browser: PlainBrowser, fields: dict[str, str] | None = None) -> PlainBrowser:
    """Press the button that names what is done."""
    return browser.submit("#bulk", fields, button=press_of(browser.page.form("#bulk")))


def press_of(form: Form) -> str:
    return next(button.text for button in form.buttons if button.text.startswith(("Cancel ", "Move ")))


def begun(browser: PlainBrowser, day: date, bookings: list[Booking], more: str = "") -> BulkRun:
    """A run of all these bookings, that can still be undone."""
    press(browser.get(address_of(day, bookings, more)))
    return BulkRun.objects.latest("pk")


def end_the_window(run: BulkRun) -> None:
    BulkRun.objects.filter(pk=run.pk).update(starts_at=Now())


def work() -> Turn:
    """What a worker does in one turn, with every pause over."""
    BulkRow.objects.filter(state__in=BulkRow.LIVE).update(due_at=Now())
    return bulk_runs.work()


def states(run: BulkRun) -> dict[str, str]:
    """By booking number."""
    return dict(run.rows.values_list("booking_number", "state"))
