"""For the operator, and for the programs that watch over the site. None of these asks anything of Bookeo."""

import os
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from booking import tasks
from booking.services import readiness
from booking.services.figures import Figures

WORDS = {True: "ok", False: "failing"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It says nothing of what lies behind it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether visitors can be sent here, and what is amiss if not."""
    found = readiness.examine()
    status = "not ready" if not found.is_ready else "degraded" if found.is_degraded else "ready"
    parts = {name: WORDS[getattr(found, name)] for name in ("database", "migrations", "cache")}
    code = HTTPStatus.OK if found.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"status": status, **parts, "bookeo": found.bookeo}, status=code)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything that is counted, for Prometheus."""
    if not settings.METRICS_TOKEN and not (settings.DEMO or settings.DEBUG):
        raise Http404
    if settings.METRICS_TOKEN and not _carries_token(request):
        response = HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    figures = CollectorRegistry()
    figures.register(Figures(tasks.NAMES))
    return HttpResponse(generate_latest(_counted()) + generate_latest(figures), content_type=CONTENT_TYPE_LATEST)


def _carries_token(request: HttpRequest) -> bool:
    return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")


def _counted() -> CollectorRegistry:
    """What this process has counted; all processes together, where they share a folder (deploy/gunicorn.conf.py)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together
