"""What a business asks: options of a booking, fields of customers and participants. Texts come by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Localised = Mapping[str, str]
"""A text by language tag."""

FieldKind = Literal["choice", "number", "onOff", "text"]


@dataclass(frozen=True)
class Surcharge:
    """What an option adds to the price: once, for each seat taken, or for each unit of a number option."""

    amount: Decimal
    per: Literal["booking", "seat", "unit"]


@dataclass(frozen=True)
class Choice:
    """One value of a choice option or field. `minutes` sets the length of a flexible appointment."""

    id: str
    name: Localised
    surcharge: Surcharge | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Option:
    """A question about the booking (reference 7.3)."""

    kind: FieldKind
    id: str
    name: Localised
    index: int
    description: Localised | None = None
    choices: tuple[Choice, ...] = ()
    default_choice: str | None = None
    minimum: int = 0
    maximum: int = 0
    default: int = 0
    required: bool = False
    surcharge: Surcharge | None = None


@dataclass(frozen=True)
class CustomField:
    """A question about a customer or participant (reference 7.4)."""

    kind: FieldKind
    id: str
    name: Localised
    index: int
    for_customer: bool
    for_participants: bool
    shown_to_customers: bool = True
    description: Localised | None = None
    choices: tuple[Choice, ...] = ()
    minimum: int = 0
    maximum: int = 0
    default: int = 0
