"""What every view needs of HTTP: whole page or part, where to go next, and whether a post is the visitor's own."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)

VISIT_BYTES = 18
CSV = "text/csv; charset=utf-8"

# `none` is a post that the visitor repeated from the browser itself. No header: a browser older than the header.
OWN_SITES = {None, "same-origin", "none"}

_form_signer = signing.Signer(salt="draft-form")


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or with htmx only its `part`, which is declared inside the same template."""
    if part and is_partial(request):
        template = f"{template}#{part}"
    response = TemplateResponse(request, template, context, status=status)
    if part:
        patch_vary_headers(response, ["HX-Request"])
    return response


def is_partial(request: HttpRequest) -> bool:
    """An htmx request for a fragment: not a boosted one, nor a page restored from history."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def see_other(address: str) -> HttpResponse:
    """After a post: the browser asks for the next page with GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def onward(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, also for htmx, which would otherwise put that page inside this one."""
    return HttpResponseClientRedirect(address) if is_partial(request) else see_other(address)


def own_posts_only(view: View) -> View:
    """Refuse posts that another site's page sent.

    The pages for customers carry no cookie, so there is no standing permission that a foreign page could abuse;
    Django's cookie-bound check would only break them where cookies are blocked.
    """

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site") not in OWN_SITES:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def form_key(token: str) -> str:
    """The hidden value that binds a form to its draft."""
    return _form_signer.signature(token)


def check_form_key(request: HttpRequest, token: str) -> None:
    """Raises PermissionDenied when the form was not made for this draft."""
    if not constant_time_compare(request.POST.get("key", ""), form_key(token)):
        raise PermissionDenied


def new_visit() -> str:
    """Drawn anew for each showing of a page: two presses on one page begin the same draft, on two pages two of them."""
    return secrets.token_urlsafe(VISIT_BYTES)


def as_file(response: Answer, name: str) -> Answer:
    """To be kept under this name, not shown."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def client_address(request: HttpRequest) -> str:
    """Of whoever asks, as the nearest servers that we trust have seen it (settings.TRUSTED_PROXIES)."""
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES or len(seen) < settings.TRUSTED_PROXIES:
        return nearest
    address = seen[-settings.TRUSTED_PROXIES]
    return address if _is_address(address) else nearest


def _is_address(text: str) -> bool:
    try:
        validate_ipv46_address(text)
    except ValidationError:
        return False
    return True
