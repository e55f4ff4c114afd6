"""Notifications and where they go (reference 7.12, 8)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from booking.bookeo.models.base import AnsweredTime, WireModel


class WebhookDomain(StrEnum):
    """What a notification is about; the field is plain text."""

    BOOKINGS = "bookings"
    SEAT_BLOCKS = "seatblocks"
    RESOURCE_BLOCKS = "resourceblocks"
    CUSTOMERS = "customers"
    PAYMENTS = "payments"


class WebhookType(StrEnum):
    """What happened to it; the field is plain text. A cancelled booking counts as deleted."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class WebhookInput(WireModel):
    """Where to send one kind of notification. The address must be https."""

    url: str
    domain: str
    type: str


class Webhook(WireModel):
    """A registered address. With a ``blocked_time`` nothing is delivered any more."""

    id: str
    url: str
    domain: str
    type: str
    blocked_time: AnsweredTime | None = None
    blocked_reason: str | None = None


class WebhookMessage(WireModel):
    """The body of a notification. ``item`` is the object as JSON, read it with the model of the domain."""

    item_id: str
    # Its form is not documented, so it is kept as it came.
    timestamp: str | int | None = None
    item: dict[str, Any] | None = Field(default=None, repr=False)
