"""What the staff do in the back office and the API cannot: accept or deny a booking that waits."""

from __future__ import annotations

import json
import sqlite3

from sandbox import events
from sandbox.booking_changes import cancel
from sandbox.booking_records import find_bookings, get_row, render_booking
from sandbox.call import Call

_STAFF = "Front desk"


def waiting(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Bookings that were neither accepted nor denied, by start."""
    return find_bookings(db, "NOT accepted AND NOT canceled", {})


def accept(call: Call, number: str) -> None:
    """Accept a waiting booking and tell webhooks. Raises 404."""
    details = json.loads(get_row(call, number)["details"]) | {"changeAgent": _STAFF}
    query = "UPDATE booking SET accepted = 1, changed = ?, details = ? WHERE number = ?"
    call.db.execute(query, (call.now, json.dumps(details), number))
    events.publish(call, "bookings", "updated", number, render_booking(call, get_row(call, number)))


def deny(call: Call, number: str) -> None:
    """Deny a waiting booking: it ends cancelled and never accepted. Raises 404."""
    cancel(call, get_row(call, number), _STAFF)
    events.publish(call, "bookings", "deleted", number, render_booking(call, get_row(call, number)))
