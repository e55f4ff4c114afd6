"""Everything passes the doors, and no violation gets lost."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.test import Client
from werkzeug.wrappers import Response

from booking.bookeo import Bookeo
from sandbox import Sandbox, create_app
from tests.bookeo.answers import Answers
from tests.contract.doors import unwatched, watched
from tests.contract.ledger import ContractBroken, Ledger
from tests.wsgi_adapter import WsgiAdapter

KEYS = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "sandbox-api-key"}
TAXES = "/v2/settings/taxes?lang=en-US"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox without bookings."""
    made = create_app(tmp_path / "sandbox.sqlite3", data="empty")
    yield made
    made.store.close()


@pytest.fixture
def ledger(app: Sandbox) -> Iterator[Ledger]:
    """The book of a second pair of doors: what is written there is no fault of the test."""
    kept = Ledger()
    with watched(kept):
        yield kept


def ask(app: Sandbox, path: str = TAXES, **headers: str) -> Any:
    """GET from the sandbox in this process."""
    return Client(app).get(path, headers=KEYS | headers)


def counts(ledger: Ledger) -> tuple[int, int, int]:
    """What the last line of a run tells."""
    return ledger.requests, ledger.answers, ledger.violations


def test_sandbox_is_watched_however_it_is_called(app: Sandbox, ledger: Ledger) -> None:
    ask(app)
    bookeo = Bookeo(
        base_url="http://x/v2", secret_key="sandbox-secret", api_key="sandbox-api-key", adapter=WsgiAdapter(app)
    )
    bookeo.list_taxes()
    assert counts(ledger) == (2, 2, 0)


def test_pages_of_the_sandbox_are_no_calls(app: Sandbox, ledger: Ledger) -> None:
    ask(app, "/knobs")
    assert counts(ledger) == (0, 0, 0)


def test_client_is_watched_when_something_else_answers(ledger: Ledger) -> None:
    answers = Answers().give(200, b'{"data": []}')
    bookeo = Bookeo(base_url="http://x/v2", secret_key="s", api_key="a", adapter=answers)
    bookeo.list_taxes()
    assert counts(ledger) == (1, 0, 0)


@pytest.mark.bad_requests
def test_bad_request_is_a_violation_unless_the_test_wants_it(app: Sandbox, ledger: Ledger) -> None:
    with pytest.raises(ContractBroken, match="no parameter limit"):
        ask(app, f"{TAXES}&limit=1")
    ledger.begin(bad_requests_wanted=True)
    assert ask(app, f"{TAXES}&limit=1").status_code == 200
    ledger.settle()


def test_wanted_bad_request_that_never_comes_is_told(app: Sandbox, ledger: Ledger) -> None:
    ledger.begin(bad_requests_wanted=True)
    ask(app)
    with pytest.raises(ContractBroken, match="sends none"):
        ledger.settle()


def spoil(app: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sandbox answer what no schema allows."""
    wrong = Response(json.dumps({"data": [{"id": 5}]}), content_type="application/json")
    wrong.headers["Content-Language"] = "en-US"
    monkeypatch.setattr(app, "_api", lambda _: wrong)


def test_violation_that_a_thread_swallows_is_told_in_the_end(app: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger()
    spoil(app, monkeypatch)
    with unwatched(), watched(ledger):
        thread = threading.Thread(target=pytest.raises, args=(ContractBroken, ask, app))
        thread.start()
        thread.join()
    assert ledger.violations == 1
    with pytest.raises(ContractBroken, match=r"data\.0\.id"):
        ledger.settle()
    ledger.settle()


@pytest.mark.parametrize(
    "knobs",
    [
        "fail=503",
        "fail_after=500",
        "unknown=on",
        "trickle=0",
        "trickle_headers=0",
        "garbage=html",
        "throttle=1/1",
        "chaos=fail_before=0.5,fail_after=0.5,busy=0.5",
    ],
)
def test_knobs_may_spoil_an_answer(app: Sandbox, ledger: Ledger, knobs: str) -> None:
    for _ in range(2):
        ask(app, **{"X-Sandbox-Knobs": knobs}).get_data()
    assert ledger.requests == 2
    assert ledger.violations == 0
    ledger.settle()


def test_cut_connection_is_no_answer(app: Sandbox, ledger: Ledger) -> None:
    with requests.Session() as session:
        session.mount("http://", WsgiAdapter(app))
        with pytest.raises(requests.ConnectionError):
            session.get(f"http://x{TAXES}", headers=KEYS | {"X-Sandbox-Knobs": "cut=after"})
    assert counts(ledger) == (1, 0, 0)
