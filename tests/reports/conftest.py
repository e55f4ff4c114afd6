"""Every test of the reports has the database, begins with unchosen settings, and fills few weeks, which is quicker."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from booking.services import business_settings, cache, fact_weeks

USUAL_DAYS_BACK, USUAL_DAYS_AHEAD = 90, fact_weeks.DAYS_AHEAD


@pytest.fixture(autouse=True)
def fresh(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.REPORT_DAYS_BACK = 14
    monkeypatch.setattr(fact_weeks, "DAYS_AHEAD", 42)
    cache.forget_everything()
    business_settings.forget()
    yield
    business_settings.forget()


@pytest.fixture
def usual_reach(fresh: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill all weeks, as sites do."""
    settings.REPORT_DAYS_BACK = USUAL_DAYS_BACK
    monkeypatch.setattr(fact_weeks, "DAYS_AHEAD", USUAL_DAYS_AHEAD)
