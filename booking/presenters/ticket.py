"""The confirmation: number, time, and what was paid or is due."""

from dataclasses import dataclass

from booking.bookeo import Money, Product
from booking.drafts import Placed
from booking.presenters import texts
from booking.presenters.price import credits_text, price_is_told_later


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
    paid: str
    due: str
    settled: str


def ticket_of(placed: Placed, first_name: str, product: Product, credits_used: int = 0) -> Ticket:
    """`paid`, `due` and `settled` tell of money, each empty where there is nothing to tell."""
    day = texts.day_of(placed.start)
    due = placed.total - placed.paid if placed.total and placed.paid else placed.total
    later = price_is_told_later(product, placed.total)
    return Ticket(
        number=placed.booking_number,
        number_spaced=texts.spaced(placed.booking_number),
        headline=_headline(placed, first_name),
        accepted=placed.accepted,
        when=texts.when(placed.start, placed.end),
        day=texts.full_day(day),
        span=texts.span(placed.start, placed.end),
        paid=_paid(placed, credits_used),
        due=texts.money(due) if due is not None and due.amount > 0 else "",
        settled=_settled(due, later=later),
    )


def _settled(due: Money | None, *, later: bool) -> str:
    if later:
        return "We tell you the price with our answer."
    return "Nothing is left to pay." if due is not None and due.amount <= 0 else ""


def _paid(placed: Placed, credits_used: int) -> str:
    if credits_used:
        return credits_text(credits_used)
    return texts.money(placed.paid) if placed.paid and not placed.paid.is_zero else ""


def _headline(placed: Placed, first_name: str) -> str:
    name = f", {first_name}" if first_name else ""
    if not placed.accepted:
        return f"Thank you{name}: we have your request"
    return f"See you on {texts.weekday(texts.day_of(placed.start))}{name}"
