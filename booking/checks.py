"""What must be right before the site may serve: said in one sentence each, before a customer finds out."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def register_all() -> None:
    register(check_bookeo_account)
    register(check_not_on_the_sandbox)


def check_bookeo_account(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Both keys are there."""
    missing = [name for name in ("BOOKEO_SECRET_KEY", "BOOKEO_API_KEY") if not getattr(settings, name)]
    return [
        Error(f"{name} is not set.", hint="See README.md, “Connect a Bookeo account”.", id="booking.E001")
        for name in missing
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
