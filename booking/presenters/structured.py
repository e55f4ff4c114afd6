"""What search engines read (schema.org, as JSON-LD): no more than the pages say, and no price that is not known."""

import json
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from booking.presenters.catalogue import BusinessCard, ProductCard

Data = dict[str, object]
# Inside a script element nothing may look like markup.
ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@lru_cache(256)
def product_data(card: ProductCard, business: BusinessCard, address: str) -> SafeString:
    """`address` is the page's own, in full."""
    return _json(_product(card, address) | {"brand": {"@type": "Organization", "name": business.name}})


@lru_cache(64)
def list_data(
    cards: tuple[ProductCard, ...], addresses: tuple[str, ...], business: BusinessCard, address: str
) -> SafeString:
    """`addresses` are those of the products, in full; `address` is that of the list."""
    entries = [
        {"@type": "ListItem", "position": number, "item": _product(card, its_address)}
        for number, (card, its_address) in enumerate(zip(cards, addresses, strict=True), start=1)
    ]
    return _json({"@graph": [_business(business, address), {"@type": "ItemList", "itemListElement": entries}]})


def _product(card: ProductCard, address: str) -> Data:
    data = {"name": card.name, "description": card.summary, "image": card.picture, "url": address}
    return {"@type": "Product", **_given(data), **_offers(card)}


def _offers(card: ProductCard) -> Data:
    if card.rates is None:
        return {}
    low, high, currency = card.rates
    prices = {"lowPrice": low, "highPrice": high, "priceCurrency": currency}
    return {"offers": {"@type": "AggregateOffer", **prices}}


def _business(business: BusinessCard, address: str) -> Data:
    told = {"name": business.name, "telephone": business.phone, "email": business.email, "address": business.address}
    return {"@type": "LocalBusiness", **_given(told), "url": address}


def _given(data: dict[str, str]) -> Data:
    return {name: value for name, value in data.items() if value}


def _json(data: Data) -> SafeString:
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))  # noqa: S308  # escaped by the line above
