"""The sandbox in this process, on a summer Wednesday morning, empty or lively."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox, create_app
from tests.sandbox.client import Api

NOW = "2026-06-10T09:00:00+02:00"


def pytest_configure(config: pytest.Config) -> None:
    """Hold every exchange against the OpenAPI document, also when these tests run by themselves."""
    config.pluginmanager.import_plugin("tests.contract.plugin")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Sandbox]:
    """The business without bookings, at NOW."""
    made = create_app(tmp_path / "sandbox.sqlite3", data="empty", knob_values={"clock": NOW})
    yield made
    made.store.close()


@pytest.fixture
def api(app: Sandbox) -> Api:
    """A client with all permissions."""
    return Api(app)


@pytest.fixture
def lively_api(tmp_path: Path) -> Iterator[Api]:
    """A client of the demo business with all its bookings, at NOW."""
    made = create_app(tmp_path / "lively.sqlite3", data="demo", knob_values={"clock": NOW})
    yield Api(made)
    made.store.close()
