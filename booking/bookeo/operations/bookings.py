"""Bookings (reference 6.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from booking.bookeo.models import Booking, BookingInput, Customer, Page, to_wire
from booking.bookeo.operations.base import Operations, backend_mode


class BookingOperations(Operations):
    """Making, reading, changing and cancelling bookings. Nobody is notified unless asked for."""

    def create_booking(
        self,
        *,
        booking: BookingInput,
        previous_hold_id: str | None = None,
        notify_users: bool = False,
        notify_customer: bool = False,
        send_customer_reminders: bool = False,
        send_customer_thankyou: bool = False,
        backend: bool = False,
        lang: str | None = None,
    ) -> Booking:
        """Book; the previous hold gives its seats to the booking (reference 6.3, 5.1).

        After an error with ``outcome_unknown`` look the booking up by its ``external_ref`` before
        trying again: there is no idempotency key (reference 2.9).
        """
        query = {
            "previousHoldId": previous_hold_id,
            "notifyUsers": notify_users,
            "notifyCustomer": notify_customer,
            "sendCustomerReminders": send_customer_reminders,
            "sendCustomerThankyou": send_customer_thankyou,
            "mode": backend_mode(backend),
        }
        return self._write(
            "create_booking",
            "POST",
            ("bookings",),
            to_wire(booking),
            Booking,
            reread=lambda booking_number: self.get_booking(booking_number=booking_number, lang=lang),
            query=query,
            lang=lang,
        )

    def get_booking(
        self,
        *,
        booking_number: str,
        expand_customer: bool = False,
        expand_participants: bool = False,
        lang: str | None = None,
    ) -> Booking:
        """Read a booking, also a cancelled one (reference 6.3)."""
        query = {"expandCustomer": expand_customer, "expandParticipants": expand_participants}
        return self._read("get_booking", ("bookings", booking_number), Booking, query, lang)

    def list_bookings(
        self,
        *,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        last_updated_start_time: datetime | None = None,
        last_updated_end_time: datetime | None = None,
        product_id: str | None = None,
        include_canceled: bool = False,
        expand_customer: bool = False,
        expand_participants: bool = False,
        items_per_page: int | None = None,
        lang: str | None = None,
    ) -> Page[Booking]:
        """Bookings that start, or were last changed, within a range (reference 6.3).

        One pair of times is needed, each pair spans 31 days at most; at most 100 a page.
        """
        query = {
            "startTime": start_time,
            "endTime": end_time,
            "lastUpdatedStartTime": last_updated_start_time,
            "lastUpdatedEndTime": last_updated_end_time,
            "productId": product_id,
            "includeCanceled": include_canceled,
            "expandCustomer": expand_customer,
            "expandParticipants": expand_participants,
            "itemsPerPage": items_per_page,
        }
        return self._read("list_bookings", ("bookings",), Page[Booking], query, lang)

    def get_bookings_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[Booking]:
        """A further page of bookings (reference 2.5)."""
        return self._turn_page("get_bookings_page", ("bookings",), Page[Booking], token, page_number, lang)

    def update_booking(
        self,
        *,
        booking_number: str,
        document: Mapping[str, Any],
        notify_users: bool = False,
        notify_customer: bool = False,
        backend: bool = False,
        lang: str | None = None,
    ) -> Booking:
        """Replace a booking by a whole document, made by ``changed_document`` (reference 6.3, 4.7)."""
        query = {
            "notifyUsers": notify_users,
            "notifyCustomer": notify_customer,
            "mode": backend_mode(backend),
        }
        return self._write(
            "update_booking",
            "PUT",
            ("bookings", booking_number),
            document,
            Booking,
            reread=lambda _: self.get_booking(booking_number=booking_number, lang=lang),
            query=query,
            lang=lang,
        )

    def cancel_booking(
        self,
        *,
        booking_number: str,
        notify_users: bool = False,
        notify_customer: bool = False,
        apply_cancellation_policy: bool = False,
        track_in_customer_history: bool = False,
        cancel_remaining_series: bool = False,
        reason: str | None = None,
        lang: str | None = None,
    ) -> None:
        """Cancel; the booking stays readable (reference 6.3, 4.7).

        Applying the policy may charge the customer's card. The reason stands in the customer's mail.
        """
        query = {
            "notifyUsers": notify_users,
            "notifyCustomer": notify_customer,
            "applyCancellationPolicy": apply_cancellation_policy,
            "trackInCustomerHistory": track_in_customer_history,
            "cancelRemainingSeries": cancel_remaining_series,
            "reason": reason,
        }
        self._delete("cancel_booking", ("bookings", booking_number), lang, query)

    def get_booking_customer(self, *, booking_number: str, lang: str | None = None) -> Customer:
        """Who booked (reference 6.3)."""
        return self._read("get_booking_customer", ("bookings", booking_number, "customer"), Customer, {}, lang)
