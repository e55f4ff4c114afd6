"""Seats and resources off sale (reference 6.8)."""

from __future__ import annotations

from datetime import datetime

from booking.bookeo.models import (
    Page,
    ResourceBlock,
    ResourceBlockInput,
    SeatBlock,
    SeatBlockInput,
    to_wire,
)
from booking.bookeo.operations.base import Operations


class SeatBlockOperations(Operations):
    """Taking seats of a slot off sale."""

    def list_seat_blocks(
        self,
        *,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        last_updated_start_time: datetime | None = None,
        last_updated_end_time: datetime | None = None,
        product_id: str | None = None,
        items_per_page: int | None = None,
        lang: str | None = None,
    ) -> Page[SeatBlock]:
        """Seat blocks that start, or were last changed, within a range, at most 100 a page (reference 6.8)."""
        query = {
            "startTime": start_time,
            "endTime": end_time,
            "lastUpdatedStartTime": last_updated_start_time,
            "lastUpdatedEndTime": last_updated_end_time,
            "productId": product_id,
            "itemsPerPage": items_per_page,
        }
        return self._read("list_seat_blocks", ("seatblocks",), Page[SeatBlock], query, lang)

    def get_seat_blocks_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[SeatBlock]:
        """A further page of seat blocks (reference 2.5)."""
        return self._turn_page("get_seat_blocks_page", ("seatblocks",), Page[SeatBlock], token, page_number, lang)

    def create_seat_block(self, *, block: SeatBlockInput, lang: str | None = None) -> SeatBlock:
        """Take seats of a slot off sale (reference 6.8)."""
        return self._write(
            "create_seat_block",
            "POST",
            ("seatblocks",),
            to_wire(block),
            SeatBlock,
            reread=lambda block_id: self.get_seat_block(block_id=block_id, lang=lang),
            query={},
            lang=lang,
        )

    def get_seat_block(self, *, block_id: str, lang: str | None = None) -> SeatBlock:
        """Read a seat block (reference 6.8)."""
        return self._read("get_seat_block", ("seatblocks", block_id), SeatBlock, {}, lang)

    def update_seat_block(self, *, block_id: str, block: SeatBlockInput, lang: str | None = None) -> SeatBlock:
        """Replace a seat block (reference 6.8)."""
        return self._write(
            "update_seat_block",
            "PUT",
            ("seatblocks", block_id),
            to_wire(block),
            SeatBlock,
            reread=lambda _: self.get_seat_block(block_id=block_id, lang=lang),
            query={},
            lang=lang,
        )

    def delete_seat_block(self, *, block_id: str, lang: str | None = None) -> None:
        """Put back on sale; a block that is gone already counts as deleted (reference 6.8, 2.9)."""
        self._delete_if_there("delete_seat_block", ("seatblocks", block_id), lang)


class ResourceBlockOperations(Operations):
    """Taking guides, rooms and boats off duty."""

    def list_resource_blocks(
        self,
        *,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        last_updated_start_time: datetime | None = None,
        last_updated_end_time: datetime | None = None,
        resource_id: str | None = None,
        items_per_page: int | None = None,
        lang: str | None = None,
    ) -> Page[ResourceBlock]:
        """Resource blocks that start, or were last changed, within a range, at most 100 a page (reference 6.8)."""
        query = {
            "startTime": start_time,
            "endTime": end_time,
            "lastUpdatedStartTime": last_updated_start_time,
            "lastUpdatedEndTime": last_updated_end_time,
            "resourceId": resource_id,
            "itemsPerPage": items_per_page,
        }
        return self._read("list_resource_blocks", ("resourceblocks",), Page[ResourceBlock], query, lang)

    def get_resource_blocks_page(self, *, token: str, page_number: int, lang: str | None = None) -> Page[ResourceBlock]:
        """A further page of resource blocks (reference 2.5)."""
        return self._turn_page(
            "get_resource_blocks_page", ("resourceblocks",), Page[ResourceBlock], token, page_number, lang
        )

    def create_resource_block(self, *, block: ResourceBlockInput, lang: str | None = None) -> ResourceBlock:
        """Take resources off duty, at least one (reference 6.8)."""
        return self._write(
            "create_resource_block",
            "POST",
            ("resourceblocks",),
            to_wire(block),
            ResourceBlock,
            reread=lambda block_id: self.get_resource_block(block_id=block_id, lang=lang),
            query={},
            lang=lang,
        )

    def get_resource_block(self, *, block_id: str, lang: str | None = None) -> ResourceBlock:
        """Read a resource block (reference 6.8)."""
        return self._read("get_resource_block", ("resourceblocks", block_id), ResourceBlock, {}, lang)

    def update_resource_block(
        self, *, block_id: str, block: ResourceBlockInput, lang: str | None = None
    ) -> ResourceBlock:
        """Replace a resource block (reference 6.8)."""
        return self._write(
            "update_resource_block",
            "PUT",
            ("resourceblocks", block_id),
            to_wire(block),
            ResourceBlock,
            reread=lambda _: self.get_resource_block(block_id=block_id, lang=lang),
            query={},
            lang=lang,
        )

    def delete_resource_block(self, *, block_id: str, lang: str | None = None) -> None:
        """Put back on sale; a block that is gone already counts as deleted (reference 6.8, 2.9)."""
        self._delete_if_there("delete_resource_block", ("resourceblocks", block_id), lang)
