"""Webhook operations (reference 6.7, 8): one for each key, domain and type. Delivery is in `delivery`."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit

from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request, not_found
from sandbox.identifiers import new_id
from sandbox.routes import Route
from sandbox.schemas import WebhookInput

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def list_webhooks(call: Call) -> Answer:
    """GET /webhooks of this key, on a single page."""
    rows = call.db.execute("SELECT * FROM webhook WHERE api_key = ? ORDER BY rowid", (call.key.value,)).fetchall()
    info = {"totalItems": len(rows), "totalPages": min(1, len(rows)), "currentPage": 1}
    return Answer(body={"data": [_render(call, row) for row in rows], "info": info})


def _render(call: Call, row: sqlite3.Row) -> Json:
    rendered = {name: row[name] for name in ("id", "url", "domain", "type")}
    if row["blocked_time"] is not None:
        rendered |= {"blockedTime": call.time(row["blocked_time"]), "blockedReason": row["blocked_reason"]}
    return rendered


def create_webhook(call: Call) -> Answer:
    """POST /webhooks: replaces, and revives, the webhook of the same key, domain and type."""
    body = call.body(WebhookInput)
    address = urlsplit(body.url)
    if address.scheme != "https" and address.hostname not in _LOOPBACK:
        raise bad_request("Invalid value for url: must be https")
    webhook_id = new_id()
    call.db.execute(
        "INSERT OR REPLACE INTO webhook (id, api_key, url, domain, type) VALUES (?, ?, ?, ?, ?)",
        (webhook_id, call.key.value, body.url, body.domain, body.type),
    )
    return Answer(201, location=f"/webhooks/{webhook_id}")


def get_webhook(call: Call, webhook_id: str) -> Answer:
    """GET /webhooks/{webhookId}."""
    query = "SELECT * FROM webhook WHERE id = ? AND api_key = ?"
    row = call.db.execute(query, (webhook_id, call.key.value)).fetchone()
    if row is None:
        raise not_found("Webhook not found")
    return Answer(body=_render(call, row))


def delete_webhook(call: Call, webhook_id: str) -> Answer:
    """DELETE /webhooks/{webhookId}."""
    query = "DELETE FROM webhook WHERE id = ? AND api_key = ?"
    if call.db.execute(query, (webhook_id, call.key.value)).rowcount == 0:
        raise not_found("Webhook not found")
    return Answer(204)


ROUTES = [
    Route("GET", "/webhooks", "listWebhooks", list_webhooks),
    Route("POST", "/webhooks", "createWebhook", create_webhook, writes=True),
    Route("GET", "/webhooks/<webhook_id>", "getWebhook", get_webhook),
    Route("DELETE", "/webhooks/<webhook_id>", "deleteWebhook", delete_webhook, writes=True),
]
