"""A page for each way in which something can go wrong; where only a part was asked for, a few words for the box at the
foot of the page that stays."""

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import push_url, reselect, reswap, retarget

from booking.drafts import DraftGone
from booking.services.errors import (
    CustomerNeeded,
    DetailsRejected,
    NotFound,
    ServiceError,
    TimeGone,
    TooManyAttempts,
    Unavailable,
)
from booking.views.http import is_partial

logger = logging.getLogger("booking.views")


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    text: str
    retry: bool = False


NOT_FOUND = Words("This page does not exist", "The address may be mistyped, or what it named is no longer offered.")
STORE_DOWN = Words(
    "We cannot open our own books right now",
    "Please try again in a moment. If you had just pressed “Book”, look for our e-mail before you press again.",
    retry=True,
)
DRAFT_GONE = Words(
    "This booking page has run out",
    "Pages of an unfinished booking are kept for a day. Please choose a time again.",
)
UNAVAILABLE = Words(
    "We cannot reach the calendar right now",
    "Nothing was booked and nothing is lost. Please try again in a moment.",
    retry=True,
)
GONE = Words(
    "This time is no longer free", "Somebody was quicker, or bookings for it have closed. Please choose another time."
)
REJECTED = Words("Something in this booking was not accepted", "Please go back, check what you entered, and try again.")
MEMBERS = Words("This one is for members", "It can be booked after signing in as a member or as a holder of credits.")
TOO_MANY = Words("Too many attempts", "Please wait a quarter of an hour, then try again.")
FORBIDDEN = Words(
    "This form was not sent from our page", "Please go back, reload the page, and send it again.", retry=False
)
BAD_REQUEST = Words("We could not read this", "Please go back and try again.")
TOO_LARGE = Words("This is more than we can take", "Please shorten what you entered, and send it again.")
BROKEN = Words(
    "Something went wrong on our side",
    "We have been told. If you were booking, please look for our e-mail before you try again.",
)

WORDS: dict[type[ServiceError], Words] = {
    NotFound: NOT_FOUND,
    DraftGone: DRAFT_GONE,
    TimeGone: GONE,
    CustomerNeeded: MEMBERS,
    DetailsRejected: REJECTED,
    TooManyAttempts: TOO_MANY,
    Unavailable: UNAVAILABLE,
}


def service_error(request: HttpRequest, error: ServiceError) -> HttpResponse:
    response = _page(request, WORDS.get(type(error), UNAVAILABLE), error.status)
    if isinstance(error, Unavailable | TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def store_down(request: HttpRequest) -> HttpResponse:
    response = _page(request, STORE_DOWN, 503)
    response.headers["Retry-After"] = "5"
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(request, TOO_LARGE, 413)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, BAD_REQUEST, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, FORBIDDEN, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, NOT_FOUND, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, BROKEN, 500)


def _page(request: HttpRequest, words: Words, status: int) -> HttpResponse:
    if is_partial(request):
        return _box(request, words, status)
    here = request.get_full_path() if words.retry else ""
    again = "Try again" if request.method == "GET" else "Back to the form"
    return render(request, "booking/error.html", {"words": words, "here": here, "again": again}, status=status)


def _box(request: HttpRequest, words: Words, status: int) -> HttpResponse:
    """The page that asked stays as it is, with all that was typed."""
    response = render(request, "components/trouble.html", {"words": words}, status=status)
    push_url(response, False)
    return reselect(reswap(retarget(response, "#trouble-words"), "innerHTML"), "unset")
