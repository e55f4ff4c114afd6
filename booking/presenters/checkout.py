"""The pages after a time was chosen, ready to show: what, when, who, how much, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import phonenumbers
from django.conf import settings

from booking.bookeo import Hold, Money, ParticipantInput, PeopleCategory, Product, Tax
from booking.drafts import Contact, DraftState, Placed, SignedIn
from booking.presenters import texts
from booking.presenters.product import party_text, singular
from booking.services.choices import Choice

WARN_SECONDS = 120
SHARES = {50: "half the price", 100: "the whole price"}


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    amount: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class PriceBox:
    """`changed` says how the final price came to differ from the estimate on the page of times. `later`: the business
    names the price itself, with its answer."""

    total: str
    lines: list[Line]
    payable: str
    payable_differs: bool
    changed: str = ""
    later: bool = False


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
    day: str
    span: str
    party: str
    options: list[tuple[str, str]]
    classes: list[str]
    on_request: bool
    resource: str = ""


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


@dataclass(frozen=True, slots=True)
class Ticket:
    """The confirmation."""

    number: str
    number_spaced: str
    headline: str
    accepted: bool
    when: str
    day: str
    span: str
    total: str
    paid: str
    due: str


def summary_of(choice: Choice, product: Product, categories: Mapping[str, PeopleCategory]) -> Summary:
    day = texts.day_of(choice.start)
    return Summary(
        product_name=product.name,
        picture=product.images[0].url if product.images else "",
        when=texts.when(choice.start, choice.end),
        day=texts.full_day(day),
        span=texts.span(choice.start, choice.end),
        party=party_text(choice.wishes.party, categories),
        options=_options(choice, product),
        classes=[f"{texts.short_day(texts.day_of(c.start))}, {texts.span(c.start, c.end)}" for c in choice.classes],
        on_request=product.accept_deny,
    )


def price_box(hold: Hold, estimate: Money | None, taxes: Mapping[str, Tax], product: Product) -> PriceBox:
    price = hold.price
    payable = hold.total_payable or price.total_gross
    return PriceBox(
        total=texts.money(price.total_gross),
        lines=[*_tax_lines(hold, taxes), *_credit_lines(hold)],
        payable=texts.money(payable),
        payable_differs=payable.amount != price.total_gross.amount,
        changed=_changed(hold, estimate),
        later=price_is_told_later(product, price.total_gross),
    )


def price_is_told_later(product: Product, total: Money | None) -> bool:
    """A request for something without rates costs nothing yet: that is no price."""
    return product.accept_deny and not product.default_rates and (total is None or total.is_zero)


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


def cancellation_rule(start: datetime, total: Money | None) -> str:
    """The business's rule in one or two sentences, with its times and amounts worked out."""
    free_until = start - timedelta(hours=settings.FREE_CANCELLATION_HOURS)
    percent = settings.LATE_CANCELLATION_FEE_PERCENT
    fee = _fee(total, percent) if percent else ""
    if free_until <= datetime.now(UTC):
        return (
            f"This starts soon, so cancelling costs {fee}." if fee else "You may cancel free of charge until it starts."
        )
    free = f"Free to cancel until {texts.deadline(free_until)}."
    return f"{free} After that we keep {fee}." if fee else free


def ticket_of(placed: Placed, first_name: str, product: Product) -> Ticket:
    day = texts.day_of(placed.start)
    due = placed.total - placed.paid if placed.total and placed.paid else placed.total
    return Ticket(
        number=placed.booking_number,
        number_spaced=_spaced(placed.booking_number),
        headline=_headline(placed, first_name),
        accepted=placed.accepted,
        when=texts.when(placed.start, placed.end),
        day=texts.full_day(day),
        span=texts.span(placed.start, placed.end),
        total=texts.money(placed.total) if placed.total else "",
        paid=texts.money(placed.paid) if placed.paid and placed.paid.amount else "",
        due=texts.money(due) if due and not price_is_told_later(product, placed.total) else "",
    )


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


def _tax_lines(hold: Hold, taxes: Mapping[str, Tax]) -> list[Line]:
    if hold.price.taxes:
        return [
            Line(f"Of which {taxes[t.tax_id].name if t.tax_id in taxes else 'tax'}", texts.money(t.amount), quiet=True)
            for t in hold.price.taxes
            if not t.amount.is_zero
        ]
    if hold.price.total_taxes.is_zero:
        return []
    return [Line("Of which taxes", texts.money(hold.price.total_taxes), quiet=True)]


def _credit_lines(hold: Hold) -> list[Line]:
    lines = []
    if hold.applied_promotion_discount and not hold.applied_promotion_discount.is_zero:
        lines.append(Line("Your code saved you", texts.money(hold.applied_promotion_discount), quiet=True))
    if hold.applicable_gift_voucher_credit and not hold.applicable_gift_voucher_credit.is_zero:
        lines.append(Line("Gift voucher", f"−{texts.money(hold.applicable_gift_voucher_credit)}"))
    if hold.applicable_money_credit and not hold.applicable_money_credit.is_zero:
        lines.append(Line("Your credit", f"−{texts.money(hold.applicable_money_credit)}"))
    if hold.applicable_prepaid_credits:
        lines.append(
            Line("Paid with", texts.counted(hold.applicable_prepaid_credits, "prepaid credit", "prepaid credits"))
        )
    return lines


def _changed(hold: Hold, estimate: Money | None) -> str:
    total = hold.price.total_gross
    if estimate is None or estimate.currency != total.currency or estimate.amount == total.amount:
        return ""
    if total.amount < estimate.amount:
        return f"Less than the estimate of {texts.money(estimate)}."
    taxes = hold.price.total_taxes
    if total.amount - taxes.amount <= estimate.amount:
        return f"The estimate of {texts.money(estimate)} was without taxes; they are in now."
    return f"The estimate was {texts.money(estimate)}. This is the final price, with everything in it."


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


def _fee(total: Money | None, percent: int) -> str:
    share = SHARES.get(percent, f"{percent} % of the price")
    if total is None or total.is_zero:
        return share
    amount = (total.amount * percent / 100).quantize(Decimal("0.01"))
    return f"{share}, {texts.money(Money(amount=amount, currency=total.currency))}"


def _headline(placed: Placed, first_name: str) -> str:
    name = f", {first_name}" if first_name else ""
    if not placed.accepted:
        return f"Thank you{name}: we have your request"
    return f"See you on {texts.weekday(texts.day_of(placed.start))}{name}"


def _spaced(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
