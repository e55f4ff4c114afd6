"""A customer as staff see one: details, bookings, linked people, and other records with the same e-mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from booking.bookeo import Booking, Customer, LinkedPerson, StreetAddress
from booking.presenters import texts
from booking.presenters.manager.find import BookingLine, booking_line
from booking.presenters.manager.words import NAMELESS, customer_name, full_name

NOT_TOLD = "–"


@dataclass(frozen=True, slots=True)
class CustomerPage:
    id: str
    name: str
    facts: list[tuple[str, str]]
    standing: list[tuple[str, str]]
    coming: list[BookingLine]
    past: list[BookingLine]
    cancelled: list[BookingLine]
    people: list["PersonLine"]


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: str
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class Cell:
    """`differs`: from the record whose page it is."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """Records with the same e-mail side by side, newest first: a column each, a row for each thing to compare."""

    heads: list[tuple[str, str, bool]]  # name, address, whether it is this page's own
    rows: list[tuple[str, list[Cell]]]


def customer_page(
    customer: Customer, bookings: Sequence[Booking], people: Iterable[LinkedPerson], now: datetime
) -> CustomerPage:
    held = [booking for booking in bookings if not booking.canceled]
    past = [booking for booking in held if booking.start_time < now]
    return CustomerPage(
        id=customer.id,
        name=customer_name(customer),
        facts=[(label, value) for label, value in _facts(customer) if value],
        standing=[(label, value) for label, value in _standing(customer) if value],
        coming=[booking_line(booking) for booking in held if booking.start_time >= now],
        past=[booking_line(booking) for booking in reversed(past)],
        cancelled=[booking_line(booking) for booking in reversed(bookings) if booking.canceled],
        people=[_person(person) for person in people],
    )


def twins(customer: Customer, records: Sequence[Customer]) -> Twins | None:
    """Nothing where no other record has the e-mail."""
    if all(record.id == customer.id for record in records):
        return None
    heads = [(customer_name(r), reverse("manager:customer-detail", args=[r.id]), r.id == customer.id) for r in records]
    own = dict(_compared(customer))
    columns = [dict(_compared(record)) for record in records]
    rows = [
        (label, [Cell(column[label] or NOT_TOLD, column[label] != own[label]) for column in columns]) for label in own
    ]
    return Twins(heads, [row for row in rows if any(cell.text != NOT_TOLD for cell in row[1])])


def person_name(person: LinkedPerson) -> str:
    return full_name(person) or NAMELESS


def _person(person: LinkedPerson) -> PersonLine:
    born = texts.full_day(person.date_of_birth) if person.date_of_birth else ""
    phones = ", ".join(phone.number for phone in person.phone_numbers)
    facts = (f"born {born}" if born else "", person.email_address or "", phones)
    return PersonLine(person.id, person_name(person), ", ".join(fact for fact in facts if fact))


def _facts(customer: Customer) -> Iterable[tuple[str, str]]:
    yield "E-mail", customer.email_address or ""
    yield "Phone", _phones(customer)
    yield "Address", _address(customer.street_address)
    yield "Born", texts.full_day(customer.date_of_birth) if customer.date_of_birth else ""
    yield "Language", customer.language_code or ""
    for answer in customer.custom_fields:
        yield answer.name or "Answer", answer.value


def _standing(customer: Customer) -> Iterable[tuple[str, str]]:
    if customer.member is not None:
        until = f" until {customer.membership_end[:10]}" if customer.membership_end else ""
        yield "Member", f"yes{until}" if customer.member else "no"
    yield "Credit", texts.money(customer.credit) if customer.credit else ""
    for label, number in (
        ("Bookings", customer.num_bookings),
        ("Cancelled", customer.num_cancelations),
        ("Did not come", customer.num_no_shows),
    ):
        yield label, "" if number is None else str(number)
    yield "Customer since", texts.full_day(texts.day_of(customer.creation_time))


def _compared(customer: Customer) -> Iterable[tuple[str, str]]:
    coming = customer.start_time_of_next_booking
    yield "Name", customer_name(customer)
    yield "Phone", _phones(customer)
    yield "Address", _address(customer.street_address)
    yield "Next booking", texts.deadline(coming) if coming else ""
    yield from _standing(customer)


def _phones(customer: Customer) -> str:
    return ", ".join(f"{phone.number} ({phone.type})" for phone in customer.phone_numbers)


def _address(address: StreetAddress | None) -> str:
    if address is None:
        return ""
    town = " ".join(part for part in (address.postcode, address.city) if part)
    parts = (address.address1, address.address2, town, address.state, address.country_code)
    return ", ".join(part for part in parts if part)
