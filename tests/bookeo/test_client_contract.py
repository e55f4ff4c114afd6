"""Promises of each method: it asks what the API description allows, all of it, in the language wanted."""

import inspect
import json
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

import booking.bookeo as wire
from booking.bookeo import Bookeo, CallRecord
from tests.bookeo.answers import Answers, path_of, query_of
from tests.bookeo.examples import EXAMPLES, call, operation_of
from tests.bookeo.samples import openapi, payload_bytes, resolve

EVERY_METHOD = pytest.mark.parametrize("name", EXAMPLES)


def _matches(path: str, template: str) -> bool:
    parts, wanted = path.split("/"), template.split("/")
    return len(parts) == len(wanted) and all(w.startswith("{") or p == w for p, w in zip(parts, wanted, strict=True))


def _check(value: str, schema: dict[str, Any]) -> None:
    schema = resolve(schema)
    decoded = json.loads(value) if schema.get("type") in {"integer", "boolean"} else value
    OAS30Validator(schema).validate(decoded)


def test_every_public_method_has_an_example() -> None:
    methods = {name for name, _ in inspect.getmembers(Bookeo, inspect.isfunction) if not name.startswith("_")}
    assert methods == set(EXAMPLES)


@EVERY_METHOD
def test_example_gives_every_argument(name: str) -> None:
    parameters = inspect.signature(getattr(Bookeo, name)).parameters
    assert set(parameters) - {"self"} == {*EXAMPLES[name].arguments, "lang"}
    assert all(parameter.kind is parameter.KEYWORD_ONLY for key, parameter in parameters.items() if key != "self")


@EVERY_METHOD
def test_method_sends_what_the_description_allows(name: str, bookeo: Bookeo, answers: Answers) -> None:
    call(bookeo, answers, name)
    example, (sent,) = EXAMPLES[name], answers.requests
    assert sent.method == example.method.upper()
    assert _matches(path_of(sent), example.path)
    declared = {p["name"]: p for p in map(resolve, operation_of(example)["parameters"]) if p["in"] == "query"}
    for key, value in query_of(sent).items():
        _check(value, declared[key]["schema"])


@EVERY_METHOD
def test_method_sends_a_body_that_fits_its_schema(name: str, bookeo: Bookeo, answers: Answers) -> None:
    call(bookeo, answers, name)
    (sent,) = answers.requests
    if "requestBody" not in operation_of(EXAMPLES[name]):
        assert sent.body is None
        return
    schema = operation_of(EXAMPLES[name])["requestBody"]["content"]["application/json"]["schema"]
    with_components = {**schema, "components": openapi()["components"]}
    assert sent.body is not None
    OAS30Validator(with_components).validate(json.loads(sent.body))
    assert sent.headers["Content-Type"] == "application/json"


@EVERY_METHOD
def test_method_sends_every_argument(name: str, bookeo: Bookeo, answers: Answers) -> None:
    call(bookeo, answers, name)
    (sent,) = answers.requests
    query, in_body = query_of(sent), {"search", "booking", "document", "payment", "customer", "webhook", "block"}
    path_parameters = EXAMPLES[name].path.count("{")
    expected = len([key for key in EXAMPLES[name].arguments if key not in in_body]) - path_parameters
    always = {"lang", "itemsPerPage"} if name in {"list_products", "list_resource_types"} else {"lang"}
    assert len(set(query) - always) == expected


@EVERY_METHOD
def test_method_names_its_operation(name: str, bookeo: Bookeo, answers: Answers, calls: list[CallRecord]) -> None:
    call(bookeo, answers, name)
    example = EXAMPLES[name]
    is_write = example.method != "get" and name != "search_matching_slots"
    assert [(call.operation, call.is_write, call.attempt) for call in calls] == [(name, is_write, 1)]


@EVERY_METHOD
def test_method_always_sends_a_language(name: str, bookeo: Bookeo, answers: Answers) -> None:
    call(bookeo, answers, name)
    call(bookeo, answers, name, lang="fr-FR")
    assert [query_of(sent)["lang"] for sent in answers.requests] == ["en-US", "fr-FR"]


@EVERY_METHOD
def test_method_raises_an_error_that_names_it(name: str, bookeo: Bookeo, answers: Answers) -> None:
    answers.give(401, payload_bytes("error.401.keys"))
    with pytest.raises(wire.NotAuthorised) as caught:
        getattr(bookeo, name)(**EXAMPLES[name].arguments)
    assert caught.value.operation == name


@EVERY_METHOD
def test_method_says_where_its_rules_stand(name: str) -> None:
    assert "reference " in (getattr(Bookeo, name).__doc__ or "")
