"""What a line of the log says, and what never stands in one."""

import copy
import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from booking.bookeo.calls import CallRecord, report
from booking.services import correlation, webhooks
from tests.environment import SANDBOX_SECRET_KEY
from tests.shop import Shop, book, sign_in

TOKEN = "abcdefghijklmnopqrstuvwxyz012345"
GUEST = {
    "first_name": "Canaria",
    "last_name": "Marked",
    "email": "canary@example.com",
    "phone": "+39 055 501 0199",
}
CANARIES = ("Canaria", "Marked", "canary@example", "0199", "canary-password", SANDBOX_SECRET_KEY)


class Log:
    """What the site has written."""

    def __init__(self, stream: StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


def _configured(formatter: str, stream: StringIO) -> Iterator[Log]:
    config = copy.deepcopy(site_settings.LOGGING)
    config["handlers"]["console"] |= {"formatter": formatter, "stream": stream}
    before = logging.getLogger().handlers[:]
    logging.config.dictConfig(config)
    yield Log(stream)
    logging.config.dictConfig(site_settings.LOGGING)
    logging.getLogger().handlers[:] = before


@pytest.fixture
def log() -> Iterator[Log]:
    """The site's own configuration, as in production."""
    yield from _configured("json", StringIO())


@pytest.fixture
def plain_log() -> Iterator[Log]:
    """The same, as it is in the demo."""
    yield from _configured("line", StringIO())


def test_each_request_leaves_one_line_of_its_route(shop: Shop, log: Log) -> None:
    browser = shop.at_details()
    lines = log.of("booking.access")
    assert [(line["method"], line["route"], line["status"]) for line in lines][-2:] == [
        ("POST", "booking:product-detail", 303),
        ("GET", "booking:details", 200),
    ]
    assert all(line["duration_ms"] > 0 and len(line["request_id"]) == 32 for line in lines)
    assert browser.url.split("/checkout/")[1].split("/")[0] not in log.text


def test_plain_lines_say_the_same(shop: Shop, plain_log: Log) -> None:
    shop.visitor().get("/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert " INFO booking.access from-the-proxy-1 GET booking:product-list 200 " in plain_log.text
    assert " INFO booking.bookeo from-the-proxy-1 operation=list_products status=200 duration_ms=" in plain_log.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0af7651916cd43dd8448eb211c80319c", True),
        ("proxy-1.4_b", True),
        ("short", False),
        ("x" * 65, False),
        ("two words", False),
        ("canary@example.com", False),
        ('"}\\n{"forged": "line', False),
    ],
)
def test_sane_request_id_is_kept_and_any_other_replaced(given: str, kept: bool, log: Log) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": given})
    told = answer.headers["X-Request-ID"]
    assert (told == given) is kept
    assert log.of("booking.access")[0]["request_id"] == told


def test_every_line_of_a_request_carries_its_id(shop: Shop, log: Log) -> None:
    shop.visitor().get("/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert len(log.of("booking.bookeo")) > 1
    assert {line["request_id"] for line in log.lines} == {"from-the-proxy-1"}
    assert correlation.current() == ""


def test_line_that_django_writes_afterwards_carries_the_id_too(db: None, log: Log, settings: Settings) -> None:
    settings.WEBHOOK_URL = "https://book.example.com/webhooks/bookeo/"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webhooks, "receive", _gone)
        Client().post(
            "/webhooks/bookeo/", content_type="application/json", headers={"X-Request-ID": "from-the-proxy-1"}
        )
    (line,) = log.of("django.request")
    assert (line["level"], line["request_id"]) == ("ERROR", "from-the-proxy-1")


def _gone(*args: object) -> None:
    raise OperationalError


def test_call_to_bookeo_is_told_in_fields(log: Log) -> None:
    record = CallRecord("create_booking", True, 1, 0.1234, 503, "E-4711", None)
    report(record, None)
    (line,) = log.lines
    told = {name: line[name] for name in ("level", "operation", "status", "duration_ms", "attempt", "error_id")}
    assert told == {
        "level": "WARNING",
        "operation": "create_booking",
        "status": 503,
        "duration_ms": 123,
        "attempt": 1,
        "error_id": "E-4711",
    }
    assert line["request_id"] == "-"


def _fail(text: str) -> None:
    raise ValueError(text)


def test_traceback_is_one_line_and_redacted(log: Log) -> None:
    try:
        _fail(f"no page /checkout/{TOKEN}/details/ for canary@example.com?password=canary-password")
    except ValueError:
        logging.getLogger("booking.views").exception("it failed for /checkout/%s/check/", TOKEN)
    (line,) = log.lines
    assert line["message"] == "it failed for /checkout/…/check/"
    assert "ValueError: no page /checkout/…/details/ for [redacted]" in line["exc_info"]
    assert TOKEN not in log.text
    assert "canary" not in log.text


def test_fields_that_we_do_not_know_stay_out(log: Log) -> None:
    extra = {"request": f"<WSGIRequest: GET '/checkout/{TOKEN}/'>", "email": "canary@example.com", "status": 200}
    logging.getLogger("somebody.elses").warning("it happened", extra=extra)
    (line,) = log.lines
    assert set(line) == {"timestamp", "level", "logger", "message", "request_id", "status"}


@pytest.mark.parametrize("name", ["django.request", "django.server", "gunicorn.error", "huey", "urllib3", "booking.x"])
def test_no_logger_goes_round_the_filters(name: str, log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger(name).error("GET /checkout/%s/ by canary@example.com", TOKEN)
    assert [line["message"] for line in log.lines] == ["GET /checkout/…/ by [redacted]"]
    assert TOKEN not in "".join(capsys.readouterr())


def test_nobody_is_known_by_the_log_after_a_whole_visit(shop: Shop, log: Log) -> None:
    browser = shop.at_details().submit("#details", GUEST, button="Continue")
    token = browser.url.split("/checkout/")[1].split("/")[0]
    shop.knobs("fail=500", on="POST /v2/bookings", times=1)
    book(browser)
    member = shop.at_details()
    member.follow("Sign in")
    sign_in(member, "canary@example.com", "canary-password")

    assert "create_booking" in log.text
    assert "customers" not in log.text or "password" not in log.text
    assert [canary for canary in (*CANARIES, token) if canary in log.text] == []
