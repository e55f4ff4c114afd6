"""What is not the API: a front page, the health check, pictures and the page of knobs."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from sandbox.app import Sandbox

_PICTURES = Path(__file__).parent / "images"


def respond(sandbox: Sandbox, request: Request) -> Response:
    """The page at that path, or a 404."""
    if request.path == "/health":
        return Response(json.dumps({"status": "ok", "sandbox": True}), content_type="application/json")
    if request.path.startswith("/images/"):
        return picture(request)
    if request.path == "/":
        return front_page(sandbox, request)
    return Response("Not found", 404, content_type="text/plain; charset=utf-8")


def picture(request: Request) -> Response:
    """A product picture, cacheable for a day."""
    file = _PICTURES / request.path.rpartition("/")[2]
    if file.suffix != ".svg" or file.parent != _PICTURES or not file.is_file():
        return Response("Not found", 404, content_type="text/plain; charset=utf-8")
    response = Response(file.read_bytes(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    response.add_etag()
    return response.make_conditional(request)


def html_page(title: str, content: str, status: int = 200) -> Response:
    """A whole HTML page with a heading."""
    text = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ text-align: start; padding: .4rem .6rem .4rem 0; vertical-align: top }}
input, textarea, button {{ font: inherit }}
</style>
</head>
<body>
<h1>{escape(title)}</h1>
{content}
</body>
</html>
"""
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def front_page(sandbox: Sandbox, request: Request) -> Response:
    """What this program is and how to speak to it."""
    keys = "".join(f"<li><code>{escape(key)}</code></li>" for key in sandbox.api_keys)
    content = f"""<p>This is a stand-in for the Bookeo REST API with an invented business,
{escape(sandbox.account.name)}. Nothing here is real and nothing is charged.</p>
<p>The API is at <code>{escape(request.host_url)}v2</code>.</p>
<h2>Keys</h2>
<p>Secret key: <code>{escape(sandbox.secret_key)}</code>. API keys:</p>
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
