"""Customers of the account: signing in, their records, their bookings, and the people they have booked for."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from booking import bookeo
from booking.bookeo import Booking, Customer, CustomerInput, LinkedPerson, changed_document, iter_pages
from booking.services import upstream, windows
from booking.services.attempts import Kind, fingerprint_of
from booking.services.errors import (
    NotFound,
    OutcomeUnknown,
    SignInFailed,
    TooManyAttempts,
    bookeo_errors_translated,
    rules_may_refuse,
    write_may_stand,
)
from booking.services.once import once

ATTEMPTS_PER_ADDRESS = 5
ATTEMPTS_PER_CLIENT = 30
ATTEMPT_WINDOW_SECONDS = 900
SEARCH_PAGES = 3
SEARCH_PAGE_SIZE = 100
BOOKING_PAGES = 10
TWO_WORDS = 2
# Each record with the same e-mail may cost a call; nobody has more than this by accident.
RECORDS_TRIED = 5

P = TypeVar("P", Customer, LinkedPerson)


def sign_in(*, email: str, password: str, client: str) -> Customer:
    """The customer whose e-mail and password these are: every record with the e-mail is tried, newest first.

    `client` is the visitor's network address, used to limit attempts and kept only as a hash for a quarter of an hour.
    Raises SignInFailed (the same for each reason) and TooManyAttempts.
    """
    _count_attempt(f"email:{email.casefold()}|{client}", ATTEMPTS_PER_ADDRESS)
    _count_attempt(f"client:{client}", ATTEMPTS_PER_CLIENT)
    api = upstream.bookeo()
    with bookeo_errors_translated():
        for customer in _records_with(email)[:RECORDS_TRIED]:
            try:
                if api.authenticate_customer(customer_id=customer.id, password=password):
                    return customer
            except bookeo.NotFound:
                continue
    raise SignInFailed("no record matches")


def find_customers(text: str, *, field: str = "name") -> tuple[Customer, ...]:
    """Customers whose `name`, `firstName`, `lastName` or `emailAddress` holds the text, newest first."""
    api = upstream.bookeo()
    with bookeo_errors_translated():
        first = api.search_customers(search_text=text, search_field=field, items_per_page=SEARCH_PAGE_SIZE)
        pages = iter_pages(first, api.get_customers_page, max_pages=SEARCH_PAGES)
        return _newest_first(customer for page in pages for customer in page.data)


def find_named(name: str) -> tuple[Customer, ...]:
    """Customers whose name holds this. Two words that find nobody are looked for the other way round too: people say
    the surname first."""
    found, words = find_customers(name), name.replace(",", " ").split()
    return found if found or len(words) != TWO_WORDS else find_customers(" ".join(reversed(words)))


def find_records_with(email: str) -> tuple[Customer, ...]:
    """Records with exactly this e-mail, newest first: Bookeo keeps duplicates (reference 4.6)."""
    with bookeo_errors_translated():
        return _records_with(email)


def get_customer(customer_id: str) -> Customer:
    """Raises NotFound."""
    with bookeo_errors_translated():
        return upstream.bookeo().get_customer(customer_id=customer_id)


def create_customer(customer: CustomerInput, *, form: str) -> Customer:
    """A new record: once for each `form`, a random value made with the form.

    Bookeo looks for no duplicates (reference 4.6); showing older records with the same e-mail first is the caller's
    part. Raises DetailsRejected, OutcomeUnknown.
    """
    name = f"{customer.first_name or ''} {customer.last_name or ''}"

    def send(reference: str) -> Customer:
        return upstream.bookeo().create_customer(customer=customer)

    return once(
        Kind.CUSTOMER,
        form,
        send=send,
        read=get_customer,
        target_of=lambda made: made.id,
        fingerprint=fingerprint_of(customer.email_address or name),
    )


def change_customer(customer_id: str, **changes: Any) -> Customer:
    """Read, change the named fields, send all back; what we do not know stays. Raises NotFound, DetailsRejected,
    OutcomeUnknown."""
    api = upstream.bookeo()

    def send(before: Customer) -> Customer:
        return api.update_customer(customer_id=customer_id, document=changed_document(before, **changes))

    return _changed(partial(api.get_customer, customer_id=customer_id), send, changes)


def delete_customer(customer_id: str) -> None:
    """Delete the record and its bookings. Raises RuleRefused while bookings are to come, NotFound, OutcomeUnknown."""
    api = upstream.bookeo()
    _deleted(partial(api.delete_customer, customer_id=customer_id), partial(api.get_customer, customer_id=customer_id))


def find_bookings_of(customer_id: str, *, since: date | None = None, until: date | None = None) -> tuple[Booking, ...]:
    """A customer's bookings by start, cancelled ones among them."""
    api = upstream.bookeo()
    with bookeo_errors_translated():
        first = api.list_customer_bookings(customer_id=customer_id, begin_date=since, end_date=until)
        more = partial(api.get_customer_bookings_page, customer_id=customer_id)
        found = [booking for page in iter_pages(first, more, max_pages=BOOKING_PAGES) for booking in page.data]
    return tuple(sorted(found, key=lambda booking: booking.start_time))


