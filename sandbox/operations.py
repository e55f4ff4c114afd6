"""All operations of the API, from every domain."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox import (
    availability,
    booking_changes,
    bookings,
    customer_changes,
    customers,
    holds,
    payments,
    resource_blocks,
    seat_blocks,
    settings,
    webhooks,
)
from sandbox.knobs import KnobError

ROUTES = [
    *settings.ROUTES,
    *availability.ROUTES,
    *holds.ROUTES,
    *bookings.ROUTES,
    *booking_changes.ROUTES,
    *customers.ROUTES,
    *customer_changes.ROUTES,
    *payments.ROUTES,
    *webhooks.ROUTES,
    *seat_blocks.ROUTES,
    *resource_blocks.ROUTES,
]

_NAMES = {route.operation for route in ROUTES}


def check_knob_names(names: Iterable[str]) -> None:
    """Raise KnobError for a knob of an operation that does not exist: it would turn nothing, and nobody would know."""
    for name in names:
        knob, dot, operation = name.partition(".")
        if dot and operation not in _NAMES:
            raise KnobError("The knob {} cannot be limited to {}: there is no such operation.", knob, operation)
