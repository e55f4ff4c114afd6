"""The business's rule on cancelling, in a sentence or two."""

from datetime import UTC, datetime

from booking.bookeo import Money
from booking.presenters import texts
from booking.services.policies import CancellationPolicy

SHARES = {50: "half the price", 100: "the whole price"}


def cancellation_rule(policy: CancellationPolicy, start: datetime, total: Money | None) -> str:
    """The business's rule in one or two sentences, with its times and amounts worked out."""
    free_until = policy.free_until(start)
    fee = _fee(total, policy) if policy.fee_percent else ""
    if free_until <= datetime.now(UTC):
        return (
            f"This starts soon, so cancelling costs {fee}." if fee else "You may cancel free of charge until it starts."
        )
    free = f"Free to cancel until {texts.last_moment(free_until)}."
    return f"{free} After that we keep {fee}." if fee else free


def general_rule(policy: CancellationPolicy) -> str:
    """The business's rule on cancelling, before anything is chosen."""
    if not policy.free_hours:
        return "Free to cancel until it starts."
    free = f"Free to cancel until {texts.counted(policy.free_hours, 'hour', 'hours')} before it starts."
    return f"{free} After that we keep {_fee(None, policy)}." if policy.fee_percent else free


def _fee(total: Money | None, policy: CancellationPolicy) -> str:
    share = SHARES.get(policy.fee_percent, f"{policy.fee_percent} % of the price")
    fee = policy.fee_of(total) if total else None
    return f"{share}, {texts.money(fee)}" if fee else share
