"""What cancelling a booking leads to, in figures, before anybody presses."""

from collections.abc import Mapping
from dataclasses import dataclass

from booking.bookeo import Booking, Money, PeopleCategory
from booking.presenters import texts
from booking.presenters.manager.payments import balance_text
from booking.presenters.manager.words import name_of, party_of, product_of


@dataclass(frozen=True, slots=True)
class CancellationPage:
    """`gone` says by whom and when it was cancelled, once it is."""

    number: str
    spaced_number: str
    name: str
    about: str
    consequences: list[str]
    press: str
    gone: str


def cancellation_page(
    booking: Booking, fee: Money | None, *, categories: Mapping[str, PeopleCategory]
) -> CancellationPage:
    number = texts.spaced(booking.booking_number)
    party = party_of(booking, categories)
    when = texts.when(booking.start_time, booking.end_time)
    return CancellationPage(
        number=booking.booking_number,
        spaced_number=number,
        name=name_of(booking),
        about=f"{product_of(booking)}, {when}, {party}",
        consequences=_consequences(booking, fee, party),
        press=f"Cancel booking {number}",
        gone=gone_text(booking),
    )


def gone_text(booking: Booking) -> str:
    """Cancelled on Saturday 12 June, 09:41, by Front desk"""
    if not booking.canceled:
        return ""
    at = f" on {texts.deadline(booking.cancelation_time)}" if booking.cancelation_time else ""
    by = f", by {booking.cancelation_agent}" if booking.cancelation_agent else ""
    return f"Cancelled{at}{by}"


def kept_text(booking: Booking, fee: Money | None) -> str:
    """Of a cancelled booking, so that nobody settles it as if it stood."""
    if not booking.canceled:
        return ""
    kept = f"we keep {texts.money(fee)}" if fee else "nothing of its price is kept"
    return f"{gone_text(booking)}. By your rule {kept}; another amount may be typed."


def _consequences(booking: Booking, fee: Money | None, party: str) -> list[str]:
    return [
        f"The places of {party} go back on sale for {texts.short_when(booking.start_time, booking.end_time)}.",
        *_money_lines(booking, fee),
        "It cannot be undone; a new booking needs free places.",
    ]


def _money_lines(booking: Booking, fee: Money | None) -> list[str]:
    if booking.price is None:
        return []
    paid = booking.price.total_paid
    rule = f"By your rule we keep {texts.money(fee)}." if fee else "By your rule it is free to cancel now."
    return [
        f"{rule} {_settling(paid, fee)}",
        f"The balance now: {balance_text(booking).lower()}.",
    ]


def _settling(paid: Money, fee: Money | None) -> str:
    kept = fee.amount if fee else 0
    difference = Money(amount=abs(paid.amount - kept), currency=paid.currency)
    if difference.is_zero:
        return f"{texts.money(paid)} is paid, nothing is to be settled." if paid.amount else "Nothing is paid."
    if paid.amount > kept:
        return f"{texts.money(paid)} is paid: {texts.money(difference)} is to be given back, on a page of its own."
    return f"{texts.money(paid)} is paid: {texts.money(difference)} is still to be paid."
