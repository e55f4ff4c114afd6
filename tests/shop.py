"""The site in this process, on a sandbox in this process: the quickest way to book something in a test."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIEnvironment

import requests

from booking.bookeo import Bookeo, CallRecord
from tests.environment import SANDBOX_API_KEY, SANDBOX_SECRET_KEY
from tests.pages import Button
from tests.plain_browser import Fields, PlainBrowser
from tests.wsgi_adapter import WsgiAdapter

KAYAK = "Kayak tour to the islands"
SAIL = "Sailing course, four evenings"
CANOE = "Private canoe lesson"
PADDLE = "Paddleboard taster"
RIDGE = "Ridge walk with breakfast"
SUNSET = "Sunset boat"
CHARTER = "Whole-day charter"
YOGA = "Morning yoga on the pier"
KAYAK_ID = "5117KAYAKT19C0A1B2D01"
# A time of another day: today's next one may close for bookings while a test moves the clock.
LATER = 5
SETTINGS = {
    "list_products",
    "list_people_categories",
    "get_custom_field_definitions",
    "get_business",
    "list_resource_types",
    "list_taxes",
}
GUEST = {
    "first_name": "Alex",
    "last_name": "Example",
    "email": "alex@example.com",
    "phone": "+39 055 501 0188",
}


@dataclass
class Shop:
    """`calls` are the requests that reached Bookeo's stand-in, by operation, in order."""

    adapter: WsgiAdapter
    calls: list[CallRecord] = field(default_factory=list)
    client: Bookeo = field(init=False)

    @property
    def operations(self) -> list[str]:
        return [call.operation for call in self.calls]

    @property
    def counted(self) -> Counter[str]:
        return Counter(self.operations)

    def __post_init__(self) -> None:
        self.as_key(SANDBOX_API_KEY)

    def as_key(self, api_key: str) -> None:
        """Speak to the sandbox with this key from now on."""
        self.client = Bookeo(
            base_url="http://sandbox.test/v2",
            secret_key=SANDBOX_SECRET_KEY,
            api_key=api_key,
            adapter=self.adapter,
            observe=self.calls.append,
        )

    def knobs(self, setting: str, *, on: str = "", times: int = 1000) -> None:
        """Turn the sandbox's knobs for the next `times` requests whose path contains `on`."""
        left = [times]

        def turn(request: requests.PreparedRequest) -> None:
            if on in f"{request.method} {request.path_url}" and left[0] > 0:
                left[0] -= 1
                request.headers["X-Sandbox-Knobs"] = setting

        self.adapter.before = turn

    def answer_instead(self, path: str, body: object) -> None:
        """From now on this path answers 200 with this JSON."""
        sandbox = self.adapter.app

        def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            if path not in environ["PATH_INFO"]:
                return sandbox(environ, start_response)
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(body).encode()]

        self.adapter.app = app

    def refuse_codes(self) -> None:
        """From now on no promotion is accepted, as when they have run out."""

        def spoil(request: requests.PreparedRequest) -> None:
            body = request.body.decode() if isinstance(request.body, bytes) else request.body or ""
            request.prepare_body(body.replace("WELCOME10", "EXPIRED1"), files=None)
            request.headers["Content-Type"] = "application/json"

        self.adapter.before = spoil

    def meddle(self, before: Callable[[requests.PreparedRequest], None]) -> None:
        """Do something at the moment a request is sent."""
        self.adapter.before = before

    def visitor(self) -> PlainBrowser:
        """Somebody new, without cookies and without script."""
        return PlainBrowser.in_process()

    def at_details(self, product: str = KAYAK, query: str = "", time: int = LATER) -> PlainBrowser:
        """A visitor who has chosen a time."""
        browser = self.visitor().get("/").follow(product)
        if query:
            browser.get(browser.url + query)
        return choose(browser, time)

    def at_check(self, product: str = KAYAK, query: str = "", time: int = LATER) -> PlainBrowser:
        """A guest who has entered the details."""
        return self.at_details(product, query, time).submit("#details", GUEST, button="Continue")


def choose(browser: PlainBrowser, number: int = LATER) -> PlainBrowser:
    """Press the time with this number on the page of times."""
    return press_time(browser, times_of(browser)[number])


def times_of(browser: PlainBrowser) -> list[Button]:
    """The times that the page offers."""
    return [button for button in browser.page.form("#party").buttons if button.name == "slot"]


def press_time(browser: PlainBrowser, time: Button, fields: Fields | None = None) -> PlainBrowser:
    """Press one of the times; `fields` were changed before, and not applied."""
    return browser.submit("#party", fields, button=time.text)


def book(browser: PlainBrowser) -> PlainBrowser:
    """Agree and press the button of the page “Check and book”."""
    form = browser.page.form("form:has(#id_terms)")
    return browser.submit(form, {"terms": "on"}, button=form.buttons[0].text)


def sign_in(browser: PlainBrowser, email: str, password: str) -> PlainBrowser:
    """Send the form of the page “Sign in”."""
    return browser.submit("form:has(#id_password)", {"email": email, "password": password}, button="Sign in")
