"""The calendar file, read back as a calendar reads it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from booking.presenters.calendar import calendar_file
from booking.services.choices import CourseClass

ROME = ZoneInfo("Europe/Rome")
START = datetime(2027, 6, 12, 10, tzinfo=ROME)
CLASSES = [
    CourseClass(start=moment, end=moment + timedelta(hours=2))
    for moment in (datetime(2027, 10, day, 18, tzinfo=ROME) for day in (24, 31))
]


def _file(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "booking_number": "4151607147062318",
        "title": "Kayak tour",
        "place": "Pier 1",
        "start": START,
        "end": START + timedelta(hours=2),
        "accepted": True,
    }
    return calendar_file(**(fields | changes))


def _events(**changes: Any) -> list[Any]:
    return list(Calendar.from_ical(_file(**changes)).walk("VEVENT"))


def test_times_are_in_utc_on_both_sides_of_a_change_of_clocks() -> None:
    events = _events(classes=CLASSES)
    assert [event.decoded("dtstart") for event in events] == [
        datetime(2027, 10, 24, 16, tzinfo=UTC),
        datetime(2027, 10, 31, 17, tzinfo=UTC),
    ]
    assert {event.decoded("dtend") - event.decoded("dtstart") for event in events} == {timedelta(hours=2)}
    assert b"TZID" not in _file(classes=CLASSES)
    assert b"DTSTART:20271024T160000Z" in _file(classes=CLASSES)


def test_whole_days_are_dates() -> None:
    (event,) = _events(start=datetime(2027, 6, 12, tzinfo=ROME), end=datetime(2027, 6, 14, tzinfo=ROME))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2027, 6, 12), date(2027, 6, 14))


def test_request_is_no_booking_yet() -> None:
    assert [_events(accepted=accepted)[0]["description"] for accepted in (True, False)] == [
        "Booking 4151607147062318",
        "Request 4151607147062318",
    ]


def test_uid_is_the_booking_s_own_whatever_else_changes(time_machine: Any) -> None:
    first = _events(classes=CLASSES)
    time_machine.move_to(datetime(2027, 1, 1, tzinfo=UTC))
    moved = [CourseClass(start=c.start + timedelta(days=1), end=c.end + timedelta(days=1)) for c in CLASSES]
    later = _events(classes=moved, title="New name", accepted=False)
    assert [event["uid"] for event in first] == [event["uid"] for event in later]
    assert len({event["uid"] for event in first}) == 2
    assert _events(booking_number="1")[0]["uid"] not in {event["uid"] for event in first}


def test_stamp_says_when_the_file_was_made(time_machine: Any) -> None:
    time_machine.move_to(datetime(2027, 1, 1, 12, tzinfo=UTC), tick=False)
    assert _events()[0].decoded("dtstamp") == datetime(2027, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "title", ["Kayak; sunset, with cake", "Line\nbreak\r\nEND:VEVENT", "Élodie’s 🛶 " * 20, 'Back\\slash "quoted"']
)
def test_names_cannot_break_the_file(title: str) -> None:
    (event,) = _events(title=title, place=title)
    assert str(event["summary"]).replace("\r\n", "\n") == title.replace("\r\n", "\n")
    assert event["status"] == "CONFIRMED"
    assert all(len(line) <= 75 for line in _file(title=title).split(b"\r\n"))


def test_file_is_what_calendars_import() -> None:
    calendar = Calendar.from_ical(_file())
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert calendar["prodid"]
    (event,) = calendar.walk("VEVENT")
    assert (event["summary"], event["location"]) == ("Kayak tour", "Pier 1")
    assert "4151607147062318" in event["description"]
