"""Who may see a page of the manager area. Every view there says it by one decorator.

    @require_safe
    @may(Act.SEE_DAY)
    def day(request: HttpRequest) -> HttpResponse: ...

Whoever is not signed in goes to the sign-in page; without the second factor that the owner requires, to its set-up;
without the permission, nowhere: the page says which one is missing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from booking.services import audit, business_settings, second_factors, staff_acts
from booking.services.audit import Actor, Outcome
from booking.services.staff_acts import Act
from booking.views.http import View, client_address, onward
from booking.views.manager.failures import failures_shown, refused


def may(act: Act) -> Callable[[View], View]:
    """Let only those in who may do this. What a service cannot do becomes a page of the manager area."""

    def decorated(view: View) -> View:
        shown = failures_shown(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _holds_nul(request):
                raise BadRequest("a NUL was sent")
            barred = _barred(request, act)
            return shown(request, *args, **kwargs) if barred is None else barred

        guarded.act = act  # type: ignore[attr-defined]  # for the test that every page has a rule
        return guarded

    return decorated


def anybody(view: View) -> View:
    """For the few pages that need nobody to be signed in: they say so, so that none is left open by mistake."""
    shown = failures_shown(view)
    shown.act = None  # type: ignore[attr-defined]
    return shown


def allowed(request: HttpRequest, act: Act) -> bool:
    """For what only a part of a page depends on: a button, a column."""
    return staff_acts.may(request.user, act)


def actor_of(request: HttpRequest) -> Actor:
    """Who is acting, for the audit log."""
    user = request.user
    name = user.get_full_name() or user.get_username() if isinstance(user, AbstractUser) else ""
    return Actor(user.pk, name, client_address(request))


def staff_id_of(request: HttpRequest) -> int:
    """Whose draft it is."""
    return request.user.pk or 0


def told(request: HttpRequest, sentence: str) -> None:
    """Say it on the next page: after a post, what was done."""
    messages.success(request, sentence)


def _holds_nul(request: HttpRequest) -> bool:
    """No form sends one, PostgreSQL takes none, and HTML cannot show it."""
    sent = [value for data in (request.GET, request.POST) for _, values in data.lists() for value in values]
    return any("\0" in str(value) for value in (request.path, *sent))


def _barred(request: HttpRequest, act: Act) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return onward(request, _sign_in_url(request))
    if business_settings.current().second_factor_required and not second_factors.has_one(request.user):
        return onward(request, reverse("mfa_index"))
    if staff_acts.may(request.user, act):
        return None
    if request.method == "POST":
        audit.record(actor_of(request), act, outcome=Outcome.REFUSED)
    return refused(request, act)


def _sign_in_url(request: HttpRequest) -> str:
    """Back to this page afterwards; what was posted is not sent again."""
    sign_in = reverse("account_login")
    return f"{sign_in}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else sign_in
