"""What holds for every answer: headers of private pages, the size of a post, and a page for each kind of failure."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from booking.services import cache
from booking.services.errors import ServiceError
from booking.services.lanes import Lane, lane
from booking.views import errors

logger = logging.getLogger("booking.views")

GetResponse = Callable[[HttpRequest], HttpResponse]

PRIVATE_PREFIX = "/checkout/"


class PagePolicyMiddleware:
    """Pages under a draft's token stay out of caches, search engines and the addresses that other sites see."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith(PRIVATE_PREFIX):
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
    if request.path.startswith("/manager/"):
        return Lane.STAFF
    books = request.method == "POST" or request.path.startswith(PRIVATE_PREFIX)
    return Lane.CHECKOUT if books else Lane.BROWSING


class BodySizeMiddleware:
    """A post beyond the limit is refused by its announced size, before anybody reads it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return errors.too_large(request)
        return self.get_response(request)


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
