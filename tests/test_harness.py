"""The rest of the tests' own tools: the WSGI adapter, the watched browser, the running site."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Route

from tests.browser import PageOpener, assert_accessible, open_chromium
from tests.live import Server
from tests.plain_browser import PlainBrowser
from tests.wsgi_adapter import WsgiAdapter

SITE = "http://site.test"
HEAD = '<!DOCTYPE html><html lang="en"><head><title>Tours</title><link rel="icon" href="data:,"></head>'


class Echo:
    """An application that tells what it was asked, in two pieces, and knows whether its answer was closed."""

    def __init__(self) -> None:
        self.calls = 0
        self.closed = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> "Echo":
        self.calls += 1
        if environ["PATH_INFO"] == "/cut":
            raise ConnectionResetError
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        start_response(
            "201 Created", [("Content-Type", "text/plain; charset=utf-8"), ("X-Name", environ["HTTP_X_NAME"])]
        )
        self._told = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']} {body}"
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield self._told[:3].encode()
        yield self._told[3:].encode()

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def adapter(echo: Echo) -> WsgiAdapter:
    return WsgiAdapter(echo)


def post(adapter: WsgiAdapter, path: str = "/a b") -> requests.Response:
    with requests.Session() as session:
        session.mount(SITE, adapter)
        return session.post(f"{SITE}{path}?x=%26", data="né".encode(), headers={"X-Name": "one"})


def test_wsgi_adapter_carries_a_request_and_its_answer(adapter: WsgiAdapter, echo: Echo) -> None:
    response = post(adapter)

    assert (response.status_code, response.reason, response.headers["x-name"]) == (201, "Created", "one")
    assert response.text == "POST /a b?x=%26 né"
    assert echo.closed


def test_wsgi_adapter_before_raises_when_nothing_was_sent(adapter: WsgiAdapter, echo: Echo) -> None:
    def refuse(request: requests.PreparedRequest) -> None:
        raise requests.ConnectionError(request=request)

    adapter.before = refuse
    with pytest.raises(requests.ConnectionError):
        post(adapter)
    assert echo.calls == 0


def test_wsgi_adapter_after_loses_an_answer_that_was_given(adapter: WsgiAdapter, echo: Echo) -> None:
    def lose(request: requests.PreparedRequest, response: requests.Response) -> None:
        response.close()
        raise requests.ReadTimeout(request=request)

    adapter.after = lose
    with pytest.raises(requests.ReadTimeout):
        post(adapter)
    assert echo.calls == 1


def test_wsgi_adapter_shows_a_cut_connection_as_requests_does(adapter: WsgiAdapter) -> None:
    with pytest.raises(requests.ConnectionError, match="Connection aborted"):
        post(adapter, "/cut")


def visit(
    opener: PageOpener, body: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **how: Any
) -> Page:
    """Show a made-up page in the watched browser, with no network behind it."""
    page = opener(**how)
    answer = {"Content-Type": "text/html", **(headers or {})}

    def serve(route: Route) -> None:
        is_page = route.request.url == f"{SITE}/"
        route.fulfill(status=status if is_page else 404, headers=answer, body=HEAD + body if is_page else "")

    page.route("**/*", serve)
    page.goto(SITE)
    return page


@pytest.fixture
def opener(browser: Browser) -> PageOpener:
    return PageOpener(browser, allowed_origins=[SITE])


GOOD = "<body><main><h1>Tours</h1></main></body></html>"
STRICT = {"Content-Security-Policy": "default-src 'none'; img-src data:"}


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
def test_watched_browser_is_content_with_a_page_in_order(opener: PageOpener, *, javascript: bool) -> None:
    page = visit(opener, GOOD, headers=STRICT, javascript=javascript, width=360)

    assert page.evaluate("innerWidth") == 360
    assert_accessible(page)
    opener.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("body", "headers", "complaint"),
    [
        ("<body><p style='color:red'>x</p></body></html>", STRICT, "Content Security Policy"),
        ("<body><script>throw new Error('boom')</script></body></html>", {}, "uncaught: boom"),
        ("<body><script>console.error('oh')</script></body></html>", {}, "console: oh"),
        ("<body><img src='/gone.png' alt=''></body></html>", {}, "status of 404"),
        (
            "<body><img src='http://elsewhere.test/a.png' alt=''></body></html>",
            {},
            "another host: http://elsewhere.test",
        ),
        (GOOD, {"Set-Cookie": "a=b"}, "cookie: a was set"),
    ],
)
def test_watched_browser_fails_the_test_for(
    opener: PageOpener, body: str, headers: Mapping[str, str], complaint: str
) -> None:
    visit(opener, body, headers=headers)

    with pytest.raises(AssertionError, match=complaint):
        opener.close()


@pytest.mark.browser
def test_watched_browser_accepts_a_status_that_is_expected(opener: PageOpener) -> None:
    opener.allow_statuses(422)
    visit(opener, GOOD, status=422)
    opener.close()


@pytest.mark.browser
def test_axe_names_the_rule_and_the_element(opener: PageOpener) -> None:
    page = visit(opener, "<body><main><h1>x</h1><img src='data:,' class='boat'></main></body></html>", javascript=False)

    with pytest.raises(AssertionError, match=r"image-alt \(critical\).*\.boat|image-alt \(critical\).*img"):
        assert_accessible(page)
    opener.close()


def test_live_site_answers_over_http_from_the_sandbox(live_site: Server, sandbox_server: Server) -> None:
    assert requests.get(f"{sandbox_server.url}/health", timeout=10).json()["sandbox"] is True
    browser = PlainBrowser.over_http(live_site.url).get("/")

    assert browser.status == 200
    assert browser.page.select('link[rel=stylesheet][href*="."]')


def test_environment_names_no_real_account() -> None:
    assert os.environ["BOOKEO_BASE_URL"] == "http://sandbox.test/v2"


@pytest.mark.parametrize(("required", "outcome"), [("1", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_missing_browser_is_a_failure_only_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch, required: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("REQUIRE_BROWSER", required)

    with pytest.raises(outcome, match="no Chromium"), open_chromium():
        pass
