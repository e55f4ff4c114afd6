"""Booking inside a frame on another site, in Chromium, with every cookie refused."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.steps import GUEST
from tests.live import Prepared, Server, free_port, run_site
from tests.shop import KAYAK_ID

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A harbour</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; frame-src {site}">
<link rel="icon" href="data:,"></head>
<body><main><h1>A harbour</h1>
<iframe src="{site}/embed/products/{product}/" title="Book" width="100%" height="1000"></iframe></main>
</body></html>"""


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    """Of a site that is listed, and of one that is not."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox_server: Server,
    prepared: Prepared,
    ports: tuple[int, int],
) -> Iterator[Server]:
    more = {"EMBED_ORIGINS": f"http://localhost:{ports[0]}"}
    with run_site(tmp_path_factory.mktemp("framed"), prepared, sandbox_url=sandbox_server.url, more=more) as server:
        yield server


@pytest.fixture(scope="module")
def hosts(ports: tuple[int, int], site: Server) -> Iterator[tuple[str, str]]:
    """The business's own website, listed and not, under a strict policy that allows neither script nor style."""
    content = PAGE.format(site=site.url, product=KAYAK_ID).encode()

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    servers = [ThreadingHTTPServer(("127.0.0.1", port), Host) for port in ports]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield (f"http://localhost:{ports[0]}", f"http://localhost:{ports[1]}")
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1280, False)])
def test_visitor_books_inside_the_business_s_own_page(
    new_page: PageOpener, site: Server, hosts: tuple[str, str], width: int, *, javascript: bool
) -> None:
    new_page.allowed_origins = [*new_page.allowed_origins, site.url, hosts[0]]
    page = new_page(width=width, javascript=javascript)
    page.goto(hosts[0])
    frame = _framed(page)
    expect(frame.locator(".slot").first).to_be_visible()
    assert_accessible(frame)
    frame.locator(".slot").nth(5).click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Your details")
    assert_accessible(frame)
    for label, value in GUEST.items():
        frame.get_by_label(label).fill(value)
    frame.get_by_role("button", name="Continue").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Check and book")
    assert_accessible(frame)
    frame.get_by_label("I agree").check()
    frame.get_by_role("button", name="Book for").click()
    expect(frame.locator(".code")).to_be_visible()
    assert page.url == f"{hosts[0]}/"
    assert_accessible(frame)
    assert_accessible(page)


def _framed(page: Page) -> Frame:
    """The site's document inside the page."""
    (frame,) = page.main_frame.child_frames
    return frame


def test_site_that_is_not_listed_shows_nothing(new_page: PageOpener, site: Server, hosts: tuple[str, str]) -> None:
    new_page.allowed_origins = [*new_page.allowed_origins, site.url, hosts[1]]
    page = new_page()
    page.goto(hosts[1])
    expect(page.frame_locator("iframe").locator(".slot")).to_have_count(0)
    assert any("frame-ancestors" in problem for problem in new_page.problems)
    new_page.problems.clear()
