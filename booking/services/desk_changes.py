"""Moving and changing a booking at the desk: what is to become of it, at which price, and sending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict

from booking import bookeo
from booking.bookeo import (
    BookingInput,
    BookingOption,
    Hold,
    ParticipantInput,
    ParticipantsInput,
    PeopleNumber,
    ResourceInput,
)
from booking.models import Attempt
from booking.services import attempts, booking_changes, desk_holds, reconciliation
from booking.services.attempts import Kind, State
from booking.services.choices import Party, Wishes
from booking.services.errors import CodeRefused, CustomerNeeded, DetailsRejected, OutcomeUnknown, TimeGone
from booking.services.key_permissions import Permission, needing

Booking: TypeAlias = bookeo.Booking


class Change(BaseModel):
    """What is to become of a booking; what is None or empty stays. `options` are those that the form shows."""

    model_config = ConfigDict(frozen=True)

    event_id: str = ""
    start: datetime | None = None
    end: datetime | None = None
    resource_id: str | None = None
    party: Party | None = None
    options: tuple[tuple[str, str], ...] | None = None
    people: tuple[ParticipantInput, ...] | None = None


@dataclass(frozen=True, slots=True)
class Mails:
    """Whom Bookeo tells of it."""

    customer: bool = False
    users: bool = False


def wishes_of(booking: Booking, *, resource_id: str = "") -> Wishes:
    """Party and options of a booking, to look for other times with."""
    options = tuple((option.id, option.value) for option in booking.options if option.id)
    party = Party.of_booking(booking)
    return Wishes(product_id=booking.product_id, party=party, options=options, resource_id=resource_id)


def hold_for(booking: Booking, change: Change, *, previous_hold_id: str = "") -> Hold | None:
    """Hold what the booking is to become. None where no hold can be had, so that only Bookeo's answer tells the price.

    A hold cannot use the booking's own seats, so one that stays at its time may be refused for want of them. Raises
    TimeGone for a new time, DetailsRejected, Unavailable, PermissionMissing.
    """
    try:
        return _held(booking, change, previous_hold_id)
    except CustomerNeeded:  # the credit that pays for it is in use, by this very booking
        return None
    except TimeGone:
        if change.event_id:
            raise
        return None


def send(booking: Booking, change: Change, *, form: str, hold: Hold | None, mails: Mails) -> Booking:
    """Once for each `form`. Bookeo's PUT takes no hold over, so its seats are let go at the last moment.

    Raises RuleRefused, DetailsRejected, NotFound, OutcomeUnknown, PermissionMissing.
    """
    with needing(Permission.WRITE_BOOKINGS):
        desk_holds.let_go(hold)
        return booking_changes.change_booking(
            booking,
            form=form,
            without=_left_to_bookeo(booking),
            notify_customer=mails.customer,
            notify_users=mails.users,
            as_manager=True,
            **_fields(booking, change),
        )


def settle(form: str) -> bool:
    """Whether a change that was sent has been made; False when it is certain that it was not. Raises OutcomeUnknown,
    Unavailable."""
    attempt = attempts.live(Kind.CHANGE, form)
    if attempt is not None and attempt.state in Attempt.OPEN:
        reconciliation.settle_open_attempts()
        attempt = attempts.live(Kind.CHANGE, form)
    if attempt is not None and attempt.state != State.CONFIRMED:
        raise OutcomeUnknown("not known yet")
    return attempt is not None


def _held(booking: Booking, change: Change, previous_hold_id: str) -> Hold | None:
    codes = ",".join(booking.coupon_codes)
    wanted = _wanted(booking, change)
    if not codes:
        return desk_holds.hold_for_staff(wanted, previous_hold_id=previous_hold_id)
    with_codes = wanted.model_copy(update={"promotion_code_input": codes})
    try:
        return desk_holds.hold_for_staff(with_codes, previous_hold_id=previous_hold_id)
    except (CodeRefused, DetailsRejected):  # it has run out since: Bookeo keeps it for this booking all the same
        return None


def _wanted(booking: Booking, change: Change) -> BookingInput:
    party = change.party or Party.of_booking(booking)
    fields: dict[str, Any] = {
        "product_id": booking.product_id,
        "customer_id": booking.customer_id,
        "participants": ParticipantsInput(numbers=party.to_wire()),
        "options": _options(booking, change) or None,
        "private_event": booking.private_event,
        "price_adjustments": booking.price_adjustments or None,
        **_time(booking, change),
    }
    return BookingInput.model_validate({name: value for name, value in fields.items() if value is not None})


def _time(booking: Booking, change: Change) -> dict[str, Any]:
    if change.event_id:
        resources = (ResourceInput(id=change.resource_id),) if change.resource_id else None
        return {"event_id": change.event_id, "resources": resources}
    if booking.event_id:
        names = ("event_id", "first_course_enrolled_event_id", "dropin_course_enrolled_event_id")
        return {name: getattr(booking, name) for name in names}
    return {"start_time": booking.start_time}


def _fields(booking: Booking, change: Change) -> Mapping[str, Any]:
    """What the change sends, by the names of Bookeo's client."""
    fields: dict[str, Any] = {}
    if change.event_id:
        fields["event_id"] = change.event_id
        if booking.resources or change.resource_id:  # without one, Bookeo assigns who is free then
            fields["resources"] = (ResourceInput(id=change.resource_id),) if change.resource_id else ()
    if change.party is not None or change.people is not None:
        fields["participants"] = ParticipantsInput(numbers=_numbers(booking, change), details=_people(booking, change))
    if change.options is not None:
        fields["options"] = _options(booking, change)
    return fields


def _left_to_bookeo(booking: Booking) -> tuple[str, ...]:
    """An event decides its times; an appointment's end follows from its options."""
    return ("start_time", "end_time") if booking.event_id else ("end_time",)


def _numbers(booking: Booking, change: Change) -> tuple[PeopleNumber, ...]:
    return (change.party or Party.of_booking(booking)).to_wire()


def _people(booking: Booking, change: Change) -> tuple[ParticipantInput, ...]:
    """Whoever is named and still has a place."""
    if change.people is not None:
        return change.people
    numbers = dict((change.party or Party.of_booking(booking)).numbers)
    return tuple(
        ParticipantInput(
            person_id=person.person_id,
            people_category_id=person.people_category_id,
            category_index=person.category_index,
        )
        for person in booking.participants.details
        if person.category_index <= numbers.get(person.people_category_id, 0)
    )


def _options(booking: Booking, change: Change) -> tuple[BookingOption, ...]:
    """Those that the form shows as they were chosen, the others as they are."""
    if change.options is None:
        return booking.options
    chosen = dict(change.options)
    others = tuple(option for option in booking.options if option.id not in chosen)
    return (*(BookingOption(id=option, value=value) for option, value in chosen.items() if value), *others)
