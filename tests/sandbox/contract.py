"""Checks that an exchange keeps to the OpenAPI document: a described operation, status, headers and body."""

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

DOCUMENT = Path(__file__).parents[1] / "samples" / "bookeo-openapi.yaml"
_METHODS = ("get", "post", "put", "delete")


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    loaded: dict[str, Any] = yaml.load(DOCUMENT.read_text(), Loader=yaml.CSafeLoader)
    return loaded


@functools.cache
def operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Every operation as method, pattern of its path, description."""
    found = []
    for path, methods in document()["paths"].items():
        pattern = re.compile(re.sub(r"\{\w+\}", r"[^/]+", path))
        found += [(method.upper(), pattern, methods[method]) for method in _METHODS if method in methods]
    return found


def operation_for(method: str, path: str) -> dict[str, Any]:
    """The operation of a call; the path is without its base and query."""
    for known, pattern, operation in operations():
        if known == method and pattern.fullmatch(path):
            return operation
    raise AssertionError(f"the OpenAPI document knows no {method} {path}")


@functools.cache
def _registry() -> Registry[Any]:
    return Registry().with_resource("openapi", Resource(contents=document(), specification=DRAFT4))


@functools.cache
def validator(schema: str) -> OAS30Validator:
    """A validator for a schema of the document by name."""
    return OAS30Validator(
        {"$ref": f"openapi#/components/schemas/{schema}"},
        registry=_registry(),
        format_checker=OAS30Validator.FORMAT_CHECKER,
    )


def _resolved(described: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in described:
        name = described["$ref"].rpartition("/")[2]
        found: dict[str, Any] = document()["components"]["responses"][name]
        return found
    return described


def _refusal(status: int) -> dict[str, Any]:
    """What the document says of refusals that it does not list for the operation, such as a stale page token."""
    assert status >= 400, f"the OpenAPI document does not allow the status {status}"
    return {"$ref": "#/components/responses/BadRequest"}


def check_answer(method: str, path: str, status: int, headers: Mapping[str, str], body: Any) -> None:
    """Fail unless the document allows the answer."""
    operation = operation_for(method, path)
    described = _resolved(operation["responses"].get(str(status)) or _refusal(status))
    for name in described.get("headers", {}):
        assert name in headers or name == "Retry-After", f"{method} {path} answered {status} without {name}"
    if "content" not in described:
        assert body is None, f"{method} {path} answered {status} with a body"
        return
    schema = described["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    problems = [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(body)]
    assert not problems, f"{method} {path} answered what is no {schema}: {problems}"
