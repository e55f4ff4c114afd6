"""Records of money received or given back (reference 7.11)."""

from __future__ import annotations

from enum import StrEnum

from booking.bookeo.models.base import AnsweredTime, Money, RequestedTime, WireModel


class PaymentMethod(StrEnum):
    """The methods known today; the field is plain text. Bookeo spells "checque" so."""

    CREDIT_CARD = "creditCard"
    PAYPAL = "paypal"
    BANK_TRANSFER = "bankTransfer"
    CASH = "cash"
    CHECQUE = "checque"
    DEBIT_CARD = "debitCard"
    EXISTING_CREDIT = "existingCredit"
    ACCOUNT_CREDIT = "accountCredit"
    MONEY_VOUCHER = "moneyVoucher"
    OTHER = "other"


class PaymentInput(WireModel):
    """A payment to record; a refund is negative. ``payment_method_other`` goes with the method ``other``."""

    received_time: RequestedTime | None = None
    reason: str
    comment: str | None = None
    amount: Money
    payment_method: str
    payment_method_other: str | None = None
    gateway_name: str | None = None
    transaction_id: str | None = None


class Payment(WireModel):
    """A recorded payment. Without an ``agent`` the customer paid on Bookeo's own page."""

    id: str
    creation_time: AnsweredTime
    received_time: AnsweredTime
    reason: str
    description: str | None = None
    comment: str | None = None
    amount: Money
    payment_method: str
    payment_method_other: str | None = None
    agent: str | None = None
    customer_id: str | None = None
    gateway_name: str | None = None
    transaction_id: str | None = None
