"""Keys that act by themselves, and the switch that turns them off: whoever speaks to the computer, or touches a key
unawares, would set them off (WCAG 2.2, 2.1.4)."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.views.http import page, see_other
from booking.views.manager.access import told
from booking.views.manager.middleware import PREFIX

COOKIE, OFF = "staff_keys", "off"
KEPT_SECONDS = 365 * 24 * 3600


def are_on(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) != OFF


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Chosen for a browser, not for a person: it depends on who sits in front of it, and how."""
    if request.method != "POST":
        return page(request, "manager/shortcuts.html", {})
    on = request.POST.get("keys") != OFF
    told(request, "The keys are on." if on else "The keys are off in this browser.")
    response = see_other(reverse("shortcuts"))
    response.set_cookie(
        COOKIE,
        "on" if on else OFF,
        max_age=KEPT_SECONDS,
        path=PREFIX,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
