"""Free times, and reserving them (reference 6.1, 6.2)."""

from __future__ import annotations

from datetime import datetime

from booking.bookeo.codec import decipher
from booking.bookeo.models import (
    BookingInput,
    Hold,
    MatchingSlot,
    MatchingSlotsSearchParameters,
    Page,
    Slot,
    to_wire,
)
from booking.bookeo.operations.base import Operations, backend_mode

_SLOTS = ("availability", "slots")
_MATCHING_SLOTS = ("availability", "matchingslots")


class AvailabilityOperations(Operations):
    """Searching slots and holding seats."""

    def search_matching_slots(
        self,
        *,
        search: MatchingSlotsSearchParameters,
        items_per_page: int | None = None,
        backend: bool = False,
        lang: str | None = None,
    ) -> Page[MatchingSlot]:
        """Slots that fit the people and options, of any product type, at most 300 a page (reference 6.1)."""
        request = self._request(
            "search_matching_slots",
            "POST",
            _MATCHING_SLOTS,
            query={"itemsPerPage": items_per_page, "mode": backend_mode(backend)},
            body=to_wire(search),
            lang=lang,
            is_write=False,
        )
        return decipher(request, self._transport.send(request), Page[MatchingSlot])

    def get_matching_slots_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[MatchingSlot]:
        """A further page of a search; NotFound if the search is too old (reference 6.1)."""
        path = (*_MATCHING_SLOTS, token)
        return self._read("get_matching_slots_page", path, Page[MatchingSlot], {"pageNumber": page_number}, lang)

    def list_slots(
        self,
        *,
        start_time: datetime,
        end_time: datetime,
        product_id: str | None = None,
        items_per_page: int | None = None,
        backend: bool = False,
        lang: str | None = None,
    ) -> Page[Slot]:
        """Seats left per slot over 31 days at most, not for flexibleTime, at most 300 a page (reference 6.1)."""
        query = {
            "productId": product_id,
            "startTime": start_time,
            "endTime": end_time,
            "itemsPerPage": items_per_page,
            "mode": backend_mode(backend),
        }
        return self._read("list_slots", _SLOTS, Page[Slot], query, lang)

    def get_slots_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[Slot]:
        """A further page of slots (reference 2.5)."""
        return self._turn_page("get_slots_page", _SLOTS, Page[Slot], token, page_number, lang)

    def create_hold(
        self,
        *,
        booking: BookingInput,
        hold_duration_seconds: int = 600,
        previous_hold_id: str | None = None,
        lang: str | None = None,
    ) -> Hold:
        """Reserve seats for 600 seconds at most and learn the final price (reference 4.4, 6.2).

        The previous hold is released. Invalid may mean an unusable code, Forbidden a lack of seats.
        """
        return self._write(
            "create_hold",
            "POST",
            ("holds",),
            to_wire(booking),
            Hold,
            reread=lambda hold_id: self.get_hold(hold_id=hold_id, lang=lang),
            query={"holdDurationSeconds": hold_duration_seconds, "previousHoldId": previous_hold_id},
            lang=lang,
        )

    def get_hold(self, *, hold_id: str, lang: str | None = None) -> Hold:
        """Read a hold; NotFound once it has expired or was used (reference 6.2)."""
        return self._read("get_hold", ("holds", hold_id), Hold, {}, lang)

    def delete_hold(self, *, hold_id: str, lang: str | None = None) -> None:
        """Release a hold; one that is gone already counts as released (reference 6.2)."""
        self._delete_if_there("delete_hold", ("holds", hold_id), lang)
