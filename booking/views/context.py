"""What every page shows of the site itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from booking.presenters import texts
from booking.presenters.catalogue import BusinessCard, business_card
from booking.services import cache, catalogue
from booking.services.errors import ServiceError
from booking.views.framing import is_framed
from booking.views.http import is_partial


def site(request: HttpRequest) -> dict[str, Any]:
    """The business, unless it cannot be reached: an error page must not fail over it."""
    return {
        "business": business(),
        "demo": settings.DEMO,
        "framed": is_framed(request),
        "lang": settings.BOOKEO_LANGUAGE.split("-")[0],
        "partial": is_partial(request),
        "facts_as_of": _facts_as_of,
    }


def _facts_as_of() -> str:
    """How old the facts of the page are, when Bookeo fails and we show what we remember. Asked for when the rest of the
    page has been made."""
    moment = cache.as_of()
    return texts.deadline(moment) if moment else ""


def business() -> BusinessCard:
    """Who the customer deals with; nothing is known of it while Bookeo cannot be reached."""
    try:
        return business_card(catalogue.get_business())
    except ServiceError:
        return BusinessCard(name="", address="", town="", phone="", email="", description="")
