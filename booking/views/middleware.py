"""What holds for every answer: its line in the log, headers of private pages, the size of a post, and a page for each
kind of failure."""

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from booking.services import cache, correlation, metrics
from booking.services.errors import ServiceError
from booking.services.lanes import Lane, lane
from booking.views import errors

logger = logging.getLogger("booking.views")
access = logging.getLogger("booking.access")

GetResponse = Callable[[HttpRequest], HttpResponse]

PRIVATE_PREFIX = "/checkout/"
WEBHOOKS_PREFIX = "/webhooks/"
REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class AccessMiddleware:
    """Names each request, so that whatever is logged for it can be found, and writes and counts what became of it.

    Addresses are left out on purpose: some of them are keys. The name of the route says which page it was.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        name = given if REQUEST_ID.fullmatch(given) else correlation.new_id()
        request.META["HTTP_X_REQUEST_ID"] = name
        with correlation.known_as(name):
            response = self.get_response(request)
            response.headers["X-Request-ID"] = name
            _report(request, response.status_code, time.perf_counter() - began)
        return response


def _report(request: HttpRequest, status: int, seconds: float) -> None:
    method = request.method if request.method in METHODS else "other"
    route = _route_of(request)
    metrics.http_requests.labels(route, method, status).inc()
    metrics.http_seconds.labels(route).observe(seconds)
    fields = {"method": method, "route": route, "status": status, "duration_ms": round(seconds * 1000, 1)}
    access.info("%(method)s %(route)s %(status)d %(duration_ms).1f ms", fields, extra=fields)


def _route_of(request: HttpRequest) -> str:
    """The name of the page that was asked for; never its address."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"


class PagePolicyMiddleware:
    """Pages under a draft's token stay out of caches, search engines and the addresses that other sites see."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path_info.startswith(PRIVATE_PREFIX):
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class PaceMiddleware:
    """Says who is asking, and how long the answer may take: a customer who is booking goes before one who looks
    around. Everything that is asked of Bookeo for this request keeps to it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with lane(_lane_of(request)), cache.facts():
            return self.get_response(request)


def _lane_of(request: HttpRequest) -> Lane:
    if request.path_info.startswith("/manager/"):
        return Lane.STAFF
    books = request.method == "POST" or request.path_info.startswith(PRIVATE_PREFIX)
    return Lane.CHECKOUT if books else Lane.BROWSING


# Of a body that is too large, so much is read and thrown away.
MOST_READ_AWAY = 8 * 1024 * 1024


class BodySizeMiddleware:
    """A post beyond the limit is refused by its announced size. Every body is read before anything is answered: else
    the web server, still looking for the rest of it, may take the client's next request for a part of this one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or (int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not _is_webhook(request)):
            _read_away(request)
            return errors.too_large(request)
        if not _is_webhook(request):
            request.body  # noqa: B018 - read now, kept for the view
        return self.get_response(request)


def _read_away(request: HttpRequest) -> None:
    left = MOST_READ_AWAY
    while left > 0 and (piece := request.read(64 * 1024)):
        left -= len(piece)


def _is_webhook(request: HttpRequest) -> bool:
    """Bookeo's notifications may be longer than forms; their view has a limit of its own."""
    return request.path.startswith(WEBHOOKS_PREFIX)


class ServiceErrorMiddleware:
    """Services raise what a visitor can meet; here it becomes a page with a truthful status. So does a database that
    cannot be reached."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, ServiceError):
            return errors.service_error(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("the database cannot be used: %s", type(exception).__name__)
            return errors.store_down(request)
        return None
