"""Money: exact decimals inside, `{"amount": "49.50", "currency": "EUR"}` on the wire (reference 4.3)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to two places, half up. Nothing is nothing: there is no `-0`."""
    return amount.quantize(_CENT, ROUND_HALF_UP) + ZERO


def amount_text(amount: Decimal) -> str:
    """`142`, not `142.00`, but `49.50`: the form seen in real answers."""
    rounded = cents(amount)
    whole = rounded.to_integral_value()
    return str(whole) if rounded == whole else str(rounded)


def render_money(amount: Decimal, currency: str) -> dict[str, str]:
    """The wire form of an amount."""
    return {"amount": amount_text(amount), "currency": currency}
