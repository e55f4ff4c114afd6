"""Where Bookeo sends its notifications, and what is done about it: over the sandbox."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from booking.bookeo import Webhook, WebhookInput
from booking.services.errors import Unavailable
from booking.services.webhook_registrations import State, find_registrations, keep_registered
from booking.services.webhooks import WANTED, address_of
from tests.messages import ADDRESS
from tests.shop import Shop

BLOCKED = {"blockedTime": "2026-07-10T04:12:00+02:00", "blockedReason": "Too many failed notifications"}


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.WEBHOOK_URL = ADDRESS


def _states() -> dict[str, State]:
    return {registration.name: registration.state for registration in find_registrations()}


def _register(shop: Shop, url: str, domain: str = "bookings", kind: str = "created") -> Webhook:
    return shop.client.create_webhook(webhook=WebhookInput(url=url, domain=domain, type=kind))


def test_every_domain_and_type_is_registered_once(shop: Shop) -> None:
    assert {r.state for r in keep_registered()} == {State.MISSING}
    assert set(_states().values()) == {State.GOOD}
    assert {hook.url for hook in shop.client.list_webhooks()} == {address_of(*wanted) for wanted in WANTED}

    shop.calls.clear()
    assert {r.state for r in keep_registered()} == {State.GOOD}
    assert shop.operations == ["list_webhooks"]


def test_registration_of_another_program_is_left_alone_unless_asked(shop: Shop) -> None:
    foreign = _register(shop, "https://other.example.org/hooks?secret=canary")
    assert [r.host for r in keep_registered() if r.state == State.FOREIGN] == ["other.example.org"]
    assert foreign.url in {hook.url for hook in shop.client.list_webhooks()}

    list(keep_registered(replace=True))
    assert set(_states().values()) == {State.GOOD}


@pytest.mark.parametrize(
    "url", [ADDRESS, f"{ADDRESS}?domain=bookings", ADDRESS.replace("example.com", "example.com:8443")]
)
def test_earlier_address_of_this_site_is_put_right(shop: Shop, url: str) -> None:
    _register(shop, url)
    assert _states()["bookings/created"] == State.MOVED
    list(keep_registered())
    assert set(_states().values()) == {State.GOOD}


@pytest.fixture
def blocked(shop: Shop) -> Iterator[Shop]:
    """All are registered, and Bookeo has given up one of them."""
    list(keep_registered())
    hooks = [
        {"id": str(n), "url": address_of(domain, kind), "domain": domain, "type": kind, **(BLOCKED if n == 0 else {})}
        for n, (domain, kind) in enumerate(WANTED)
    ]
    answers = {"data": hooks, "info": {"totalItems": len(hooks), "totalPages": 1, "currentPage": 1}}
    sandbox = shop.adapter.app
    shop.answer_instead("/webhooks", answers)
    yield shop
    shop.adapter.app = sandbox


def test_blocked_registration_is_seen_with_its_reason(blocked: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("webhooks", "list")
    assert stopped.value.code == 1
    assert "bookings/created        blocked (Too many failed notifications)" in capsys.readouterr().out


def test_blocked_registration_is_revived_by_registering_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    list(keep_registered())
    honest = shop.client.list_webhooks

    def one_is_blocked() -> tuple[Webhook, ...]:
        first, *others = honest()
        return first.model_copy(update={"blocked_time": "2026-07-10T04:12:00+02:00"}), *others

    monkeypatch.setattr(shop.client, "list_webhooks", one_is_blocked)
    before = {hook.id for hook in honest()}
    call_command("webhooks", "sync")

    assert "bookings/created        revived" in capsys.readouterr().out
    assert len({hook.id for hook in honest()} - before) == 1


def test_command_registers_says_so_and_is_content(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("webhooks", "list")
    assert (stopped.value.code, capsys.readouterr().out.count("missing")) == (1, len(WANTED))

    call_command("webhooks", "sync")
    assert capsys.readouterr().out.count(" registered\n") == len(WANTED)
    call_command("webhooks", "sync")
    assert capsys.readouterr().out.count("was registered") == len(WANTED)
    call_command("webhooks", "list")


def test_command_names_whom_it_left_alone_but_not_their_address(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    _register(shop, "https://other.example.org/hooks?secret=canary")
    with pytest.raises(SystemExit) as stopped:
        call_command("webhooks", "sync")
    said = capsys.readouterr().out
    assert stopped.value.code == 1
    assert "bookings/created        left alone (other.example.org)" in said
    assert "canary" not in said

    call_command("webhooks", "sync", "--replace")
    assert "bookings/created        taken over (other.example.org)" in capsys.readouterr().out


@pytest.mark.parametrize("act", ["list", "sync"])
def test_command_explains_what_is_missing(act: str, settings: Settings) -> None:
    settings.WEBHOOK_URL = ""
    with pytest.raises(CommandError, match=r"WEBHOOK_URL=https://book\.example\.com/webhooks/bookeo/"):
        call_command("webhooks", act)


def test_command_says_when_bookeo_cannot_be_asked(shop: Shop) -> None:
    shop.knobs("fail=503")
    with pytest.raises(CommandError, match="Bookeo cannot be asked at the moment"):
        call_command("webhooks", "sync")
    with pytest.raises(Unavailable):
        list(keep_registered())
