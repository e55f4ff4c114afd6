"""Resource block operations (reference 6.8): times at which a boat or canoe cannot be used."""

from __future__ import annotations

import json
import sqlite3

from sandbox import events, seats
from sandbox.booking_records import AGENT
from sandbox.bookings import time_conditions
from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request, not_found
from sandbox.identifiers import new_id
from sandbox.paging import listing
from sandbox.routes import Route
from sandbox.schemas import ResourceBlockInput
from sandbox.seat_blocks import READ, WRITE, change_of


def list_blocks(call: Call) -> Answer:
    """GET /resourceblocks: filtered like bookings."""
    return listing(call, "resourceblocks", 100, lambda: _search(call))


def _search(call: Call) -> list[Json]:
    conditions, values = time_conditions(call)
    if not conditions:
        raise bad_request("startTime and endTime, or lastUpdatedStartTime and lastUpdatedEndTime, are required")
    condition = " AND ".join(conditions)
    query = f"SELECT * FROM resource_block WHERE {condition} ORDER BY starts, rowid"  # noqa: S608 - our own
    wanted = call.query("resourceId")
    rows = call.db.execute(query, values)
    return [_render(call, row) for row in rows if wanted is None or wanted in json.loads(row["resources"])]


def _render(call: Call, row: sqlite3.Row) -> Json:
    rendered: Json = {
        "id": row["id"],
        "startTime": call.time(row["starts"]),
        "endTime": call.time(row["ends"]),
        "resources": [_resource(call, resource_id) for resource_id in json.loads(row["resources"])],
        "creationTime": call.time(row["created"]),
        "creationAgent": AGENT,
    }
    if row["reason"] is not None:
        rendered["reason"] = row["reason"]
    return rendered | change_of(call, row)


def _resource(call: Call, resource_id: str) -> Json:
    name = call.account.resource_name(resource_id)
    return {"name": call.text(name) if name else resource_id, "id": resource_id}


def create_block(call: Call) -> Answer:
    """POST /resourceblocks."""
    body = call.body(ResourceBlockInput)
    block_id = new_id()
    starts, ends, resources = _take(call, block_id, body)
    call.db.execute(
        "INSERT INTO resource_block (id, starts, ends, resources, reason, created, changed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (block_id, starts, ends, json.dumps(resources), body.reason, call.now, call.now),
    )
    return _answer(call, block_id, "created", 201)


def _take(call: Call, block_id: str, body: ResourceBlockInput) -> tuple[int, int, list[str]]:
    starts, ends = call.parse_time(body.start_time, "startTime"), call.parse_time(body.end_time, "endTime")
    if ends <= starts:
        raise bad_request("endTime must be after startTime")
    resources = list(dict.fromkeys(resource.id for resource in body.resources))
    if any(call.account.resource_name(resource_id) is None for resource_id in resources):
        raise bad_request("Unknown resource")
    seats.take_resources(call.db, _owner(block_id), resources, starts, ends, call.now)
    return starts, ends, resources


def _owner(block_id: str) -> str:
    return f"resourceblock:{block_id}"


def _get(call: Call, block_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute("SELECT * FROM resource_block WHERE id = ?", (block_id,)).fetchone()
    if row is None:
        raise not_found("Resource block not found")
    return row


def _answer(call: Call, block_id: str, kind: str, status: int) -> Answer:
    rendered = _render(call, _get(call, block_id))
    events.publish(call, "resourceblocks", kind, block_id, rendered)
    return Answer(status, rendered, f"/resourceblocks/{block_id}" if kind == "created" else None)


def get_block(call: Call, block_id: str) -> Answer:
    """GET /resourceblocks/{id}."""
    return Answer(body=_render(call, _get(call, block_id)))


def update_block(call: Call, block_id: str) -> Answer:
    """PUT /resourceblocks/{id}: the whole block."""
    _get(call, block_id)
    body = call.body(ResourceBlockInput)
    seats.release(call.db, _owner(block_id))
    starts, ends, resources = _take(call, block_id, body)
    call.db.execute(
        "UPDATE resource_block SET starts = ?, ends = ?, resources = ?, reason = ?, changed = ? WHERE id = ?",
        (starts, ends, json.dumps(resources), body.reason, call.now, block_id),
    )
    return _answer(call, block_id, "updated", 200)


def delete_block(call: Call, block_id: str) -> Answer:
    """DELETE /resourceblocks/{id}."""
    rendered = _render(call, _get(call, block_id))
    seats.release(call.db, _owner(block_id))
    call.db.execute("DELETE FROM resource_block WHERE id = ?", (block_id,))
    events.publish(call, "resourceblocks", "deleted", block_id, rendered)
    return Answer(204)


ROUTES = [
    Route("GET", "/resourceblocks", "listResourceBlocks", list_blocks, READ),
    Route("POST", "/resourceblocks", "createResourceBlock", create_block, WRITE, writes=True),
    Route("GET", "/resourceblocks/<block_id>", "getResourceBlock", get_block, READ),
    Route("PUT", "/resourceblocks/<block_id>", "updateResourceBlock", update_block, WRITE, writes=True),
    Route("DELETE", "/resourceblocks/<block_id>", "deleteResourceBlock", delete_block, WRITE, writes=True),
]
