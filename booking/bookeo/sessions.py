"""HTTP sessions: one per thread, renewed from time to time, with nothing carried over between calls."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Final

import requests
import urllib3
from requests.adapters import BaseAdapter

from booking.bookeo.bounded import BoundedAdapter

_SESSION_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class _PooledSession:
    session: requests.Session
    made_at: float
    process: int

    @property
    def is_fresh(self) -> bool:
        # Bookeo moves between addresses (reference 2.1); and a forked process must not share a connection.
        return self.process == os.getpid() and time.monotonic() - self.made_at < _SESSION_SECONDS


class ThreadSessions:
    """Hands out the session of the running thread, with both keys in its headers.

    ``adapter`` replaces the network in tests. A key that could not stand in a header is a ValueError.
    """

    def __init__(self, *, secret_key: str, api_key: str, adapter: BaseAdapter | None) -> None:
        self._headers = {
            "X-Bookeo-secretKey": _checked_key(secret_key),
            "X-Bookeo-apiKey": _checked_key(api_key),
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        self._adapter = adapter
        self._local = threading.local()

    def current(self) -> requests.Session:
        """The session of this thread. A replaced one closes its connections when it is forgotten."""
        pooled: _PooledSession | None = getattr(self._local, "pooled", None)
        if pooled is None or not pooled.is_fresh:
            pooled = _PooledSession(session=self._new_session(), made_at=time.monotonic(), process=os.getpid())
            self._local.pooled = pooled
        return pooled.session

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        # Nothing of one customer's call may travel with the next.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        session.headers.update(self._headers)
        adapter = self._adapter or BoundedAdapter(max_retries=_no_retries())
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session


def _checked_key(key: str) -> str:
    # The HTTP library would put a key that it refuses into the text of its error.
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("a key must be printable ASCII without spaces")
    return key


def _no_retries() -> urllib3.Retry:
    # Repeating is decided in Transport.send, where a deadline and the difference between reads and writes are known.
    return urllib3.Retry(
        total=0,
        connect=0,
        read=0,
        redirect=0,
        status=0,
        other=0,
        respect_retry_after_header=False,
        raise_on_status=False,
    )
