"""What is not the API: a front page, the health check, pictures and the page of knobs."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from sandbox import knob_page
from sandbox.markup import html_page, style_sheet
from sandbox.premises import Premises

_PICTURES = Path(__file__).parent / "images"


def respond(premises: Premises, request: Request) -> Response:
    """The page at that path, or a 404. Other sites' pages must not turn knobs, so foreign posts are refused."""
    if request.method == "POST" and not _from_here(request):
        return _plain("Refused: the form is from another site", 403)
    if request.path == "/health":
        return Response(json.dumps({"status": "ok", "sandbox": True}), content_type="application/json")
    if request.path.startswith("/images/"):
        return picture(request)
    if request.path == "/page.css":
        return style_sheet()
    if request.path == "/":
        return front_page(premises, request)
    return knob_page.respond(premises, request) or _plain("Not found", 404)


def _from_here(request: Request) -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _plain(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")


def picture(request: Request) -> Response:
    """A product picture, cacheable for a day."""
    file = _PICTURES / request.path.rpartition("/")[2]
    if file.suffix != ".svg" or file.parent != _PICTURES or not file.is_file():
        return _plain("Not found", 404)
    response = Response(file.read_bytes(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.add_etag()
    return response.make_conditional(request)


def front_page(premises: Premises, request: Request) -> Response:
    """What this program is and how to speak to it."""
    keys = "".join(f"<li><code>{escape(key)}</code></li>" for key in premises.api_keys)
    content = f"""<p>This is a stand-in for the Bookeo REST API with an invented business,
{escape(premises.account.name)}. Nothing here is real and nothing is charged.</p>
<p>The API is at <code>{escape(request.host_url)}v2</code>.</p>
<h2>Keys</h2>
<p>Secret key: <code>{escape(premises.secret_key)}</code>. API keys:</p>
<ul>{keys}</ul>
<h2>Demo log-ins</h2>
<ul>
<li><code>guest@example.com</code>, password <code>demo-guest</code></li>
<li><code>member@example.com</code>, password <code>demo-member</code></li>
<li><code>twice@example.com</code>, two records, passwords <code>demo-old</code> and <code>demo-new</code></li>
<li><code>nopass@example.com</code>, no password</li>
</ul>
<h2>Codes</h2>
<p>Promotions <code>WELCOME10</code>, <code>LAKE5</code> and <code>EXPIRED1</code>;
gift vouchers <code>GIFT25</code> and <code>KAYAK-FREE</code>.</p>
<p><a href="/knobs">Knobs: make it slow, broken or late</a></p>"""
    return html_page("Bookeo sandbox", content)
