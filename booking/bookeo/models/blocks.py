"""Seats and resources taken off sale (reference 7.12)."""

from __future__ import annotations

from pydantic import StrictInt

from booking.bookeo.models.base import AnsweredTime, Many, RequestedTime, WireModel
from booking.bookeo.models.catalogue import Resource, ResourceInput


class SeatBlockInput(WireModel):
    """Seats of one slot to take off sale; -1 takes all that are left."""

    event_id: str
    product_id: str
    num_seats: StrictInt
    reason: str | None = None


class SeatBlock(WireModel):
    """Seats of one slot that are off sale."""

    id: str
    event_id: str
    product_id: str
    num_seats: StrictInt
    reason: str | None = None
    start_time: AnsweredTime | None = None
    creation_time: AnsweredTime
    creation_agent: str | None = None
    last_change_time: AnsweredTime | None = None
    last_change_agent: str | None = None


class ResourceBlockInput(WireModel):
    """Resources to take off duty, at least one."""

    start_time: RequestedTime
    end_time: RequestedTime
    resources: Many[ResourceInput]
    reason: str | None = None


class ResourceBlock(WireModel):
    """Resources that are off duty."""

    id: str
    start_time: AnsweredTime
    end_time: AnsweredTime
    resources: Many[Resource]
    reason: str | None = None
    creation_time: AnsweredTime
    creation_agent: str | None = None
    last_change_time: AnsweredTime | None = None
    last_change_agent: str | None = None
