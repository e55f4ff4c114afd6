"""Which operation of the API is reached through which method, service and page, and where it is tested.

python -m tests.api_coverage     # writes docs/reference/api-coverage.md
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from booking.bookeo import Bookeo
from sandbox.operations import ROUTES
from tests.environment import ROOT

DOCUMENT = ROOT / "docs" / "reference" / "api-coverage.md"
SPECIFICATION = ROOT / "tests" / "samples" / "bookeo-openapi.yaml"
# Operations whose method has another name than theirs; the others differ in nothing but spelling.
METHODS = {
    "addBookingPayment": "create_booking_payment",
    "listCustomers": "search_customers",
    "getCustomerCustomFields": "get_custom_field_definitions",
    "listResources": "list_resource_types",
}
HEAD = """# API coverage

Made by `python -m tests.api_coverage`; a test keeps it true. “Seed” marks the operations of the first listing.
Services and pages are the functions that lead to the method, by name; the sandbox column is the function that answers.

| Operation | Seed | Client method | Services | Pages | Sandbox | Tests |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One operation and everything that leads to it, as names."""

    verb: str
    path: str
    seed: bool
    method: str
    services: tuple[str, ...]
    pages: tuple[str, ...]
    answer: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        names = [", ".join(f"`{name}`" for name in group) or "–" for group in (self.services, self.pages, self.tests)]
        services, pages, tests = names
        method = f"`{self.method}`" if self.method else "–"
        seed = "seed" if self.seed else ""
        return f"| {self.verb} {self.path} | {seed} | {method} | {services} | {pages} | `{self.answer}` | {tests} |"


def rows() -> list[Row]:
    """All operations but those of subaccounts, in the order of the specification."""
    paths = yaml.safe_load(SPECIFICATION.read_text())["paths"]
    return [
        _row(verb.upper(), path, operation)
        for path, operations in paths.items()
        for verb, operation in operations.items()
        if not path.startswith("/subaccounts")
    ]


def document() -> str:
    return HEAD + "\n".join(str(row) for row in rows()) + "\n"


def _row(verb: str, path: str, operation: dict[str, object]) -> Row:
    name = str(operation["operationId"])
    method = METHODS.get(name, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())
    services = _callers({method}, "booking/services")
    pages = _callers(_public(services) | _callers(_public(services), "booking/drafts"), "booking/views")
    return Row(
        verb=verb,
        path=path,
        seed="x-seed-operation-id" in operation,
        method=method if hasattr(Bookeo, method) else "",
        services=tuple(sorted(_public(services))),
        pages=tuple(sorted(_public(pages))),
        answer=_answer(name),
        tests=_tests({method} | _public(services)),
    )


def _answer(operation_id: str) -> str:
    return next((f"{r.handler.__module__}.{r.handler.__name__}" for r in ROUTES if r.operation == operation_id), "–")


def _public(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def _callers(names: set[str], folder: str) -> set[str]:
    """Functions of the folder that mention one of the names, directly or through private functions."""
    found: set[str] = set()
    wanted = set(names)
    while True:
        new = {function for function, mentioned in _functions(folder) if mentioned & wanted} - found
        if not new:
            return found
        found |= new
        wanted = {name for name in new if name.startswith("_")}


@cache
def _functions(folder: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (node.name, frozenset(_names_in(node)))
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    )


def _names_in(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name) and node.id != function.name:
            yield node.id


def _tests(names: set[str]) -> tuple[str, ...]:
    """Test modules in which the method is named, or a service that uses it."""
    wanted = re.compile(rf"\b({'|'.join(sorted(names))})\b")
    return tuple(name for name, text in _test_texts() if wanted.search(text))


@cache
def _test_texts() -> tuple[tuple[str, str], ...]:
    folders = ("bookeo", "contract", "services", "views")
    paths = sorted(path for folder in folders for path in Path(ROOT / "tests" / folder).glob("test_*.py"))
    return tuple((f"{path.parent.name}/{path.stem}", path.read_text()) for path in paths)


if __name__ == "__main__":
    DOCUMENT.write_text(document())
