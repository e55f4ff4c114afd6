"""The payments of the account, and what they come to: the evening's cash-up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from booking.bookeo import Money, Payment
from booking.presenters import texts
from booking.presenters.manager.payments import method_of
from booking.services.payments import Received


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """`customer` is the address of the customer's page, empty where Bookeo does not tell whose payment it is."""

    day: str
    clock: str
    amount: str
    is_refund: bool
    method: str
    reason: str
    who: str
    customer: str


@dataclass(frozen=True, slots=True)
class SumLine:
    """`taken`, `given_back` and what remains of both. `is_whole` for the sum of a day, or of all days."""

    day: str
    method: str
    number: int
    taken: str
    given_back: str
    total: str
    is_whole: bool = False


def payment_line(payment: Payment) -> PaymentLine:
    customer = payment.customer_id
    return PaymentLine(
        day=texts.short_day(texts.day_of(payment.received_time)),
        clock=texts.clock(payment.received_time),
        amount=texts.money(payment.amount),
        is_refund=payment.amount.amount < 0,
        method=method_of(payment),
        reason=payment.reason,
        who=payment.agent or "Customer, online",
        customer=reverse("manager:customer-detail", args=[customer]) if customer else "",
    )


def sums(payments: Iterable[Payment]) -> list[SumLine]:
    """For each day its methods and their sum, then all days; each currency for itself."""
    by_day: dict[date, list[Payment]] = defaultdict(list)
    for payment in payments:
        by_day[texts.day_of(payment.received_time)].append(payment)
    lines = [line for day in sorted(by_day) for line in _of_day(texts.short_day(day), by_day[day])]
    everything = [payment for those in by_day.values() for payment in those]
    return lines if len(by_day) <= 1 else [*lines, *_of_day("All days", everything)]


def heading(received: Received, today: date) -> str:
    """“Today, Saturday 12 June”, or the days"""
    if received.first == received.last:
        day = texts.long_day(received.first)
        return f"Today, {day}" if received.first == today else day
    return f"{texts.full_day(received.first)} to {texts.full_day(received.last)}"


def _of_day(day: str, payments: list[Payment]) -> list[SumLine]:
    by_method: dict[tuple[str, str], list[Payment]] = defaultdict(list)
    by_currency: dict[str, list[Payment]] = defaultdict(list)
    for payment in payments:
        by_method[method_of(payment), payment.amount.currency].append(payment)
        by_currency[payment.amount.currency].append(payment)
    lines = [_sum(day, method, those) for (method, _), those in sorted(by_method.items())]
    return lines + [_sum(day, "All methods", those, is_whole=True) for _, those in sorted(by_currency.items())]


def _sum(day: str, method: str, payments: list[Payment], *, is_whole: bool = False) -> SumLine:
    currency = payments[0].amount.currency
    amounts = [payment.amount.amount for payment in payments]
    taken = sum((amount for amount in amounts if amount > 0), Decimal(0))
    given = sum((amount for amount in amounts if amount < 0), Decimal(0))
    return SumLine(
        day=day,
        method=method,
        number=len(payments),
        taken=_money(taken, currency),
        given_back=_money(given, currency) if given else "",
        total=_money(taken + given, currency),
        is_whole=is_whole,
    )


def _money(amount: Decimal, currency: str) -> str:
    return texts.money(Money(amount=amount, currency=currency))
