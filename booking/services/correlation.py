"""One name for everything that is done for one request or one task, so that its lines in the log can be found."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("correlation", default="")


def current() -> str:
    """The name of what is being done; empty outside of any request and task."""
    return _current.get()


def new_id() -> str:
    return uuid.uuid4().hex


@contextmanager
def known_as(name: str) -> Iterator[None]:
    """Everything in the block is done under this name."""
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)
