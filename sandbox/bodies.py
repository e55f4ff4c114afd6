"""Bodies on their way: read before anything is answered, compressed for whoever likes that."""

from __future__ import annotations

import gzip

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

LARGEST = 1_000_000
_LEAST_COMPRESSED = 1_000


def read_whole(request: Request) -> None:
    """Read the body before anything is answered, and throw it away when it is too large.

    A client may send its next request as soon as it has an answer. The server, still looking for the rest of a body
    that nobody read, would take that request for a part of it and never answer.
    """
    request.max_content_length = LARGEST
    try:
        request.get_data()
    except RequestEntityTooLarge:
        if request.environ.get("wsgi.input_terminated"):
            while request.environ["wsgi.input"].read(LARGEST):
                pass


def compress(request: Request, response: Response) -> None:
    """Offer gzip, as Bookeo does (reference 2.1), where it is worth it."""
    wanted = request.accept_encodings.quality("gzip") > 0 and response.mimetype == "application/json"
    if wanted and response.is_sequence and len(response.get_data()) >= _LEAST_COMPRESSED:
        response.set_data(gzip.compress(response.get_data(), compresslevel=1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
