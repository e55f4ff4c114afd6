"""Webhooks: registered, signed, delivered, retried, doubled, lost (reference 6.7, 8)."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sandbox.delivery import DROPS_BEFORE_BLOCKING, RETRY_AFTER_SECONDS, deliver_due, sign
from tests.contract.document import schema
from tests.sandbox.bodies import kayak_for_robin
from tests.sandbox.client import Api, Json

PAYLOADS = Path(__file__).parents[1] / "samples" / "payloads"
ADDRESS = "https://front.example.com/hooks"
LOOPBACK = pytest.mark.bad_requests
"""Webhooks over plain HTTP to this machine are the sandbox's own addition."""
LATER = 4_000_000_000.0
"""A moment, in Unix seconds, at which every message is due."""


@dataclass
class Receiver:
    """A web server that keeps what it gets and answers with `status`."""

    status: int = 200
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    @property
    def bodies(self) -> list[Json]:
        """What was received, decoded."""
        return [json.loads(body) for _, _, body in self.received]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on a free port."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append((self.path, dict(self.headers), body))
            self.send_response(kept.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hooks?account=1"
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def register(api: Api, url: str, domain: str = "bookings", kind: str = "created") -> str:
    """Register a webhook; answers its path."""
    result = api.post("/webhooks", {"url": url, "domain": domain, "type": kind})
    assert result.status == 201
    return str(result.headers["Location"]).partition("/v2")[2]


def lead(api: Api, url: str) -> None:
    """Let messages go to another address than the one that was registered."""
    with api.app.store.writing() as db:
        db.execute("UPDATE webhook SET url = ?", (url,))


def deliver(api: Api, now: float = LATER) -> int:
    """Deliver what is due."""
    return deliver_due(api.app.store, "sandbox-secret", now)


def test_signature_is_that_of_the_saved_vector() -> None:
    vector = json.loads((PAYLOADS / "webhook.message.headers.json").read_text())
    headers = vector["headers"]
    body = (PAYLOADS / vector["bodyFile"]).read_bytes()
    stamp, message_id = headers["X-Bookeo-Timestamp"], headers["X-Bookeo-MessageId"]
    assert sign(vector["secretKey"], stamp, message_id, vector["url"], body) == headers["X-Bookeo-Signature"]


def test_webhooks_are_listed_read_replaced_and_deleted(api: Api) -> None:
    first = register(api, "https://front.example.com/hooks?account=1")
    second = register(api, "https://front.example.com/other")
    assert api.get(first).status == 404
    assert api.get(second).body["url"] == "https://front.example.com/other"
    listed = api.get("/webhooks").body
    assert (len(listed["data"]), listed["info"]["totalItems"]) == (1, 1)
    assert Api(api.app, api_key="readonly-api-key").get("/webhooks").data == []
    assert [api.delete(second).status for _ in range(2)] == [204, 404]


@pytest.mark.bad_requests
@pytest.mark.parametrize(
    "wrong", [{"url": "http://front.example.com"}, {"url": "front"}, {"domain": "slots"}, {"type": "changed"}]
)
def test_webhook_must_be_https_and_of_a_known_kind(api: Api, wrong: Json) -> None:
    body = {"url": "https://front.example.com", "domain": "bookings", "type": "created"}
    assert api.post("/webhooks", body | wrong).status == 400


@LOOPBACK
def test_message_carries_the_object_and_a_signature_over_the_registered_url(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url)
    booking = api.created("/bookings", kayak_for_robin())
    assert deliver(api) == 1
    ((path, headers, body),) = receiver.received
    assert path == "/hooks?account=1"
    message = json.loads(body)
    assert message == {"itemId": booking["bookingNumber"], "timestamp": "2026-06-10T09:00:00+02:00", "item": booking}
    assert schema("WebhookMessage").is_valid(message)
    stamp, message_id = headers["X-Bookeo-Timestamp"], headers["X-Bookeo-MessageId"]
    assert headers["X-Bookeo-Signature"] == sign("sandbox-secret", stamp, message_id, receiver.url, body)
    assert "X-Bookeo-PreviousMessageLost" not in headers
    assert deliver(api) == 0


@LOOPBACK
def test_every_kind_of_change_is_told(api: Api, receiver: Receiver) -> None:
    for domain, kind in (
        ("bookings", "created"),
        ("bookings", "updated"),
        ("bookings", "deleted"),
        ("customers", "created"),
        ("customers", "updated"),
        ("customers", "deleted"),
        ("payments", "created"),
    ):
        register(api, receiver.url.replace("account=1", f"about={domain}-{kind}"), domain, kind)
    booking = api.created("/bookings", kayak_for_robin())
    path, customer = f"/bookings/{booking['bookingNumber']}", f"/customers/{booking['customerId']}"
    payment = {"reason": "r", "amount": {"amount": "1", "currency": "EUR"}, "paymentMethod": "cash"}
    api.created(f"{path}/payments", payment)
    api.put(path, booking)
    api.put(customer, {"firstName": "New"})
    api.delete(path)
    api.delete(customer)
    deliver(api)
    told = [path.partition("about=")[2] for path, _, _ in receiver.received]
    assert told == [
        "customers-created",
        "bookings-created",
        "payments-created",
        "bookings-updated",
        "bookings-updated",
        "customers-updated",
        "bookings-deleted",
        "bookings-deleted",
        "customers-deleted",
    ]
    assert receiver.bodies[-3]["item"]["canceled"] is True


@LOOPBACK
def test_refused_change_tells_nothing(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url, "customers")
    api.post("/bookings", kayak_for_robin(13))
    assert deliver(api) == 0


@LOOPBACK
def test_failed_delivery_is_retried_then_lost_and_the_next_one_says_so(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url)
    api.created("/bookings", kayak_for_robin(1))
    receiver.status = 500
    now = LATER
    for wait in RETRY_AFTER_SECONDS:
        assert (deliver(api, now), deliver(api, now + wait - 1)) == (1, 0)
        now += wait
    assert (deliver(api, now), deliver(api, now + 1000)) == (1, 0)
    assert len({headers["X-Bookeo-MessageId"] for _, headers, _ in receiver.received}) == 1
    receiver.status = 204
    for _ in range(2):
        api.created("/bookings", kayak_for_robin(1))
        deliver(api)
    lost = [headers.get("X-Bookeo-PreviousMessageLost") for _, headers, _ in receiver.received]
    assert lost[-2:] == ["true", None]


def test_receiver_that_is_down_gets_it_later(api: Api, receiver: Receiver) -> None:
    register(api, "https://127.0.0.1:9/closed")
    api.created("/bookings", kayak_for_robin(1))
    assert deliver(api) == 1
    lead(api, receiver.url)
    assert deliver(api, LATER + 60) == 1
    assert len(receiver.received) == 1


def test_webhook_is_blocked_after_many_losses_and_revived_by_a_new_one(api: Api, receiver: Receiver) -> None:
    webhook = register(api, ADDRESS)
    lead(api, receiver.url)
    receiver.status = 404
    for _ in range(DROPS_BEFORE_BLOCKING):
        api.created("/bookings", kayak_for_robin(1))
    for attempt in range(len(RETRY_AFTER_SECONDS) + 1):
        deliver(api, LATER + 1000 * attempt)
    lead(api, ADDRESS)
    assert api.get(webhook).body["blockedReason"] == "Too many failed notifications"
    api.created("/bookings", kayak_for_robin(1))
    assert deliver(api) == 0
    receiver.status = 200
    register(api, ADDRESS)
    lead(api, receiver.url)
    api.created("/bookings", kayak_for_robin(1))
    assert deliver(api) == 1


@LOOPBACK
def test_knobs_double_lose_delay_and_missign(api: Api, receiver: Receiver) -> None:
    register(api, receiver.url)
    api.knobs = "webhook_duplicate=on"
    api.created("/bookings", kayak_for_robin(1))
    deliver(api)
    assert len({headers["X-Bookeo-MessageId"] for _, headers, _ in receiver.received}) == 1
    assert len(receiver.received) == 2

    api.knobs = "webhook_loss=on"
    api.created("/bookings", kayak_for_robin(1))
    assert deliver(api) == 0

    api.knobs = "webhook_bad_signature=on"
    api.created("/bookings", kayak_for_robin(1))
    deliver(api)
    _, headers, body = receiver.received[-1]
    stamp, message_id = headers["X-Bookeo-Timestamp"], headers["X-Bookeo-MessageId"]
    assert headers["X-Bookeo-PreviousMessageLost"] == "true"
    assert headers["X-Bookeo-Signature"] != sign("sandbox-secret", stamp, message_id, receiver.url, body)

    api.knobs = "webhook_delay=3600"
    api.created("/bookings", kayak_for_robin(1))
    with api.app.store.reading() as db:
        due = db.execute("SELECT due FROM message").fetchone()["due"]
    assert (deliver(api, due - 1), deliver(api, due)) == (0, 1)
