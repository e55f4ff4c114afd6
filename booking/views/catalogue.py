"""The list of what can be booked."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from booking.presenters.catalogue import product_cards
from booking.presenters.structured import list_data
from booking.services import business_settings, catalogue
from booking.views.context import business
from booking.views.http import page


@require_safe
@cache_control(public=True, max_age=60)
def product_list(request: HttpRequest) -> HttpResponse:
    cards = product_cards(catalogue.find_products(), catalogue.find_people_categories())
    addresses = tuple(request.build_absolute_uri(reverse("booking:product-detail", args=[card.id])) for card in cards)
    context = {
        "cards": cards,
        "headline": business_settings.current().site_headline,
        "structured": list_data(tuple(cards), addresses, business(), request.build_absolute_uri(request.path_info)),
    }
    return page(request, "booking/product_list.html", context)
