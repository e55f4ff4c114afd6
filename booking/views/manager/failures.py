"""What a page of the manager area says when something cannot be done, and how it is tried again. None of these asks
Bookeo for anything."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_htmx.http import push_url, reselect, reswap, retarget

from booking.drafts import DraftGone
from booking.services.errors import (
    DetailsRejected,
    NotFound,
    OutcomeUnknown,
    RuleRefused,
    ServiceError,
    TooManyAttempts,
    Unavailable,
)
from booking.services.key_permissions import PermissionMissing
from booking.services.sought import SearchGone
from booking.services.staff_acts import TITLES, Act
from booking.views.http import is_partial

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Words:
    """`retry`: the same press may work in a moment."""

    title: str
    text: str
    retry: bool = False


WORDS: dict[type[ServiceError], Words] = {
    NotFound: Words("Nothing is here", "The address may be mistyped, or what it named was deleted at Bookeo."),
    SearchGone: Words("This search has run out", "A search is kept for half a day. Please look for it again."),
    DraftGone: Words("This has run out", "It was begun long ago, or by somebody else. Please begin again."),
    RuleRefused: Words("Bookeo did not allow this", "A rule of the account forbids it. Nothing was changed."),
    DetailsRejected: Words("Bookeo did not accept this", "Nothing was changed. Please check what was entered."),
    OutcomeUnknown: Words(
        "We do not know yet whether this was done",
        "It was sent, and the answer was lost. We are looking for it; open the booking again in a minute, "
        "and do not send it anew before.",
    ),
    Unavailable: Words(
        "Bookeo does not answer", "Nothing was changed by this page. Please try again in a moment.", retry=True
    ),
}
LACKING = (
    "The key of this site lacks the permission “{}”. The owner can grant it in Bookeo’s back office, where the key was "
    "made. Nothing was changed."
)
BROKEN = Words("This could not be done", "Nothing was changed by this page. Please try again.")
ONLY_PRESSED = Words(
    "Nothing to see here", "This address only takes what a button sends. Go back to the page with the button."
)
FORGED = Words(
    "This form has run out", "It was opened before you signed in, or a long time ago. Go back, reload it, and send it."
)


def failures_shown(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What a service cannot do becomes a page of the manager area."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ServiceError as error:
            return failure(request, error)

    return shown


def failure(request: HttpRequest, error: ServiceError) -> HttpResponse:
    if isinstance(error, TooManyAttempts):
        words = Words("Too many attempts", f"Please wait {_minutes(error.retry_after)}, then try again.")
    elif isinstance(error, PermissionMissing):
        words = Words("Bookeo does not let this site do that", LACKING.format(error.permission))
    else:
        words = WORDS.get(type(error), BROKEN)
    response = _page(request, words, error.status)
    if isinstance(error, Unavailable | TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def refused(request: HttpRequest, act: Act) -> HttpResponse:
    text = f"You may not {TITLES[act]} (the right “{act}”). An owner can give you another role, under Staff."
    return _page(request, Words("This is not yours to do", text), 403)


def not_that_way(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For an address that answers to a button alone, when somebody reloads it or follows it as a link."""
    page = _page(request, ONLY_PRESSED, response.status_code)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check that a form came from our own page has failed."""
    return _page(request, FORGED, 403)


def _page(request: HttpRequest, words: Words, status: int) -> HttpResponse:
    """With htmx a box below the page that asked, which keeps what was typed."""
    if is_partial(request):
        box = render(request, "components/trouble.html", {"words": words}, status=status)
        return push_url(reselect(reswap(retarget(box, "#trouble-words"), "innerHTML"), "unset"), False)
    context = {"words": words, "posted": _posted(request) if words.retry else []}
    if words.retry and request.method == "GET":
        context["here"] = request.get_full_path()
    return render(request, "manager/failure.html", context, status=status)


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent, to send it again: nobody types it twice."""
    fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]


def _minutes(seconds: int) -> str:
    minutes = ceil(seconds / MINUTE)
    return "a minute" if minutes == 1 else f"{minutes} minutes"