def find_linked_people(customer_id: str) -> tuple[LinkedPerson, ...]:
    """People this customer has booked for, in the order of their first names."""
    with bookeo_errors_translated():
        people = upstream.bookeo().list_linked_people(customer_id=customer_id).data
    return tuple(sorted(people, key=lambda person: (person.first_name or "", person.last_name or "")))


def get_linked_person(customer_id: str, person_id: str) -> LinkedPerson:
    """Raises NotFound."""
    with bookeo_errors_translated():
        return upstream.bookeo().get_linked_person(customer_id=customer_id, person_id=person_id)


def change_linked_person(customer_id: str, person_id: str, **changes: Any) -> LinkedPerson:
    """Read, change the named fields, send all back. Raises NotFound, DetailsRejected, OutcomeUnknown."""
    api = upstream.bookeo()

    def send(before: LinkedPerson) -> LinkedPerson:
        document = changed_document(before, **changes)
        return api.update_linked_person(customer_id=customer_id, person_id=person_id, document=document)

    return _changed(partial(api.get_linked_person, customer_id=customer_id, person_id=person_id), send, changes)


def delete_linked_person(customer_id: str, person_id: str) -> None:
    """Raises NotFound, RuleRefused, OutcomeUnknown."""
    api = upstream.bookeo()
    names = {"customer_id": customer_id, "person_id": person_id}
    _deleted(partial(api.delete_linked_person, **names), partial(api.get_linked_person, **names))


def _changed(read: Callable[[], P], send: Callable[[P], P], changes: dict[str, Any]) -> P:
    """Sent once. When the answer is lost, the record itself tells whether it is as wished."""
    with bookeo_errors_translated(), rules_may_refuse():
        before = read()
        try:
            return send(before)
        except bookeo.BookeoError as error:
            if not error.outcome_unknown:
                raise
            lost = error
    with write_may_stand(), bookeo_errors_translated():
        after = read()
    if any(getattr(after, name) != value for name, value in changes.items()):
        raise OutcomeUnknown(str(lost)) from lost
    return after


def _deleted(send: Callable[[], None], read: Callable[[], object]) -> None:
    """Sent once. When the answer is lost, the record is gone, or it is not known yet whether it will be."""
    with bookeo_errors_translated(), rules_may_refuse():
        try:
            return send()
        except bookeo.BookeoError as error:
            if not error.outcome_unknown:
                raise
            lost = error
    try:
        with write_may_stand(), bookeo_errors_translated():
            read()
    except NotFound:
        return None
    raise OutcomeUnknown(str(lost)) from lost


def _records_with(email: str) -> tuple[Customer, ...]:
    """Records with exactly this e-mail, newest first. Bookeo's search is wider than equality (reference 6.4)."""
    api = upstream.bookeo()
    first = api.search_customers(search_text=email, search_field="emailAddress")
    pages = iter_pages(first, api.get_customers_page, max_pages=SEARCH_PAGES)
    same = (c for page in pages for c in page.data if (c.email_address or "").casefold() == email.casefold())
    return _newest_first(same)


def _newest_first(customers: Iterable[Customer]) -> tuple[Customer, ...]:
    return tuple(sorted(customers, key=lambda customer: customer.creation_time, reverse=True))


def _count_attempt(subject: str, allowed: int) -> None:
    name = "sign-in:" + hashlib.sha256(subject.encode()).hexdigest()
    if not windows.hit(name, allowed=allowed, seconds=ATTEMPT_WINDOW_SECONDS):
        raise TooManyAttempts(retry_after=ATTEMPT_WINDOW_SECONDS)
