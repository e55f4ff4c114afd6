"""Payment operations (reference 6.3, 6.5): records only, nobody is ever charged."""

from __future__ import annotations

from typing import get_args

from sandbox import events, payment_records
from sandbox.booking_records import get_row, render_booking
from sandbox.booking_schemas import PaymentInput
from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request, not_found
from sandbox.paging import listing
from sandbox.payment_records import render_payment
from sandbox.routes import Route
from sandbox.schemas import PaymentMethod

READ, WRITE = "payments_r_all", "payments_rw_all"
_METHODS = get_args(PaymentMethod)


def booking_payments(call: Call, number: str) -> Answer:
    """GET /bookings/{bookingNumber}/payments."""
    get_row(call, number)
    return listing(call, f"bookingpayments:{number}", 100, lambda: _of_booking(call, number))


def _of_booking(call: Call, number: str) -> list[Json]:
    return _found(call, ["booking_number = :number"], {"number": number})


def _found(call: Call, conditions: list[str], values: dict[str, object]) -> list[Json]:
    condition = " AND ".join(conditions) or "1"
    query = f"SELECT * FROM payment WHERE {condition} ORDER BY received, rowid"  # noqa: S608 - conditions are our own
    return [render_payment(call, row) for row in call.db.execute(query, values)]


def add_payment(call: Call, number: str) -> Answer:
    """POST /bookings/{bookingNumber}/payments: raises what the booking counts as paid. Refunds are negative."""
    booking = get_row(call, number)
    payment = payment_records.from_request(call, call.body(PaymentInput))
    row = payment_records.record(call, number, booking["customer_id"], payment)
    rendered = render_payment(call, row)
    events.publish(call, "payments", "created", row["id"], rendered)
    events.publish(call, "bookings", "updated", number, render_booking(call, get_row(call, number)))
    return Answer(201, rendered, f"/payments/{row['id']}")


def list_payments(call: Call) -> Answer:
    """GET /payments: by the time received (inferred) and the method."""
    return listing(call, "payments", 300, lambda: _search(call))


def _search(call: Call) -> list[Json]:
    conditions: list[str] = []
    values: dict[str, object] = {}
    for name, comparison in (("startTime", ">="), ("endTime", "<=")):
        moment = call.moment(name)
        if moment is not None:
            conditions.append(f"received {comparison} :{name}")
            values[name] = moment
    method, other = call.query("paymentMethod"), call.query("paymentMethodOther")
    if method is not None:
        _check_method(method, other)
        conditions.append("method = :method")
        values["method"] = method
    if method == "other":
        conditions.append("method_other = :other")
        values["other"] = other
    return _found(call, conditions, values)


def _check_method(method: str, other: str | None) -> None:
    if method not in _METHODS:
        raise bad_request("Invalid value for paymentMethod")
    if method == "other" and other is None:
        raise bad_request("Missing required parameter: paymentMethodOther")


def get_payment(call: Call, payment_id: str) -> Answer:
    """GET /payments/{id}."""
    row = call.db.execute("SELECT * FROM payment WHERE id = ?", (payment_id,)).fetchone()
    if row is None:
        raise not_found("Payment not found")
    return Answer(body=render_payment(call, row))


ROUTES = [
    Route("GET", "/bookings/<number>/payments", "listBookingPayments", booking_payments, READ),
    Route("POST", "/bookings/<number>/payments", "addBookingPayment", add_payment, WRITE, writes=True),
    Route("GET", "/payments", "listPayments", list_payments, READ),
    Route("GET", "/payments/<payment_id>", "getPayment", get_payment, READ),
]
