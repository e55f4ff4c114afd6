"""One booking in words: what, when, who, how much, and what happened to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from booking.bookeo import Booking, Money, Participant, Payment, PeopleCategory, Tax
from booking.models import AuditEntry, CheckIn
from booking.presenters import texts
from booking.presenters.manager.audit import changes_of
from booking.presenters.manager.payments import Ledger, ledger_of
from booking.presenters.manager.words import due_of, full_name, name_of, party_of, product_of
from booking.presenters.people import singular
from booking.services.audit import ACT_TITLES, Outcome

NOBODY_NAMED = "Not named"
YES_NO = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Pair:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    category: str
    note: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `note` is empty for the expected."""

    when: str
    who: str
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BookingPage:
    """`due` is empty when nothing is due. `is_customer_told` is False where the key may
    not read customers; `contact` is empty then, and where there is none."""

    number: str
    spaced_number: str
    name: str
    state: str
    tone: str
    is_cancelled: bool
    is_paid_something: bool
    due: str
    day: str
    day_text: str
    product: str
    when: str
    party: str
    people: list[PersonLine]
    options: list[Pair]
    contact: list[Pair]
    is_customer_told: bool
    customer_id: str
    customer_note: str
    price: list[Pair]
    ledger: Ledger | None
    events: list[Event]
    here: bool
    here_since: str


def booking_page(
    booking: Booking,
    payments: Iterable[Payment] | None,
    *,
    categories: Mapping[str, PeopleCategory],
    taxes: Mapping[str, Tax],
    entries: Iterable[AuditEntry],
    mark: CheckIn | None,
) -> BookingPage:
    state, tone = _state(booking)
    day = texts.day_of(booking.start_time)
    return BookingPage(
        number=booking.booking_number,
        spaced_number=texts.spaced(booking.booking_number),
        name=name_of(booking),
        state=state,
        tone=tone,
        is_cancelled=booking.canceled,
        is_paid_something=bool(booking.price and booking.price.total_paid.amount > 0),
        due=due_of(booking),
        day=day.isoformat(),
        day_text=texts.long_day(day),
        product=product_of(booking),
        when=texts.when(booking.start_time, booking.end_time),
        party=party_of(booking, categories),
        people=_people(booking, categories),
        options=[Pair(option.name or "Option", _answer(option.value)) for option in booking.options],
        contact=_contact(booking),
        is_customer_told=booking.customer is not None,
        customer_id=booking.customer_id or "",
        customer_note=_customer_note(booking),
        price=_price(booking, taxes),
        ledger=ledger_of(booking, payments) if payments is not None else None,
        events=_events(booking, entries),
        here=mark is not None,
        here_since=f"{texts.clock(mark.at)}, by {mark.staff_name}" if mark else "",
    )


def _state(booking: Booking) -> tuple[str, str]:
    if booking.canceled:
        return "Cancelled", "bad"
    if not booking.accepted:
        return "Waiting for your answer", "warn"
    return ("Did not come", "warn") if booking.no_show else ("Confirmed", "good")


def _people(booking: Booking, categories: Mapping[str, PeopleCategory]) -> list[PersonLine]:
    """Those who are named; whole categories are in the party's sentence."""
    return [
        PersonLine(_person_name(booking, person), _category(person, categories), _person_note(person))
        for person in booking.participants.details
    ]


def _person_name(booking: Booking, person: Participant) -> str:
    if person.person_id == "PSELF":
        return name_of(booking)
    details = person.person_details
    return (full_name(details) if details else "") or NOBODY_NAMED


def _person_note(person: Participant) -> str:
    if person.person_id == "PSELF":
        return "Booked for all"
    fields = person.person_details.custom_fields if person.person_details else ()
    return ", ".join(f"{field.name}: {_answer(field.value)}" for field in fields if field.value)


def _category(person: Participant, categories: Mapping[str, PeopleCategory]) -> str:
    category = categories.get(person.people_category_id)
    return singular(category.name) if category else person.people_category_id


def _contact(booking: Booking) -> list[Pair]:
    customer = booking.customer
    if customer is None:
        return []
    pairs = [Pair("E-mail", customer.email_address)] if customer.email_address else []
    return [*pairs, *(Pair("Phone", phone.number) for phone in customer.phone_numbers)]


def _customer_note(booking: Booking) -> str:
    """4 bookings, 1 cancelled, 1 missed"""
    customer = booking.customer
    if customer is None or customer.num_bookings is None:
        return ""
    parts = [texts.counted(customer.num_bookings, "booking", "bookings")]
    parts += [f"{customer.num_cancelations} cancelled"] if customer.num_cancelations else []
    parts += [f"{customer.num_no_shows} missed"] if customer.num_no_shows else []
    return ", ".join(parts) + (". A member" if customer.member else "")


def _price(booking: Booking, taxes: Mapping[str, Tax]) -> list[Pair]:
    price = booking.price
    if price is None:
        return []
    lines = [
        Pair(adjustment.description, _times(adjustment.unit_price, adjustment.quantity))
        for adjustment in booking.price_adjustments
    ]
    lines += [Pair("Promotion", booking.promotion_name)] if booking.promotion_name else []
    lines += [Pair("Net", texts.money(price.total_net))]
    named = [(taxes[tax.tax_id].name if tax.tax_id in taxes else "Tax", tax.amount) for tax in price.taxes]
    lines += [Pair(name, texts.money(amount)) for name, amount in named or [("Taxes", price.total_taxes)]]
    return [*lines, Pair("Total", texts.money(price.total_gross))]


def _times(unit: Money, quantity: int) -> str:
    return texts.money(Money(amount=unit.amount * Decimal(quantity), currency=unit.currency))


def _answer(value: str) -> str:
    return YES_NO.get(value.lower(), value)


def _events(booking: Booking, entries: Iterable[AuditEntry]) -> list[Event]:
    """Newest first: what Bookeo tells of itself, and what our log says."""
    told: list[tuple[datetime, Event]] = [
        (moment, Event(_moment(moment), agent or "Somebody at Bookeo", what))
        for moment, agent, what in (
            (booking.creation_time, booking.creation_agent or "The customer, at Bookeo", "Booked"),
            (booking.last_change_time, booking.last_change_agent, "Changed"),
            (booking.cancelation_time, booking.cancelation_agent, "Cancelled"),
        )
        if moment is not None
    ]
    ours = [(entry.at, _own_event(entry)) for entry in entries]
    return [event for _, event in sorted(told + ours, key=lambda pair: pair[0], reverse=True)]


def _own_event(entry: AuditEntry) -> Event:
    outcome = Outcome(entry.outcome)
    return Event(
        when=_moment(entry.at),
        who=entry.staff_name or "System",
        what=ACT_TITLES.get(entry.act, entry.act).capitalize(),
        note="; ".join([*([] if outcome == Outcome.DONE else [outcome]), *changes_of(entry)]),
    )


def _moment(moment: datetime) -> str:
    return f"{texts.short_day(texts.day_of(moment))}, {texts.clock(moment)}"
