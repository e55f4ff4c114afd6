from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from booking.bookeo import Money, PeopleCategory
from booking.presenters.month import month_of
from booking.presenters.people import party_text
from booking.presenters.product import chosen, days_of, time_button, times_of
from booking.services.availability import DayOfMonth, PageOfTimes
from booking.services.choices import CourseClass, FreeTime, Party, Wishes

START = datetime(2027, 6, 12, 8, tzinfo=UTC)
WISHES = Wishes(product_id="4151KAYK", party=Party.of({"Cadults": 2}))
CATEGORIES = {
    "Cadults": PeopleCategory(id="Cadults", name="Adults", num_seats=1),
    "Cchildren": PeopleCategory(id="Cchildren", name="Children", num_seats=1),
    "W9RXJA": PeopleCategory(id="W9RXJA", name="Family", num_seats=4),
}


def _time(hours: float = 0, seats: int | None = 5, **more: object) -> FreeTime:
    start = START + timedelta(hours=hours)
    fields = {"event_id": f"e{hours}", "start": start, "end": start + timedelta(hours=2), "seats_left": seats}
    return FreeTime.model_validate({"price": Money(amount=Decimal(98), currency="EUR")} | fields | more)


def _page(*times: FreeTime, **more: object) -> PageOfTimes:
    fields = {"times": times, "since": date(2027, 6, 12), "until": date(2027, 7, 12), "total": len(times)}
    return PageOfTimes(**(fields | more))  # type: ignore[arg-type]  # fields by name


def _times_of(found: PageOfTimes, **more: object) -> object:
    fields = {"query": "adults=2", "asked": None, "today": date(2027, 6, 10)} | more
    return times_of(found, WISHES.party, CATEGORIES, **fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ({"Cadults": 2}, "2 adults"),
        ({"Cadults": 1, "Cchildren": 1}, "1 adult and 1 child"),
        ({"Cadults": 3, "Cchildren": 2, "W9RXJA": 1}, "3 adults, 2 children and 1 × Family"),
    ],
)
def test_party_is_said_in_words(numbers: dict[str, int], text: str) -> None:
    assert party_text(Party.of(numbers), CATEGORIES) == text


def test_button_tells_time_price_day_and_places() -> None:
    button = time_button(_time())
    assert (button.start, button.end, button.price, button.day) == ("10:00", "12:00", "€98.00", "Sat 12 Jun")
    assert (button.seats, button.few) == ("5 places left", False)


@pytest.mark.parametrize(("seats", "text"), [(1, "Last place"), (3, "Last 3 places"), (4, "4 places left"), (None, "")])
def test_last_places_are_said(seats: int | None, text: str) -> None:
    button = time_button(_time(seats=seats))
    assert button.seats == text
    assert button.few == (seats in {1, 3})


def test_choice_comes_back_from_the_button_as_it_went_in() -> None:
    classes = tuple(
        CourseClass(start=START + timedelta(days=7 * n), end=START + timedelta(days=7 * n, hours=2)) for n in range(4)
    )
    picked = chosen(time_button(_time(classes=classes)).value, WISHES)
    assert picked is not None
    choice, estimate = picked
    assert (choice.event_id, choice.start, choice.classes) == ("e0", START, classes)
    assert estimate == Money(amount=Decimal(98), currency="EUR")


def test_time_without_price_has_no_estimate() -> None:
    picked = chosen(time_button(_time(price=None)).value, WISHES)
    assert picked is not None
    assert picked[1] is None


def test_tampered_button_is_refused() -> None:
    value = time_button(_time()).value
    assert chosen(value.replace("98", "1"), WISHES) is None
    assert chosen(value[:-1], WISHES) is None
    assert chosen("", WISHES) is None


def test_course_tells_its_dates_in_one_line() -> None:
    classes = (
        CourseClass(start=START, end=START + timedelta(hours=2)),
        CourseClass(start=START + timedelta(days=7), end=START + timedelta(days=7, hours=2)),
        CourseClass(start=START + timedelta(days=14, hours=1), end=START + timedelta(days=14, hours=3)),
    )
    button = time_button(_time(classes=classes, course_title="Evenings"))
    assert button.classes == "Evenings: 3 classes, on 12 Jun, 19 Jun and 26 Jun (11:00 to 13:00)"
    begun = time_button(_time(classes=classes, classes_over=1, course_title="Evenings"))
    assert begun.classes == "Evenings: the last 3 of 4 classes, on 12 Jun, 19 Jun and 26 Jun (11:00 to 13:00)"


def test_times_stand_under_their_days_with_a_line_for_those_that_do_not_fit() -> None:
    found = _page(_time(0), _time(2), _time(24), too_full=(_time(1, seats=0), _time(1.5, seats=2)))
    first, second = days_of(found)
    assert (first.heading, len(first.times), len(second.times)) == ("Saturday 12 June", 2, 1)
    assert first.note == "11:00 is full. 11:30 has 2 places: too few for you."


def test_one_time_a_day_stands_under_its_month() -> None:
    found = _page(*(_time(24 * n) for n in range(0, 25, 5)))
    assert [(day.heading, len(day.times)) for day in days_of(found)] == [("June 2027", 4), ("July 2027", 1)]


def test_earlier_and_later_lead_through_pages_and_months() -> None:
    middle = _times_of(_page(_time(), token="tok", page=2, pages=3))
    assert middle.earlier == "?adults=2&date=2027-06-12&more=tok.1"
    assert middle.later == "?adults=2&date=2027-06-12&more=tok.3"
    last = _times_of(_page(_time()))
    assert last.earlier == "?adults=2&date=2027-06-10"
    assert last.later == "?adults=2&date=2027-07-12"
    assert _times_of(_page(_time()), today=date(2027, 6, 12)).earlier == ""


def test_month_is_a_table_of_whole_weeks() -> None:
    days = (
        DayOfMonth(date(2027, 6, 12), 5, 4),
        DayOfMonth(date(2027, 6, 13), 5, 1),
        DayOfMonth(date(2027, 6, 14), 2, 0),
    )
    month = month_of(date(2027, 6, 12), days, today=date(2027, 6, 10), current=date(2027, 6, 12), query="adults=2")
    cells = {cell.number: cell for week in month.weeks for cell in week if cell.number}

    assert {len(week) for week in month.weeks} == {7}
    assert sorted(cells) == list(range(7, 31))  # the week of the 1st is over
    assert (cells[12].state, cells[12].note, cells[12].current) == ("free", "4 times", True)
    assert cells[12].href == "?adults=2&date=2027-06-12"
    assert (cells[13].note, cells[13].few) == ("1 time", True)
    assert (cells[14].state, cells[14].href) == ("full", "")
    assert (cells[10].today, cells[10].state) == (True, "none")
    assert month.previous is None
    assert month.following == ("July", "?adults=2&month=2027-07")
