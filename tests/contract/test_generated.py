"""Requests that a generator makes of the document, right ones and wrong ones: the sandbox answers as it must.

They are the same in every run. Others, and more of them, on request; it takes longer in proportion:

GENERATED_REQUESTS=500 python -m pytest tests/contract/test_generated.py --numprocesses auto
"""

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.specs.openapi.schemas import OpenApiSchema
from werkzeug.test import Client

from sandbox import Sandbox, create_app
from sandbox.app import BASE_PATH
from tests.contract.document import Operation, operations
from tests.contract.inviting import Choices, choices_in, document_with_paths, inviting_document
from tests.sandbox.client import Api, Json
from tests.sandbox.conftest import NOW

pytestmark = pytest.mark.generated
ANSWERED = [operation for operation in operations() if not operation.path.startswith("/subaccounts")]
EVERY_OPERATION = pytest.mark.parametrize("operation", ANSWERED, ids=lambda operation: operation.name)
KEYS = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "sandbox-api-key"}
PLAIN = {"Accept-Encoding": "identity"}  # the generator asks for gzip, and then cannot read it in the same process
WRONG_KEYS = ({}, {**KEYS, "X-Bookeo-secretKey": "wrong"}, {**KEYS, "X-Bookeo-apiKey": "wrong"})
MOST = os.environ.get("GENERATED_REQUESTS")
SENDING = settings(
    max_examples=int(MOST or 25),
    derandomize=not MOST,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# The generator's checks that do not run, and why.
LEFT_OUT = {
    "status_code_conformance": "the ledger does it, and knows what the document leaves out: see checks.py",
    "positive_data_acceptance": "no schema can say that the seats are there; that some are accepted is asserted below",
    "missing_required_header": "the document has no header but the keys, which are tried below",
    "ignored_auth": "sends more requests of its own; the keys are tried below",
    "unsupported_method": "only looks at requests of another phase; the methods are tried below",
    "allow_header_conformance": "only looks at OPTIONS, which Bookeo does not have",
    "use_after_free": "looks at chains of requests; test_seats_and_money.py and tests/sandbox make them",
    "ensure_resource_availability": "the same",
    "object_level_authorization": "needs two customers who log in; the API has none",
}
load_all_checks()
DONE = CHECKS.get_by_names([name for name in CHECKS.get_all_names() if name not in LEFT_OUT])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Choices]:
    """A database with some of everything in it, and what requests can name of it."""
    database: Path = tmp_path_factory.mktemp("generated") / "sandbox.sqlite3"
    made = create_app(database, data="empty", knob_values={"clock": NOW})
    choices = choices_in(Api(made))
    made.store.close()
    return database, choices


@pytest.fixture
def app(begun: tuple[Path, Choices], tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox that begins so."""
    made = create_app(Path(shutil.copy(begun[0], tmp_path)), data="empty")
    yield made
    made.store.close()


@pytest.fixture
def choices(begun: tuple[Path, Choices]) -> Choices:
    """What requests can name."""
    return begun[1]


def answers(app: Sandbox, described: Json, operation: Operation, mode: GenerationMode) -> Counter[int]:
    """Send some requests of an operation, hold every answer against the document, and count statuses.

    What is refused must have changed nothing.
    """
    made: OpenApiSchema = schemathesis.openapi.from_dict(described)
    made.app = app
    made.config.generation.with_security_parameters = False
    cases = made[operation.path][operation.method].as_strategy(generation_mode=mode)
    statuses, before = Counter[int](), 0

    @SENDING
    @given(cases)
    def run(case: Case[Any]) -> None:
        nonlocal before
        answer = case.call(headers=KEYS | PLAIN)
        statuses[answer.status_code] += 1
        case.validate_response(answer, checks=DONE)
        (now,) = watcher.execute("PRAGMA data_version").fetchone()  # rises with what others commit
        assert answer.status_code < 400 or now == before
        before = now

    with closing(sqlite3.connect(app.store.path)) as watcher:
        (before,) = watcher.execute("PRAGMA data_version").fetchone()
        run()
    return statuses


@EVERY_OPERATION
def test_requests_that_fit_are_answered_as_described(app: Sandbox, choices: Choices, operation: Operation) -> None:
    statuses = answers(app, inviting_document(choices), operation, GenerationMode.POSITIVE)
    assert any(status < 300 for status in statuses), statuses


@pytest.mark.bad_requests
@EVERY_OPERATION
def test_requests_that_do_not_fit_are_refused_as_described(
    app: Sandbox, choices: Choices, operation: Operation
) -> None:
    statuses = answers(app, document_with_paths(choices), operation, GenerationMode.NEGATIVE)
    assert any(status >= 400 for status in statuses), statuses


@pytest.mark.bad_requests
@EVERY_OPERATION
def test_keys_are_asked_for_everywhere(app: Sandbox, operation: Operation) -> None:
    path = BASE_PATH + operation.path.replace("{", "").replace("}", "")
    for keys in WRONG_KEYS:
        assert Client(app).open(path, method=operation.method, headers=keys).status_code == 401


@pytest.mark.bad_requests
@pytest.mark.parametrize("path", sorted({operation.path for operation in ANSWERED}))
def test_methods_that_are_not_described_are_refused(app: Sandbox, path: str) -> None:
    described = {operation.method for operation in ANSWERED if operation.path == path}
    address = BASE_PATH + path.replace("{", "").replace("}", "")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - described:
        answer = Client(app).open(address, method=method, headers=KEYS)
        assert answer.status_code == 405
        assert described <= set(answer.headers["Allow"].split(", "))


def test_reasons_are_given_for_checks_that_exist() -> None:
    assert set(LEFT_OUT) < set(CHECKS.get_all_names())
