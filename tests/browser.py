"""Chromium for tests, watched: whatever goes wrong on a page fails the test that opened it."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    Request,
    WebError,
    expect,
    sync_playwright,
)

_AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# Both for what a page does and for what a test expects of it: other programs may have the processor for a while.
_PATIENCE_MS = 10_000
_HEIGHTS = {360: 740, 768: 1024, 1280: 900}
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """Where Chromium is: CHROMIUM in the environment, or what the PATH offers."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start Chromium. Without one the test is skipped, or fails where REQUIRE_BROWSER=1 says that it must run."""
    path = chromium_path()
    if path is None:
        complaint = "no Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM"
        pytest.fail(complaint) if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip(complaint)
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class PageOpener:
    """Opens pages, each in a browser profile of its own, and collects what went wrong on them.

    `allowed_origins` are the addresses ("http://127.0.0.1:8000") that a page may fetch from.
    """

    browser: Browser
    allowed_origins: Sequence[str]
    problems: list[str] = field(default_factory=list)
    _allowed_statuses: set[int] = field(default_factory=set)
    _contexts: list[tuple[BrowserContext, bool]] = field(default_factory=list)

    def __call__(
        self,
        *,
        width: int = 1280,
        javascript: bool = True,
        cookies: Literal["refused", "accepted"] = "refused",
        **context_options: Any,
    ) -> Page:
        """Open an empty page, `width` CSS pixels wide.

        With cookies refused, scripts cannot reach any, and one that the site sets fails the test. Further options
        are Playwright's for a new context, such as `color_scheme`, `locale`, `timezone_id`, `reduced_motion`.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": _HEIGHTS.get(width, 900)},
            java_script_enabled=javascript,
            service_workers="block",
            **context_options,
        )
        context.set_default_timeout(_PATIENCE_MS)
        self._contexts.append((context, cookies == "refused"))
        self._watch(context)
        page = context.new_page()
        if cookies == "refused":
            context.new_cdp_session(page).send("Emulation.setDocumentCookieDisabled", {"disabled": True})
        return page

    def allow_statuses(self, *statuses: int) -> None:
        """Expect answers such as 422 from now on: the browser reports each as a console error."""
        self._allowed_statuses.update(statuses)

    def save_pictures(self, folder: Path, name: str) -> None:
        """Keep what each open page looks like, for whoever wonders why a test failed."""
        folder.mkdir(parents=True, exist_ok=True)
        pages = [page for context, _ in self._contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            page.screenshot(path=folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{number}.png", full_page=True)

    def close(self) -> None:
        """Close all pages and fail the test with everything that went wrong on them."""
        for context, refuses_cookies in self._contexts:
            if refuses_cookies:
                self.problems += [f"cookie: {cookie.get('name')} was set" for cookie in context.cookies()]
            context.close()
        assert not self.problems, "what the browser complained about:\n" + "\n".join(self.problems)

    def _watch(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium reports violations of the content security policy and failed loads here too, with script off as well.
        status = re.search(r"responded with a status of (\d+)", message.text)
        if message.type == "error" and not (status and int(status[1]) in self._allowed_statuses):
            self.problems.append(f"console: {message.text} [{message.location.get('url')}]")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if (
            address.scheme in {"http", "https", "ws", "wss"}
            and f"{address.scheme}://{address.netloc}" not in self.allowed_origins
        ):
            self.problems.append(f"request to another host: {request.url}")


def accessibility_problems(page: Page | Frame) -> list[str]:
    """What axe finds on the page as it is now: WCAG 2.2 A and AA, and its best practices, one line each.

    It does not look into frames of other sites: give it the frame.
    """
    with _script_switched_on(page):
        # evaluate() is not subject to the page's content security policy, a script element would be.
        if not page.evaluate("'axe' in window"):
            page.evaluate(_AXE.read_text(encoding="utf-8") + "; undefined")
        result = page.evaluate("(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", _AXE_TAGS)
    return [_complaint(rule, node) for rule in result["violations"] for node in rule["nodes"]]


def assert_accessible(page: Page | Frame) -> None:
    """Fail with a readable list when axe finds anything."""
    problems = accessibility_problems(page)
    assert not problems, f"axe on {page.url}:\n" + "\n".join(problems)


@contextmanager
def _script_switched_on(page: Page | Frame) -> Iterator[None]:
    """Let axe wait for its own promises on a page that was opened without script; the page's scripts stay unrun."""
    if not page.evaluate("matchMedia('(scripting: none)').matches"):
        yield
        return
    session = (page if isinstance(page, Page) else page.page).context.new_cdp_session(page)
    # Chromium ignores a "false" that was not a "true" before in the same session.
    for is_disabled in (True, False):
        session.send("Emulation.setScriptExecutionDisabled", {"value": is_disabled})
    yield
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})


def _complaint(rule: dict[str, Any], node: dict[str, Any]) -> str:
    summary = re.sub(r"\s+", " ", node["failureSummary"]).strip()
    return f"{rule['id']} ({rule['impact']}): {rule['help']}: {' '.join(map(str, node['target']))}: {summary}"
