"""What must be right before the site may serve: said in one sentence each, before a customer finds out."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from booking.services import business_settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
RECEIVER = "/webhooks/bookeo/"
QUEUES = {"sqlite", "redis", "rediss", "unix"}


def register_all() -> None:
    register(check_bookeo_account)
    register(check_not_on_the_sandbox)
    register(check_business_settings)
    register(check_webhook_address)
    register(check_queue)


def check_bookeo_account(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Both keys are there."""
    missing = [name for name in ("BOOKEO_SECRET_KEY", "BOOKEO_API_KEY") if not getattr(settings, name)]
    return [
        Error(f"{name} is not set.", hint="See README.md, “Connect a Bookeo account”.", id="booking.E001")
        for name in missing
    ]


def check_business_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """What the environment says for the owner's settings is what the owner could choose too."""
    return [
        Error(f"{name} has a value that it cannot have.", hint="See the table in README.md.", id="booking.E010")
        for name in business_settings.wrong_defaults()
    ]


def check_not_on_the_sandbox(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Only a demo may run on the sandbox, and a real site speaks to Bookeo over https alone."""
    if settings.DEMO:
        return []
    address = urlsplit(settings.BOOKEO_BASE_URL)
    if address.scheme == "https" and address.hostname not in LOOPBACK:
        return []
    return [
        Error(
            "BOOKEO_BASE_URL names the sandbox or an address without https, and DEMO is off.",
            hint="Set BOOKEO_BASE_URL=https://api.bookeo.com/v2, or DEMO=true for a shop in which nothing is real.",
            id="booking.E002",
        )
    ]


def check_webhook_address(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where there is an address for notifications, Bookeo accepts it, and it leads to the receiver."""
    address = urlsplit(settings.WEBHOOK_URL)
    is_open = address.scheme == "https" or (settings.DEMO and address.hostname in LOOPBACK)
    if not settings.WEBHOOK_URL or (is_open and address.path.endswith(RECEIVER) and not address.query):
        return []
    return [
        Error(
            "WEBHOOK_URL is no address that Bookeo could send notifications to.",
            hint=f"It begins with https:// and ends with {RECEIVER}, without a query.",
            id="booking.E003",
        )
    ]


def check_queue(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Work that takes long is done by a worker, not while a visitor or Bookeo waits."""
    if urlsplit(settings.QUEUE_URL).scheme in QUEUES or (settings.DEMO and settings.QUEUE_URL == "immediate"):
        return []
    return [
        Error(
            "QUEUE_URL names no queue that a worker could work off.",
            hint="Leave it out, or set it to sqlite:///path/to/a/file or to the address of a Redis.",
            id="booking.E004",
        )
    ]
