"""A booking for a customer in words: what can be booked, who it is for, and what the press does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from booking.bookeo import Hold, Money, Product, ProductType
from booking.presenters import texts
from booking.presenters.checkout import phone_text
from booking.presenters.manager.words import NAMELESS
from booking.presenters.price import price_is_told_later

KINDS = {
    ProductType.FIXED: "at fixed times",
    ProductType.FIXED_COURSE: "a course",
    ProductType.FLEXIBLE_TIME: "by appointment",
}


@dataclass(frozen=True, slots=True)
class ProductLink:
    name: str
    href: str
    note: str


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is for. `is_known`: there is a record at Bookeo already."""

    name: str
    email: str
    phone: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class OrderPrice:
    """`total` is empty where no price is known before the booking is made."""

    total: str
    payable: str
    held: str
    press: str


def product_links(products: Iterable[Product], kept: str) -> list[ProductLink]:
    """`kept` is what the address carries on."""
    here = reverse("manager:book")
    rest = f"&{kept}" if kept else ""
    return [ProductLink(p.name, f"{here}?product={p.product_id}{rest}", _note(p)) for p in products]


def who_text(first_name: str, last_name: str, email: str, phone: str, *, is_known: bool) -> Who:
    name = " ".join(filter(None, (first_name, last_name))) or email or NAMELESS
    return Who(name, email, phone_text(phone) if phone else "", is_known)


def order_price(hold: Hold | None, product: Product, now: datetime) -> OrderPrice:
    if hold is None or price_is_told_later(product, hold.price.total_gross):
        return OrderPrice("", "", _held(hold, now), "Book")
    total, payable = hold.price.total_gross, hold.total_payable
    return OrderPrice(
        total=_total(hold),
        payable=texts.money(payable) if payable != total else "",
        held=_held(hold, now),
        press=f"Book for {_total(hold)}",
    )


def _total(hold: Hold) -> str:
    total: Money = hold.price.total_gross
    if hold.applicable_prepaid_credits and total.is_zero:
        return texts.counted(hold.applicable_prepaid_credits, "prepaid credit", "prepaid credits")
    return texts.money(total)


def _held(hold: Hold | None, now: datetime) -> str:
    return texts.clock(hold.expiration) if hold and hold.expiration > now else ""


def _note(product: Product) -> str:
    kind = KINDS.get(ProductType(product.type), "") if product.type in set(ProductType) else ""
    limits = ["members only"] if product.members_only else []
    limits += ["with prepaid credits"] if product.prepaid_only else []
    return ", ".join(filter(None, (texts.length(product.duration), kind, *limits)))
