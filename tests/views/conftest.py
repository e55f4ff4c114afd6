from collections.abc import Iterator
from wsgiref.types import WSGIApplication

import pytest

from booking.services import cache, upstream
from tests.shop import Shop
from tests.wsgi_adapter import WsgiAdapter


@pytest.fixture
def shop(sandbox_app: WSGIApplication, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Shop]:
    """The site on a sandbox of its own, with empty caches."""
    shop = Shop(WsgiAdapter(sandbox_app))
    client = shop.client()
    monkeypatch.setattr(upstream, "bookeo", lambda: client)
    cache.forget_everything()
    yield shop
    cache.forget_everything()
