"""Delivers webhook messages: signed, retried, and dropped in the end (reference 8).

Several processes may deliver from one database: a message is leased before it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import sqlite3
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.store import Store

ANSWER_WITHIN_SECONDS = 5
RETRY_AFTER_SECONDS = (5, 30, 120)
DROPS_BEFORE_BLOCKING = 10
_LEASE_SECONDS = 30
_LOOK_EVERY_SECONDS = 0.2
_WRONG_KEY = "not the secret key"


@dataclass(frozen=True)
class Message:
    """A message that is due, with where it goes."""

    id: str
    webhook_id: str
    url: str
    body: bytes
    attempts: int
    copies: int
    bad_signature: bool
    previous_lost: bool


def sign(secret_key: str, timestamp: str, message_id: str, url: str, body: bytes) -> str:
    """The signature of a message: HMAC-SHA256 over timestamp, id, registered URL and raw body."""
    signed = f"{timestamp}{message_id}{url}".encode() + body
    return hmac.new(secret_key.encode(), signed, hashlib.sha256).hexdigest()


class Delivery(threading.Thread):
    """Looks for messages that are due and sends them, until the process ends."""

    def __init__(self, store: Store, secret_key: str) -> None:
        super().__init__(name="webhook delivery", daemon=True)
        self.store = store
        self.secret_key = secret_key
        self.stopping = threading.Event()

    def run(self) -> None:
        """Send what is due, look again, until told to stop."""
        while not self.stopping.wait(_LOOK_EVERY_SECONDS):
            deliver_due(self.store, self.secret_key, time.time())
        self.store.close()


def deliver_due(store: Store, secret_key: str, now: float) -> int:
    """Send every message that is due at that moment. Answers how many were sent, arrived or not."""
    sent = 0
    while (message := _lease(store, now)) is not None:
        arrived = [_post(message, secret_key) for _ in range(message.copies)]
        with store.writing() as db:
            _settle(db, message, now, arrived=all(arrived))
        sent += 1
    return sent


def _lease(store: Store, now: float) -> Message | None:
    query = (
        "SELECT message.*, webhook.url, webhook.lost FROM message JOIN webhook ON webhook.id = webhook_id"
        " WHERE due <= ? AND blocked_time IS NULL ORDER BY due, message.rowid LIMIT 1"
    )
    if store.connection().execute(query, (now,)).fetchone() is None:
        return None
    with store.writing() as db:
        row = db.execute(query, (now,)).fetchone()
        if row is None:
            return None
        db.execute("UPDATE message SET due = ? WHERE id = ?", (now + _LEASE_SECONDS, row["id"]))
    return Message(
        id=row["id"],
        webhook_id=row["webhook_id"],
        url=row["url"],
        body=row["body"].encode(),
        attempts=row["attempts"],
        copies=row["copies"],
        bad_signature=bool(row["bad_signature"]),
        previous_lost=bool(row["lost"]),
    )


def _post(message: Message, secret_key: str) -> bool:
    try:
        status = _send(message, secret_key)
    except (OSError, http.client.HTTPException, ValueError):
        return False
    return http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES


def _send(message: Message, secret_key: str) -> int:
    address = urlsplit(message.url)
    connection = _connect(address.scheme, address.hostname or "", address.port)
    path = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
    try:
        connection.request("POST", path, message.body, _headers(message, secret_key))
        return connection.getresponse().status
    finally:
        connection.close()


def _connect(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=ANSWER_WITHIN_SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=ANSWER_WITHIN_SECONDS)


def _headers(message: Message, secret_key: str) -> dict[str, str]:
    timestamp = str(int(time.time() * 1000))
    key = _WRONG_KEY if message.bad_signature else secret_key
    headers = {
        "Content-Type": "application/json",
        "X-Bookeo-Timestamp": timestamp,
        "X-Bookeo-MessageId": message.id,
        "X-Bookeo-Signature": sign(key, timestamp, message.id, message.url, message.body),
    }
    return headers | ({"X-Bookeo-PreviousMessageLost": "true"} if message.previous_lost else {})


def _settle(db: sqlite3.Connection, message: Message, now: float, *, arrived: bool) -> None:
    if arrived:
        db.execute("DELETE FROM message WHERE id = ?", (message.id,))
        if message.previous_lost:
            db.execute("UPDATE webhook SET lost = 0 WHERE id = ?", (message.webhook_id,))
    elif message.attempts < len(RETRY_AFTER_SECONDS):
        due = now + RETRY_AFTER_SECONDS[message.attempts]
        db.execute("UPDATE message SET attempts = attempts + 1, due = ? WHERE id = ?", (due, message.id))
    else:
        _drop(db, message, now)


def _drop(db: sqlite3.Connection, message: Message, now: float) -> None:
    db.execute("DELETE FROM message WHERE id = ?", (message.id,))
    db.execute("UPDATE webhook SET lost = 1, dropped = dropped + 1 WHERE id = ?", (message.webhook_id,))
    db.execute(
        "UPDATE webhook SET blocked_time = ?, blocked_reason = 'Too many failed notifications'"
        " WHERE id = ? AND dropped >= ?",
        (int(now), message.webhook_id, DROPS_BEFORE_BLOCKING),
    )
