"""Customers of the account: signing in, and the people they have booked for before."""

import hashlib

from django.core.cache import cache

from booking import bookeo
from booking.bookeo import Customer, LinkedPerson, iter_pages
from booking.services import upstream
from booking.services.errors import SignInFailed, TooManyAttempts, bookeo_errors_translated

ATTEMPTS_PER_ADDRESS = 5
ATTEMPTS_PER_CLIENT = 30
ATTEMPT_WINDOW_SECONDS = 900
SEARCH_PAGES = 3
# Each record with the same e-mail may cost a call; nobody has more than this by accident.
RECORDS_TRIED = 5


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


def find_linked_people(customer_id: str) -> tuple[LinkedPerson, ...]:
    """People this customer has booked for, in the order of their first names."""
    with bookeo_errors_translated():
        people = upstream.bookeo().list_linked_people(customer_id=customer_id).data
    return tuple(sorted(people, key=lambda person: (person.first_name or "", person.last_name or "")))


def _records_with(email: str) -> list[Customer]:
    """Records with exactly this e-mail, newest first. Bookeo's search is wider than equality (reference 6.4)."""
    api = upstream.bookeo()
    first = api.search_customers(search_text=email, search_field="emailAddress")
    pages = iter_pages(first, api.get_customers_page, max_pages=SEARCH_PAGES)
    same = [c for page in pages for c in page.data if (c.email_address or "").casefold() == email.casefold()]
    return sorted(same, key=lambda customer: customer.creation_time, reverse=True)


def _count_attempt(subject: str, allowed: int) -> None:
    key = "sign-in:" + hashlib.sha256(subject.encode()).hexdigest()
    cache.add(key, 0, timeout=ATTEMPT_WINDOW_SECONDS)
    try:
        attempts = cache.incr(key)
    except ValueError:  # it expired between the two calls
        return
    if attempts > allowed:
        raise TooManyAttempts(retry_after=ATTEMPT_WINDOW_SECONDS)
