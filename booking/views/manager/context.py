"""What every page of the manager area shows: who is signed in, and where this person may go."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.urls import reverse

from booking.presenters.manager import navigation
from booking.services import staff_acts
from booking.services.staff_acts import Act
from booking.views.manager import shortcuts
from booking.views.manager.middleware import PREFIX


def manager(request: HttpRequest) -> dict[str, Any]:
    """Nothing for the pages of customers: they must not even look at the session."""
    if not request.path.startswith(PREFIX):
        return {}
    user = getattr(request, "user", None)
    said = {"said": messages.get_messages(request)}
    if not isinstance(user, AbstractUser) or not user.is_authenticated:
        return said | {"who": None}
    who = user.first_name or user.get_username()
    may = partial(staff_acts.may, user)
    return said | {
        "who": who,
        "sections": navigation.items(may, reverse, request.path),
        "may_find": may(Act.FIND_BOOKINGS),
        "keys_on": shortcuts.are_on(request),
    }
