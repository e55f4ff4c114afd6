"""Seat block operations (reference 6.8): seats that nobody can book."""

from __future__ import annotations

import sqlite3

from sandbox import events, schedule, seats
from sandbox.booking_records import AGENT
from sandbox.bookings import time_conditions
from sandbox.call import Answer, Call, Json
from sandbox.catalogue import Product
from sandbox.errors import bad_request, forbidden, not_found
from sandbox.identifiers import new_id
from sandbox.paging import listing
from sandbox.placing import NO_SEATS
from sandbox.routes import Route
from sandbox.schedule import Occurrence
from sandbox.schemas import SeatBlockInput
from sandbox.seats import View, left

READ, WRITE = "blocks_r_all", "blocks_rwd_all"
_EVERY_SEAT = -1


def list_blocks(call: Call) -> Answer:
    """GET /seatblocks: filtered like bookings."""
    return listing(call, "seatblocks", 100, lambda: _search(call))


def _search(call: Call) -> list[Json]:
    conditions, values = time_conditions(call)
    if not conditions:
        raise bad_request("startTime and endTime, or lastUpdatedStartTime and lastUpdatedEndTime, are required")
    if (product_id := call.query("productId")) is not None:
        conditions.append("product_id = :product_id")
        values["product_id"] = product_id
    condition = " AND ".join(conditions)
    query = f"SELECT * FROM seat_block WHERE {condition} ORDER BY starts, rowid"  # noqa: S608 - conditions are our own
    return [_render(call, row) for row in call.db.execute(query, values)]


def _render(call: Call, row: sqlite3.Row) -> Json:
    rendered: Json = {
        "id": row["id"],
        "eventId": row["event_id"],
        "productId": row["product_id"],
        "numSeats": row["seats"],
        "startTime": call.time(row["starts"]),
        "creationTime": call.time(row["created"]),
        "creationAgent": AGENT,
    }
    if row["reason"] is not None:
        rendered["reason"] = row["reason"]
    return rendered | change_of(call, row)


def change_of(call: Call, row: sqlite3.Row) -> Json:
    """When a block was changed and by whom, if ever."""
    if row["changed"] == row["created"]:
        return {}
    return {"lastChangeTime": call.time(row["changed"]), "lastChangeAgent": AGENT}


def create_block(call: Call) -> Answer:
    """POST /seatblocks: -1 blocks every seat that is left, now and later."""
    body = call.body(SeatBlockInput)
    block_id = new_id()
    slot = _take(call, block_id, body)
    call.db.execute(
        "INSERT INTO seat_block (id, event_id, product_id, starts, seats, reason, created, changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (block_id, body.event_id, body.product_id, slot.starts, body.num_seats, body.reason, call.now, call.now),
    )
    return _answer(call, block_id, "created", 201)


def _take(call: Call, block_id: str, body: SeatBlockInput) -> Occurrence:
    slot = schedule.find(_product(call, body.product_id), body.event_id, call.account.zone)
    if slot is None:
        raise bad_request("Unknown event")
    event_ids = [(one.event_id, one.starts) for one in slot.classes] or [(slot.event_id, slot.starts)]
    taken = View(call.now).taken(call.db, [event_id for event_id, _ in event_ids])
    if body.num_seats > left(slot, taken):
        raise forbidden(NO_SEATS)
    blocked = seats.ALL_SEATS if body.num_seats == _EVERY_SEAT else body.num_seats
    seats.take_seats(call.db, _owner(block_id), event_ids, blocked, call.now)
    return slot


def _product(call: Call, product_id: str) -> Product:
    product = call.account.product(product_id)
    if product is None:
        raise bad_request("Unknown product")
    return product


def _owner(block_id: str) -> str:
    return f"seatblock:{block_id}"


def _get(call: Call, block_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM seat_block WHERE id = ?", (block_id,)).fetchone()
    if row is None:
        raise not_found("Seat block not found")
    return row


def _answer(call: Call, block_id: str, kind: str, status: int) -> Answer:
    rendered = _render(call, _get(call, block_id))
    events.publish(call, "seatblocks", kind, block_id, rendered)
    return Answer(status, rendered, f"/seatblocks/{block_id}" if kind == "created" else None)


def get_block(call: Call, block_id: str) -> Answer:
    """GET /seatblocks/{id}."""
    return Answer(body=_render(call, _get(call, block_id)))


def update_block(call: Call, block_id: str) -> Answer:
    """PUT /seatblocks/{id}: the whole block."""
    _get(call, block_id)
    body = call.body(SeatBlockInput)
    seats.release(call.db, _owner(block_id))
    slot = _take(call, block_id, body)
    call.db.execute(
        "UPDATE seat_block SET event_id = ?, product_id = ?, starts = ?, seats = ?, reason = ?, changed = ?"
        " WHERE id = ?",
        (body.event_id, body.product_id, slot.starts, body.num_seats, body.reason, call.now, block_id),
    )
    return _answer(call, block_id, "updated", 200)


def delete_block(call: Call, block_id: str) -> Answer:
    """DELETE /seatblocks/{id}."""
    rendered = _render(call, _get(call, block_id))
    seats.release(call.db, _owner(block_id))
    call.db.execute("DELETE FROM seat_block WHERE id = ?", (block_id,))
    events.publish(call, "seatblocks", "deleted", block_id, rendered)
    return Answer(204)


ROUTES = [
    Route("GET", "/seatblocks", "listSeatBlocks", list_blocks, READ),
    Route("POST", "/seatblocks", "createSeatBlock", create_block, WRITE, writes=True),
    Route("GET", "/seatblocks/<block_id>", "getSeatBlock", get_block, READ),
    Route("PUT", "/seatblocks/<block_id>", "updateSeatBlock", update_block, WRITE, writes=True),
    Route("DELETE", "/seatblocks/<block_id>", "deleteSeatBlock", delete_block, WRITE, writes=True),
]
