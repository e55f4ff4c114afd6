"""One call of every method, the operation it must become, and the answer it gets."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import booking.bookeo as wire
from booking.bookeo import Bookeo
from tests.bookeo.answers import Answers
from tests.bookeo.samples import openapi, payload, payload_bytes

START, END = datetime(2026, 7, 18, tzinfo=UTC), datetime(2026, 7, 19, tzinfo=UTC)
RANGE = {"start_time": START, "end_time": END, "last_updated_start_time": START, "last_updated_end_time": END}
PAGE = {"token": "TOKEN", "page_number": 2}
NUMBER = {"booking_number": "4151607147062318"}
WHO = {"customer_id": "C1"}
PERSON = {**WHO, "person_id": "L1"}


class Example(NamedTuple):
    """One call with every argument given, the operation it must become, and the answer it gets."""

    arguments: Mapping[str, Any]
    method: str
    path: str
    answer: str | bytes = b""


def _page_of(name: str) -> bytes:
    info = {"totalItems": 1, "totalPages": 1, "currentPage": 1}
    return json.dumps({"data": [payload(name)], "info": info}).encode()


def _model(name: str, model: type[Any]) -> Any:
    return model.model_validate(payload(name))


SEAT_BLOCK = wire.SeatBlockInput(event_id="E", product_id="P", num_seats=-1, reason="Wind")
RESOURCE_BLOCK = wire.ResourceBlockInput(start_time=START, end_time=END, resources=(wire.ResourceInput(id="R"),))
CREATE = {"booking": _model("booking.create.request", wire.BookingInput), "previous_hold_id": "H0"}
NOTIFY = {"notify_users": True, "notify_customer": True}

EXAMPLES: dict[str, Example] = {
    "get_api_key_info": Example({}, "get", "/settings/apikeyinfo", "settings.apikeyinfo"),
    "get_business": Example({}, "get", "/settings/business", "settings.business"),
    "get_custom_field_definitions": Example(
        {}, "get", "/settings/customercustomfields", "settings.customercustomfields"
    ),
    "list_languages": Example({}, "get", "/settings/languages", "settings.languages"),
    "list_people_categories": Example({}, "get", "/settings/peoplecategories", "settings.peoplecategories"),
    "list_products": Example({"product_type": "fixed"}, "get", "/settings/products", "settings.products"),
    "list_resource_types": Example({}, "get", "/settings/resources", "settings.resources"),
    "list_taxes": Example({}, "get", "/settings/taxes", "settings.taxes"),
    "search_matching_slots": Example(
        {
            "search": _model("matchingslots.request", wire.MatchingSlotsSearchParameters),
            "items_per_page": 300,
            "backend": True,
        },
        "post",
        "/availability/matchingslots",
        "matchingslots.response",
    ),
    "get_matching_slots_page": Example(
        PAGE, "get", "/availability/matchingslots/{pageNavigationToken}", "matchingslots.response"
    ),
    "list_slots": Example(
        {"start_time": START, "end_time": END, "product_id": "P", "items_per_page": 300, "backend": True},
        "get",
        "/availability/slots",
        "slots.response",
    ),
    "get_slots_page": Example(PAGE, "get", "/availability/slots", "slots.page2.response"),
    "create_hold": Example({**CREATE, "hold_duration_seconds": 300}, "post", "/holds", "hold.response"),
    "get_hold": Example({"hold_id": "H1"}, "get", "/holds/{id}", "hold.response"),
    "delete_hold": Example({"hold_id": "H1"}, "delete", "/holds/{id}"),
    "create_booking": Example(
        {**CREATE, **NOTIFY, "send_customer_reminders": True, "send_customer_thankyou": True, "backend": True},
        "post",
        "/bookings",
        "booking.create.response",
    ),
    "get_booking": Example(
        {**NUMBER, "expand_customer": True, "expand_participants": True},
        "get",
        "/bookings/{bookingNumber}",
        "booking.expanded.response",
    ),
    "list_bookings": Example(
        {
            **RANGE,
            "product_id": "P",
            "include_canceled": True,
            "expand_customer": True,
            "expand_participants": True,
            "items_per_page": 100,
        },
        "get",
        "/bookings",
        "bookings.list.response",
    ),
    "get_bookings_page": Example(PAGE, "get", "/bookings", "bookings.list.response"),
    "update_booking": Example(
        {**NUMBER, **NOTIFY, "document": payload("booking.update.request"), "backend": True},
        "put",
        "/bookings/{bookingNumber}",
        "booking.updated.response",
    ),
    "cancel_booking": Example(
        {
            **NUMBER,
            **NOTIFY,
            "apply_cancellation_policy": True,
            "track_in_customer_history": True,
            "cancel_remaining_series": True,
            "reason": "Wind",
        },
        "delete",
        "/bookings/{bookingNumber}",
    ),
    "get_booking_customer": Example(NUMBER, "get", "/bookings/{bookingNumber}/customer", "customer.response"),
    "list_booking_payments": Example(
        {**NUMBER, "items_per_page": 100}, "get", "/bookings/{bookingNumber}/payments", "booking.payments.list"
    ),
    "get_booking_payments_page": Example(
        {**NUMBER, **PAGE}, "get", "/bookings/{bookingNumber}/payments", "booking.payments.list"
    ),
    "create_booking_payment": Example(
        {**NUMBER, "payment": _model("payment.create.request", wire.PaymentInput)},
        "post",
        "/bookings/{bookingNumber}/payments",
        "payment.response",
    ),
    "search_customers": Example(
        {
            "search_text": "a+b@example.com",
            "search_field": "emailAddress",
            "current_members": True,
            "current_non_members": False,
            "created_since": START,
            "items_per_page": 100,
        },
        "get",
        "/customers",
        "customers.search.response",
    ),
    "get_customers_page": Example(PAGE, "get", "/customers", "customers.search.response"),
    "get_customer": Example(WHO, "get", "/customers/{id}", "customer.response"),
    "create_customer": Example(
        {"customer": _model("customer.create.request", wire.CustomerInput)}, "post", "/customers", "customer.response"
    ),
    "update_customer": Example(
        {**WHO, "document": payload("customer.response"), "backend": True},
        "put",
        "/customers/{id}",
        "customer.response",
    ),
    "delete_customer": Example(WHO, "delete", "/customers/{id}"),
    "authenticate_customer": Example({**WHO, "password": "p&s=+ é"}, "get", "/customers/{id}/authenticate"),
    "list_customer_bookings": Example(
        {
            **WHO,
            "begin_date": date(2026, 7, 1),
            "end_date": date(2026, 7, 31),
            "expand_participants": True,
            "items_per_page": 100,
        },
        "get",
        "/customers/{id}/bookings",
        "customer.bookings.list.response",
    ),
    "get_customer_bookings_page": Example(
        {**WHO, **PAGE}, "get", "/customers/{id}/bookings", "customer.bookings.list.response"
    ),
    "list_linked_people": Example(
        {**WHO, "items_per_page": 100}, "get", "/customers/{id}/linkedpeople", "linkedpeople.list.response"
    ),
    "get_linked_people_page": Example(
        {**WHO, **PAGE}, "get", "/customers/{id}/linkedpeople", "linkedpeople.list.response"
    ),
    "get_linked_person": Example(PERSON, "get", "/customers/{customerid}/linkedpeople/{id}", "linkedperson.response"),
    "update_linked_person": Example(
        {**PERSON, "document": payload("linkedperson.update.request")},
        "put",
        "/customers/{customerid}/linkedpeople/{id}",
        "linkedperson.response",
    ),
    "delete_linked_person": Example(PERSON, "delete", "/customers/{customerid}/linkedpeople/{id}"),
    "list_payments": Example(
        {
            "start_time": START,
            "end_time": END,
            "payment_method": "other",
            "payment_method_other": "Voucher",
            "items_per_page": 300,
        },
        "get",
        "/payments",
        "payments.list.response",
    ),
    "get_payments_page": Example(PAGE, "get", "/payments", "payments.list.response"),
    "get_payment": Example({"payment_id": "P1"}, "get", "/payments/{id}", "payment.response"),
    "list_webhooks": Example({}, "get", "/webhooks", "webhooks.list.response"),
    "create_webhook": Example(
        {"webhook": _model("webhook.create.request", wire.WebhookInput)},
        "post",
        "/webhooks",
        json.dumps({"id": "W1", **payload("webhook.create.request")}).encode(),
    ),
    "get_webhook": Example(
        {"webhook_id": "W1"},
        "get",
        "/webhooks/{webhookId}",
        json.dumps({"id": "W1", **payload("webhook.create.request")}).encode(),
    ),
    "delete_webhook": Example({"webhook_id": "W1"}, "delete", "/webhooks/{webhookId}"),
}
for noun, plural, filter_name, block in (
    ("seat_block", "/seatblocks", "product_id", SEAT_BLOCK),
    ("resource_block", "/resourceblocks", "resource_id", RESOURCE_BLOCK),
):
    saved = f"{noun.replace('_', '')}.response"
    EXAMPLES |= {
        f"list_{noun}s": Example({**RANGE, filter_name: "X", "items_per_page": 100}, "get", plural, _page_of(saved)),
        f"get_{noun}s_page": Example(PAGE, "get", plural, _page_of(saved)),
        f"create_{noun}": Example({"block": block}, "post", plural, saved),
        f"get_{noun}": Example({"block_id": "B1"}, "get", plural + "/{id}", saved),
        f"update_{noun}": Example({"block_id": "B1", "block": block}, "put", plural + "/{id}", saved),
        f"delete_{noun}": Example({"block_id": "B1"}, "delete", plural + "/{id}"),
    }


def call(bookeo: Bookeo, answers: Answers, name: str, **more: Any) -> Any:
    """Call a method as in its example, with the answer that the description promises."""
    example = EXAMPLES[name]
    answers.give(success_of(example), body_of(example))
    return getattr(bookeo, name)(**example.arguments, **more)


def operation_of(example: Example) -> dict[str, Any]:
    """The operation in the description of the API."""
    found: dict[str, Any] = openapi()["paths"][example.path][example.method]
    return found


def success_of(example: Example) -> int:
    """The status of its success."""
    return next(int(status) for status in operation_of(example)["responses"] if status.startswith("2"))


def body_of(example: Example) -> bytes:
    """The body of its success."""
    return payload_bytes(example.answer) if isinstance(example.answer, str) else example.answer
