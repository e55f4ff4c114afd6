"""The frame of the sandbox's few HTML pages."""

from __future__ import annotations

from html import escape

from werkzeug.wrappers import Response

STYLE = """\
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td, th { text-align: start; padding: .4rem .6rem .4rem 0; vertical-align: top }
input, select, textarea, button { font: inherit }
"""


def style_sheet() -> Response:
    """The few rules that all pages share."""
    return Response(STYLE, content_type="text/css; charset=utf-8")


def html_page(title: str, content: str, status: int = 200) -> Response:
    """A whole HTML page with a heading."""
    text = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
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
