"""Whom staff book for: looking for a customer by whatever was told, and noticing that somebody new is known already."""

from typing import TypeAlias

from booking import bookeo
from booking.services import customers, finding
from booking.services.finding import Meaning
from booking.services.key_permissions import Permission, needing

Customer: TypeAlias = bookeo.Customer
MOST_SHOWN = 20


def find(text: str) -> tuple[Customer, ...]:
    """Customers with this name, e-mail or telephone number. Raises PermissionMissing, Unavailable."""
    with needing(Permission.READ_CUSTOMERS):
        match finding.meaning_of(text):
            case Meaning.EMAIL:
                found = customers.find_customers(finding.tidied(text), field="emailAddress")
            case Meaning.PHONE:
                found = finding.find_people(text).customers
            case _:
                found = customers.find_named(finding.tidied(text))
    return found[:MOST_SHOWN]


def find_twins(*, email: str, phone: str) -> tuple[Customer, ...]:
    """Records that somebody with this e-mail or telephone number has already: Bookeo does not look (reference 4.6)."""
    found: dict[str, Customer] = {}
    with needing(Permission.READ_CUSTOMERS):
        if email:
            found |= {customer.id: customer for customer in customers.find_records_with(email)}
        if phone:
            found |= {customer.id: customer for customer in finding.find_people(phone).customers}
    return tuple(found.values())[:MOST_SHOWN]


def get(customer_id: str) -> Customer:
    """Raises NotFound, PermissionMissing."""
    with needing(Permission.READ_CUSTOMERS):
        return customers.get_customer(customer_id)
