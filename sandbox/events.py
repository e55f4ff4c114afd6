"""Events for webhooks: written in the same transaction as the change, delivered later (reference 8)."""

from __future__ import annotations

import json
import time

from sandbox import moments
from sandbox.call import Call, Json
from sandbox.identifiers import new_id


def publish(call: Call, domain: str, kind: str, item_id: str, item: Json) -> None:
    """Queue a message for each webhook of that domain and type that is not blocked."""
    query = "SELECT * FROM webhook WHERE domain = ? AND type = ? AND blocked_time IS NULL"
    for webhook in call.db.execute(query, (domain, kind)).fetchall():
        if call.knobs.is_on("webhook_loss"):
            call.db.execute("UPDATE webhook SET lost = 1 WHERE id = ?", (webhook["id"],))
        else:
            _queue(call, webhook["id"], item_id, item)


def _queue(call: Call, webhook_id: str, item_id: str, item: Json) -> None:
    stamp = moments.render(call.now, call.account.zone)
    body = json.dumps({"itemId": item_id, "timestamp": stamp, "item": item}, separators=(",", ":"), ensure_ascii=False)
    due = time.time() + call.knobs.drawn("webhook_delay")
    copies = 2 if call.knobs.is_on("webhook_duplicate") else 1
    bad = call.knobs.is_on("webhook_bad_signature")
    call.db.execute(
        "INSERT INTO message (id, webhook_id, body, due, copies, bad_signature) VALUES (?, ?, ?, ?, ?, ?)",
        (new_id(), webhook_id, body, due, copies, bad),
    )
