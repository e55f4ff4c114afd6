"""What holds for every answer under /manager/, also for those that no view of ours gives."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from booking.views.manager.failures import not_that_way

PREFIX = "/manager/"


class ManagerPolicyMiddleware:
    """Pages of the manager area stay out of caches and search engines, and other sites never see their addresses.

    Django's check of a form's origin needs the referrer on our own site, so it is kept there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PREFIX):
            if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                response = not_that_way(request, response)
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
        return response
