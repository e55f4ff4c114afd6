"""The humblest browser there is: no script, no cookie, no style. If the site works here it works anywhere.

browser = PlainBrowser.in_process()                # Django's test client: quick
browser = PlainBrowser.over_http(live_site.url)    # real HTTP
browser.get("/")
browser.follow("Kayak tour")
browser.submit("#party", {"adults": "2"}, button="Show times")
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from django.test import Client

from tests.pages import Form, Page, parse_fragment, parse_page

_MOST_REDIRECTS = 10
_FORM = "application/x-www-form-urlencoded"

Fields = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Answer:
    """An answer of the site. Header names are as sent; ask with `header()`."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text: everything here is UTF-8."""
        return self.body.decode("utf-8")

    def header(self, name: str) -> str:
        """A header's value in whatever case it came, or an empty text."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


class Sender(Protocol):
    """Sends one request to a path of the site and follows nothing."""

    origin: str

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send, and give back the answer."""
        ...


class DjangoSender:
    """Calls the site in this process, with the checks against forged requests on, as they are in production."""

    origin = "http://testserver"

    def __init__(self) -> None:
        self._client = Client(enforce_csrf_checks=True)

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send through Django's test client."""
        content_type = headers.get("Content-Type", "application/octet-stream")
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        response = self._client.generic(method, path, body, content_type, headers=others)
        assert not response.cookies, f"{path} set a cookie: {response.cookies.output()}"
        body = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, dict(response.items()), body)


class HttpSender:
    """Calls a running site over HTTP."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send in a connection of its own."""
        address = self.origin + path
        response = requests.request(
            method, address, data=body, headers=dict(headers), allow_redirects=False, timeout=30
        )
        assert "Set-Cookie" not in response.headers, f"{path} set a cookie: {response.headers['Set-Cookie']}"
        return Answer(response.status_code, response.headers, response.content)


class PlainBrowser:
    """One tab. `page` is what it shows, `url` where it is (path and query), `answer` the last answer as it came."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.url = "/"
        self.answer = Answer(0, {}, b"")
        self.redirects: list[str] = []
        self._page: Page | None = None

    @classmethod
    def in_process(cls) -> Self:
        """A tab on the site inside this process."""
        return cls(DjangoSender())

    @classmethod
    def over_http(cls, origin: str) -> Self:
        """A tab on a running site, such as `http://127.0.0.1:8000`."""
        return cls(HttpSender(origin))

    @property
    def page(self) -> Page:
        """The page shown, parsed strictly."""
        assert self._page is not None, f"{self.url} answered {self.answer.header('Content-Type')!r}, which is no page"
        return self._page

    @property
    def status(self) -> int:
        """The status of the last answer."""
        return self.answer.status

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Self:
        """Go to an address, which may be relative to the present one. Headers such as `HX-Request` may be added."""
        return self._go("GET", address, b"", headers or {})

    def follow(self, text: str) -> Self:
        """Follow the link that says `text`."""
        return self.get(self.page.link(text).href)

    def submit(
        self,
        form: str | Form = "form",
        fields: Fields | None = None,
        *,
        button: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Fill in a form of the page and press the button that says `button`, or Enter when no button is named.

        `form` is a selector or a Form. A field that the form does not have is an error. A field with the value
        `[]` sends nothing, like a box that was unchecked.
        """
        form = self.page.form(form) if isinstance(form, str) else form
        pressed = form.button(button)
        unknown = set(fields or {}) - form.names
        assert not unknown, f"the form has no fields {sorted(unknown)}; it has {sorted(form.names)}"
        data: dict[str, str | list[str]] = {**form.fields, **(fields or {})}
        if pressed.name:
            data[pressed.name] = pressed.value
        method, action = pressed.method or form.method, pressed.action or form.action or self.url
        return self._send_form(method, action, data, headers or {})

    def _send_form(self, method: str, action: str, data: Fields, headers: Mapping[str, str]) -> Self:
        encoded = urlencode(data, doseq=True)
        if method.lower() == "get":
            return self.get(f"{action.partition('#')[0].partition('?')[0]}?{encoded}", headers)
        origin = {"Content-Type": _FORM, "Origin": self._sender.origin}
        return self._go("POST", action, encoded.encode(), {**origin, **headers})

    def _go(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Self:
        self.redirects = []
        for _ in range(_MOST_REDIRECTS):
            self.url = self._resolve(address)
            self.answer = self._sender.send(method, self.url, body, {"Accept": "text/html", **headers})
            if self.answer.status not in {301, 302, 303, 307, 308}:
                self._page = self._parse(is_fragment_welcome="HX-Request" in headers)
                return self
            address = self.answer.header("Location")
            self.redirects.append(address)
            if self.answer.status in {301, 302, 303}:
                method, body = "GET", b""
                headers = {name: value for name, value in headers.items() if name not in {"Content-Type", "Origin"}}
        message = f"more than {_MOST_REDIRECTS} redirects: {self.redirects}"
        raise AssertionError(message)

    def _resolve(self, address: str) -> str:
        target = urlsplit(urljoin(self._sender.origin + self.url, address))
        assert f"{target.scheme}://{target.netloc}" == self._sender.origin, f"{address} leads to another site"
        return target._replace(scheme="", netloc="", fragment="").geturl() or "/"

    def _parse(self, *, is_fragment_welcome: bool) -> Page | None:
        if not self.answer.header("Content-Type").startswith("text/html"):
            return None
        is_page = self.answer.text.lstrip().lower().startswith("<!doctype")
        assert is_page or is_fragment_welcome, f"{self.url} answered a fragment to a plain request"
        return parse_page(self.answer.text) if is_page else parse_fragment(self.answer.text)
