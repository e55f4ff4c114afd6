"""What a customer may book, ready to show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString

from booking.bookeo import Business, Money, PeopleCategory, Product
from booking.presenters import html, texts

# Pictures that are seen without scrolling come at once, the first one first, the others when they are needed.
FIRST_CARDS = 3
PRICE_LATER = "Price at the next step"


@dataclass(frozen=True, eq=False)
class ProductCard:
    """A product in the list, and the head of its own page. Told apart by identity, so that its HTML is made once.

    `rates` are the lowest and the highest price of one person, and the currency; None where none is known.
    """

    id: str
    name: str
    summary: str
    description: SafeString
    picture: str
    length: str
    party: str
    price: str
    price_is_known: bool
    rates: tuple[str, str, str] | None
    members: bool
    badges: tuple[str, ...]
    is_first: bool
    below_the_fold: bool


@dataclass(frozen=True, slots=True)
class BusinessCard:
    """Who the customer deals with, for the head and the foot of every page."""

    name: str
    address: str
    town: str
    phone: str
    email: str
    description: str


def product_cards(products: Iterable[Product], categories: Mapping[str, PeopleCategory]) -> list[ProductCard]:
    names = tuple((category.id, category.name) for category in categories.values())
    return [product_card(product, names, place) for place, product in enumerate(products, start=1)]


@lru_cache(256)
def product_card(product: Product, category_names: tuple[tuple[str, str], ...], place: int = 0) -> ProductCard:
    """`place` in the list; nought on its own page."""
    return ProductCard(
        id=product.product_id,
        name=product.name,
        summary=html.summary(product.description),
        description=html.safe(product.description),
        picture=product.images[0].url if product.images else "",
        length=_length(product),
        party=_party(product, dict(category_names)),
        price=_headline_price(product),
        price_is_known=bool(product.default_rates),
        rates=_rates(product),
        members=product.members_only or product.prepaid_only,
        badges=_badges(product),
        is_first=place == 1,
        below_the_fold=place > FIRST_CARDS,
    )


def business_card(business: Business) -> BusinessCard:
    address = business.street_address
    town = " ".join(filter(None, (address.postcode, address.city))) if address else ""
    lines = (address.address1, address.address2, town) if address else ()
    phones = business.phone_numbers
    return BusinessCard(
        name=business.name,
        address=", ".join(line for line in lines if line),
        town=(address.city or "") if address else "",
        phone=phones[0].number if phones else "",
        email=business.email_address or "",
        description=html.summary(business.description),
    )


def _length(product: Product) -> str:
    each = texts.length(product.duration)
    return f"{each} each time" if product.type == "fixedCourse" else each


def _party(product: Product, names: Mapping[str, str]) -> str:
    total = next((limit for limit in product.booking_limits if not limit.people_category_id), None)
    if total is None:
        limits = (limit.people_category_id or "" for limit in product.booking_limits)
        allowed = [names[category] for category in limits if category in names]
        return texts.joined(allowed)
    if total.max == 1:
        return "for one person"
    if total.min > 1:
        return f"for {total.min} to {total.max} people"
    return f"for up to {total.max} people"


def _headline_price(product: Product) -> str:
    """The lowest headline price that is not zero; with “from” when there are several (reference 4.3)."""
    rates = _headline_rates(product)
    if not rates:
        return PRICE_LATER
    if rates[-1].is_zero:
        return "Free"
    lowest = texts.money(rates[0])
    return lowest if len(rates) == 1 and product.type != "flexibleTime" else f"from {lowest}"


def _rates(product: Product) -> tuple[str, str, str] | None:
    rates = _headline_rates(product)
    return (str(rates[0].amount), str(rates[-1].amount), rates[0].currency) if rates else None


def _headline_rates(product: Product) -> list[Money]:
    """Different prices, the lowest first. Nothing counts as a price only where nobody pays anything."""
    amounts = {rate.price.amount: rate.price for rate in product.default_rates if rate.price}
    paid = sorted(amount for amount in amounts if amount > Decimal(0))
    return [amounts[amount] for amount in paid or sorted(amounts)]


def _badges(product: Product) -> tuple[str, ...]:
    told = (
        (product.members_only, "Members only"),
        (product.prepaid_only, "With prepaid credits"),
        (product.accept_deny, "On request"),
    )
    return tuple(text for holds, text in told if holds)
