"""What is said before a customer finds out."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import reverse
from pytest_django import Settings

from booking.checks import RECEIVER, check_bookeo_account, check_not_on_the_sandbox, check_webhook_address

BOOKEO = "https://api.bookeo.com/v2"


@pytest.fixture
def real_site(settings: Settings) -> Settings:
    """Settings of a site that serves real customers."""
    settings.DEMO, settings.BOOKEO_BASE_URL = False, BOOKEO
    settings.BOOKEO_SECRET_KEY, settings.BOOKEO_API_KEY = "secret-canary", "key-canary"
    settings.QUEUE_URL = "sqlite:///var/queue.sqlite3"
    return settings


def _ids() -> list[str]:
    return sorted(str(message.id) for message in run_checks() if str(message.id).startswith("booking."))


def test_real_site_passes(real_site: Settings) -> None:
    assert _ids() == []


@pytest.mark.parametrize("name", ["BOOKEO_SECRET_KEY", "BOOKEO_API_KEY"])
def test_missing_key_is_named(real_site: Settings, name: str) -> None:
    setattr(real_site, name, "")
    (problem,) = check_bookeo_account(None)
    assert problem.msg == f"{name} is not set."
    assert "README.md" in str(problem.hint)
    assert _ids() == ["booking.E001"]


def test_both_missing_keys_are_named_at_once(real_site: Settings) -> None:
    real_site.BOOKEO_SECRET_KEY = real_site.BOOKEO_API_KEY = ""
    assert _ids() == ["booking.E001", "booking.E001"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8101/v2",
        "https://127.0.0.1:8101/v2",
        "https://localhost/v2",
        "https://LOCALHOST/v2",
        "https://[::1]:8101/v2",
        "http://api.bookeo.com/v2",
        "api.bookeo.com/v2",
        "",
    ],
)
def test_real_site_refuses_the_sandbox_and_open_lines(real_site: Settings, address: str) -> None:
    real_site.BOOKEO_BASE_URL = address
    assert _ids() == ["booking.E002"]


def test_demo_may_run_on_the_sandbox(real_site: Settings) -> None:
    real_site.DEMO, real_site.BOOKEO_BASE_URL = True, "http://127.0.0.1:8101/v2"
    assert check_not_on_the_sandbox(None) == []


def test_demo_needs_its_keys_too(real_site: Settings) -> None:
    real_site.DEMO, real_site.BOOKEO_API_KEY = True, ""
    assert _ids() == ["booking.E001"]


def test_problems_stop_the_site_and_tell_no_key(real_site: Settings) -> None:
    real_site.BOOKEO_BASE_URL = "http://127.0.0.1:8101/v2"
    with pytest.raises(SystemCheckError, match="BOOKEO_BASE_URL names the sandbox") as caught:
        call_command("check")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://book.example.com/webhooks/bookeo/",
        "https://book.example.com/",
        "https://book.example.com/webhooks/bookeo",
        "https://book.example.com/webhooks/bookeo/?domain=bookings",
        "book.example.com/webhooks/bookeo/",
        "http://127.0.0.1:8000/webhooks/bookeo/",
    ],
)
def test_address_that_bookeo_cannot_send_to_is_refused(real_site: Settings, address: str) -> None:
    real_site.WEBHOOK_URL = address
    assert _ids() == ["booking.E003"]


@pytest.mark.parametrize("address", ["", "https://book.example.com/webhooks/bookeo/"])
def test_real_site_may_have_an_address_for_notifications(real_site: Settings, address: str) -> None:
    real_site.WEBHOOK_URL = address
    assert _ids() == []


def test_demo_may_be_told_of_changes_on_this_machine(real_site: Settings) -> None:
    real_site.DEMO, real_site.WEBHOOK_URL = True, "http://127.0.0.1:8000/webhooks/bookeo/"
    assert check_webhook_address(None) == []


def test_address_of_the_receiver_is_the_one_that_is_checked() -> None:
    assert reverse("booking:webhooks") == RECEIVER


@pytest.mark.parametrize("url", ["immediate", "", "postgres://127.0.0.1/queue", "var/queue.sqlite3"])
def test_real_site_needs_a_queue(real_site: Settings, url: str) -> None:
    real_site.QUEUE_URL = url
    assert _ids() == ["booking.E004"]


@pytest.mark.parametrize("url", ["redis://127.0.0.1/1", "rediss://queue.example.com", "unix:///run/redis.sock"])
def test_redis_may_be_the_queue(real_site: Settings, url: str) -> None:
    real_site.QUEUE_URL = url
    assert _ids() == []
