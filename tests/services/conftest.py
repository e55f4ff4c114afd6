"""Services over the real client, with Bookeo's answers given by `responses` from saved payloads."""

from collections.abc import Iterator

import pytest
import responses

from booking.bookeo import Bookeo
from booking.services import cache, upstream

BASE = "https://api.bookeo.test/v2"


@pytest.fixture
def bookeo(monkeypatch: pytest.MonkeyPatch) -> Iterator[responses.RequestsMock]:
    """Complains about calls that nobody expected, and about expected calls that never came."""
    client = Bookeo(base_url=BASE, secret_key="secret-canary", api_key="key-canary")
    monkeypatch.setattr(upstream, "bookeo", lambda: client)
    cache.forget_everything()
    with responses.RequestsMock() as mock:
        yield mock
    cache.forget_everything()
