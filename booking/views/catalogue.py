"""The list of what can be booked."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking.presenters.catalogue import product_cards
from booking.services import catalogue
from booking.views.http import page


@require_safe
@cache_control(public=True, max_age=60)
def product_list(request: HttpRequest) -> HttpResponse:
    cards = product_cards(catalogue.find_products(), catalogue.find_people_categories())
    return page(request, "booking/product_list.html", {"cards": cards, "headline": settings.SITE_HEADLINE})
