"""Records of payments; nothing here charges anybody (reference 6.3, 6.5)."""

from __future__ import annotations

from datetime import datetime

from booking.bookeo.models import Page, Payment, PaymentInput, to_wire
from booking.bookeo.operations.base import Operations


class PaymentOperations(Operations):
    """Recording and reading payments."""

    def list_booking_payments(
        self, *, booking_number: str, items_per_page: int | None = None, lang: str | None = None
    ) -> Page[Payment]:
        """Payments and refunds of a booking, at most 100 a page (reference 6.3)."""
        path = ("bookings", booking_number, "payments")
        return self._read("list_booking_payments", path, Page[Payment], {"itemsPerPage": items_per_page}, lang)

    def get_booking_payments_page(
        self, *, booking_number: str, token: str, page_number: int, lang: str | None = None
    ) -> Page[Payment]:
        """A further page of a booking's payments (reference 2.5)."""
        path = ("bookings", booking_number, "payments")
        return self._turn_page("get_booking_payments_page", path, Page[Payment], token, page_number, lang)

    def create_booking_payment(self, *, booking_number: str, payment: PaymentInput, lang: str | None = None) -> Payment:
        """Record money received for a booking, or given back: a negative amount (reference 6.3)."""
        return self._write(
            "create_booking_payment",
            "POST",
            ("bookings", booking_number, "payments"),
            to_wire(payment),
            Payment,
            reread=lambda payment_id: self.get_payment(payment_id=payment_id, lang=lang),
            query={},
            lang=lang,
        )

    def list_payments(
        self,
        *,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        payment_method: str | None = None,
        payment_method_other: str | None = None,
        items_per_page: int | None = None,
        lang: str | None = None,
    ) -> Page[Payment]:
        """Payments received within a range, at most 300 a page (reference 6.5)."""
        query = {
            "startTime": start_time,
            "endTime": end_time,
            "paymentMethod": payment_method,
            "paymentMethodOther": payment_method_other,
            "itemsPerPage": items_per_page,
        }
        return self._read("list_payments", ("payments",), Page[Payment], query, lang)

    def get_payments_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[Payment]:
        """A further page of payments (reference 2.5)."""
        return self._turn_page("get_payments_page", ("payments",), Page[Payment], token, page_number, lang)

    def get_payment(self, *, payment_id: str, lang: str | None = None) -> Payment:
        """Read one payment (reference 6.5)."""
        return self._read("get_payment", ("payments", payment_id), Payment, {}, lang)
