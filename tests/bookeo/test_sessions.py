"""Promises of the sessions: one per thread, renewed, and never shared with a forked process."""

import os
import threading
import time

import pytest
import requests

from booking.bookeo.sessions import ThreadSessions


@pytest.fixture
def sessions() -> ThreadSessions:
    return ThreadSessions(secret_key="S", api_key="A", adapter=None)


def test_session_is_the_same_within_a_thread(sessions: ThreadSessions) -> None:
    assert sessions.current() is sessions.current()


def test_session_is_another_in_another_thread(sessions: ThreadSessions) -> None:
    others: list[requests.Session] = []
    thread = threading.Thread(target=lambda: others.append(sessions.current()))
    thread.start()
    thread.join()
    assert others[0] is not sessions.current()


def test_session_is_renewed_after_ten_minutes(sessions: ThreadSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    first = sessions.current()
    now += 599
    assert sessions.current() is first
    now += 2
    assert sessions.current() is not first


def test_session_is_not_shared_with_a_forked_process(sessions: ThreadSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sessions.current()
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert sessions.current() is not first


def test_session_does_not_repeat_redirect_or_ask_the_environment(sessions: ThreadSessions) -> None:
    session = sessions.current()
    retries = session.get_adapter("https://api.bookeo.com").max_retries  # type: ignore[attr-defined]
    assert [retries.total, retries.connect, retries.read, retries.redirect, retries.status, retries.other] == [0] * 6
    assert not retries.respect_retry_after_header
    assert not session.trust_env
