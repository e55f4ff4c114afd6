"""What makes the pages look like the business: its colour and its logo, each at an address that names its content."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking.services import business_settings, logos

A_YEAR = 31_536_000


def branding(request: HttpRequest) -> dict[str, Any]:
    """For every template."""
    chosen = business_settings.current()
    return {"accent": chosen.accent_colour.removeprefix("#"), "logo": chosen.logo}


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def theme(request: HttpRequest, colour: str) -> HttpResponse:
    """The accent colour; every other colour follows from it (static/css/site.css)."""
    return HttpResponse(f":root{{--accent:#{colour}}}\n", content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    found = logos.get(digest)
    return HttpResponse(found.content, content_type=found.kind)
