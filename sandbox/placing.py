"""The check that holds, bookings and changes share: is there a slot, do the people fit, what does it cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sandbox import seats
from sandbox.answers import chosen_options
from sandbox.booking_schemas import BookingFields, PriceAdjustment
from sandbox.call import Call
from sandbox.catalogue import Product
from sandbox.codes import Codes, look_up
from sandbox.credits import Credits, credits_for
from sandbox.errors import bad_request, forbidden
from sandbox.pricing import Adjustment, Chosen, Order, Quote, Settlement, quote, settle
from sandbox.schemas import PeopleNumber
from sandbox.slots import BOOKING_CUTOFF_SECONDS, Place, flexible_place, scheduled_place

NO_SEATS = "There are not enough seats available"


@dataclass(frozen=True)
class Placement:
    """A booking that passed every check: where it goes, who comes, what it costs."""

    product: Product
    place: Place
    numbers: Mapping[str, int]
    seats: int
    chosen: Sequence[Chosen]
    codes: Codes
    credits: Credits
    quote: Quote

    @property
    def settlement(self) -> Settlement:
        """How vouchers and store credit pay for it."""
        return settle(self.quote.gross, self.codes.vouchers, self.credits.money)

    def take(self, db: sqlite3.Connection, owner: str, now: int, expires: int | None = None) -> None:
        """Let an owner take what the placement needs."""
        seats.take_seats(db, owner, self.place.events, self.seats, now, expires)
        seats.take_resources(db, owner, self.place.resources, self.place.starts, self.place.ends, now, expires)


def check(
    call: Call,
    fields: BookingFields,
    people: Sequence[PeopleNumber],
    customer: sqlite3.Row | None,
    *,
    complete: bool,
    backend: bool,
) -> Placement:
    """Everything that can be refused, in this order: product, people, options, codes, customer, slot, seats.

    `complete` insists on required options, which a hold does not (inferred). Raises 400 and 403.
    """
    product = bookable_product(call, fields.product_id)
    numbers = count_people(product, people, backend=backend)
    chosen = chosen_options(call, product, fields.options, complete=complete)
    codes = look_up(call, product, fields.promotion_code_input, fields.gift_voucher_code_input)
    brought = credits_for(product, customer, numbers, call.now)
    place = find_place(call, product, fields, chosen)
    if not backend and place.starts < call.now + BOOKING_CUTOFF_SECONDS:
        raise forbidden("It is too late to book this time")
    taken = seats_for(call, product, numbers, private=fields.private_event)
    if place.seats_left < min(taken, product.capacity) or (fields.private_event and place.seats_taken):
        raise forbidden(NO_SEATS)
    order = Order(
        product=product,
        rates=place.rates,
        part=place.share * brought.part,
        numbers=numbers,
        seats=count_seats(call, numbers),
        chosen=chosen,
        promotions=codes.promotions,
        voucher=codes.specific,
        prepaid_credits=brought.prepaid,
        adjustments=adjustments(call, fields.price_adjustments),
    )
    tax = next(tax for tax in call.account.taxes if tax.id == product.tax)
    return Placement(product, place, numbers, taken, chosen, codes, brought, quote(order, tax))


def bookable_product(call: Call, product_id: str) -> Product:
    """The product, unless it is unknown or closed to the API."""
    product = call.account.product(product_id)
    if product is None:
        raise bad_request("Unknown product")
    if not product.api_bookings_allowed:
        raise forbidden("This product cannot be booked through the API")
    return product


def count_people(product: Product, people: Sequence[PeopleNumber], *, backend: bool) -> dict[str, int]:
    """People by category, within the product's limits (reference 4.2). A manager may exceed limits."""
    numbers: dict[str, int] = {}
    for entry in people:
        if product.limit(entry.people_category_id) is None:
            raise forbidden("This product cannot be booked for that category of people")
        if entry.people_category_id in numbers:
            raise bad_request("The category {} is there twice", entry.people_category_id)
        numbers[entry.people_category_id] = entry.number
    if not sum(numbers.values()):
        raise bad_request("At least one participant is needed")
    if not backend:
        _check_limits(product, numbers)
    return {category: number for category, number in numbers.items() if number}


def _check_limits(product: Product, numbers: Mapping[str, int]) -> None:
    for limit in product.limits:
        count = sum(numbers.values()) if limit.category is None else numbers.get(limit.category, 0)
        if not limit.minimum <= count <= limit.maximum:
            raise forbidden("The number of participants must be between {} and {}", limit.minimum, limit.maximum)


def count_seats(call: Call, numbers: Mapping[str, int]) -> int:
    """Seats that the people take: an infant none, a family several."""
    per_category = {category.id: category.seats for category in call.account.categories}
    return sum(per_category[category] * number for category, number in numbers.items())


def seats_for(call: Call, product: Product, numbers: Mapping[str, int], *, private: bool) -> int:
    """Seats that a booking takes; a private event takes them all."""
    if not private:
        return count_seats(call, numbers)
    if not product.allow_private_events:
        raise bad_request("This product has no private events")
    return seats.ALL_SEATS


def find_place(call: Call, product: Product, fields: BookingFields, chosen: Sequence[Chosen]) -> Place:
    """Where the booking goes. Raises 400 when it does not say, 403 when that is not possible."""
    if product.type == "flexibleTime":
        return flexible_place(call, product, fields, appointment_seconds(product, chosen))
    if fields.event_id is None:
        raise bad_request("Missing required field: eventId")
    return scheduled_place(call, product, fields, fields.event_id)


def appointment_seconds(product: Product, chosen: Sequence[Chosen]) -> int:
    """How long a flexible appointment lasts: a choice may set it, else the product does."""
    minutes = product.hours * 60 + product.minutes
    for entry in chosen:
        for choice in entry.option.choices:
            if choice.id == entry.value and choice.minutes is not None:
                minutes = choice.minutes
    return minutes * 60


def adjustments(call: Call, given: Sequence[PriceAdjustment]) -> list[Adjustment]:
    """Extra lines on the price, in the account's currency."""
    for line in given:
        if line.unit_price.currency != call.account.currency:
            raise bad_request("Invalid value for priceAdjustments: wrong currency")
    return [Adjustment(Decimal(line.unit_price.amount), line.quantity) for line in given]
