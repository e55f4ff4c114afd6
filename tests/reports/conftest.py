"""Every test of the reports has the database, and begins with unchosen settings."""

from collections.abc import Iterator

import pytest

from booking.services import business_settings, cache


@pytest.fixture(autouse=True)
def fresh(db: None) -> Iterator[None]:
    cache.forget_everything()
    business_settings.forget()
    yield
    business_settings.forget()
