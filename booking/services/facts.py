"""Facts for the reports: one row for each booking, payment and slot, with times and figures and nothing of the people.

A row says how the thing stands at Bookeo now, whatever led there. So the same answer twice, late, or in another order
leaves the same rows. Whoever changes a row here has the sheets of its days made anew in the same transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from booking.bookeo import Booking, Payment, PeopleCategory, Product, Slot
from booking.models import BookingFact, PaymentFact, ProductFact, SlotFact
from booking.services import days, fact_sheets
from booking.services.choices import Party

ROWS_AT_ONCE = 200
# As the columns keep amounts: no currency has more.
PLACES = Decimal("0.001")
HOUR = timedelta(hours=1)
# After all products of the account's own list.
POSITION_OF_OTHERS = 1000

Fact = TypeVar("Fact", BookingFact, PaymentFact, SlotFact)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows are others now, and the days that they are about, before and after."""

    changed: int = 0
    days: frozenset[date] = frozenset()


def keep_bookings(bookings: Iterable[Booking], categories: Mapping[str, PeopleCategory]) -> Kept:
    """An answer that is older than what is known changes nothing."""
    bookings = tuple(bookings)
    _name_products({booking.product_id: booking.product_name or "" for booking in bookings})
    new = {booking.booking_number: _booking_fact(booking, categories) for booking in bookings}
    return _keep(BookingFact, new, _is_news)


def keep_payments(payments: Iterable[Payment]) -> Kept:
    """Of a method by another name only that it is one: the name is free text."""
    return _keep(PaymentFact, {payment.id: _payment_fact(payment) for payment in payments}, _differs)


def keep_slots(slots: Iterable[Slot]) -> Kept:
    """Slots that say of which product they are."""
    return _keep(SlotFact, {slot.event_id: _slot_fact(slot) for slot in slots if slot.product_id}, _differs)


def keep_full(bookings: Iterable[BookingFact]) -> Kept:
    """The slots of these bookings have no seats left."""
    new = {booking.event_id: _full_slot(booking) for booking in bookings}
    return _keep(SlotFact, new, _differs)


def drop(gone: QuerySet[BookingFact] | QuerySet[PaymentFact] | QuerySet[SlotFact]) -> None:
    """What does not stand at Bookeo any more."""
    with transaction.atomic():
        days_of_them = set(gone.values_list("day", flat=True))
        gone.delete()
        fact_sheets.make_anew(days_of_them)


def keep_products(products: Sequence[Product]) -> None:
    """Their names, in the account's order."""
    new = [
        ProductFact(product_id=product.product_id, name=product.name[:200], position=position)
        for position, product in enumerate(products)
    ]
    known = ProductFact.objects.in_bulk()
    _put(ProductFact, [fact for fact in new if _differs(fact, known.get(fact.pk))])


def _keep(model: type[Fact], new: Mapping[str, Fact], is_news: Callable[[Fact, Fact | None], bool]) -> Kept:
    known = model._default_manager.in_bulk(list(new))
    changed: list[Fact] = [fact for key, fact in new.items() if is_news(fact, known.get(key))]
    if not changed:
        return Kept()
    before: list[Fact] = [known[fact.pk] for fact in changed if fact.pk in known]
    touched = frozenset(fact.day for fact in (*changed, *before))
    with transaction.atomic():
        _put(model, changed)
        fact_sheets.make_anew(touched)
    return Kept(len(changed), touched)


def _put(model: type[Model], facts: Sequence[Model]) -> None:
    columns = [field.name for field in model._meta.concrete_fields]
    key = model._meta.pk.name
    model._default_manager.bulk_create(
        facts,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[name for name in columns if name != key],
    )


def _is_news(fact: BookingFact, known: BookingFact | None) -> bool:
    # At the same second it may be news all the same: Bookeo does not call a payment a change.
    return known is None or (known.changed_at <= fact.changed_at and _differs(fact, known))


def _differs(fact: Model, known: Model | None) -> bool:
    return known is None or _values(fact) != _values(known)


def _values(fact: Model) -> list[object]:
    return [getattr(fact, field.attname) for field in fact._meta.concrete_fields]


def _name_products(names: Mapping[str, str]) -> None:
    """Those that the list of products does not tell: they are closed to the API."""
    others = [
        ProductFact(product_id=product_id, name=name[:200], position=POSITION_OF_OTHERS)
        for product_id, name in names.items()
        if name
    ]
    ProductFact.objects.bulk_create(others, ignore_conflicts=True)


def _booking_fact(booking: Booking, categories: Mapping[str, PeopleCategory]) -> BookingFact:
    party = Party.of_booking(booking)
    price = booking.price
    return BookingFact(
        number=booking.booking_number,
        product_id=booking.product_id,
        event_id=_event_of(booking),
        day=days.day_of(booking.start_time),
        start=booking.start_time,
        changed_at=booking.last_change_time or booking.creation_time,
        lead_days=(days.day_of(booking.start_time) - days.day_of(booking.creation_time)).days,
        canceled=booking.canceled,
        notice_hours=_notice_hours(booking.start_time, booking.cancelation_time) if booking.canceled else None,
        accepted=booking.accepted,
        people=party.total,
        seats=party.seats(categories),
        currency=price.total_gross.currency if price else "",
        gross=_amount(price.total_gross.amount if price else Decimal(0)),
        paid=_amount(price.total_paid.amount if price else Decimal(0)),
    )


def _event_of(booking: Booking) -> str:
    """Of a single class of a course none: it takes seats of that class alone, which no list of slots tells."""
    return "" if booking.dropin_course_enrolled_event_id else booking.event_id or ""


def _notice_hours(start: datetime, canceled_at: datetime | None) -> int | None:
    # In UTC, because two times of one zone are subtracted as clocks show them.
    return None if canceled_at is None else (start.astimezone(UTC) - canceled_at.astimezone(UTC)) // HOUR


def _payment_fact(payment: Payment) -> PaymentFact:
    return PaymentFact(
        payment_id=payment.id,
        day=days.day_of(payment.received_time),
        currency=payment.amount.currency,
        amount=_amount(payment.amount.amount),
        method=payment.payment_method[:40],
    )


def _slot_fact(slot: Slot) -> SlotFact:
    return SlotFact(
        event_id=slot.event_id,
        product_id=slot.product_id or "",
        day=days.day_of(slot.start_time),
        start=slot.start_time,
        seats_left=max(slot.num_seats_available, 0),
    )


def _full_slot(booking: BookingFact) -> SlotFact:
    return SlotFact(
        event_id=booking.event_id,
        product_id=booking.product_id,
        day=booking.day,
        start=booking.start,
        seats_left=0,
    )


def _amount(amount: Decimal) -> Decimal:
    return amount.quantize(PLACES)
