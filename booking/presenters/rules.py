"""The business's rule on cancelling, in a sentence or two."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from booking.bookeo import Money
from booking.presenters import texts

SHARES = {50: "half the price", 100: "the whole price"}


def cancellation_rule(start: datetime, total: Money | None) -> str:
    """The business's rule in one or two sentences, with its times and amounts worked out."""
    free_until = start - timedelta(hours=settings.FREE_CANCELLATION_HOURS)
    percent = settings.LATE_CANCELLATION_FEE_PERCENT
    fee = _fee(total, percent) if percent else ""
    if free_until <= datetime.now(UTC):
        return (
            f"This starts soon, so cancelling costs {fee}." if fee else "You may cancel free of charge until it starts."
        )
    free = f"Free to cancel until {texts.last_moment(free_until)}."
    return f"{free} After that we keep {fee}." if fee else free


def general_rule() -> str:
    """The business's rule on cancelling, before anything is chosen."""
    hours, percent = settings.FREE_CANCELLATION_HOURS, settings.LATE_CANCELLATION_FEE_PERCENT
    if not hours:
        return "Free to cancel until it starts."
    free = f"Free to cancel until {texts.counted(hours, 'hour', 'hours')} before it starts."
    return f"{free} After that we keep {_fee(None, percent)}." if percent else free


def _fee(total: Money | None, percent: int) -> str:
    share = SHARES.get(percent, f"{percent} % of the price")
    if total is None or total.is_zero:
        return share
    amount = (total.amount * percent / 100).quantize(Decimal("0.01"))
    return f"{share}, {texts.money(Money(amount=amount, currency=total.currency))}"
