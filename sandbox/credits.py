"""What an existing customer brings along: store credit, prepaid credits, a membership (reference 4.5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.catalogue import Product
from sandbox.errors import forbidden
from sandbox.moments import utc
from sandbox.money import ZERO


@dataclass(frozen=True)
class Credits:
    """Store credit as an amount, how many prepaid credits pay for this booking, and the part of the rates to pay."""

    money: Decimal = ZERO
    prepaid: int = 0
    part: Decimal = Decimal(1)


def credits_for(product: Product, customer: sqlite3.Row | None, numbers: Mapping[str, int], now: int) -> Credits:
    """Credits that would be used. Raises 403 when the product is for members or holders of credits only."""
    people = sum(numbers.values())
    member = customer is not None and is_member(customer, now)
    if product.members_only and not member:
        raise forbidden("Only members can book this product")
    prepaid = _prepaid(product, customer, people)
    if product.prepaid_only and not prepaid:
        raise forbidden("This product can be booked with prepaid credits only")
    part = 1 - product.member_percent / 100 if member else Decimal(1)
    return Credits(ZERO if customer is None else Decimal(customer["credit"]), prepaid, part)


def _prepaid(product: Product, customer: sqlite3.Row | None, people: int) -> int:
    if customer is None or customer["prepaid_product"] != product.id or customer["prepaid"] < people:
        return 0
    return people


def is_member(customer: sqlite3.Row, now: int) -> bool:
    """Whether the membership runs today."""
    end = customer["membership_end"]
    return bool(customer["member"]) and (end is None or date.fromisoformat(end) >= utc(now).date())
