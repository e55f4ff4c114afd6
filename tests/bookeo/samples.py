"""The saved payloads, and the description of the API that they were checked against."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PAYLOADS = SAMPLES / "payloads"


def payload(name: str) -> Any:
    """The JSON of a saved payload; `name` goes without `.json`."""
    return json.loads(payload_bytes(name))


def payload_bytes(name: str) -> bytes:
    """The bytes of a saved payload."""
    return (PAYLOADS / f"{name}.json").read_bytes()


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    text = (SAMPLES / "bookeo-openapi.yaml").read_text()
    document: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)  # several times quicker than the plain one
    return document


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """The node, or what it refers to."""
    if "$ref" not in node:
        return node
    found: Any = openapi()
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
