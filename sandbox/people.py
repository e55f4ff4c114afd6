"""Customers and linked people in the store and on the wire (reference 7.10)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal

from sandbox.answers import custom_values, render_custom_values
from sandbox.call import Call, Json
from sandbox.credits import is_member
from sandbox.errors import not_found
from sandbox.identifiers import new_id
from sandbox.money import ZERO, render_money
from sandbox.schemas import CustomerInput, CustomerUpdate, LinkedPersonInput, LinkedPersonUpdate

_COUNTS = """
    SELECT customer.*,
        (SELECT COUNT(*) FROM booking WHERE customer_id = customer.id AND NOT canceled) AS bookings,
        (SELECT COUNT(*) FROM booking WHERE customer_id = customer.id AND no_show) AS no_shows,
        (SELECT MIN(starts) FROM booking WHERE customer_id = customer.id AND NOT canceled AND starts > :now) AS next,
        (SELECT MAX(starts) FROM booking WHERE customer_id = customer.id AND NOT canceled AND ends <= :now) AS previous
    FROM customer """


def find_customers(call: Call, condition: str, values: dict[str, object]) -> list[sqlite3.Row]:
    """Customers that meet an SQL condition, newest first, with what is counted from their bookings."""
    order = " ORDER BY created DESC, customer.rowid DESC"
    return call.db.execute(f"{_COUNTS} WHERE {condition}{order}", {"now": call.now, **values}).fetchall()


def get_customer(call: Call, customer_id: str) -> sqlite3.Row:
    """One customer, or a 404."""
    rows = find_customers(call, "id = :id", {"id": customer_id})
    if not rows:
        raise not_found("Customer not found")
    return rows[0]


def render_customer(call: Call, row: sqlite3.Row) -> Json:
    """The wire form of a customer."""
    rendered = {"id": row["id"], "creationTime": call.time(row["created"])} | _details(call, row["details"])
    rendered["startTimeOfNextBooking"] = None if row["next"] is None else call.time(row["next"])
    if row["previous"] is not None:
        rendered["startTimeOfPreviousBooking"] = call.time(row["previous"])
    if Decimal(row["credit"]) != ZERO:
        rendered["credit"] = render_money(Decimal(row["credit"]), call.account.currency)
    rendered |= {
        "numBookings": row["bookings"],
        "numCancelations": row["cancelations"],
        "numNoShows": row["no_shows"],
        "member": is_member(row, call.now),
    }
    return rendered | ({"membershipEnd": row["membership_end"]} if row["membership_end"] else {})


def _details(call: Call, text: str) -> Json:
    details: Json = json.loads(text)
    stored = details.pop("customFields", [])
    return details | ({"customFields": render_custom_values(call, stored)} if stored else {})


def customer_details(call: Call, given: CustomerInput | CustomerUpdate) -> Json:
    """What a request says about a customer, as the store keeps it."""
    return _stored_details(call, given, for_customer=True)


def person_details(call: Call, given: LinkedPersonInput | LinkedPersonUpdate) -> Json:
    """What a request says about a participant, as the store keeps it."""
    return _stored_details(call, given, for_customer=False)


def _stored_details(call: Call, given: LinkedPersonInput, *, for_customer: bool) -> Json:
    details = given.wire()
    fields = custom_values(call, given.custom_fields, for_customer=for_customer)
    details.pop("customFields", None)
    return details | ({"customFields": fields} if fields else {})


def full_name(details: Json) -> str:
    """First and last name, or what there is."""
    parts = (details.get("firstName"), details.get("middleName"), details.get("lastName"))
    return " ".join(part for part in parts if part)


def insert_customer(db: sqlite3.Connection, details: Json, created: int) -> str:
    """A new customer record, always: the API never looks for duplicates (reference 4.6)."""
    customer_id = new_id()
    db.execute(
        "INSERT INTO customer (id, created, name, first_name, last_name, email, details) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (customer_id, created, *_search_columns(details), json.dumps(details)),
    )
    return customer_id


def replace_customer(db: sqlite3.Connection, customer_id: str, details: Json) -> None:
    """Replace everything that a customer can change."""
    db.execute(
        "UPDATE customer SET name = ?, first_name = ?, last_name = ?, email = ?, details = ? WHERE id = ?",
        (*_search_columns(details), json.dumps(details), customer_id),
    )


def _search_columns(details: Json) -> tuple[str, str, str, str]:
    first, last = details.get("firstName", ""), details.get("lastName", "")
    return full_name(details).casefold(), first.casefold(), last.casefold(), details.get("emailAddress", "").casefold()


def insert_person(db: sqlite3.Connection, customer_id: str, details: Json, created: int) -> str:
    """A new linked person of a customer."""
    person_id = new_id()
    db.execute(
        "INSERT INTO linked_person (id, customer_id, created, details) VALUES (?, ?, ?, ?)",
        (person_id, customer_id, created, json.dumps(details)),
    )
    return person_id


def linked_people(db: sqlite3.Connection, customer_id: str) -> Sequence[sqlite3.Row]:
    """The people that a customer has booked for, in order of creation."""
    query = "SELECT * FROM linked_person WHERE customer_id = ? ORDER BY created, rowid"
    return db.execute(query, (customer_id,)).fetchall()


def get_person(call: Call, customer_id: str, person_id: str) -> sqlite3.Row:
    """One linked person of that customer, or a 404."""
    query = "SELECT * FROM linked_person WHERE id = ? AND customer_id = ?"
    row: sqlite3.Row | None = call.db.execute(query, (person_id, customer_id)).fetchone()
    if row is None:
        raise not_found("Linked person not found")
    return row


def render_person(call: Call, row: sqlite3.Row) -> Json:
    """The wire form of a linked person."""
    rendered = {"id": row["id"], "creationTime": call.time(row["created"])} | _details(call, row["details"])
    return rendered | {"customerId": row["customer_id"]}


def booking_title(details: Json) -> str:
    """How a customer's booking is called in the calendar."""
    return full_name(details) or details.get("emailAddress", "") or "Unnamed customer"
