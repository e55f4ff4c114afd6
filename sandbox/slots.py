"""Where a booking goes: the slot or appointment that a request names, and what is left there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox import schedule
from sandbox.booking_schemas import BookingFields
from sandbox.call import Call
from sandbox.catalogue import Product
from sandbox.errors import bad_request, forbidden
from sandbox.schedule import CourseClass, FlexibleStart, Occurrence
from sandbox.seats import View, free_resource

BOOKING_CUTOFF_SECONDS = 2 * 3600
LONGEST_APPOINTMENT = 12 * 3600


@dataclass(frozen=True)
class Place:
    """A slot or appointment. `events` are (id, start) of all that lose seats; `event_id` goes into the booking.

    `share` is the part of a course that is attended.
    """

    starts: int
    ends: int
    event_id: str | None = None
    first_class: str | None = None
    dropin_class: str | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    events: tuple[tuple[str, int], ...] = ()
    resources: tuple[str, ...] = ()
    seats_left: int = 0
    seats_taken: int = 0
    share: Decimal = Decimal(1)


def scheduled_place(call: Call, product: Product, fields: BookingFields, event_id: str) -> Place:
    """The slot with that event id, or the part of a course that the request asks for (reference 4.1)."""
    slot = schedule.find(product, event_id, call.account.zone)
    if slot is None:
        raise bad_request("Unknown event")
    _check_times(call, fields, slot)
    if product.type == "fixedCourse":
        return _course_place(call, slot, fields)
    if fields.first_course_enrolled_event_id or fields.dropin_course_enrolled_event_id:
        raise bad_request("Only courses have classes to enrol in")
    return _place(call, slot)


def _check_times(call: Call, fields: BookingFields, slot: Occurrence) -> None:
    if fields.first_course_enrolled_event_id or fields.dropin_course_enrolled_event_id:
        return
    for text, expected in ((fields.start_time, slot.starts), (fields.end_time, slot.ends)):
        if text is not None and call.parse_time(text, "startTime") != expected:
            raise bad_request("startTime or endTime contradicts eventId: leave them out")


def _course_place(call: Call, slot: Occurrence, fields: BookingFields) -> Place:
    late, dropin = fields.first_course_enrolled_event_id, fields.dropin_course_enrolled_event_id
    if late and dropin:
        raise bad_request("firstCourseEnrolledEventId and dropinCourseEnrolledEventId exclude each other")
    if slot.product.drop_in_only and not dropin:
        raise forbidden("This product can be booked by the class only")
    attended = _attended(call, slot, late or dropin)
    if dropin:
        return _place(call, slot, attended[:1], dropin=dropin)
    return _place(call, slot, attended, late=attended[0].event_id if attended[0].number > 1 else late)


def _attended(call: Call, slot: Occurrence, event_id: str | None) -> tuple[CourseClass, ...]:
    """The classes from the one with that id on; without one, from the next that a late comer may start with."""
    if event_id is None:
        course = slot if call.backend() else schedule.joined(slot, call.now + BOOKING_CUTOFF_SECONDS)
        return course.attended
    found = next((one for one in slot.classes if one.event_id == event_id), None)
    if found is None:
        raise bad_request("The class does not belong to this course")
    return slot.classes[found.number - 1 :]


def _place(
    call: Call,
    slot: Occurrence,
    attended: Sequence[CourseClass] = (),
    *,
    late: str | None = None,
    dropin: str | None = None,
) -> Place:
    events = tuple((one.event_id, one.starts) for one in attended) or ((slot.event_id, slot.starts),)
    taken = View(call.now).taken(call.db, [event_id for event_id, _ in events])
    most_taken = max(taken.values(), default=0)
    if slot.resource and View(call.now).busy(call.db, [slot.resource], slot.starts, slot.ends):
        most_taken = slot.product.capacity
    return Place(
        starts=events[0][1],
        ends=attended[0].ends if attended else slot.ends,
        event_id=slot.event_id,
        first_class=late,
        dropin_class=dropin,
        rates=slot.rates,
        events=events,
        seats_left=max(0, slot.product.capacity - most_taken),
        seats_taken=most_taken,
        share=Decimal(len(attended)) / len(slot.classes) if attended else Decimal(1),
    )


def flexible_place(call: Call, product: Product, fields: BookingFields, seconds: int) -> Place:
    """The appointment that starts then, with the resource asked for or any free one."""
    seconds = _forced_length(call, fields) or seconds
    start = _flexible_start(call, product, fields, seconds)
    if start is None:
        raise forbidden("The time is outside the hours in which this product can be booked")
    resource = _free(call, product, fields, start)
    if resource is None:
        raise forbidden("No resource is available at this time: there are no seats left")
    return Place(starts=start.starts, ends=start.ends, resources=(resource,), seats_left=product.capacity)


def _flexible_start(call: Call, product: Product, fields: BookingFields, seconds: int) -> FlexibleStart | None:
    zone = call.account.zone
    if fields.event_id is None:
        moment = call.parse_time(fields.start_time or "", "startTime")
        return schedule.flexible_at(product, moment, seconds, zone)
    found = schedule.find_flexible(product, fields.event_id, seconds, zone)
    if found is None:
        raise bad_request("Unknown event")
    if fields.start_time is not None and call.parse_time(fields.start_time, "startTime") != found.starts:
        raise bad_request("startTime contradicts eventId: leave it out")
    return found


def _forced_length(call: Call, fields: BookingFields) -> int | None:
    if fields.end_time is None or fields.start_time is None:
        return None
    seconds = call.parse_time(fields.end_time, "endTime") - call.parse_time(fields.start_time, "startTime")
    if not 0 < seconds <= LONGEST_APPOINTMENT:
        raise bad_request("endTime must be after startTime, on the same day")
    return seconds


def _free(call: Call, product: Product, fields: BookingFields, start: FlexibleStart) -> str | None:
    candidates = candidate_resources(call, product, [resource.id for resource in fields.resources])
    busy = View(call.now).busy(call.db, candidates, start.starts, start.ends)
    return free_resource(candidates, busy, start.starts, start.ends)


def candidate_resources(call: Call, product: Product, wanted: list[str]) -> list[str]:
    """Resources that could serve: those asked for, or all of the type that the product needs."""
    hours = product.opening_hours
    known = (
        [] if hours is None else [known_id for known_id, _ in call.account.resource_type(hours.resource_type).resources]
    )
    if any(resource_id not in known for resource_id in wanted):
        raise bad_request("Unknown resource for this product")
    if len(wanted) > 1:
        raise bad_request("One resource is enough for this product")
    return wanted or known
