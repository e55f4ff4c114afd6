"""What is posted to the receiver of notifications: what is believed, what is kept, and what comes of it."""

import io
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY
from pytest_django import Settings

from booking import tasks
from booking.bookeo import webhook_signature
from booking.models import WebhookMessage
from booking.services import cache, webhooks
from booking.views import webhooks as receiver
from tests.messages import ADDRESS, PRODUCT, Letter, content
from tests.services.file_database import file_database

OTHER = "4151SALX9E18E0E10F110"
BOOKEO_WAITS = 5.0
GONE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _address(settings: Settings, db: None) -> None:
    settings.WEBHOOK_URL = ADDRESS


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Products whose seats were forgotten, in order; "*" for all."""
    forgotten: list[str] = []
    monkeypatch.setattr(cache, "forget_times", forgotten.append)
    monkeypatch.setattr(cache, "forget_all_times", lambda: forgotten.append("*"))
    return forgotten


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One item for each time that open attempts were looked into."""
    settled: list[str] = []
    monkeypatch.setattr(tasks.reconciliation, "settle_open_attempts", lambda: settled.append("settled") or 0)
    return settled


def _counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("webhook_messages_total", {"outcome": outcome}) or 0.0


def _says_nothing(answer: HttpResponse) -> bool:
    return answer.content == b"" and "Set-Cookie" not in answer.headers


def test_genuine_message_is_kept_and_answered_with_nothing(forgotten: list[str], settled: list[str]) -> None:
    letter = Letter()
    answer = letter.post()

    assert (answer.status_code, _says_nothing(answer)) == (204, True)
    row = WebhookMessage.objects.get()
    assert (row.message_id, row.domain, row.type) == (letter.message_id, "bookings", "created")
    assert (row.item_id, row.product_id, row.previous_lost) == ("4151607147062318", PRODUCT, False)
    assert row.done_at is not None
    assert (forgotten, settled) == ([PRODUCT], ["settled"])


def test_nothing_personal_is_kept() -> None:
    Letter(body=content(title="Camille Canary", customerId="4151T6RJWA19C4D81150E", externalRef="canary")).post()
    row = WebhookMessage.objects.values().get()
    assert "anary" not in repr(row)
    assert "4151T6RJWA19C4D81150E" not in repr(row)


@pytest.mark.parametrize(
    ("letter", "products"),
    [
        (Letter("bookings", "updated"), [PRODUCT]),
        (Letter("bookings", "deleted"), [PRODUCT]),
        (Letter("seatblocks", "created", content(productId=OTHER)), [OTHER]),
        (Letter("seatblocks", "deleted", content(productId="")), ["*"]),
        (Letter("resourceblocks", "created"), ["*"]),
        (Letter("customers", "updated"), []),
        (Letter("payments", "created"), []),
    ],
    ids=lambda value: value.query if isinstance(value, Letter) else "",
)
def test_seats_that_may_have_changed_are_forgotten(letter: Letter, products: list[str], forgotten: list[str]) -> None:
    assert letter.post().status_code == 204
    assert forgotten == products


def test_message_after_lost_ones_forgets_everything_and_settles(forgotten: list[str], settled: list[str]) -> None:
    Letter("resourceblocks", "deleted", lost_before=True).post()
    assert (forgotten, settled) == (["*"], ["settled"])
    assert WebhookMessage.objects.get().previous_lost


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"itemId": 7}', b"\xff\xfe", b'{"itemId":"x","item":[1]}'])
def test_genuine_message_that_cannot_be_read_may_concern_any_product(body: bytes, forgotten: list[str]) -> None:
    assert Letter(body=body).post().status_code == 204
    assert forgotten == ["*"]


@pytest.mark.parametrize("product_id", ["x" * 65, "with space", "null\\u0000byte", "<b>"])
def test_ids_that_cannot_be_ids_are_not_kept(product_id: str, forgotten: list[str]) -> None:
    body = b'{"itemId":"%b","item":{"productId":"%b"}}' % (product_id.encode(), product_id.encode())
    assert Letter(body=body).post().status_code == 204
    row = WebhookMessage.objects.get()
    assert (row.item_id, row.product_id, forgotten) == ("", "", ["*"])


def test_repeated_message_is_answered_alike_and_does_nothing_more(forgotten: list[str]) -> None:
    letter, before = Letter(), _counted("repeated")
    answers = [letter.post().status_code for _ in range(3)]
    assert answers == [204, 204, 204]
    assert (WebhookMessage.objects.count(), forgotten) == (1, [PRODUCT])
    assert _counted("repeated") - before == 2


@pytest.mark.parametrize(
    "letter",
    [
        Letter(key="somebody else's"),
        Letter(age=121),
        Letter(age=-121),
        Letter(signed_address=ADDRESS),
        Letter(signed_address="https://other.example.com/webhooks/bookeo/?domain=bookings&type=created"),
        Letter(signed_address=ADDRESS + "?domain=bookings&type=deleted"),
    ],
    ids=["forged", "stale", "from the future", "without the query", "of another site", "for another type"],
)
def test_message_that_is_not_genuine_is_refused(letter: Letter, forgotten: list[str]) -> None:
    answer = letter.post()
    assert (answer.status_code, _says_nothing(answer)) == (401, True)
    assert (WebhookMessage.objects.count(), forgotten) == (0, [])


def test_tampered_body_is_refused() -> None:
    letter = Letter()
    answer = Client().post(
        f"/webhooks/bookeo/{letter.query}", letter.body + b" ", content_type="application/json", headers=letter.headers
    )
    assert answer.status_code == 401


