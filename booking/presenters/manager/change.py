"""What a change makes of a booking: before and after, the difference, and what is due then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.bookeo import Booking, Hold, Money, PeopleCategory, Product
from booking.presenters import texts
from booking.presenters.manager.cancellation import gone_text
from booking.presenters.manager.payments import balance_text
from booking.presenters.manager.words import name_of, party_of, product_of
from booking.presenters.people import party_text
from booking.services.choices import Party
from booking.services.desk_changes import Change

CHANGE_IT = "Change the booking"
UNTOLD = "Bookeo tells it with its answer"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing before and after. `after` is empty where it stays."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class About:
    """The booking that is to be changed. `gone` says when it was cancelled."""

    number: str
    spaced_number: str
    name: str
    product: str
    when: str
    party: str
    gone: str


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`difference` is empty where no price is known; `held` says until when the seats are. `crowding` warns where more
    people come than before and no places could be held for them."""

    about: About
    lines: list[Line]
    total: Line | None
    difference: str
    balance: str
    held: str
    crowding: str
    press: str
    title: str
    is_move: bool


def about(booking: Booking, categories: Mapping[str, PeopleCategory]) -> About:
    return About(
        number=booking.booking_number,
        spaced_number=texts.spaced(booking.booking_number),
        name=name_of(booking),
        product=product_of(booking),
        when=texts.when(booking.start_time, booking.end_time),
        party=party_of(booking, categories),
        gone=gone_text(booking),
    )


def change_page(
    booking: Booking,
    change: Change,
    hold: Hold | None,
    *,
    product: Product,
    categories: Mapping[str, PeopleCategory],
    now: datetime,
) -> ChangePage:
    is_move = change.start is not None
    return ChangePage(
        about=about(booking, categories),
        lines=list(_lines(booking, change, product, categories)),
        total=_total(booking, hold),
        difference=_difference(booking, hold),
        balance=_balance(booking, hold),
        held=_held(hold, now),
        crowding=_crowding(booking, change) if hold is None else "",
        press=f"Move to {texts.short_when(change.start, change.end)}" if change.start and change.end else CHANGE_IT,
        title="Move this booking?" if is_move else "Change this booking?",
        is_move=is_move,
    )


def _lines(
    booking: Booking, change: Change, product: Product, categories: Mapping[str, PeopleCategory]
) -> Iterable[Line]:
    moved = texts.when(change.start, change.end) if change.start and change.end else ""
    yield Line("When", texts.when(booking.start_time, booking.end_time), moved)
    before = party_of(booking, categories)
    after = party_text(change.party, categories) if change.party else ""
    yield Line("Who comes", before, after if after != before else "")
    if change.people is not None:
        named = sum(person.person_id != "PUNKNOWN" for person in change.people)
        yield Line("Named", "", f"{named} of {len(change.people)}")
    yield from _option_lines(booking, change, product)


def _option_lines(booking: Booking, change: Change, product: Product) -> Iterable[Line]:
    known = {option.id: option.value for option in booking.options}
    kinds = (product.choice_options, product.number_options, product.on_off_options, product.text_options)
    for option in (option for kind in kinds for option in kind):
        after = dict(change.options or ()).get(option.id, known.get(option.id, ""))
        before = known.get(option.id, "")
        if _said(before) != _said(after):
            yield Line(option.name, _said(before) or "–", _said(after) or "none")


def _said(value: str) -> str:
    return {"true": "yes", "false": "", "0": ""}.get(value.lower(), value)


def _total(booking: Booking, hold: Hold | None) -> Line | None:
    if booking.price is None and hold is None:
        return None
    before = texts.money(booking.price.total_gross) if booking.price else ""
    return Line("Total", before, texts.money(hold.price.total_gross) if hold else UNTOLD)


def _difference(booking: Booking, hold: Hold | None) -> str:
    """€12.00 more; €5.00 less; the same price"""
    if booking.price is None or hold is None:
        return ""
    before, after = booking.price.total_gross, hold.price.total_gross
    amount = texts.money(Money(amount=abs(after.amount - before.amount), currency=after.currency))
    if after.amount == before.amount:
        return "The same price"
    return f"{amount} {'more' if after.amount > before.amount else 'less'}"


def _balance(booking: Booking, hold: Hold | None) -> str:
    if booking.price is None or hold is None:
        return ""
    price = booking.price.model_copy(update={"total_gross": hold.price.total_gross})
    return balance_text(booking.model_copy(update={"price": price}))


def _crowding(booking: Booking, change: Change) -> str:
    before, after = Party.of_booking(booking).total, change.party.total if change.party else 0
    if after <= before:
        return ""
    people = texts.counted(after, "person is", "people are")
    return f"There may be fewer places than people: {people} more than the {before} before."


def _held(hold: Hold | None, now: datetime) -> str:
    if hold is None:
        return ""
    until = texts.clock(hold.expiration)
    return f"until {until}" if hold.expiration > now else ""
