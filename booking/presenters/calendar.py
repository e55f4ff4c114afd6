"""The calendar file of a booking: one event, or one for each class of a course."""

from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar, Event

from booking.presenters import texts
from booking.services.choices import CourseClass


def calendar_file(
    *,
    booking_number: str,
    title: str,
    place: str,
    start: datetime,
    end: datetime,
    classes: Iterable[CourseClass] = (),
    accepted: bool,
) -> bytes:
    """RFC 5545 text. Times are in UTC, right in each zone, and whole days are dates. The UID is the booking's own
    for ever, so a second download changes the event instead of adding one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bookeo front office//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    meetings = [(c.start, c.end) for c in classes] or [(start, end)]
    for number, (begins, ends) in enumerate(meetings, start=1):
        event = Event()
        event.add("uid", f"{booking_number}-{number}@bookeo")
        event.add("dtstamp", datetime.now(UTC))
        for name, moment in (("dtstart", begins), ("dtend", ends)):
            event.add(name, texts.day_of(moment) if texts.whole_days(begins, ends) else moment.astimezone(UTC))
        event.add("summary", title)
        event.add("location", place)
        event.add("description", f"{'Booking' if accepted else 'Request'} {booking_number}")
        event.add("status", "CONFIRMED" if accepted else "TENTATIVE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
