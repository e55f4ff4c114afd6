"""All operations of the API, from every domain."""

from __future__ import annotations

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
