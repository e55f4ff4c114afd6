"""The customers' pages once more under /embed/, bare, for a frame on the business's own website.

They are the same pages: the prefix is taken off before an address is resolved, and put in front of every address that
a page names. Nothing else has to know. Only the sites that the owner lists may show them in a frame; all other pages
stay out of every frame.
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from booking.services import business_settings

PREFIX = "/embed/"
# What a customer walks through, and what these pages are painted with. Staff and machines have no business here.
FRAMED = re.compile(r"/embed(?=/$|/(products|checkout|logo)/|/theme-)")


def is_framed(request: HttpRequest) -> bool:
    return request.path.startswith(PREFIX)


class FramingMiddleware:
    """Inside of the one that writes the content security policy, outside of all that renders."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefix = FRAMED.match(request.path_info)
        if prefix is None:
            return self.get_response(request)
        request.path_info = request.path_info.removeprefix(prefix[0])
        outside = get_script_prefix()
        set_script_prefix(PREFIX)
        try:
            response = self.get_response(request)
        finally:
            set_script_prefix(outside)
        _let_be_framed(response)
        return response


def _let_be_framed(response: HttpResponse) -> None:
    response.headers["X-Robots-Tag"] = "noindex"
    origins = business_settings.current().embed_origins
    if origins:
        # The older header knows no list; browsers that know the policy do not look at it.
        del response.headers["X-Frame-Options"]
        response._csp_replace = {"frame-ancestors": list(origins)}  # type: ignore[attr-defined]  # django-csp's own way
