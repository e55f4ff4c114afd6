"""All operations of the API, from every domain."""

from __future__ import annotations

from sandbox import availability, bookings, customers, holds, settings

ROUTES = [
    *settings.ROUTES,
    *availability.ROUTES,
    *holds.ROUTES,
    *bookings.ROUTES,
    *customers.ROUTES,
]
