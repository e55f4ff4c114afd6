"""What the operator and the watching programs are told, also when something is gone."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from booking.models import Attempt, WebhookMessage
from booking.services import cache, figures, readiness, upstream
from booking.services.breaker import FAILURES, Breaker
from tests.environment import ROOT
from tests.shop import Shop

TOKEN = "a-token-that-only-the-operator-knows"


@pytest.fixture(autouse=True)
def _not_asked_yet(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    breaker = Breaker()
    monkeypatch.setattr(upstream, "breaker", lambda: breaker)
    cache.forget_everything()
    readiness._find_no_migration_to_apply.cache_clear()
    yield
    readiness._find_no_migration_to_apply.cache_clear()


def _gone(error: Exception) -> Callable[..., None]:
    def gone(*args: object, **kwargs: object) -> None:
        raise error

    return gone


def _ready() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def test_process_answers_whatever_lies_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", _gone(OperationalError()))
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_when_all_is_well() -> None:
    assert _ready() == (
        200,
        {"status": "ready", "database": "ok", "migrations": "ok", "cache": "ok", "bookeo": "closed"},
    )


def test_not_ready_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", _gone(OperationalError("canary")))
        status, said = _ready()
    assert (status, said["status"], said["database"], said["migrations"]) == (503, "not ready", "failing", "failing")
    assert "canary" not in str(said)


@pytest.mark.parametrize(
    "cache",
    [
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"},
        {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"},
    ],
)
def test_not_ready_without_the_cache(cache: dict[str, str], settings: Settings) -> None:
    settings.CACHES = {"default": cache}
    status, said = _ready()
    assert (status, said["status"], said["cache"]) == (503, "not ready", "failing")
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/metrics").status_code == 200


def test_not_ready_before_the_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(MigrationExecutor, "migration_plan", lambda *args: ["one to apply"])
        status, said = _ready()
    assert (status, said["status"], said["migrations"]) == (503, "not ready", "failing")
    assert _ready()[0] == 200


@pytest.mark.django_db
def test_dead_bookeo_degrades_but_does_not_take_the_site_away(shop: Shop) -> None:
    for _ in range(FAILURES):
        upstream.breaker().report(failed=True)
    status, said = _ready()
    assert (status, said["status"], said["bookeo"]) == (200, "degraded", "open")
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/metrics").status_code == 200
    assert shop.calls == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_watching_programs_are_not_sent_to_https(path: str, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path).status_code == 200
    assert Client().get("/").status_code == 301


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_answers_of_the_moment_are_not_kept(path: str) -> None:
    assert "no-store" in Client().get(path).headers["Cache-Control"]
    assert Client().post(path).status_code == 405


@pytest.mark.parametrize(
    ("demo", "debug", "token", "given", "status"),
    [
        (True, False, "", "", 200),
        (False, True, "", "", 200),
        (False, False, "", "", 404),
        (False, False, "", "Bearer ", 404),
        (False, False, TOKEN, "", 401),
        (True, True, TOKEN, "", 401),
        (False, False, TOKEN, f"Bearer {TOKEN}", 200),
        (False, False, TOKEN, f"Bearer {TOKEN}x", 401),
        (False, False, TOKEN, TOKEN, 401),
        (False, False, TOKEN, "Bearer ÿ", 401),
    ],
)
def test_metrics_are_for_whoever_knows_the_token(
    demo: bool, debug: bool, token: str, given: str, status: int, settings: Settings
) -> None:
    settings.DEMO, settings.DEBUG, settings.METRICS_TOKEN = demo, debug, token
    answer = Client().get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == status
    assert answer.headers.get("WWW-Authenticate", "") == ("Bearer" if status == 401 else "")


Sample = tuple[str, tuple[tuple[str, str], ...]]


def _samples() -> dict[Sample, float]:
    text = Client().get("/metrics").content.decode()
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_metrics_count_requests_by_route_and_not_by_address(shop: Shop) -> None:
    browser = shop.at_details()
    samples = _samples()
    labels = (("method", "GET"), ("route", "booking:details"), ("status", "200"))
    assert samples["http_requests_total", labels] >= 1
    assert samples["http_request_seconds_count", (("route", "booking:details"),)] >= 1
    token = browser.url.split("/checkout/")[1].split("/")[0]
    assert not [sample for sample in samples if token in str(sample)]


def test_odd_methods_and_addresses_make_no_new_labels() -> None:
    for number in range(3):
        Client().generic(f"ODD{number}", f"/made-up-{number}/")
    labels = {labels for name, labels in _samples() if name == "http_requests_total"}
    assert (("method", "other"), ("route", "unknown"), ("status", "404")) in labels
    assert not re.search("ODD|made-up", str(labels))


def test_metrics_tell_the_state_of_the_ledger() -> None:
    now = datetime.now(UTC)
    for number, state in enumerate(["unknown", "unknown", "confirmed"]):
        attempt = Attempt.objects.create(kind="booking", subject=str(number), reference=f"web-{number}", state=state)
        Attempt.objects.filter(pk=attempt.pk).update(created_at=now - timedelta(minutes=number + 1))
    WebhookMessage.objects.create(message_id="1", domain="bookings", type="created")
    figures.note_run("settle", now.timestamp())

    samples = _samples()
    assert samples["booking_attempts", (("state", "unknown"),)] == 2
    assert samples["booking_attempts", (("state", "lost"),)] == 0
    assert 120 <= samples["booking_attempts_oldest_unknown_seconds", ()] < 150
    assert samples["webhook_messages_waiting", ()] == 1
    assert samples["background_last_run_timestamp_seconds", (("task", "settle"),)] == pytest.approx(
        now.timestamp(), abs=0.001
    )


def test_metrics_are_told_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", _gone(OperationalError()))
        names = {name for name, _ in _samples()}
    assert "bookeo_breaker_opened_total" in names
    assert "booking_attempts" not in names


def test_processes_that_share_a_folder_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = "from booking.services.metrics import breaker_opened; breaker_opened.inc()"
    for _ in range(2):
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "new")}
        subprocess.run([sys.executable, "-c", count], cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "new"))
    assert _samples()["bookeo_breaker_opened_total", ()] == 2
