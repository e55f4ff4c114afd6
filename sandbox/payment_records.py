"""Payments in the store and on the wire: records of money that was received elsewhere (reference 7.11)."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from decimal import Decimal

from sandbox.booking_records import AGENT
from sandbox.booking_schemas import PaymentInput
from sandbox.call import Call, Json
from sandbox.errors import bad_request
from sandbox.identifiers import new_id
from sandbox.money import ZERO, cents


@dataclass(frozen=True)
class NewPayment:
    """A payment to record. Negative amounts are refunds; without an agent it was paid on Bookeo's own page."""

    amount: Decimal
    method: str
    received: int
    details: Json
    method_other: str | None = None
    agent: str | None = AGENT


def from_request(call: Call, body: PaymentInput) -> NewPayment:
    """A payment as a request describes it, in the account's currency."""
    if body.amount.currency != call.account.currency:
        raise bad_request("Invalid value for amount.currency: not the currency of the account")
    received = call.now if body.received_time is None else call.parse_time(body.received_time, "receivedTime")
    names = ("reason", "comment", "gatewayName", "transactionId")
    details = {name: value for name, value in body.wire().items() if name in names}
    other = body.payment_method_other if body.payment_method == "other" else None
    return NewPayment(cents(Decimal(body.amount.amount)), body.payment_method, received, details, other)


def credit_payment(call: Call, amount: Decimal, method: str, reason: str) -> NewPayment:
    """What a voucher or store credit pays."""
    return NewPayment(amount, method, call.now, {"reason": reason})


def record(call: Call, booking_number: str, customer_id: str, payment: NewPayment) -> sqlite3.Row:
    """Store a payment and raise what the booking counts as paid."""
    payment_id = new_id()
    details = payment.details | ({"agent": payment.agent} if payment.agent else {})
    call.db.execute(
        "INSERT INTO payment (id, booking_number, customer_id, created, received, method, method_other, amount,"
        " details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            payment_id,
            booking_number,
            customer_id,
            call.now,
            payment.received,
            payment.method,
            payment.method_other,
            str(payment.amount),
            json.dumps(details),
        ),
    )
    _recount(call.db, booking_number)
    row: sqlite3.Row = call.db.execute("SELECT * FROM payment WHERE id = ?", (payment_id,)).fetchone()
    return row


def _recount(db: sqlite3.Connection, booking_number: str) -> None:
    rows = db.execute("SELECT amount FROM payment WHERE booking_number = ?", (booking_number,))
    paid = sum((Decimal(row["amount"]) for row in rows), ZERO)
    db.execute("UPDATE booking SET paid = ? WHERE number = ?", (str(paid), booking_number))


def render_payment(call: Call, row: sqlite3.Row) -> Json:
    """The wire form of a payment."""
    rendered = {
        "id": row["id"],
        "creationTime": call.time(row["created"]),
        "receivedTime": call.time(row["received"]),
        "description": f"Booking {row['booking_number']}",
        "amount": call.money(Decimal(row["amount"])),
        "paymentMethod": row["method"],
        "customerId": row["customer_id"],
        **json.loads(row["details"]),
    }
    return rendered | ({"paymentMethodOther": row["method_other"]} if row["method_other"] else {})
