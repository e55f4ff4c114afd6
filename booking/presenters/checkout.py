"""The pages after a time was chosen, ready to show: what, when, who, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from django.conf import settings

from booking.bookeo import ParticipantInput, PeopleCategory, Product
from booking.drafts import Contact, DraftState, SignedIn
from booking.presenters import texts
from booking.presenters.people import party_text, singular
from booking.services.choices import Choice

WARN_SECONDS = 120


@dataclass(frozen=True, slots=True)
class HoldBox:
    """`ends` is Unix time in seconds, for the script; the text is enough without it."""

    until: str
    minutes: int
    seconds: int
    whole: int
    ends: int
    places: str
    over: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What was chosen."""

    product_name: str
    picture: str
    when: str
    brief: str
    day: str
    span: str
    party: str
    options: list[tuple[str, str]]
    classes: list[str]
    on_request: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Who books."""

    name: str
    first_name: str
    email: str
    phone: str
    address: str
    answers: list[tuple[str, str]]
    signed_in: bool


def summary_of(choice: Choice, product: Product, categories: Mapping[str, PeopleCategory]) -> Summary:
    day = texts.day_of(choice.start)
    return Summary(
        product_name=product.name,
        picture=product.images[0].url if product.images else "",
        when=texts.when(choice.start, choice.end),
        brief=f"{texts.short_day(day)}, {texts.span(choice.start, choice.end)}",
        day=texts.full_day(day),
        span=texts.span(choice.start, choice.end),
        party=party_text(choice.wishes.party, categories),
        options=_options(choice, product),
        classes=[f"{texts.short_day(texts.day_of(c.start))}, {texts.span(c.start, c.end)}" for c in choice.classes],
        on_request=product.accept_deny,
    )


def kept_text(state: DraftState, categories: Mapping[str, PeopleCategory], now: datetime) -> str:
    """What the visitor has while looking at other times."""
    choice = state.choice
    time = f"{texts.deadline(choice.start)}, for {party_text(choice.wishes.party, categories)}"
    if state.hold is None:
        return f"You have chosen {time}."
    if state.hold_is_over(now):
        return f"You had chosen {time}. The holding time is over."
    return f"You hold {time}, until {texts.clock(state.hold.expiration)}."


def hold_box(state: DraftState, seats: int, now: datetime) -> HoldBox | None:
    """None when no seats were ever held (a members-only product before signing in)."""
    if state.hold is None:
        return None
    left = max(0, round((state.hold.expiration - now).total_seconds()))
    return HoldBox(
        until=texts.clock(state.hold.expiration),
        minutes=-(-left // 60),
        seconds=left,
        whole=settings.HOLD_SECONDS,
        ends=int(state.hold.expiration.timestamp()),
        places="place is" if seats == 1 else f"{seats} places are",
        over=left == 0,
        soon=left <= WARN_SECONDS,
    )


def person_of(state: DraftState, field_names: Mapping[str, str]) -> Person | None:
    """`field_names`: the account's custom fields by id."""
    if state.signed_in:
        return _signed_in(state.signed_in)
    return _guest(state.contact, field_names) if state.contact else None


def participant_lines(state: DraftState, categories: Mapping[str, PeopleCategory]) -> list[tuple[str, str]]:
    """(Adults 1, the name) for each participant that was named."""
    lines = []
    for person in state.participants:
        category = categories.get(person.people_category_id)
        name = singular(category.name) if category else person.people_category_id
        lines.append((f"{name} {person.category_index}", _participant_name(person)))
    return lines


def answers_to_text_options(state: DraftState, product: Product) -> list[tuple[str, str]]:
    names = {option.id: option.name for option in product.text_options or ()}
    return [(names.get(option, option), value) for option, value in state.text_options]


def phone_text(e164: str) -> str:
    """+39 055 501 0199; what cannot be read is shown as it is."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _participant_name(person: ParticipantInput) -> str:
    if person.person_id == "PSELF":
        return "Yourself"
    if person.person_id == "PUNKNOWN":
        return "Not known yet"
    details = person.person_details
    return f"{details.first_name} {details.last_name}" if details else "Somebody you booked for before"


def _options(choice: Choice, product: Product) -> list[tuple[str, str]]:
    """Options that are set to something: a nought and a no are not worth a line."""
    groups = (product.choice_options, product.number_options, product.on_off_options)
    names = {option.id: option.name for group in groups for option in group or ()}
    shown = ((names.get(option, option), value) for option, value in choice.wishes.options)
    return [(name, "Yes" if value == "true" else value) for name, value in shown if value not in {"false", "0", ""}]


def _signed_in(customer: SignedIn) -> Person:
    return Person(
        name=f"{customer.first_name} {customer.last_name}".strip(),
        first_name=customer.first_name,
        email=customer.email,
        phone=phone_text(customer.phone),
        address="",
        answers=[],
        signed_in=True,
    )


def _guest(contact: Contact, field_names: Mapping[str, str]) -> Person:
    address = (contact.address1, f"{contact.postcode} {contact.city}".strip(), contact.state, contact.country)
    return Person(
        name=f"{contact.first_name} {contact.last_name}",
        first_name=contact.first_name,
        email=contact.email,
        phone=phone_text(contact.phone),
        address=", ".join(part for part in address if part),
        answers=[(field_names.get(f, f), "Yes" if v == "true" else v) for f, v in contact.custom_fields],
        signed_in=False,
    )
