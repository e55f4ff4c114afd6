"""Hold operations (reference 4.4, 6.2): the final check and price, and the seats for some minutes."""

from __future__ import annotations

import json
import sqlite3

from sandbox import placing, seats
from sandbox.booking_records import StoredPrice, render_price
from sandbox.booking_schemas import BookingInput
from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request, not_found
from sandbox.identifiers import new_hold_id
from sandbox.money import ZERO
from sandbox.people import find_customers
from sandbox.placing import Placement
from sandbox.routes import Route

DEFAULT_SECONDS = 300
LONGEST_SECONDS = 600


def create_hold(call: Call) -> Answer:
    """POST /holds. The previous hold lets go before the new check, in the same transaction."""
    seconds = call.whole_number("holdDurationSeconds", DEFAULT_SECONDS, 1, LONGEST_SECONDS)
    body = call.body(BookingInput)
    release_previous(call)
    customer = existing_customer(call, body.customer_id)
    placement = placing.check(call, body, body.participants.numbers, customer, complete=False, backend=False)
    hold_id, expires = new_hold_id(), call.now + seconds
    placement.take(call.db, owner(hold_id), call.now, expires)
    rendered = _render(call, hold_id, placement, expires)
    call.db.execute("INSERT INTO hold (id, expires, quote) VALUES (?, ?, ?)", (hold_id, expires, json.dumps(rendered)))
    return Answer(201, rendered, f"/holds/{hold_id}")


def owner(hold_id: str) -> str:
    """The name under which a hold takes seats."""
    return f"hold:{hold_id}"


def release_previous(call: Call) -> None:
    """Delete the hold that the call replaces. One that is unknown or expired counts as gone already (inferred)."""
    seats.forget_expired(call.db, call.now)
    previous = call.query("previousHoldId")
    if previous is not None:
        _delete(call.db, previous)


def _delete(db: sqlite3.Connection, hold_id: str) -> bool:
    seats.release(db, owner(hold_id))
    return db.execute("DELETE FROM hold WHERE id = ?", (hold_id,)).rowcount > 0


def existing_customer(call: Call, customer_id: str | None) -> sqlite3.Row | None:
    """The customer that a body names by id; an unknown one is a 400."""
    if customer_id is None:
        return None
    rows = find_customers(call, "id = :id", {"id": customer_id})
    if not rows:
        raise bad_request("Unknown customer")
    return rows[0]


def _render(call: Call, hold_id: str, placement: Placement, expires: int) -> Json:
    quote = placement.quote
    settlement = placement.settlement
    rendered: Json = {
        "id": hold_id,
        "price": render_price(call, StoredPrice.of(quote), ZERO),
        "totalPayable": call.money(settlement.payable),
        "expiration": call.time(expires),
    }
    if settlement.credit:
        rendered["applicableMoneyCredit"] = call.money(settlement.credit)
    if settlement.voucher:
        rendered["applicableGiftVoucherCredit"] = call.money(settlement.voucher)
    if quote.prepaid_used:
        rendered["applicablePrepaidCredits"] = quote.prepaid_used
    if placement.codes.promotions:
        rendered |= {"promotionApplicable": True, "appliedPromotionDiscount": call.money(quote.discount)}
    return rendered


def get_hold(call: Call, hold_id: str) -> Answer:
    """GET /holds/{id}: 404 once it expired, was replaced or consumed."""
    query = "SELECT quote FROM hold WHERE id = ? AND expires > ?"
    row = call.db.execute(query, (hold_id, call.now)).fetchone()
    if row is None:
        raise not_found("Hold not found")
    return Answer(body=json.loads(row["quote"]))


def delete_hold(call: Call, hold_id: str) -> Answer:
    """DELETE /holds/{id}."""
    seats.forget_expired(call.db, call.now)
    if not _delete(call.db, hold_id):
        raise not_found("Hold not found")
    return Answer(204)


ROUTES = [
    Route("POST", "/holds", "createHold", create_hold, "bookings_rw_all", writes=True),
    Route("GET", "/holds/<hold_id>", "getHold", get_hold, "bookings_rw_all"),
    Route("DELETE", "/holds/<hold_id>", "deleteHold", delete_hold, "bookings_rw_all", writes=True),
]
