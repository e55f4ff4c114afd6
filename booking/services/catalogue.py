"""What the business sells, as the account's settings tell it. All of it is remembered for ten minutes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from booking.bookeo import Business, CustomFieldDefinitions, PeopleCategory, Product, ResourceType, Tax
from booking.services import cache, upstream
from booking.services.errors import NotFound, Unavailable, bookeo_errors_translated

T = TypeVar("T")


def find_products() -> tuple[Product, ...]:
    """Products that can be booked through the API, in the account's order."""
    everything = _remembered("products", lambda: upstream.bookeo().list_products())
    return tuple(product for product in everything if product.api_bookings_allowed)


def get_product(product_id: str) -> Product:
    """The product with this id. Raises NotFound, also for one that is closed to the API."""
    for product in find_products():
        if product.product_id == product_id:
            return product
    raise NotFound(f"no product {product_id!r}")


def find_people_categories() -> dict[str, PeopleCategory]:
    """By id, in the account's order."""
    categories = _remembered("people-categories", lambda: upstream.bookeo().list_people_categories())
    return {category.id: category for category in categories}


@dataclass(frozen=True, eq=False)
class Offer:
    """A product with all that is needed to choose a party for it. The same object for as long as it is remembered,
    and told apart by identity, so that what is made of it can be remembered too."""

    product: Product
    categories: Mapping[str, PeopleCategory]
    resources: tuple[ResourceType, ...]


def get_offer(product_id: str) -> Offer:
    """Raises NotFound."""

    def put_together() -> Offer:
        return Offer(get_product(product_id), find_people_categories(), find_public_resources())

    key = f"offer:{product_id}:{settings.BOOKEO_LANGUAGE}"
    return cache.remembered(key, keeping=cache.SETTINGS_MADE, fetch=put_together)


def get_custom_fields() -> CustomFieldDefinitions:
    return _remembered("custom-fields", lambda: upstream.bookeo().get_custom_field_definitions())


def get_business() -> Business:
    return _remembered("business", lambda: upstream.bookeo().get_business())


def find_public_resources() -> tuple[ResourceType, ...]:
    """Kinds of resources that customers may choose from (a boat, a room, a teacher)."""
    kinds = _remembered("resources", lambda: upstream.bookeo().list_resource_types())
    return tuple(kind for kind in kinds if kind.is_public)


def find_taxes() -> dict[str, Tax]:
    """By id."""
    taxes = _remembered("taxes", lambda: upstream.bookeo().list_taxes())
    return {tax.id: tax for tax in taxes}


def _remembered(name: str, fetch: Callable[[], T]) -> T:
    def fetch_translated() -> T:
        try:
            with bookeo_errors_translated():
                return fetch()
        except NotFound as error:  # the settings of an account are always there: it is not the visitor's address
            raise Unavailable(str(error)) from error

    key = f"settings:{name}:{settings.BOOKEO_LANGUAGE}"
    return cache.remembered(key, keeping=cache.SETTINGS, fetch=fetch_translated)
