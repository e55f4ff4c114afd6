"""An adapter that answers from a list instead of the network."""

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse


class Answers(BaseAdapter):
    """Gives its answers in turn, and keeps the requests that asked for them."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[requests.PreparedRequest] = []
        self._waiting: list[tuple[int, bytes, dict[str, str]] | Exception] = []

    def give(self, status: int, body: bytes = b"", **headers: str) -> "Answers":
        """Add an answer; headers are spelt with underscores. A body is JSON unless `Content_Type` says otherwise."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            told.setdefault("Content-Type", "application/json")
        self._waiting.append((status, body, told))
        return self

    def fail(self, error: Exception) -> "Answers":
        """Add a failure of the network."""
        self._waiting.append(error)
        return self

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer with the next in line."""
        self.requests.append(request)
        answer = self._waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = answer
        made = requests.Response()
        made.status_code = status
        made.headers.update(headers)
        made.raw = HTTPResponse(
            body=io.BytesIO(body), headers=HTTPHeaderDict(headers), status=status, preload_content=False
        )
        return made

    def close(self) -> None:
        """Nothing to close."""


def query_of(request: requests.PreparedRequest) -> dict[str, str]:
    """The query of a request, decoded."""
    return dict(parse_qsl(urlsplit(request.url or "").query, strict_parsing=True))


def path_of(request: requests.PreparedRequest) -> str:
    """The path of a request below the base address."""
    return urlsplit(request.url or "").path.removeprefix("/v2")
