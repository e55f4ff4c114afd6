"""Customers and the people they book for (reference 6.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from booking.bookeo.codec import decipher_nothing
from booking.bookeo.errors import Forbidden
from booking.bookeo.models import Booking, Customer, CustomerInput, LinkedPerson, Page, to_wire
from booking.bookeo.operations.base import Operations, backend_mode


class CustomerOperations(Operations):
    """Finding, keeping and checking customers."""

    def search_customers(
        self,
        *,
        search_text: str | None = None,
        search_field: str = "emailAddress",
        current_members: bool = True,
        current_non_members: bool = True,
        created_since: datetime | None = None,
        items_per_page: int | None = None,
        lang: str | None = None,
    ) -> Page[Customer]:
        """Customers whose field contains the text, at most 100 a page; all without a text (reference 6.4).

        The field is ``name``, ``firstName``, ``lastName`` or ``emailAddress``. Whether Bookeo looks
        for a part or the whole is unknown, so compare an e-mail address yourself.
        """
        query = {
            "searchText": search_text,
            "searchField": None if search_text is None else search_field,
            "currentMembers": current_members,
            "currentNonMembers": current_non_members,
            "createdSince": created_since,
            "itemsPerPage": items_per_page,
        }
        return self._read("search_customers", ("customers",), Page[Customer], query, lang)

    def get_customers_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[Customer]:
        """A further page of customers (reference 2.5)."""
        return self._turn_page("get_customers_page", ("customers",), Page[Customer], token, page_number, lang)

    def get_customer(self, *, customer_id: str, lang: str | None = None) -> Customer:
        """Read a customer (reference 6.4)."""
        return self._read("get_customer", ("customers", customer_id), Customer, {}, lang)

    def create_customer(self, *, customer: CustomerInput, lang: str | None = None) -> Customer:
        """Create a customer; Bookeo does not look for duplicates (reference 6.4, 4.6)."""
        return self._write(
            "create_customer",
            "POST",
            ("customers",),
            to_wire(customer),
            Customer,
            reread=lambda customer_id: self.get_customer(customer_id=customer_id, lang=lang),
            query={},
            lang=lang,
        )

    def update_customer(
        self,
        *,
        customer_id: str,
        document: Mapping[str, Any],
        backend: bool = False,
        lang: str | None = None,
    ) -> Customer:
        """Replace a customer by a whole document, made by ``changed_document`` (reference 6.4)."""
        return self._write(
            "update_customer",
            "PUT",
            ("customers", customer_id),
            document,
            Customer,
            reread=lambda _: self.get_customer(customer_id=customer_id, lang=lang),
            query={"mode": backend_mode(backend)},
            lang=lang,
        )

    def delete_customer(self, *, customer_id: str, lang: str | None = None) -> None:
        """Delete a customer with all bookings; Forbidden while future ones exist (reference 6.4, 4.6)."""
        self._delete("delete_customer", ("customers", customer_id), lang)

    def authenticate_customer(self, *, customer_id: str, password: str, lang: str | None = None) -> bool:
        """Whether the password is right (reference 6.4). Limit the attempts yourself.

        A key without permission is refused in the same way as a wrong password, so it reads False.
        """
        path = ("customers", customer_id, "authenticate")
        request = self._request("authenticate_customer", "GET", path, query={"password": password}, lang=lang)
        try:
            decipher_nothing(request, self._transport.send(request))
        except Forbidden:
            return False
        return True

    def list_customer_bookings(
        self,
        *,
        customer_id: str,
        begin_date: date | None = None,
        end_date: date | None = None,
        expand_participants: bool = False,
        items_per_page: int | None = None,
        lang: str | None = None,
    ) -> Page[Booking]:
        """Bookings of a customer, both days included, in no known order, perhaps with cancelled ones.

        At most 100 a page (reference 6.4).
        """
        query = {
            "beginDate": begin_date,
            "endDate": end_date,
            "expandParticipants": expand_participants,
            "itemsPerPage": items_per_page,
        }
        path = ("customers", customer_id, "bookings")
        return self._read("list_customer_bookings", path, Page[Booking], query, lang)

    def get_customer_bookings_page(
        self, *, customer_id: str, token: str, page_number: int, lang: str | None = None
    ) -> Page[Booking]:
        """A further page of a customer's bookings (reference 2.5)."""
        path = ("customers", customer_id, "bookings")
        return self._turn_page("get_customer_bookings_page", path, Page[Booking], token, page_number, lang)

    def list_linked_people(
        self, *, customer_id: str, items_per_page: int | None = None, lang: str | None = None
    ) -> Page[LinkedPerson]:
        """People whom a customer has booked for, at most 100 a page (reference 6.4)."""
        path = ("customers", customer_id, "linkedpeople")
        return self._read("list_linked_people", path, Page[LinkedPerson], {"itemsPerPage": items_per_page}, lang)

    def get_linked_people_page(
        self, *, customer_id: str, token: str, page_number: int, lang: str | None = None
    ) -> Page[LinkedPerson]:
        """A further page of linked people (reference 2.5)."""
        path = ("customers", customer_id, "linkedpeople")
        return self._turn_page("get_linked_people_page", path, Page[LinkedPerson], token, page_number, lang)

    def get_linked_person(self, *, customer_id: str, person_id: str, lang: str | None = None) -> LinkedPerson:
        """Read a linked person (reference 6.4)."""
        path = ("customers", customer_id, "linkedpeople", person_id)
        return self._read("get_linked_person", path, LinkedPerson, {}, lang)

    def update_linked_person(
        self, *, customer_id: str, person_id: str, document: Mapping[str, Any], lang: str | None = None
    ) -> LinkedPerson:
        """Replace a linked person by a whole document, made by ``changed_document`` (reference 6.4)."""
        return self._write(
            "update_linked_person",
            "PUT",
            ("customers", customer_id, "linkedpeople", person_id),
            document,
            LinkedPerson,
            reread=lambda _: self.get_linked_person(customer_id=customer_id, person_id=person_id, lang=lang),
            query={},
            lang=lang,
        )

    def delete_linked_person(self, *, customer_id: str, person_id: str, lang: str | None = None) -> None:
        """Delete a linked person (reference 6.4)."""
        self._delete("delete_linked_person", ("customers", customer_id, "linkedpeople", person_id), lang)
