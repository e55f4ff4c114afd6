"""Holds one request, or one answer, against the OpenAPI document. What does not fit comes back in words."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import jsonschema_rs

from tests.contract.document import Operation, Outcome, Parameter, operation_for, refusal

KEYS = {"secretKey": "X-Bookeo-secretKey", "apiKey": "X-Bookeo-apiKey"}
_JSON = "application/json"
_MOST = 3
# What the document leaves out, because every operation has it or plain HTTP says so (reference 2.3, 2.5, 2.7).
_ANYWHERE = {400, 406}
_UNKNOWN_PATH = {401, 404, 405}


@dataclass(frozen=True)
class Sent:
    """A request as it left: the path without base and query, the query decoded."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def operation(self) -> Operation | None:
        """What the request asks for, if the document knows it."""
        return operation_for(self.method, self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answered:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def request_problems(sent: Sent) -> list[str]:
    """Why the document does not allow the request; empty if it does."""
    operation = sent.operation
    if operation is None:
        return [f"the document knows no {sent}"]
    return [*_key_problems(sent), *_query_problems(operation, sent), *_sent_body_problems(operation, sent)]


def answer_problems(
    sent: Sent, answered: Answered, *, also: Collection[int] = (), may_be_empty: bool = False
) -> list[str]:
    """Why the document does not allow the answer; empty if it does.

    `also` are statuses that this call may have had anyway, `may_be_empty` lets a success go without its body.
    """
    outcome = _outcome(sent, answered.status, also)
    if outcome is None:
        return [f"the status {answered.status} is not among its answers"]
    return [*_header_problems(outcome, answered), *_answered_body_problems(outcome, answered, may_be_empty)]


def _key_problems(sent: Sent) -> Iterator[str]:
    in_query, in_headers = {name for name, _ in sent.query}, {name.lower() for name in sent.headers}
    for parameter, header in KEYS.items():
        if parameter not in in_query and header.lower() not in in_headers:
            yield f"{header} is missing"


def _query_problems(operation: Operation, sent: Sent) -> Iterator[str]:
    given = [name for name, _ in sent.query]
    for name in {name for name in given if given.count(name) > 1}:
        yield f"{name} is in the query twice"
    for name, text in sent.query:
        if name in operation.parameters:
            yield from _parameter_problems(operation.parameters[name], text)
        elif name not in KEYS:
            yield f"{operation.name} has no parameter {name}"
    for parameter in operation.parameters.values():
        if parameter.required and parameter.name not in given:
            yield f"the parameter {parameter.name} is missing"


def _parameter_problems(parameter: Parameter, text: str) -> Iterator[str]:
    value = _as_typed(parameter.type, text)
    for problem in _complaints(parameter.schema, value):
        yield f"the parameter {parameter.name}: {problem}"


def _as_typed(kind: str, text: str) -> object:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    digits = text.removeprefix("-")
    return int(text) if kind == "integer" and digits.isascii() and digits.isdigit() else text


def _sent_body_problems(operation: Operation, sent: Sent) -> Iterator[str]:
    if operation.body is None:
        if sent.body:
            yield f"{operation.name} takes no body"
        return
    if not _is_json(sent.headers):
        yield f"the body is not sent as {_JSON}"
    yield from _body_problems(operation.body, sent.body)


def _outcome(sent: Sent, status: int, also: Collection[int]) -> Outcome | None:
    operation = sent.operation
    # The document knows failures, but nobody may fail unless told to.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status not in also:
        return None
    if operation is None:
        return refusal() if status in _UNKNOWN_PATH or status in also else None
    if status in operation.outcomes:
        return operation.outcomes[status]
    return refusal() if status in _left_out(operation) or status in also else None


def _left_out(operation: Operation) -> set[int]:
    """Refusals that the document does not list for this operation."""
    with_body = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE} if operation.body else set()
    with_token = {HTTPStatus.NOT_FOUND} if "pageNavigationToken" in operation.parameters else set()
    return _ANYWHERE | with_body | with_token


def _header_problems(outcome: Outcome, answered: Answered) -> Iterator[str]:
    told = {name.lower(): value for name, value in answered.headers.items()}
    for name, schema in outcome.headers.items():
        value = told.get(name.lower())
        if value is not None:
            typed = int(value) if value.isdigit() else value
            yield from (f"the header {name}: {problem}" for problem in _complaints(schema, typed))
        elif name != "Retry-After":  # a hint that the answer may give, or give elsewhere, or not at all
            yield f"the header {name} is missing"
    if outcome.body is not None and answered.body and not _is_json(answered.headers):
        yield f"the body does not come as {_JSON}"


def _answered_body_problems(outcome: Outcome, answered: Answered, may_be_empty: bool) -> Iterator[str]:
    if outcome.body is None:
        if answered.body:
            yield "it has a body"
        return
    if may_be_empty and not answered.body:
        return
    yield from _body_problems(outcome.body, answered.body)
    if answered.status >= HTTPStatus.BAD_REQUEST and b'"httpStatus":%d' % answered.status not in answered.body:
        yield "httpStatus does not repeat the status"


def _body_problems(schema: jsonschema_rs.Draft4Validator, body: bytes) -> Iterator[str]:
    try:
        document = json.loads(body)
    except ValueError:
        yield "the body is no JSON"
        return
    yield from (f"the body, {problem}" for problem in _complaints(schema, document))


def _complaints(schema: jsonschema_rs.Draft4Validator, value: Any) -> list[str]:
    if schema.is_valid(value):
        return []
    return [f"{_place(error.instance_path)}: {error.message}" for error in schema.iter_errors(value)][:_MOST]


def _place(path: Sequence[str | int]) -> str:
    return ".".join(map(str, path)) or "as a whole"


def _is_json(headers: Mapping[str, str]) -> bool:
    types = (value for name, value in headers.items() if name.lower() == "content-type")
    return next(types, "").partition(";")[0].strip().lower() == _JSON
