"""What was found: bookings and customers as rows, and sentences about how far was looked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from booking.bookeo import Booking, Customer
from booking.presenters import texts
from booking.presenters.manager.words import customer_name, due_of, name_of
from booking.services.finding import PAGE_SIZE, PAGES_AT_ONCE, Filters, Found, People


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class BookingLine:
    spaced_number: str
    href: str
    name: str
    day: str
    clock: str
    product: str
    people: str
    due: str
    badges: tuple[Badge, ...]


@dataclass(frozen=True, slots=True)
class CustomerChoice:
    """A customer to choose by a press."""

    id: str
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class CustomerLine:
    href: str
    name: str
    email: str
    phone: str
    coming: str
    before: str


def booking_line(booking: Booking) -> BookingLine:
    start = booking.start_time
    return BookingLine(
        spaced_number=texts.spaced(booking.booking_number),
        href=booking_href(booking.booking_number),
        name=name_of(booking),
        day=texts.short_day(texts.day_of(start)),
        clock=texts.clock_or_days(start, booking.end_time),
        product=booking.product_name or "",
        people=texts.counted(sum(group.number for group in booking.participants.numbers), "person", "people"),
        due=due_of(booking),
        badges=tuple(_badges(booking)),
    )


def customer_line(customer: Customer) -> CustomerLine:
    coming, before = customer.start_time_of_next_booking, customer.start_time_of_previous_booking
    return CustomerLine(
        href=reverse("manager:customer-detail", args=[customer.id]),
        name=customer_name(customer),
        email=customer.email_address or "",
        phone=", ".join(phone.number for phone in customer.phone_numbers),
        coming=texts.deadline(coming) if coming else "",
        before=texts.full_day(texts.day_of(before)) if before else "",
    )


def customer_choice(customer: Customer) -> CustomerChoice:
    phones = (phone.number for phone in customer.phone_numbers)
    facts = [customer.email_address, *phones, "a member" if customer.member else ""]
    return CustomerChoice(customer.id, customer_name(customer), ", ".join(fact for fact in facts if fact))


def booking_href(number: str) -> str:
    """The page of one booking."""
    try:
        return reverse("manager:booking-detail", args=[number])
    except NoReverseMatch:  # a number that no address can hold
        return f"{reverse('manager:start')}bookings/{number}/"


def how_many(found: Found) -> str:
    """“37 bookings on this page”, and among how many they were picked."""
    shown = texts.counted(len(found.bookings), "booking", "bookings")
    place = " on this page" if found.next else ""
    picked = f", of {found.looked_at} looked through" if found.looked_at > len(found.bookings) else ""
    return f"{shown}{place}{picked}"


def which(filters: Filters) -> str:
    """“Starts Tuesday, 24 November 2026 to Thursday, 24 December 2026”: also the days that nobody chose."""
    starts = [texts.full_day(day) for day in (filters.first, filters.last) if day]
    changed = f"changed since {texts.full_day(filters.changed_since)}" if filters.changed_since else ""
    sentence = f"starting {' to '.join(starts)}" if starts else ""
    return ", ".join(part for part in (sentence, changed) if part)


def how_far(people: People) -> str:
    """What the search could not see."""
    since = texts.full_day(people.since)
    if people.until is None:
        return f"Bookings since {since}."
    most = f" Only the first {PAGE_SIZE * PAGES_AT_ONCE} could be looked at." if people.cut else ""
    told = f"Bookeo cannot look for telephone numbers. Looked through bookings from {since} to "
    return f"{told}{texts.full_day(people.until)}.{most}"


def _badges(booking: Booking) -> Iterable[Badge]:
    if booking.canceled:
        yield Badge("cancelled", "bad")
    elif not booking.accepted:
        yield Badge("request", "warn")
    if booking.no_show:
        yield Badge("did not come", "warn")
