"""A small client for tests of the sandbox."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers
from werkzeug.test import Client

from sandbox import Sandbox

Json = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """An answer with its body decoded."""

    status: int
    headers: Headers
    body: Any

    @property
    def message(self) -> str:
        """The text of a refusal."""
        return str(self.body["message"])

    @property
    def data(self) -> list[Json]:
        """The items of a list."""
        found: list[Json] = self.body["data"]
        return found

    @property
    def token(self) -> str:
        """The page navigation token."""
        return str(self.body["info"]["pageNavigationToken"])


class Api:
    """Calls the sandbox in this process with both keys and a language."""

    def __init__(self, app: Sandbox, *, api_key: str = "sandbox-api-key", lang: str | None = "en-US") -> None:
        self.app = app
        self.client = Client(app)
        self.lang = lang
        self.headers = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": api_key}
        self.knobs = ""

    def call(self, method: str, path: str, query: Json | None = None, body: Json | None = None, **more: Any) -> Result:
        """One call; `path` is without the base."""
        sent = {name: _text(value) for name, value in (query or {}).items()}
        if self.lang and "lang" not in sent:
            sent["lang"] = self.lang
        headers = self.headers | more.pop("headers", {})
        if self.knobs:
            headers["X-Sandbox-Knobs"] = self.knobs
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        response = self.client.open(f"/v2{path}", method=method, query_string=sent, headers=headers, **more)
        text = response.get_data(as_text=True)
        return Result(response.status_code, response.headers, json.loads(text) if text else None)

    def get(self, path: str, **query: Any) -> Result:
        """GET with the query."""
        return self.call("GET", path, query)

    def post(self, path: str, body: Json, **query: Any) -> Result:
        """POST a body."""
        return self.call("POST", path, query, body)

    def put(self, path: str, body: Json, **query: Any) -> Result:
        """PUT a body."""
        return self.call("PUT", path, query, body)

    def delete(self, path: str, **query: Any) -> Result:
        """DELETE with the query."""
        return self.call("DELETE", path, query)

    def created(self, path: str, body: Json, **query: Any) -> Json:
        """POST a body that must be accepted; answers what was created, as its Location shows it."""
        result = self.post(path, body, **query)
        assert result.status == 201, result.body
        location = urlsplit(result.headers["Location"])
        assert location.path.startswith("/v2/")
        found: Json = result.body
        return found


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
