"""What a product says of itself in the list."""

from typing import Any

import pytest

from booking.bookeo import Business, PeopleCategoryList, Product
from booking.presenters.catalogue import PRICE_LATER, BusinessCard, ProductCard, business_card, product_cards
from tests.bookeo.samples import payload

CATEGORIES = {c.id: c for c in PeopleCategoryList.model_validate(payload("settings.peoplecategories")).categories}
KAYAK = payload("settings.products")["data"][0]


def _card(**changes: Any) -> ProductCard:
    return product_cards([Product.model_validate(KAYAK | changes)], CATEGORIES)[0]


def _rates(*amounts: str) -> list[dict[str, Any]]:
    return [{"price": {"amount": amount, "currency": "EUR"}} for amount in amounts]


def _limits(least: int, most: int) -> list[dict[str, Any]]:
    return [{"min": least, "max": most}, {"peopleCategoryId": "Cadults", "min": 0, "max": most}]


@pytest.mark.parametrize(
    ("rates", "kind", "price"),
    [
        (_rates("49.50", "25", "39"), "fixed", "from €25.00"),
        (_rates("180"), "fixedCourse", "€180.00"),
        (_rates("49.50", "0"), "fixed", "€49.50"),
        (_rates("120"), "flexibleTime", "from €120.00"),
        (_rates("0"), "fixed", "Free"),
        ([], "fixed", PRICE_LATER),
    ],
)
def test_price_is_the_lowest_one_or_none_is_invented(rates: list[Any], kind: str, price: str) -> None:
    card = _card(defaultRates=rates, type=kind)
    assert card.price == price
    assert card.price_is_known == bool(rates)


@pytest.mark.parametrize(
    ("limits", "party"),
    [
        (_limits(1, 8), "for up to 8 people"),
        (_limits(4, 12), "for 4 to 12 people"),
        (_limits(1, 1), "for one person"),
        (_limits(1, 8)[1:], "Adults"),
    ],
)
def test_party_is_said_in_words(limits: list[Any], party: str) -> None:
    assert _card(bookingLimits=limits).party == party


@pytest.mark.parametrize(
    ("flags", "badges"),
    [
        ({}, ()),
        ({"membersOnly": True}, ("Members only",)),
        ({"prepaidOnly": True, "acceptDeny": True}, ("With prepaid credits", "On request")),
    ],
)
def test_what_is_special_is_said(flags: dict[str, bool], badges: tuple[str, ...]) -> None:
    assert _card(**flags).badges == badges


def test_course_lasts_its_length_each_time() -> None:
    assert _card().length == "2 h"
    assert _card(type="fixedCourse", duration={"hours": 2, "minutes": 30}).length == "2 h 30 min each time"


def test_description_is_shown_whole_and_in_short_without_its_markup() -> None:
    card = _card(description="<p>Two hours on the <b>lagoon</b>.</p><script>x()</script>")
    assert card.description == "<p>Two hours on the <b>lagoon</b>.</p>"
    assert card.summary == "Two hours on the lagoon."


def test_product_without_picture_or_description_is_shown_all_the_same() -> None:
    card = _card(images=[], description=None)
    assert (card.picture, card.summary, card.description) == ("", "", "")
    assert _card().picture == KAYAK["images"][0]["url"]


def test_cards_keep_the_account_s_order() -> None:
    products = [Product.model_validate(product) for product in payload("settings.products")["data"]]
    assert [card.id for card in product_cards(products, CATEGORIES)] == [product.product_id for product in products]


def test_business_is_introduced() -> None:
    document = payload("settings.business")
    card = business_card(Business.model_validate(document))
    assert card.name == document["name"]
    assert document["streetAddress"]["city"] in card.address
    assert card.town == document["streetAddress"]["city"]
    assert card.phone == document["phoneNumbers"][0]["number"]


def test_business_that_tells_only_its_name_is_introduced_too() -> None:
    card = business_card(Business(id="1", name="Harbour"))
    assert card == BusinessCard(name="Harbour", address="", town="", phone="", email="", description="")
