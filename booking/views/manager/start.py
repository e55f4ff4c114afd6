"""Where staff come in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from booking.services.staff_acts import Act
from booking.views.http import page
from booking.views.manager.access import may


@require_safe
@may(Act.SEE_DAY)
def start(request: HttpRequest) -> HttpResponse:
    """Leads to the day, once there is a page of it."""
    return page(request, "manager/start.html", {})
