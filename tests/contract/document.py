"""The OpenAPI document, ready to check against: operations by method and path, schemas compiled once."""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

DOCUMENT = Path(__file__).parents[1] / "samples" / "bookeo-openapi.yaml"
_METHODS = ("get", "post", "put", "delete")
Json = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query. `type` says how its text is read before the schema sees it."""

    name: str
    required: bool
    type: str
    schema: jsonschema_rs.Draft4Validator


@dataclass(frozen=True)
class Outcome:
    """An answer that is allowed: its headers, and the schema of its body if it has one."""

    headers: Mapping[str, jsonschema_rs.Draft4Validator]
    body: jsonschema_rs.Draft4Validator | None


@dataclass(frozen=True)
class Operation:
    """One operation of the document, as far as it can be checked."""

    name: str
    method: str
    path: str
    parameters: Mapping[str, Parameter]
    body: jsonschema_rs.Draft4Validator | None
    outcomes: Mapping[int, Outcome]

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the paths of its calls look like."""
        return re.compile(re.sub(r"\{\w+\}", r"[^/]+", self.path))


@functools.cache
def document() -> Json:
    """The document as it is written."""
    loaded: Json = yaml.load(DOCUMENT.read_text(), Loader=yaml.CSafeLoader)  # several times quicker than the plain one
    return loaded


@functools.cache
def operations() -> Sequence[Operation]:
    """Every operation, in the order of the document."""
    return [
        _operation(method.upper(), path, described)
        for path, methods in document()["paths"].items()
        for method, described in methods.items()
        if method in _METHODS
    ]


@functools.lru_cache(maxsize=4096)
def operation_for(method: str, path: str) -> Operation | None:
    """The operation of a call, if there is one; the path goes without its base and query."""
    fitting = (known for known in operations() if known.method == method and known.pattern.fullmatch(path))
    return next(fitting, None)


def schema(name: str) -> jsonschema_rs.Draft4Validator:
    """A schema of the document by name."""
    return _compiled(f"#/components/schemas/{name}")


@functools.cache
def refusal() -> Outcome:
    """Any answer that is not a success."""
    return _outcome({"$ref": "#/components/responses/BadRequest"})


def _operation(method: str, path: str, described: Json) -> Operation:
    parameters = [_resolved(parameter) for parameter in described["parameters"]]
    body = described.get("requestBody")
    return Operation(
        name=described["operationId"],
        method=method,
        path=path,
        parameters={one["name"]: _parameter(one) for one in parameters if one["in"] == "query"},
        body=_body(body) if body else None,
        outcomes={int(status): _outcome(outcome) for status, outcome in described["responses"].items()},
    )


def _parameter(described: Json) -> Parameter:
    known = _resolved(described["schema"])
    return Parameter(described["name"], described.get("required", False), known["type"], _simple(known))


def _outcome(described: Json) -> Outcome:
    described = _resolved(described)
    headers = {name: _simple(_resolved(header)["schema"]) for name, header in described.get("headers", {}).items()}
    return Outcome(headers, _body(described) if "content" in described else None)


def _body(described: Json) -> jsonschema_rs.Draft4Validator:
    return _compiled(described["content"]["application/json"]["schema"]["$ref"])


@functools.cache
def _compiled(reference: str) -> jsonschema_rs.Draft4Validator:
    whole = {"$ref": reference, "components": {"schemas": _schemas()}}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=True)


def _simple(described: Json) -> jsonschema_rs.Draft4Validator:
    """A schema that refers to no other, as parameters and headers have."""
    return jsonschema_rs.Draft4Validator(described, validate_formats=True)


@functools.cache
def _schemas() -> Any:
    return _as_json_schema(document()["components"]["schemas"])


def _as_json_schema(node: Any) -> Any:
    """The same schema in JSON Schema's words: OpenAPI 3.0 says `nullable` where others list the type null."""
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {name: _as_json_schema(value) for name, value in node.items() if name != "nullable"}
    if node.get("nullable"):
        changed["type"] = [node["type"], "null"]
    return changed


def _resolved(described: Json) -> Json:
    if "$ref" not in described:
        return described
    found: Any = document()
    for part in described["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
