"""Operations that read and create bookings (reference 6.3)."""

from __future__ import annotations

import json
import sqlite3

from sandbox import events, participants, payment_records, placing
from sandbox.availability import view
from sandbox.booking_records import AGENT, StoredPrice, find_bookings, get_row, render_booking
from sandbox.booking_schemas import BookingFields, BookingInput
from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request
from sandbox.holds import existing_customer, release_previous
from sandbox.identifiers import new_booking_number
from sandbox.moments import check_range, utc
from sandbox.paging import listing
from sandbox.people import booking_title, customer_details, get_customer, insert_customer, render_customer
from sandbox.placing import Placement
from sandbox.routes import Route
from sandbox.schemas import CustomerInput

LARGEST_PAGE = 100
NOTIFICATIONS = ("notifyUsers", "notifyCustomer")
"""Accepted and checked; the sandbox sends no e-mail."""

READ, WRITE = "bookings_r_all", "bookings_rw_all"


def list_bookings(call: Call) -> Answer:
    """GET /bookings: by start, by last change, or both; each range at most 31 days."""
    return listing(call, "bookings", LARGEST_PAGE, lambda: _search(call))


def _search(call: Call) -> list[Json]:
    conditions, values = time_conditions(call)
    if not conditions:
        raise bad_request("startTime and endTime, or lastUpdatedStartTime and lastUpdatedEndTime, are required")
    if not call.flag("includeCanceled"):
        conditions.append("NOT canceled")
    if (product_id := call.query("productId")) is not None:
        conditions.append("product_id = :product_id")
        values["product_id"] = product_id
    lag = view(call).written_before
    if lag is not None:
        conditions.append("created <= :lag")
        values["lag"] = lag
    return _rendered(call, find_bookings(call.db, " AND ".join(conditions), values))


def _rendered(call: Call, rows: list[sqlite3.Row]) -> list[Json]:
    readable = call.key.allows("customers_r_all")
    customer = call.flag("expandCustomer") and readable
    people = call.flag("expandParticipants") and readable
    return [render_booking(call, row, customer=customer, participants=people) for row in rows]


def time_conditions(call: Call) -> tuple[list[str], dict[str, object]]:
    """SQL conditions for the two pairs of times that bookings and blocks are searched by."""
    conditions: list[str] = []
    values: dict[str, object] = {}
    for column, first, last in (
        ("starts", "startTime", "endTime"),
        ("changed", "lastUpdatedStartTime", "lastUpdatedEndTime"),
    ):
        start, end = call.moment(first), call.moment(last)
        if (start is None) != (end is None):
            raise bad_request("{} and {} need each other", first, last)
        if start is not None and end is not None:
            check_range(start, end, call.account.zone)
            conditions.append(f"{column} BETWEEN :{column}_from AND :{column}_to")
            values |= {f"{column}_from": start, f"{column}_to": end}
    return conditions, values


def get_booking(call: Call, number: str) -> Answer:
    """GET /bookings/{bookingNumber}."""
    return Answer(body=_rendered(call, [get_row(call, number)])[0])


def booking_customer(call: Call, number: str) -> Answer:
    """GET /bookings/{bookingNumber}/customer."""
    row = get_row(call, number)
    return Answer(body=render_customer(call, get_customer(call, row["customer_id"])))


def create_booking(call: Call) -> Answer:
    """POST /bookings. An inline customer always makes a new record; seats of the previous hold are free for it."""
    body = call.body(BookingInput)
    backend = call.backend()
    for name in (*NOTIFICATIONS, "sendCustomerReminders", "sendCustomerThankyou"):
        call.flag(name)
    release_previous(call)
    customer = existing_customer(call, body.customer_id)
    placement = placing.check(call, body, body.participants.numbers, customer, complete=True, backend=backend)
    customer_id = customer["id"] if customer is not None else _new_customer(call, body.customer)
    number = place(call, body, placement, customer_id)
    rendered = render_booking(call, get_row(call, number))
    events.publish(call, "bookings", "created", number, rendered)
    return Answer(201, rendered, f"/bookings/{number}")


def place(call: Call, body: BookingInput, placement: Placement, customer_id: str) -> str:
    """Store a booking that passed its checks, with seats, credits and payments. Answers its number."""
    number = _insert(call, body, placement, customer_id)
    _pay(call, body, placement, number, customer_id)
    return number


