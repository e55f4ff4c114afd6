"""These tests hold what they do against the OpenAPI document, also when they run by themselves."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Load the plugin, unless it is there already."""
    config.pluginmanager.import_plugin("tests.contract.plugin")
