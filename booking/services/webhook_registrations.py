"""Where Bookeo sends its notifications: there is one address for each key, domain and type (reference 6.7, 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

from booking.bookeo import Webhook, WebhookInput
from booking.services import upstream
from booking.services.errors import bookeo_errors_translated
from booking.services.webhooks import WANTED, address_of


class State(StrEnum):
    GOOD = "registered"
    MISSING = "missing"
    BLOCKED = "blocked"  # Bookeo has given us up; only registering anew revives it
    MOVED = "moved"  # it names an earlier address of this site
    FOREIGN = "foreign"  # another program of the same key gets these


REPAIRED = (State.MISSING, State.BLOCKED, State.MOVED)


@dataclass(frozen=True, slots=True)
class Registration:
    """`host` is who gets the messages, `reason` why Bookeo has blocked it."""

    domain: str
    kind: str
    state: State
    host: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        return f"{self.domain}/{self.kind}"


def find_registrations() -> tuple[Registration, ...]:
    """One for each domain and type that there is. Raises Unavailable."""
    with bookeo_errors_translated():
        hooks = {(hook.domain, hook.type): hook for hook in upstream.bookeo().list_webhooks()}
    return tuple(_registration(domain, kind, hooks.get((domain, kind))) for domain, kind in WANTED)


def keep_registered(*, replace: bool = False) -> Iterator[Registration]:
    """Register what is missing, revive what is blocked; each registration as it was found, once it is looked after.

    What belongs to somebody else stays, unless it is to be replaced. Needs WEBHOOK_URL. Raises Unavailable.
    """
    for registration in find_registrations():
        if registration.state in REPAIRED or (replace and registration.state == State.FOREIGN):
            _register(registration.domain, registration.kind)
        yield registration


def _register(domain: str, kind: str) -> None:
    webhook = WebhookInput(url=address_of(domain, kind), domain=domain, type=kind)
    with bookeo_errors_translated():
        upstream.bookeo().create_webhook(webhook=webhook)


def _registration(domain: str, kind: str, hook: Webhook | None) -> Registration:
    if hook is None:
        return Registration(domain, kind, State.MISSING)
    host = urlsplit(hook.url).hostname or ""
    if hook.url != address_of(domain, kind):
        return Registration(domain, kind, State.MOVED if _was_ours(hook.url) else State.FOREIGN, host)
    if hook.blocked_time:
        return Registration(domain, kind, State.BLOCKED, host, hook.blocked_reason or "no reason is told")
    return Registration(domain, kind, State.GOOD, host)


def _was_ours(url: str) -> bool:
    """Whether it leads to this receiver by another scheme, port or query."""
    there, here = urlsplit(url), urlsplit(settings.WEBHOOK_URL)
    return (there.hostname, there.path) == (here.hostname, here.path)
