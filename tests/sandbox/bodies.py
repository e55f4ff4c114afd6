"""Request bodies for tests."""

from typing import Any

from sandbox.demo_products import ADULTS, CANOE, KAYAK, RIDGE, SAIL4

Json = dict[str, Any]
KAYAK_EVENT = "5117KY100019C0A1B2E00_2026-06-12"
KAYAK_LATER = "5117KY133019C0A1B2E00_2026-06-12"
SAIL_EVENT = "5117SLT00119C0A1B2E00_2026-06-16"
RIDGE_EVENT = "5117RD063019C0A1B2E00_2026-06-13"
NEW_CUSTOMER: Json = {"firstName": "Robin", "lastName": "Sample", "emailAddress": "robin@example.com"}


def people(**numbers: int) -> Json:
    """Participants by category; `Cadults=2`."""
    return {"numbers": [{"peopleCategoryId": category, "number": number} for category, number in numbers.items()]}


def kayak(adults: int = 2, **more: Any) -> Json:
    """A hold or booking of the kayak tour on the day after tomorrow."""
    return {"productId": KAYAK, "eventId": KAYAK_EVENT, "participants": people(**{ADULTS: adults}), **more}


def kayak_for_robin(adults: int = 2, **more: Any) -> Json:
    """A booking with a new customer."""
    return kayak(adults, customer=NEW_CUSTOMER, **more)


def sailing(adults: int = 1, **more: Any) -> Json:
    """A place in the course that starts on the next Tuesday."""
    return {"productId": SAIL4, "eventId": SAIL_EVENT, "participants": people(**{ADULTS: adults}), **more}


def canoe(start: str = "2026-06-12T10:00:00-00:00", **more: Any) -> Json:
    """A private lesson, by its start."""
    return {"productId": CANOE, "startTime": start, "participants": people(**{ADULTS: 1}), **more}


def ridge(adults: int = 2, **more: Any) -> Json:
    """The ridge walk on the next Saturday, which asks for a phone number."""
    return {"productId": RIDGE, "eventId": RIDGE_EVENT, "participants": people(**{ADULTS: adults}), **more}
