"""What holds for every answer: headers of private pages, the size of a post, and a page for each kind of failure."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from booking.services.errors import ServiceError
from booking.views import errors

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
    """Services raise what a visitor can meet; here it becomes a page with a truthful status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return errors.service_error(request, exception) if isinstance(exception, ServiceError) else None
