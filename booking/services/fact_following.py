"""Keeping the facts of the reports in step with Bookeo, a few calls at a time, behind everybody who waits.

A turn follows what has changed since the last one: bookings by the time of their change, payments by the time they
were received, both with an overlap. Then it reads some weeks as a whole (`fact_weeks`). What was done stands in the
database after each answer, so a turn that is killed half-way costs nothing but its last call.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from booking.bookeo import Forbidden, ProductType, WebhookDomain, WebhookType
from booking.models import BookingFact, FactKind, FactReading, FactWeek, PaymentFact, SlotFact, WebhookMessage
from booking.services import booking_changes, catalogue, days, fact_weeks, facts, payments, sharing, slots
from booking.services.errors import DetailsRejected, NotFound, Unavailable
from booking.services.facts import Kept
from booking.services.key_permissions import Permission, PermissionMissing, needing
from booking.services.payments import Received

EVERY = timedelta(minutes=5)
# Of a kind that the key may not read, somebody may have allowed it since.
REFUSED_PAUSE = timedelta(hours=1)
# Two machines' clocks differ a little, and what was changed may show up late.
SKEW, OVERLAP = timedelta(minutes=2), timedelta(minutes=10)
# A notification is there for others to read a moment after its time.
ARRIVING = timedelta(seconds=10)
# After a long absence changes are followed day by day, so many days in one turn.
STEP, STEPS = timedelta(days=1), 8
UNREAD_WEEKS = 8
# Weeks that are due again: in a quiet turn, and in one that has found something.
QUIET_WEEKS, BUSY_WEEKS = 1, 4
# A list that does not tell of something proves little: each thing is asked for by itself, so many in one week.
MISSING_ASKED = 5
BLOCKS_FELT = timedelta(days=28)
LOCK, LOCK_SECONDS = "facts-followed", 120.0

HEEDED = (WebhookDomain.BOOKINGS, WebhookDomain.PAYMENTS, WebhookDomain.SEAT_BLOCKS, WebhookDomain.RESOURCE_BLOCKS)
BLOCKS = (WebhookDomain.SEAT_BLOCKS, WebhookDomain.RESOURCE_BLOCKS)


@dataclass(frozen=True, slots=True)
class Standing:
    """When bookings were last followed, None before the first time; and the kinds that the key may not read."""

    as_of: datetime | None
    refused: frozenset[str]


def follow(*, at_once: bool = False) -> int | None:
    """Take a turn if one is due, or `at_once`; answers how many facts are others now, None while somebody else takes
    one. Raises Unavailable."""
    now = datetime.now(UTC)
    if not (at_once or _is_due(now)):
        return 0
    with sharing.claimed(LOCK, seconds=LOCK_SECONDS) as is_mine:
        return sum(_turn(now)) if is_mine else None


def standing() -> Standing:
    readings = list(FactReading.objects.all())
    as_of = next((reading.asked_at for reading in readings if reading.kind == FactKind.BOOKINGS), None)
    return Standing(as_of, frozenset(reading.kind for reading in readings if reading.refused))


def _is_due(now: datetime) -> bool:
    readings = list(FactReading.objects.all())
    if not readings:
        return True
    asked_at = max(reading.asked_at for reading in readings)
    if all(reading.refused for reading in readings):
        return now - asked_at >= REFUSED_PAUSE
    return now - asked_at >= EVERY or fact_weeks.any_unread() or _messages_since(asked_at).exists()


def _turn(now: datetime) -> Iterator[int]:
    """Each step answers how many facts it has changed."""
    as_of = standing().as_of
    fact_weeks.plan()
    facts.keep_products(catalogue.find_products())
    changes = sum(_follow(kind, read, now) for kind, read in CHANGES.items())
    yield changes
    told = _heed(_messages_since(as_of - ARRIVING), now) if as_of else 0
    again = BUSY_WEEKS if changes or told else QUIET_WEEKS
    for week in fact_weeks.next_ones(now, unread=UNREAD_WEEKS, again=again):
        yield _read_week(week, now)


def _follow(kind: FactKind, read: Callable[[datetime, datetime], Kept], now: datetime) -> int:
    new = {"followed_until": now, "asked_at": now}
    reading, _ = FactReading.objects.get_or_create(kind=kind, defaults=new)
    if reading.refused and now - reading.asked_at < REFUSED_PAUSE:
        return 0
    changed, begin, end = 0, reading.followed_until - OVERLAP, now + SKEW
    with _refusal_noted(kind, now):
        for _ in range(STEPS):
            stop = min(begin + STEP, end)
            kept = read(begin, stop)
            changed += kept.changed
            reading.followed_until, reading.asked_at, reading.refused = min(stop, now), now, False
            reading.save()
            fact_weeks.again_soon(FactKind.SLOTS, kept.days, now)
            if stop == end:
                break
            begin = stop
    return changed


def _changed_bookings(begin: datetime, stop: datetime) -> Kept:
    with needing(Permission.READ_BOOKINGS):
        found = booking_changes.find_bookings(changed=(begin, stop), with_cancelled=True)
    return facts.keep_bookings(found, catalogue.find_people_categories())


def _received_payments(begin: datetime, stop: datetime) -> Kept:
    """With those of the day before: they are often written down later."""
    received = Received(days.day_of(begin) - timedelta(days=1), days.day_of(stop))
    kept = facts.keep_payments(payments.find_received(received))
    return Kept(kept.changed)  # payments take no seats


CHANGES = {FactKind.BOOKINGS: _changed_bookings, FactKind.PAYMENTS: _received_payments}


def _messages_since(moment: datetime) -> QuerySet[WebhookMessage]:
    return WebhookMessage.objects.filter(received_at__gt=moment, domain__in=HEEDED)


def _heed(messages: Iterable[WebhookMessage], now: datetime) -> int:
    """What notifications tell beyond what is followed anyway: that something is gone, or that seats are blocked."""
    gone = {(m.domain, m.item_id) for m in messages if m.type != WebhookType.CREATED and m.domain not in BLOCKS}
    numbers = [item for domain, item in gone if domain == WebhookDomain.BOOKINGS]
    ids = [item for domain, item in gone if domain == WebhookDomain.PAYMENTS]
    bookings = BookingFact.objects.filter(number__in=numbers, canceled=False).values_list("day", flat=True)
    paid = PaymentFact.objects.filter(payment_id__in=ids).values_list("day", flat=True)
    told = fact_weeks.again_soon(FactKind.BOOKINGS, bookings, now)
    told += fact_weeks.again_soon(FactKind.PAYMENTS, paid, now)
    if any(message.domain in BLOCKS for message in messages):
        told += fact_weeks.again_soon(FactKind.SLOTS, _coming_days(), now)
    return told


def _coming_days() -> list[date]:
    return [days.today() + timedelta(days=number) for number in range(BLOCKS_FELT.days)]


def _read_week(week: FactWeek, now: datetime) -> int:
    """A week that Bookeo will not tell of, such as slots of long ago, must not keep the others from being read."""
    try:
        return _read(week, now)
    except (DetailsRejected, NotFound, Unavailable) as error:
        if isinstance(error, Unavailable) and not isinstance(error.__cause__, Forbidden):
            raise
        fact_weeks.put_off(week, now)
        return 0


def _read(week: FactWeek, now: datetime) -> int:
    kind, changed = FactKind(week.kind), 0
    with _refusal_noted(kind, now):
        kept = WEEKS[kind](week.monday)
        changed = kept.changed
        fact_weeks.done(week, now)
        if kind == FactKind.BOOKINGS:
            fact_weeks.again_soon(FactKind.SLOTS, kept.days, now)
    return changed


@contextmanager
def _refusal_noted(kind: FactKind, now: datetime) -> Iterator[None]:
    """A key that may not read payments must not keep bookings from being counted."""
    try:
        yield
    except PermissionMissing:
        FactReading.objects.filter(kind=kind).update(refused=True, asked_at=now)


def _week_of_bookings(monday: date) -> Kept:
    begin, stop = fact_weeks.span_of(monday)
    with needing(Permission.READ_BOOKINGS):
        found = booking_changes.find_bookings(starting=(begin, stop), with_cancelled=True)
        kept = facts.keep_bookings(found, catalogue.find_people_categories())
        told = {booking.booking_number for booking in found}
        here = BookingFact.objects.filter(start__range=(begin, stop)).values_list("number", flat=True)
        for number in _missing(here, told):
            _look_after_booking(number)
    return kept


def _look_after_booking(number: str) -> None:
    try:
        found = booking_changes.get_booking(number, with_people=False)
    except NotFound:
        facts.drop(BookingFact.objects.filter(number=number))
    else:
        facts.keep_bookings([found], catalogue.find_people_categories())


def _week_of_payments(monday: date) -> Kept:
    sunday = monday + timedelta(days=6)
    found = payments.find_received(Received(monday, sunday))
    kept = facts.keep_payments(found)
    here = PaymentFact.objects.filter(day__range=(monday, sunday)).values_list("payment_id", flat=True)
    for payment_id in _missing(here, {payment.id for payment in found}):
        _look_after_payment(payment_id)
    return kept


def _look_after_payment(payment_id: str) -> None:
    try:
        facts.keep_payments([payments.get_payment(payment_id)])
    except NotFound:
        facts.drop(PaymentFact.objects.filter(payment_id=payment_id))


def _missing(here: Iterable[str], told: set[str]) -> list[str]:
    return sorted(set(here) - told)[:MISSING_ASKED]


def _week_of_slots(monday: date) -> Kept:
    """A coming slot that is not told any more is full when it is booked, for accounts may hide full ones; else it is
    gone. What lies behind stays as it was seen last."""
    begin, stop = fact_weeks.span_of(monday)
    found = slots.on_offer(begin, stop)
    kept = facts.keep_slots(found)
    told = {slot.event_id for slot in found}
    coming = (max(begin, days.now()), stop)
    booked = {booking.event_id: booking for booking in _booked(coming) if booking.event_id not in told}
    untold = SlotFact.objects.filter(start__range=coming).exclude(event_id__in=told)
    facts.drop(untold.exclude(event_id__in=booked))
    facts.keep_full(booking for booking in booked.values() if _has_slot(booking, untold))
    return kept


def _booked(span: tuple[datetime, datetime]) -> Iterable[BookingFact]:
    return BookingFact.objects.filter(start__range=span, canceled=False).exclude(event_id="")


def _has_slot(booking: BookingFact, untold: QuerySet[SlotFact]) -> bool:
    """It is known, or of a product whose bookings begin when the slot does: into courses people come late."""
    scheduled = {product.product_id for product in catalogue.find_products() if product.type == ProductType.FIXED}
    return booking.product_id in scheduled or untold.filter(event_id=booking.event_id).exists()


WEEKS = {
    FactKind.BOOKINGS: _week_of_bookings,
    FactKind.PAYMENTS: _week_of_payments,
    FactKind.SLOTS: _week_of_slots,
}
