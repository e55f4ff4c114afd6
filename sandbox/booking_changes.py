"""Changing and cancelling bookings (reference 4.7, 6.3)."""

from __future__ import annotations

import json
import sqlite3

from sandbox import events, participants, placing, seats
from sandbox.booking_records import AGENT, get_row, render_booking
from sandbox.booking_schemas import BookingUpdate
from sandbox.bookings import NOTIFICATIONS, WRITE, booking_details, owner
from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request, forbidden
from sandbox.people import get_customer
from sandbox.placing import Placement
from sandbox.routes import Route

CHANGE_CUTOFF_SECONDS = 24 * 3600


def update_booking(call: Call, number: str) -> Answer:
    """PUT /bookings/{bookingNumber}: the whole object; what it leaves out is removed (inferred).

    Codes that were used stay, since they cannot be read back. Within a day of the start only managers may change.
    """
    row = get_row(call, number)
    body = call.body(BookingUpdate)
    backend = call.backend()
    for name in NOTIFICATIONS:
        call.flag(name)
    _check_change(call, row, body, backend=backend)
    kept: Json = json.loads(row["details"])
    body = _with_codes_used_before(body, kept)
    _give_back(call.db, row, kept)
    customer = get_customer(call, row["customer_id"])
    placement = placing.check(call, body, body.participants.numbers, customer, complete=True, backend=backend)
    _replace(call, row, body, kept, placement)
    rendered = render_booking(call, get_row(call, number))
    events.publish(call, "bookings", "updated", number, rendered)
    return Answer(body=rendered if call.knobs.is_on("put_body", default=True) else None)


def _check_change(call: Call, row: sqlite3.Row, body: BookingUpdate, *, backend: bool) -> None:
    if row["canceled"]:
        raise forbidden("A cancelled booking cannot be changed")
    if not backend and row["starts"] < call.now + CHANGE_CUTOFF_SECONDS:
        raise forbidden("It is too late to change this booking")
    if body.customer_id not in (None, row["customer_id"]):
        raise bad_request("A booking cannot move to another customer")
    if body.event_id is None and body.start_time is None:
        raise bad_request("Missing required field: eventId or startTime")


def _with_codes_used_before(body: BookingUpdate, kept: Json) -> BookingUpdate:
    codes: dict[str, str] = {}
    if body.promotion_code_input is None and kept.get("couponCodes"):
        codes["promotion_code_input"] = ",".join(kept["couponCodes"])
    if body.gift_voucher_code_input is None and kept.get("specificVoucherCode"):
        codes["gift_voucher_code_input"] = kept["specificVoucherCode"]
    return body.model_copy(update=codes)


def _give_back(db: sqlite3.Connection, row: sqlite3.Row, kept: Json) -> None:
    seats.release(db, owner(row["number"]))
    query = "UPDATE customer SET prepaid = prepaid + ? WHERE id = ?"
    db.execute(query, (kept["prepaidUsed"], row["customer_id"]))


def _replace(call: Call, row: sqlite3.Row, body: BookingUpdate, kept: Json, placement: Placement) -> None:
    details = booking_details(call, body, placement, row["customer_id"])
    given = body.participants.details or []
    details["people"] = participants.resolve(call, row["customer_id"], placement.numbers, given)
    details |= {"creationAgent": kept["creationAgent"], "changeAgent": AGENT}
    placement.take(call.db, owner(row["number"]), call.now)
    call.db.execute(
        "UPDATE booking SET product_id = ?, starts = ?, ends = ?, no_show = ?, changed = ?, details = ?"
        " WHERE number = ?",
        (
            placement.product.id,
            placement.place.starts,
            placement.place.ends,
            bool(body.no_show),
            call.now,
            json.dumps(details),
            row["number"],
        ),
    )
    query = "UPDATE customer SET prepaid = prepaid - ? WHERE id = ?"
    call.db.execute(query, (placement.quote.prepaid_used, row["customer_id"]))


def cancel_booking(call: Call, number: str) -> Answer:
    """DELETE /bookings/{bookingNumber}: cancels; the booking stays readable. Again is 204 again (inferred).

    The account has no cards on file and no recurring series, so a policy charges nothing and no series goes on.
    """
    row = get_row(call, number)
    for name in (*NOTIFICATIONS, "applyCancellationPolicy", "cancelRemainingSeries"):
        call.flag(name)
    track = call.flag("trackInCustomerHistory")
    if row["canceled"]:
        return Answer(204)
    if call.knobs.is_on("cancel_cutoff") and row["starts"] < call.now + CHANGE_CUTOFF_SECONDS:
        raise forbidden("It is too late to cancel this booking")
    cancel(call, row, AGENT)
    if track:
        query = "UPDATE customer SET cancelations = cancelations + 1 WHERE id = ?"
        call.db.execute(query, (row["customer_id"],))
    events.publish(call, "bookings", "deleted", number, render_booking(call, get_row(call, number)))
    return Answer(204)


def cancel(call: Call, row: sqlite3.Row, agent: str) -> None:
    """Cancel a booking: its seats become free and its prepaid credits go back."""
    details: Json = json.loads(row["details"])
    _give_back(call.db, row, details)
    details |= {"cancelationTime": call.now, "changeAgent": agent, "prepaidUsed": 0}
    query = "UPDATE booking SET canceled = 1, changed = ?, details = ? WHERE number = ?"
    call.db.execute(query, (call.now, json.dumps(details), row["number"]))


ROUTES = [
    Route("PUT", "/bookings/<number>", "updateBooking", update_booking, WRITE, writes=True),
    Route("DELETE", "/bookings/<number>", "cancelBooking", cancel_booking, WRITE, writes=True),
]
