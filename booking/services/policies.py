"""The business's own rules that the API does not tell (reference 9): the owner chooses them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from babel.numbers import get_currency_precision

from booking.bookeo import Money, Product
from booking.services import business_settings


@dataclass(frozen=True, slots=True)
class CancellationPolicy:
    """Free until so many hours before the start; after that so much of the price is kept."""

    free_hours: int
    fee_percent: int

    def free_until(self, start: datetime) -> datetime:
        return start - timedelta(hours=self.free_hours)

    def fee_of(self, total: Money) -> Money | None:
        """What is kept of a price, in whole units of its currency's smallest coin; None for nothing."""
        coin = Decimal(1).scaleb(-get_currency_precision(total.currency))
        amount = (total.amount * self.fee_percent / 100).quantize(coin)
        return Money(amount=amount, currency=total.currency) if amount else None


def cancellation() -> CancellationPolicy:
    chosen = business_settings.current()
    return CancellationPolicy(chosen.free_cancellation_hours, chosen.late_cancellation_fee_percent)


def asks_who_is_coming(product: Product) -> bool:
    """Whether participants of this product are asked for by name."""
    asked = business_settings.current().participants_asked_for
    return "*" in asked or product.product_code in asked or product.product_id in asked
