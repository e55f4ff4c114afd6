"""What lasts a whole day is said without hours, also where it is moved at the desk."""

from datetime import UTC, datetime, timedelta

from booking.bookeo import Booking, PeopleCategoryList, Product
from booking.models import BulkRow
from booking.presenters.manager.bulk import result_line
from booking.presenters.manager.change import change_page
from booking.services.desk_changes import Change
from tests.bookeo.samples import payload

MIDNIGHT = datetime(2027, 6, 11, 22, tzinfo=UTC)  # of 12 June, at the business's place
DAY = timedelta(days=1)


def test_press_that_moves_names_the_whole_day() -> None:
    shown = change_page(
        Booking.model_validate(payload("booking.create.response")),
        Change(event_id="event", start=MIDNIGHT, end=MIDNIGHT + DAY),
        None,
        product=Product.model_validate(payload("settings.products")["data"][0]),
        categories={
            c.id: c for c in PeopleCategoryList.model_validate(payload("settings.peoplecategories")).categories
        },
        now=MIDNIGHT,
    )
    assert shown.press == "Move to Sat 12 Jun, whole day"


def test_rows_of_a_run_name_the_whole_day() -> None:
    row = BulkRow(
        booking_number="541205180027",
        start=MIDNIGHT,
        end=MIDNIGHT + DAY,
        event_id="event",
        to_start=MIDNIGHT + DAY,
        to_end=MIDNIGHT + 3 * DAY,
    )
    line = result_line(row, "Maria Rossi")
    assert (line.start, line.wanted) == ("Whole day", "Move to Sun 13 Jun, until Mon 14 Jun")


def test_rows_with_hours_name_the_hour() -> None:
    row = BulkRow(
        booking_number="541205180027", start=MIDNIGHT + timedelta(hours=10), end=MIDNIGHT + timedelta(hours=12)
    )
    line = result_line(row, "Maria Rossi")
    assert (line.start, line.wanted) == ("10:00", "Cancel")
