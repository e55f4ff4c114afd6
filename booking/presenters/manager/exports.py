"""Bookings, customers and payments as rows of a file: one value in each cell, times in the business's own time."""

from datetime import datetime
from decimal import Decimal

from babel.numbers import get_currency_precision
from django.conf import settings

from booking.bookeo import Booking, Customer, Payment
from booking.presenters.checkout import phone_text
from booking.presenters.manager.words import customer_name, name_of
from booking.services.exports import Cell, Row
from booking.services.finding import left_to_pay

BOOKING_COLUMNS = (
    "number",
    "start",
    "end",
    "product",
    "people",
    "customer",
    "e-mail",
    "phone",
    "price",
    "paid",
    "due",
    "currency",
    "cancelled",
    "made",
)
CUSTOMER_COLUMNS = ("name", "e-mail", "phone", "customer since", "next booking", "last booking", "id")
PAYMENT_COLUMNS = ("received", "amount", "currency", "method", "reason", "taken by", "customer id", "id")


def booking_row(booking: Booking) -> Row:
    """In the order of `BOOKING_COLUMNS`."""
    zone, customer, price = settings.BUSINESS_TIME_ZONE, booking.customer, booking.price
    money: Row = ["", "", "", ""]
    if price is not None:
        currency = price.total_gross.currency
        amounts = (price.total_gross.amount, price.total_paid.amount, left_to_pay(booking))
        money = [*(_amount(amount, currency) for amount in amounts), currency]
    return [
        booking.booking_number,
        booking.start_time.astimezone(zone),
        booking.end_time.astimezone(zone),
        booking.product_name or "",
        sum(group.number for group in booking.participants.numbers),
        name_of(booking),
        (customer.email_address or "") if customer else "",
        _phones(customer) if customer else "",
        *money,
        "yes" if booking.canceled else "no",
        booking.creation_time.astimezone(zone),
    ]


def customer_row(customer: Customer) -> Row:
    """In the order of `CUSTOMER_COLUMNS`."""
    return [
        customer_name(customer),
        customer.email_address or "",
        _phones(customer),
        _moment(customer.creation_time),
        _moment(customer.start_time_of_next_booking),
        _moment(customer.start_time_of_previous_booking),
        customer.id,
    ]


def payment_row(payment: Payment) -> Row:
    """In the order of `PAYMENT_COLUMNS`."""
    return [
        payment.received_time.astimezone(settings.BUSINESS_TIME_ZONE),
        _amount(payment.amount.amount, payment.amount.currency),
        payment.amount.currency,
        payment.payment_method_other or payment.payment_method,
        payment.reason,
        payment.agent or "",
        payment.customer_id or "",
        payment.id,
    ]


def plain_cells(row: Row) -> list[str]:
    """As CSV holds them."""
    return [str(cell.replace(tzinfo=None)) if isinstance(cell, datetime) else str(cell) for cell in row]


def _amount(amount: Decimal, currency: str) -> Decimal:
    """With as many digits as the currency has: 120.00"""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)))


def telephone(number: str) -> str:
    """+39 055 501 0199, however it was typed, with no sign that a spreadsheet could reckon with."""
    return phone_text(number).replace("-", " ")


def _phones(customer: Customer) -> str:
    return ", ".join(telephone(phone.number) for phone in customer.phone_numbers)


def _moment(moment: datetime | None) -> Cell:
    return moment.astimezone(settings.BUSINESS_TIME_ZONE) if moment else ""
