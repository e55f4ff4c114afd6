"""Customer operations (reference 4.6, 6.4)."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox import events, passwords
from sandbox.availability import view
from sandbox.booking_records import find_bookings, render_booking
from sandbox.call import Answer, Call, Json
from sandbox.credits import is_member
from sandbox.errors import bad_request, forbidden
from sandbox.moments import parse_day_or_moment
from sandbox.paging import listing
from sandbox.people import (
    customer_details,
    find_customers,
    get_customer,
    get_person,
    insert_customer,
    linked_people,
    render_customer,
    render_person,
)
from sandbox.routes import Route
from sandbox.schemas import CustomerInput

LARGEST_PAGE = 100
READ, WRITE = "customers_r_all", "customers_rw_all"
_SEARCH_COLUMNS: Mapping[str | None, str] = {
    None: "name",
    "name": "name",
    "firstName": "first_name",
    "lastName": "last_name",
    "emailAddress": "email",
}
_LONGEST_SEARCH = 200


def list_customers(call: Call) -> Answer:
    """GET /customers: text search, newest first. The same e-mail may be on several records."""
    return listing(call, "customers", LARGEST_PAGE, lambda: _search(call))


def _search(call: Call) -> list[Json]:
    conditions: list[str] = ["1"]
    values: dict[str, object] = {}
    column = _SEARCH_COLUMNS.get(call.query("searchField"))
    if column is None:
        raise bad_request("Invalid value for searchField")
    text = (call.query("searchText") or "")[:_LONGEST_SEARCH].strip().casefold()
    if text:
        conditions.append(f"instr({column}, :text)")
        values["text"] = text
    created_since = call.moment("createdSince")
    if created_since is not None:
        conditions.append("created >= :created_since")
        values["created_since"] = created_since
    rows = find_customers(call, " AND ".join(conditions), values)
    members, others = call.flag("currentMembers", default=True), call.flag("currentNonMembers", default=True)
    return [render_customer(call, row) for row in rows if (members if is_member(row, call.now) else others)]


def create_customer(call: Call) -> Answer:
    """POST /customers: always a new record."""
    customer_id = insert_customer(call.db, customer_details(call, call.body(CustomerInput)), call.now)
    rendered = render_customer(call, get_customer(call, customer_id))
    events.publish(call, "customers", "created", customer_id, rendered)
    return Answer(201, rendered, f"/customers/{customer_id}")


def read_customer(call: Call, customer_id: str) -> Answer:
    """GET /customers/{id}."""
    return Answer(body=render_customer(call, get_customer(call, customer_id)))


def authenticate(call: Call, customer_id: str) -> Answer:
    """GET /customers/{id}/authenticate: 200 without a body for the right password, else 403."""
    row = get_customer(call, customer_id)
    password = call.query("password")
    if password is None:
        raise bad_request("Missing required parameter: password")
    if row["password"] is None or not passwords.matches(password, row["password"]):
        raise forbidden("Invalid password")
    return Answer()


def customer_bookings(call: Call, customer_id: str) -> Answer:
    """GET /customers/{id}/bookings: dates inclusive on both sides, cancelled ones included (inferred)."""
    get_customer(call, customer_id)
    return listing(call, f"customerbookings:{customer_id}", LARGEST_PAGE, lambda: _bookings_of(call, customer_id))


def _bookings_of(call: Call, customer_id: str) -> list[Json]:
    conditions = ["customer_id = :customer_id"]
    values: dict[str, object] = {"customer_id": customer_id}
    for name, comparison, last in (("beginDate", ">=", False), ("endDate", "<=", True)):
        text = call.query(name)
        if text is not None:
            conditions.append(f"starts {comparison} :{name}")
            values[name] = parse_day_or_moment(text, call.account.zone, name, last=last)
    if not call.knobs.is_on("canceled_in_customer_list", default=True):
        conditions.append("NOT canceled")
    lag = view(call).written_before
    if lag is not None:
        conditions.append("created <= :lag")
        values["lag"] = lag
    expand = call.flag("expandParticipants") and call.key.allows(READ)
    rows = find_bookings(call.db, " AND ".join(conditions), values)
    return [render_booking(call, row, participants=expand) for row in rows]


def list_linked_people(call: Call, customer_id: str) -> Answer:
    """GET /customers/{id}/linkedpeople."""
    get_customer(call, customer_id)
    return listing(call, f"linkedpeople:{customer_id}", LARGEST_PAGE, lambda: _people_of(call, customer_id))


def _people_of(call: Call, customer_id: str) -> list[Json]:
    return [render_person(call, row) for row in linked_people(call.db, customer_id)]


def read_linked_person(call: Call, customer_id: str, person_id: str) -> Answer:
    """GET /customers/{customerid}/linkedpeople/{id}."""
    return Answer(body=render_person(call, get_person(call, customer_id, person_id)))


_ONE = "/customers/<customer_id>"
_PERSON = f"{_ONE}/linkedpeople/<person_id>"
ROUTES = [
    Route("GET", "/customers", "listCustomers", list_customers, READ),
    Route("POST", "/customers", "createCustomer", create_customer, WRITE, writes=True),
    Route("GET", _ONE, "getCustomer", read_customer, READ),
    Route("GET", f"{_ONE}/authenticate", "authenticateCustomer", authenticate, READ),
    Route("GET", f"{_ONE}/bookings", "listCustomerBookings", customer_bookings, "bookings_r_all"),
    Route("GET", f"{_ONE}/linkedpeople", "listLinkedPeople", list_linked_people, READ),
    Route("GET", _PERSON, "getLinkedPerson", read_linked_person, READ),
]
