"""Sends requests: the only place where bytes leave and arrive."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter

from booking.bookeo.calls import CallRecord, Observer, report
from booking.bookeo.errors import AnswerLost, BookeoError, ConnectionFailed, HeldBack, UnexpectedAnswer
from booking.bookeo.exchange import Answer, Request
from booking.bookeo.gate import Gate, OpenGate
from booking.bookeo.redaction import quieten_libraries
from booking.bookeo.refusals import error_details, error_id, retry_after
from booking.bookeo.sessions import ThreadSessions

MAX_BODY_BYTES: Final = 5 * 1024 * 1024
MAX_SENDS: Final = 3
_MAX_CONNECTS: Final = 2
_CHUNK_BYTES: Final = 64 * 1024
_PAUSE_SECONDS: Final = (0.05, 0.25)
_BUSY_STATUSES: Final = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_NEVER_SENT: Final = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    urllib3.exceptions.LocationValueError,
)


class _OversizedBodyError(Exception):
    pass


class _DeadlineError(Exception):
    pass


class Transport:
    """Sends requests to one address with one pair of keys. Safe to share between threads.

    Times are in seconds. ``total_timeout`` bounds a call with all its attempts; a single wait for
    the network is bounded by the connect or the read timeout as well. Reads are sent at most three
    times, everything else exactly once. ``adapter`` replaces the network in tests. ``gate`` is asked
    before each of them; what waits there does so within the total.
    """

    def __init__(
        self,
        *,
        base_url: str,
        secret_key: str,
        api_key: str,
        connect_timeout: float,
        read_timeout: float,
        total_timeout: float,
        adapter: BaseAdapter | None = None,
        observe: Observer | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._base_url = _checked_url(base_url)
        self._sessions = ThreadSessions(secret_key=secret_key, api_key=api_key, adapter=adapter)
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._total_timeout = total_timeout
        self._observe = observe
        self._gate = gate or OpenGate()
        quieten_libraries()

    def send(self, request: Request) -> Answer:
        """Send, and return whatever complete answer came; raise NoAnswer or UnexpectedAnswer if none did."""
        deadline = time.monotonic() + min(self._total_timeout, self._gate.seconds_left())
        attempt = 1
        outcome = self._attempt(request, attempt, deadline)
        while _is_worth_repeating(request, outcome, attempt) and _pause(deadline):
            attempt += 1
            outcome = self._attempt(request, attempt, deadline)
        if isinstance(outcome, BookeoError):
            raise outcome
        return outcome

    def _attempt(self, request: Request, attempt: int, deadline: float) -> Answer | BookeoError:
        try:
            self._gate.admit(request, deadline)
        except HeldBack as error:
            return error
        started = time.monotonic()
        outcome = self._exchange(request, deadline)
        report(_record(request, outcome, attempt, time.monotonic() - started), self._observe)
        return outcome

    def _exchange(self, request: Request, deadline: float) -> Answer | BookeoError:
        # Failures are returned, not raised: an error raised here would carry the library's own as its context,
        # and that one tells the whole URL.
        try:
            with self._open(request, deadline) as response:
                body = _body(response, deadline)
                return Answer(status=response.status_code, headers=dict(response.headers), body=body)
        except _OversizedBodyError:
            return UnexpectedAnswer(request.operation, message="body too large", is_write=request.is_write)
        except (_DeadlineError, requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            return _failure(request, error)

    def _open(self, request: Request, deadline: float) -> requests.Response:
        remaining = max(deadline - time.monotonic(), 0.001)
        query = f"?{request.query}" if request.query else ""
        return self._sessions.current().request(
            request.method,
            f"{self._base_url}{request.path}{query}",
            data=request.body,
            headers={} if request.body is None else {"Content-Type": "application/json"},
            timeout=(min(self._connect_timeout, remaining), min(self._read_timeout, remaining)),
            allow_redirects=False,
            stream=True,
        )


def _checked_url(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("base_url must be an http or https address without query or user")
    return base_url.rstrip("/")


def _body(response: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    for chunk in _chunks(response):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise _OversizedBodyError
        if time.monotonic() > deadline:
            raise _DeadlineError
    return bytes(body)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    raw = response.raw
    if not isinstance(raw, urllib3.HTTPResponse):
        yield from response.iter_content(_CHUNK_BYTES)
        return
    # read1 hands over what has arrived; read would wait for a whole chunk while the deadline passes.
    while chunk := raw.read1(_CHUNK_BYTES, decode_content=True):
        yield chunk


def _failure(request: Request, error: Exception) -> BookeoError:
    if isinstance(error, requests.exceptions.ContentDecodingError | urllib3.exceptions.DecodeError):
        return UnexpectedAnswer(request.operation, message="broken compression", is_write=request.is_write)
    kind = ConnectionFailed if _was_never_sent(error) else AnswerLost
    return kind(request.operation, is_write=request.is_write)


def _was_never_sent(error: Exception) -> bool:
    # In doubt the request counts as sent: a needless look-up costs less than a second booking.
    if isinstance(error, _NEVER_SENT):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.SSLError):
        return isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _is_worth_repeating(request: Request, outcome: Answer | BookeoError, attempt: int) -> bool:
    if not request.is_repeatable or attempt >= MAX_SENDS:
        return False
    match outcome:
        case Answer():
            return outcome.status in _BUSY_STATUSES
        case ConnectionFailed():
            return attempt < _MAX_CONNECTS
        case _:
            return isinstance(outcome, AnswerLost)


def _pause(deadline: float) -> bool:
    """Wait a moment before the next attempt; False if the deadline would pass meanwhile."""
    seconds = random.uniform(*_PAUSE_SECONDS)  # noqa: S311 - spreads repeats, keeps no secret
    if time.monotonic() + seconds >= deadline:
        return False
    time.sleep(seconds)
    return True


def _record(request: Request, outcome: Answer | BookeoError, attempt: int, seconds: float) -> CallRecord:
    answer = outcome if isinstance(outcome, Answer) else None
    return CallRecord(
        operation=request.operation,
        is_write=request.is_write,
        attempt=attempt,
        seconds=seconds,
        status=outcome.status,
        error_id=error_id(error_details(answer)) if answer and not answer.is_success else None,
        failure=None if answer else type(outcome).__name__,
        retry_after=_wait_asked_for(answer),
    )


def _wait_asked_for(answer: Answer | None) -> float | None:
    if answer is None or answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return retry_after(answer, error_details(answer))
