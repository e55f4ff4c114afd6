"""What the business has set up (reference 6.6). Cache these for 10 to 15 minutes."""

from __future__ import annotations

from functools import partial

from booking.bookeo.models import (
    ApiKeyInfo,
    Business,
    CustomFieldDefinitions,
    Language,
    Listing,
    Page,
    PeopleCategory,
    PeopleCategoryList,
    Product,
    ResourceType,
    Tax,
)
from booking.bookeo.operations.base import Operations, all_items

_PRODUCTS = ("settings", "products")
_RESOURCES = ("settings", "resources")
_LONGEST_PAGE = 100


class SettingsOperations(Operations):
    """Reading the settings. Nothing here can be written through the API."""

    def get_api_key_info(self, *, lang: str | None = None) -> ApiKeyInfo:
        """Whose key this is and what it may do: a good check of health (reference 6.6)."""
        return self._read("get_api_key_info", ("settings", "apikeyinfo"), ApiKeyInfo, {}, lang)

    def get_business(self, *, lang: str | None = None) -> Business:
        """Contact details of the business (reference 6.6, 7.2)."""
        return self._read("get_business", ("settings", "business"), Business, {}, lang)

    def get_custom_field_definitions(self, *, lang: str | None = None) -> CustomFieldDefinitions:
        """The custom fields of customers and participants (reference 6.6, 7.4)."""
        path = ("settings", "customercustomfields")
        return self._read("get_custom_field_definitions", path, CustomFieldDefinitions, {}, lang)

    def list_languages(self, *, lang: str | None = None) -> tuple[Language, ...]:
        """The languages of the account (reference 6.6)."""
        return self._read("list_languages", ("settings", "languages"), Listing[Language], {}, lang).data

    def list_people_categories(self, *, lang: str | None = None) -> tuple[PeopleCategory, ...]:
        """The kinds of people that are counted in a booking (reference 6.6)."""
        path = ("settings", "peoplecategories")
        return self._read("list_people_categories", path, PeopleCategoryList, {}, lang).categories

    def list_products(self, *, product_type: str | None = None, lang: str | None = None) -> tuple[Product, ...]:
        """All products, or those of one type, from all pages (reference 6.6, 7.3)."""
        query = {"type": product_type, "itemsPerPage": _LONGEST_PAGE}
        first = self._read("list_products", _PRODUCTS, Page[Product], query, lang)
        return all_items(first, partial(self._turn_page, "list_products", _PRODUCTS, Page[Product], lang=lang))

    def list_resource_types(self, *, lang: str | None = None) -> tuple[ResourceType, ...]:
        """All kinds of resources with their resources, from all pages (reference 6.6)."""
        query = {"itemsPerPage": _LONGEST_PAGE}
        first = self._read("list_resource_types", _RESOURCES, Page[ResourceType], query, lang)
        turn = partial(self._turn_page, "list_resource_types", _RESOURCES, Page[ResourceType], lang=lang)
        return all_items(first, turn)

    def list_taxes(self, *, lang: str | None = None) -> tuple[Tax, ...]:
        """The taxes of the business (reference 6.6)."""
        return self._read("list_taxes", ("settings", "taxes"), Listing[Tax], {}, lang).data
