"""For the operator."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It says nothing of what lies behind it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
