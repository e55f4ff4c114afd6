"""The two values that travel between the codec and the transport."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One call, ready to send. Query and body stay out of its text: they hold passwords and people."""

    operation: str
    method: str
    path: str = field(repr=False)
    query: str = field(repr=False)
    body: bytes | None = field(repr=False)
    is_write: bool

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it again cannot do harm (reference 2.9)."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers as sent, body decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def header(self, name: str) -> str:
        """The value of a header, whatever its case; empty if absent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


def parsed_json(body: bytes) -> Any:
    """The JSON document of a body. What cannot be read is a ValueError, too deep a nesting a RecursionError."""
    return json.loads(body.decode("utf-8"), parse_constant=_no_constant)


def _no_constant(name: str) -> None:
    # Python would read NaN and Infinity, which are not JSON.
    raise ValueError(name)
