"""Everything in this folder drives a real browser, and is marked so: `-m "not browser"` leaves it out."""

from pathlib import Path

import pytest

from tests.journeys.desk import make_owner
from tests.live import Server

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests; pytest hands over those of all folders."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def owner(live_site: Server, collected_static_files: Path) -> str:
    """The e-mail of an owner of the live site, whose own password, keys and codes tests leave alone."""
    return make_owner(live_site, collected_static_files)


@pytest.fixture
def new_owner(live_site: Server, collected_static_files: Path) -> str:
    """The e-mail of an owner whom nobody else is."""
    return make_owner(live_site, collected_static_files)
