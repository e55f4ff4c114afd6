"""What many pages of the manager area say of a booking, and of people, in the same words."""

from collections.abc import Mapping

from booking.bookeo import Booking, Customer, LinkedPerson, PeopleCategory
from booking.presenters import texts
from booking.presenters.people import party_text
from booking.services.choices import Party
from booking.services.finding import left_to_pay

NAMELESS = "Without a name"


def name_of(booking: Booking) -> str:
    """Whoever booked; the booking's own title where the key may not read customers."""
    customer = booking.customer
    known = [full_name(customer), booking.title, customer.email_address] if customer else [booking.title]
    return next(filter(None, known), NAMELESS)


def lacks_email(booking: Booking) -> bool:
    """Bookeo tells who the customer is, and no e-mail: there is nothing to mail them with. Where it does not tell the
    customer, Bookeo may have one."""
    return booking.customer is not None and not booking.customer.email_address


def customer_name(customer: Customer) -> str:
    return full_name(customer) or customer.email_address or NAMELESS


def full_name(person: Customer | LinkedPerson) -> str:
    """Empty where no part of it is told."""
    return " ".join(filter(None, (person.first_name, person.middle_name, person.last_name)))


def product_of(booking: Booking) -> str:
    return booking.product_name or "A product without a name"


def party_of(booking: Booking, categories: Mapping[str, PeopleCategory]) -> str:
    """2 adults and 1 child"""
    return party_text(Party.of_booking(booking), categories)


def due_of(booking: Booking) -> str:
    """€102.00; empty when nothing is due"""
    left = left_to_pay(booking)
    return texts.money(booking.price.total_gross.model_copy(update={"amount": left})) if booking.price and left else ""
