"""The two doors at which every exchange of a test passes: into the sandbox, and out of an HTTP session."""

import functools
import inspect
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from booking.bookeo.bounded import BoundedAdapter
from sandbox import Sandbox, knobs
from sandbox.app import BASE_PATH
from sandbox.knobs import CHAOS, Knobs
from tests.contract.checks import KEYS, Answered, Sent
from tests.contract.ledger import Ledger
from tests.wsgi_adapter import WsgiAdapter

_FAILING = ("fail", "fail_after")
_UNKNOWN_FIELD = "xNewField"


@contextmanager
def watched(ledger: Ledger) -> Iterator[None]:
    """Hold everything against the document that any sandbox in this process receives and answers, and what is sent."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "respond", _watched_sandbox(ledger, Sandbox.respond))
        patch.setattr(requests.Session, "send", _watched_session(ledger, requests.Session.send))
        yield


@contextmanager
def unwatched() -> Iterator[None]:
    """Let a test bring about a fault in the sandbox itself and look at the answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "respond", inspect.unwrap(Sandbox.respond))
        yield


def _watched_sandbox(
    ledger: Ledger, respond: Callable[[Sandbox, Request], Response]
) -> Callable[[Sandbox, Request], Response]:
    @functools.wraps(respond)
    def watched_respond(app: Sandbox, request: Request) -> Response:
        if not request.path.startswith(f"{BASE_PATH}/"):
            return respond(app, request)
        sent = _received(request)
        ledger.check_request(sent)
        response = respond(app, request)
        _check(ledger, sent, response, _licence(app, sent))
        return response

    return watched_respond


def _watched_session(ledger: Ledger, send: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
    def watched_send(session: requests.Session, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        # What goes to a sandbox in this process is seen where it arrives; what leaves the process tries the transport.
        adapter = type(session.get_adapter(request.url or ""))
        if KEYS["apiKey"] in request.headers and adapter not in (HTTPAdapter, BoundedAdapter, WsgiAdapter):
            ledger.check_request(_prepared(request))
        return send(session, request, **more)

    return watched_send


def _received(request: Request) -> Sent:
    try:
        body = request.get_data()
    except HTTPException:
        body = b"too large"
    query = list(request.args.items(multi=True))
    return Sent(request.method, request.path.removeprefix(BASE_PATH), query, dict(request.headers), body)


def _prepared(request: requests.PreparedRequest) -> Sent:
    address, body = urlsplit(request.url or ""), request.body or b""
    return Sent(
        method=request.method or "",
        path=address.path.removeprefix(BASE_PATH),
        query=parse_qsl(address.query, keep_blank_values=True),
        headers=dict(request.headers),
        body=body if isinstance(body, bytes) else str(body).encode(),
    )


@dataclass(frozen=True)
class _Licence:
    """What the knobs that hold for a call let its answer be."""

    spoilt: bool = False
    also: Collection[int] = ()
    may_be_empty: bool = False


def _licence(app: Sandbox, sent: Sent) -> _Licence:
    operation = sent.operation
    held = knobs.load(app.store.connection())
    try:
        own = knobs.parse_header(next((v for n, v in sent.headers.items() if n.lower() == knobs.HEADER.lower()), ""))
    except knobs.KnobError:
        own = {}
    held = Knobs({**held.values, **own}, operation.name if operation else "")
    return _Licence(
        spoilt=held.get("garbage") is not None,
        also=_failures(held),
        may_be_empty=sent.method == "PUT" and not held.is_on("put_body", default=True),
    )


def _failures(held: Knobs) -> set[int]:
    """Statuses that knobs bring about, in any case or by chance."""
    told = [{name: held.get(name) for name in _FAILING}, *(CHAOS.values() if held.get("chaos") else ())]
    return {int(status) for knobs_told in told for name in _FAILING if (status := knobs_told.get(name))}


def _check(ledger: Ledger, sent: Sent, response: Response, licence: _Licence) -> None:
    def check(body: bytes) -> None:
        answered = Answered(response.status_code, dict(response.headers), _without_unknown_fields(body))
        ledger.check_answer(sent, answered, also=licence.also, may_be_empty=licence.may_be_empty)

    if licence.spoilt and response.status_code < requests.codes.bad_request:
        return
    if response.is_sequence:
        check(response.get_data())
    else:
        response.response = _checked_at_its_end(response.response, check)


def _checked_at_its_end(pieces: Any, check: Callable[[bytes], None]) -> Iterator[bytes]:
    """The same pieces of an answer that trickles, which is checked when all of it has come."""
    seen = b""
    for piece in pieces:
        seen += piece
        yield piece
    check(seen)


def _without_unknown_fields(body: bytes) -> bytes:
    """The body without the fields that the `unknown` knob adds: they are there to break the contract."""
    if _UNKNOWN_FIELD.encode() not in body:
        return body

    def known(value: dict[str, Any]) -> dict[str, Any]:
        return {name: content for name, content in value.items() if name != _UNKNOWN_FIELD}

    return json.dumps(json.loads(body, object_hook=known), separators=(",", ":")).encode()
