"""What search engines are told: valid, nothing that could end the script element, no invented price."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.bookeo import Product
from booking.presenters.catalogue import BusinessCard, ProductCard, product_card
from booking.presenters.structured import list_data, product_data
from tests.bookeo.samples import payload

KAYAK = payload("settings.products")["data"][0]
SHOP = BusinessCard(name="Harbour & Hills", address="Pier 3", town="", phone="+39 055", email="", description="")
ADDRESS = "https://book.example.com/products/4151KAYK/"


def _card(**changes: Any) -> ProductCard:
    return product_card(Product.model_validate(KAYAK | changes), ())


def _rates(*amounts: str) -> list[dict[str, Any]]:
    return [{"price": {"amount": amount, "currency": "EUR"}} for amount in amounts]


@pytest.mark.parametrize(
    ("rates", "low", "high"), [(["49.50", "32", "0"], "32", "49.50"), (["15"], "15", "15"), (["0"], "0", "0")]
)
def test_prices_are_a_range(rates: list[str], low: str, high: str) -> None:
    offers = json.loads(product_data(_card(defaultRates=_rates(*rates)), SHOP, ADDRESS))["offers"]
    assert offers == {"@type": "AggregateOffer", "lowPrice": low, "highPrice": high, "priceCurrency": "EUR"}


def test_unknown_price_is_not_invented() -> None:
    data = json.loads(product_data(_card(defaultRates=[]), SHOP, ADDRESS))
    assert "offers" not in data
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Product", KAYAK["name"])


def test_list_names_the_business_and_each_product() -> None:
    business, products = json.loads(list_data((_card(),), (ADDRESS,), SHOP, "https://book.example.com/"))["@graph"]
    assert business == {
        "@type": "LocalBusiness",
        "name": "Harbour & Hills",
        "telephone": "+39 055",
        "address": "Pier 3",
        "url": "https://book.example.com/",
    }
    (entry,) = products["itemListElement"]
    assert (entry["position"], entry["item"]["url"]) == (1, ADDRESS)


@given(name=st.text(min_size=1) | st.sampled_from(["</script><script>", "<!--", "]]>", "&lt;"]))
def test_no_name_ends_the_element(name: str) -> None:
    text = product_data(_card(name=name), SHOP, ADDRESS)
    assert not set("<>&") & set(text)
    assert json.loads(text)["name"] == name