def test_signature_in_capitals_is_the_same() -> None:
    letter = Letter()
    headers = letter.headers
    headers[webhook_signature.SIGNATURE_HEADER] = headers[webhook_signature.SIGNATURE_HEADER].upper()
    answer = Client().post(
        f"/webhooks/bookeo/{letter.query}", letter.body, content_type="application/json", headers=headers
    )
    assert answer.status_code == 204


@pytest.mark.parametrize(
    "name",
    [webhook_signature.TIMESTAMP_HEADER, webhook_signature.MESSAGE_ID_HEADER, webhook_signature.SIGNATURE_HEADER],
)
def test_message_without_one_of_its_headers_is_malformed(name: str) -> None:
    answer = Letter().post(without=name)
    assert (answer.status_code, _says_nothing(answer)) == (400, True)


@pytest.mark.parametrize(
    "letter",
    [
        Letter(message_id="x" * 129),
        Letter(message_id="with space"),
        Letter(domain="weather"),
        Letter(kind="renamed"),
        Letter(domain=""),
        Letter(domain="bookings%00"),
    ],
    ids=["long id", "odd id", "unknown domain", "unknown type", "no domain", "null byte"],
)
def test_message_that_names_what_there_is_not_is_malformed(letter: Letter) -> None:
    answer = letter.post()
    assert (answer.status_code, _says_nothing(answer)) == (400, True)
    assert WebhookMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json; charset=utf-8", 204),
        ("text/json", 204),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/html", 415),
    ],
)
def test_only_json_is_read(content_type: str, status: int) -> None:
    assert Letter(content_type=content_type).post().status_code == status


@pytest.mark.parametrize(("size", "status"), [(receiver.BODY_LIMIT, 204), (receiver.BODY_LIMIT + 1, 413)])
def test_message_may_be_longer_than_a_form_but_not_endless(size: int, status: int) -> None:
    answer = Letter(body=content().ljust(size)).post()
    assert (answer.status_code, _says_nothing(answer)) == (status, True)


def test_body_that_comes_in_chunks_is_read_to_its_end() -> None:
    letter = Letter()
    request = RequestFactory().post(
        f"/webhooks/bookeo/{letter.query}", content_type="application/json", headers=letter.headers
    )
    request.META |= {"CONTENT_LENGTH": "", "wsgi.input": io.BytesIO(letter.body), "wsgi.input_terminated": True}
    assert receiver.bookeo(request).status_code == 204


@pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
def test_only_posts_are_answered(method: str) -> None:
    assert getattr(Client(), method)("/webhooks/bookeo/?domain=bookings&type=created").status_code == 405


def test_without_an_address_there_is_no_receiver(settings: Settings) -> None:
    settings.WEBHOOK_URL = ""
    assert Letter().post().status_code == 404


def test_bookeo_is_not_asked_before_the_answer(monkeypatch: pytest.MonkeyPatch, settled: list[str]) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks, "ask", asked.append)
    assert Letter().post().status_code == 204
    assert (asked, settled) == ([tasks.READ_MESSAGES], [])


@pytest.mark.parametrize("url", [GONE, "sqlite:///no/such/folder/queue.sqlite3"])
def test_dead_queue_loses_nothing(url: str, settings: Settings, forgotten: list[str]) -> None:
    settings.QUEUE_URL = url
    tasks.forget_queue()
    try:
        assert Letter().post().status_code == 204
    finally:
        tasks.forget_queue()
    assert WebhookMessage.objects.get().done_at is None

    assert webhooks.work_off() == webhooks.WorkedOff(messages=1, may_settle=True)
    assert forgotten == [PRODUCT]
    assert webhooks.work_off().messages == 0


def test_without_the_shared_cache_messages_are_taken_all_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": GONE}}
    monkeypatch.undo()  # seats are forgotten in earnest
    assert Letter().post().status_code == 204
    assert WebhookMessage.objects.get().done_at is not None


def test_without_the_database_bookeo_has_to_send_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("the database is gone")

    letter = Letter()
    with monkeypatch.context() as patch:
        patch.setattr(WebhookMessage, "save", gone)
        answer = letter.post()
    assert (answer.status_code, _says_nothing(answer)) == (503, True)
    assert letter.post().status_code == 204


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """A database of its own, in a file."""
    with file_database(tmp_path / "site.sqlite3"):
        yield tmp_path / "site.sqlite3"


def test_locked_database_is_not_waited_for_longer_than_bookeo_waits(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "DATABASE_SECONDS", 0.2)
    letter = Letter()
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert letter.post().status_code == 503
        assert time.monotonic() - began < BOOKEO_WAITS
        other.execute("ROLLBACK")
    assert letter.post().status_code == 204


@pytest.mark.django_db(transaction=True)
def test_locked_table_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests run on SQLite")
    monkeypatch.setattr(webhooks, "DATABASE_SECONDS", 0.2)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("LOCK TABLE booking_webhookmessage IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        assert Letter().post().status_code == 503
        assert time.monotonic() - began < BOOKEO_WAITS


def test_same_message_at_the_same_moment_is_kept_once(database: Path) -> None:
    letter, statuses = Letter(), list[int]()
    senders = [threading.Thread(target=lambda: statuses.append(letter.post().status_code)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert statuses == [204] * 4
    assert WebhookMessage.objects.count() == 1


def test_old_messages_are_deleted_when_they_are_done() -> None:
    now = datetime.now(UTC)
    for message_id, done_at in (("old", now - webhooks.KEPT * 2), ("new", now), ("waiting", None)):
        WebhookMessage.objects.create(message_id=message_id, domain="bookings", type="created", done_at=done_at)
    assert webhooks.purge() == 1
    assert set(WebhookMessage.objects.values_list("message_id", flat=True)) == {"new", "waiting"}
