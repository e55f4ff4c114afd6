"""Where staff come in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from booking.services.staff_acts import Act
from booking.views.http import see_other
from booking.views.manager.access import may


@require_safe
@may(Act.SEE_DAY)
def start(request: HttpRequest) -> HttpResponse:
    """The day is where the work is."""
    return see_other(reverse("manager:day"))