def _new_customer(call: Call, given: CustomerInput | None) -> str:
    if given is None:
        raise bad_request("Missing required field: customer or customerId")
    customer_id = insert_customer(call.db, customer_details(call, given), call.now)
    events.publish(call, "customers", "created", customer_id, render_customer(call, get_customer(call, customer_id)))
    return customer_id


def _insert(call: Call, body: BookingInput, placement: Placement, customer_id: str) -> str:
    number = _free_number(call)
    details = booking_details(call, body, placement, customer_id)
    details["people"] = participants.resolve(call, customer_id, placement.numbers, body.participants.details or [])
    placement.take(call.db, owner(number), call.now)
    details["creationAgent"] = AGENT
    values = {
        "number": number,
        "customer_id": customer_id,
        "product_id": placement.product.id,
        "starts": placement.place.starts,
        "ends": placement.place.ends,
        "accepted": not placement.product.accept_deny,
        "now": call.now,
        "details": json.dumps(details),
    }
    call.db.execute(
        "INSERT INTO booking (number, customer_id, product_id, starts, ends, accepted, created, changed, details)"
        " VALUES (:number, :customer_id, :product_id, :starts, :ends, :accepted, :now, :now, :details)",
        values,
    )
    return number


def owner(number: str) -> str:
    """The name under which a booking takes seats."""
    return f"booking:{number}"


def _free_number(call: Call) -> str:
    while True:
        number = new_booking_number(utc(call.now))
        if call.db.execute("SELECT 1 FROM booking WHERE number = ?", (number,)).fetchone() is None:
            return number


def booking_details(call: Call, body: BookingFields, placement: Placement, customer_id: str) -> Json:
    """What the store keeps of a booking, apart from its participants."""
    place, codes = placement.place, placement.codes
    customer = get_customer(call, customer_id)
    details: Json = {
        "eventId": place.event_id,
        "firstCourseEnrolledEventId": place.first_class,
        "dropinCourseEnrolledEventId": place.dropin_class,
        "title": booking_title(json.loads(customer["details"])),
        "numbers": dict(placement.numbers),
        "options": {chosen.option.id: chosen.value for chosen in placement.chosen},
        "resources": list(place.resources),
        "privateEvent": body.private_event,
        "price": StoredPrice.of(placement.quote).dump(),
        "prepaidUsed": placement.quote.prepaid_used,
    }
    sent = body.wire()
    details |= {name: sent[name] for name in ("externalRef", "sourceIp", "source", "priceAdjustments") if name in sent}
    if codes.promotions:
        details["promotionName"] = ", ".join(promotion.name for promotion in codes.promotions)
        details["couponCodes"] = [promotion.code for promotion in codes.promotions]
    if codes.specific:
        details["specificVoucherCode"] = codes.specific.code
    return details


def _pay(call: Call, body: BookingInput, placement: Placement, number: str, customer_id: str) -> None:
    settlement = placement.settlement
    payments = [payment_records.from_request(call, payment) for payment in body.initial_payments]
    if settlement.voucher:
        payments.append(payment_records.credit_payment(call, settlement.voucher, "moneyVoucher", "Gift voucher"))
    if settlement.credit:
        payments.append(payment_records.credit_payment(call, settlement.credit, "accountCredit", "Store credit"))
    _use_credits(call.db, customer_id, placement)
    for payment in payments:
        row = payment_records.record(call, number, customer_id, payment)
        events.publish(call, "payments", "created", row["id"], payment_records.render_payment(call, row))


def _use_credits(db: sqlite3.Connection, customer_id: str, placement: Placement) -> None:
    """Take from the customer what the booking uses of store credit and prepaid credits."""
    left = placement.credits.money - placement.settlement.credit
    db.execute(
        "UPDATE customer SET credit = ?, prepaid = prepaid - ? WHERE id = ?",
        (str(left), placement.quote.prepaid_used, customer_id),
    )


ROUTES = [
    Route("GET", "/bookings", "listBookings", list_bookings, READ),
    Route("POST", "/bookings", "createBooking", create_booking, WRITE, writes=True),
    Route("GET", "/bookings/<number>", "getBooking", get_booking, READ),
    Route("GET", "/bookings/<number>/customer", "getBookingCustomer", booking_customer, "customers_r_all"),
]
