"""Holds every exchange of the run against the OpenAPI document, and says at the end how many there were.

A test that sends what the document forbids, on purpose, says so: `@pytest.mark.bad_requests`.
"""

from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.contract.ledger import Ledger

LEDGER = Ledger()
_MARK = "bad_requests"
_WORKER_OUTPUT = "contract"
_OPEN = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the doors for as long as pytest runs."""
    from tests.contract.doors import watched  # here, so that coverage sees the sandbox being imported

    config.addinivalue_line("markers", f"{_MARK}: sends requests that the OpenAPI document forbids, on purpose")
    config.stash[_OPEN] = ExitStack()
    config.stash[_OPEN].enter_context(watched(LEDGER))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close them."""
    config.stash[_OPEN].close()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Ask the test whether it breaks the contract on purpose."""
    LEDGER.begin(bad_requests_wanted=item.get_closest_marker(_MARK) is not None)
    yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail the test for what did not fit, even if nobody noticed."""
    yield
    LEDGER.settle()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the counts to the process that started this one."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_WORKER_OUTPUT] = (LEDGER.requests, LEDGER.answers, LEDGER.violations)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add the counts of a parallel worker."""
    requests, answers, violations = getattr(node, "workeroutput", {}).get(_WORKER_OUTPUT, (0, 0, 0))
    LEDGER.requests += requests
    LEDGER.answers += answers
    LEDGER.violations += violations


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line: how much was checked."""
    if LEDGER.requests:
        terminalreporter.write_line(
            f"contract: {LEDGER.requests} requests and {LEDGER.answers} answers checked, {LEDGER.violations} violations"
        )
