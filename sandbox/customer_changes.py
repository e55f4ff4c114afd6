"""Replacing and deleting customers and linked people (reference 4.6, 6.4)."""

from __future__ import annotations

import json

from sandbox import events, seats
from sandbox.booking_records import find_bookings, render_booking
from sandbox.bookings import owner
from sandbox.call import Answer, Call, Json
from sandbox.customers import WRITE
from sandbox.errors import forbidden
from sandbox.people import (
    customer_details,
    get_customer,
    get_person,
    person_details,
    render_customer,
    render_person,
    replace_customer,
)
from sandbox.routes import Route
from sandbox.schemas import CustomerUpdate, LinkedPersonUpdate


def update_customer(call: Call, customer_id: str) -> Answer:
    """PUT /customers/{id}: the whole object; read-only fields are ignored. mode=backend changes nothing."""
    call.backend()
    get_customer(call, customer_id)
    replace_customer(call.db, customer_id, customer_details(call, call.body(CustomerUpdate)))
    rendered = render_customer(call, get_customer(call, customer_id))
    events.publish(call, "customers", "updated", customer_id, rendered)
    return _after_put(call, rendered)


def _after_put(call: Call, rendered: Json) -> Answer:
    return Answer(body=rendered if call.knobs.is_on("put_body", default=True) else None)


def delete_customer(call: Call, customer_id: str) -> Answer:
    """DELETE /customers/{id}: refused while bookings are ahead; past ones are deleted too and say so."""
    rendered = render_customer(call, get_customer(call, customer_id))
    if rendered["startTimeOfNextBooking"] is not None:
        raise forbidden("Customers with future bookings cannot be deleted")
    for row in find_bookings(call.db, "customer_id = :id", {"id": customer_id}):
        events.publish(call, "bookings", "deleted", row["number"], render_booking(call, row))
        seats.release(call.db, owner(row["number"]))
    call.db.execute("DELETE FROM booking WHERE customer_id = ?", (customer_id,))
    call.db.execute("DELETE FROM customer WHERE id = ?", (customer_id,))
    events.publish(call, "customers", "deleted", customer_id, rendered)
    return Answer(204)


def update_linked_person(call: Call, customer_id: str, person_id: str) -> Answer:
    """PUT /customers/{customerid}/linkedpeople/{id}: the whole object."""
    get_person(call, customer_id, person_id)
    details = person_details(call, call.body(LinkedPersonUpdate))
    call.db.execute("UPDATE linked_person SET details = ? WHERE id = ?", (json.dumps(details), person_id))
    return _after_put(call, render_person(call, get_person(call, customer_id, person_id)))


def delete_linked_person(call: Call, customer_id: str, person_id: str) -> Answer:
    """DELETE /customers/{customerid}/linkedpeople/{id}: bookings then say PUNKNOWN."""
    get_person(call, customer_id, person_id)
    call.db.execute("DELETE FROM linked_person WHERE id = ?", (person_id,))
    return Answer(204)


_ONE = "/customers/<customer_id>"
_PERSON = f"{_ONE}/linkedpeople/<person_id>"
ROUTES = [
    Route("PUT", _ONE, "updateCustomer", update_customer, WRITE, writes=True),
    Route("DELETE", _ONE, "deleteCustomer", delete_customer, WRITE, writes=True),
    Route("PUT", _PERSON, "updateLinkedPerson", update_linked_person, WRITE, writes=True),
    Route("DELETE", _PERSON, "deleteLinkedPerson", delete_linked_person, WRITE, writes=True),
]
