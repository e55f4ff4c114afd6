"""Promises of the client: each method asks what the API description allows, and hands back what came."""

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import jsonschema
import pytest
import requests
from openapi_schema_validator import OAS30Validator

import booking.bookeo as wire
from booking.bookeo import Bookeo, BookeoError, CallRecord, NotFound, UnexpectedAnswer, iter_pages, to_wire
from tests.bookeo.answers import Answers, path_of, query_of
from tests.bookeo.samples import openapi, payload, payload_bytes, resolve

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

EVERY_METHOD = pytest.mark.parametrize("name", EXAMPLES)
PROMISED_WITHOUT_BODY = [name for name, example in EXAMPLES.items() if example.method in {"post", "put"}]


def _operation(example: Example) -> dict[str, Any]:
    found: dict[str, Any] = openapi()["paths"][example.path][example.method]
    return found


def _call(bookeo: Bookeo, answers: Answers, name: str, **more: Any) -> Any:
    example = EXAMPLES[name]
    body = payload_bytes(example.answer) if isinstance(example.answer, str) else example.answer
    answers.give(_success(example), body)
    return getattr(bookeo, name)(**example.arguments, **more)


def _success(example: Example) -> int:
    return next(int(status) for status in _operation(example)["responses"] if status.startswith("2"))


def _matches(path: str, template: str) -> bool:
    parts, wanted = path.split("/"), template.split("/")
    return len(parts) == len(wanted) and all(w.startswith("{") or p == w for p, w in zip(parts, wanted, strict=True))


def _check(value: str, schema: dict[str, Any]) -> None:
    schema = resolve(schema)
    decoded = json.loads(value) if schema.get("type") in {"integer", "boolean"} else value
    jsonschema.validate(decoded, schema)


def test_every_public_method_has_an_example() -> None:
    methods = {name for name, _ in inspect.getmembers(Bookeo, inspect.isfunction) if not name.startswith("_")}
    assert methods == set(EXAMPLES)


@EVERY_METHOD
def test_example_gives_every_argument(name: str) -> None:
    parameters = inspect.signature(getattr(Bookeo, name)).parameters
    assert set(parameters) - {"self"} == {*EXAMPLES[name].arguments, "lang"}
    assert all(parameter.kind is parameter.KEYWORD_ONLY for key, parameter in parameters.items() if key != "self")


@EVERY_METHOD
def test_method_sends_what_the_description_allows(name: str, bookeo: Bookeo, answers: Answers) -> None:
    _call(bookeo, answers, name)
    example, (sent,) = EXAMPLES[name], answers.requests
    assert sent.method == example.method.upper()
    assert _matches(path_of(sent), example.path)
    declared = {p["name"]: p for p in map(resolve, _operation(example)["parameters"]) if p["in"] == "query"}
    for key, value in query_of(sent).items():
        _check(value, declared[key]["schema"])


@EVERY_METHOD
def test_method_sends_a_body_that_fits_its_schema(name: str, bookeo: Bookeo, answers: Answers) -> None:
    _call(bookeo, answers, name)
    (sent,) = answers.requests
    if "requestBody" not in _operation(EXAMPLES[name]):
        assert sent.body is None
        return
    schema = _operation(EXAMPLES[name])["requestBody"]["content"]["application/json"]["schema"]
    with_components = {**schema, "components": openapi()["components"]}
    assert sent.body is not None
    OAS30Validator(with_components).validate(json.loads(sent.body))
    assert sent.headers["Content-Type"] == "application/json"


@EVERY_METHOD
def test_method_sends_every_argument(name: str, bookeo: Bookeo, answers: Answers) -> None:
    _call(bookeo, answers, name)
    (sent,) = answers.requests
    query, in_body = query_of(sent), {"search", "booking", "document", "payment", "customer", "webhook", "block"}
    path_parameters = EXAMPLES[name].path.count("{")
    expected = len([key for key in EXAMPLES[name].arguments if key not in in_body]) - path_parameters
    always = {"lang", "itemsPerPage"} if name in {"list_products", "list_resource_types"} else {"lang"}
    assert len(set(query) - always) == expected


@EVERY_METHOD
def test_method_names_its_operation(name: str, bookeo: Bookeo, answers: Answers, calls: list[CallRecord]) -> None:
    _call(bookeo, answers, name)
    example = EXAMPLES[name]
    is_write = example.method != "get" and name != "search_matching_slots"
    assert [(call.operation, call.is_write, call.attempt) for call in calls] == [(name, is_write, 1)]


@EVERY_METHOD
def test_method_always_sends_a_language(name: str, bookeo: Bookeo, answers: Answers) -> None:
    _call(bookeo, answers, name)
    _call(bookeo, answers, name, lang="fr-FR")
    assert [query_of(sent)["lang"] for sent in answers.requests] == ["en-US", "fr-FR"]


@EVERY_METHOD
def test_method_raises_an_error_that_names_it(name: str, bookeo: Bookeo, answers: Answers) -> None:
    answers.give(401, payload_bytes("error.401.keys"))
    with pytest.raises(wire.NotAuthorised) as caught:
        getattr(bookeo, name)(**EXAMPLES[name].arguments)
    assert caught.value.operation == name


@EVERY_METHOD
def test_method_says_where_its_rules_stand(name: str) -> None:
    assert "reference " in (getattr(Bookeo, name).__doc__ or "")


# --- what comes back


def test_object_comes_back_whole(bookeo: Bookeo, answers: Answers) -> None:
    booking = _call(bookeo, answers, "get_booking")
    assert to_wire(booking) == payload("booking.expanded.response")


def test_lists_of_settings_come_back_as_tuples(bookeo: Bookeo, answers: Answers) -> None:
    assert [tax.name for tax in _call(bookeo, answers, "list_taxes")] == ["VAT 20%"]
    assert len(_call(bookeo, answers, "list_products")) == len(payload("settings.products")["data"])
    assert len(_call(bookeo, answers, "list_people_categories")) == len(
        payload("settings.peoplecategories")["categories"]
    )


def test_list_products_reads_all_pages(bookeo: Bookeo, answers: Answers) -> None:
    products = payload("settings.products")["data"]
    for number, product in enumerate(products[:3], start=1):
        info = {"totalItems": 3, "totalPages": 3, "currentPage": number, "pageNavigationToken": "TOKEN"}
        answers.give(200, json.dumps({"data": [product], "info": info}).encode())
    found = bookeo.list_products(product_type="fixed", lang="fr-FR")
    assert [product.product_id for product in found] == [product["productId"] for product in products[:3]]
    assert [query_of(sent) for sent in answers.requests] == [
        {"type": "fixed", "itemsPerPage": "100", "lang": "fr-FR"},
        {"pageNavigationToken": "TOKEN", "pageNumber": "2", "lang": "fr-FR"},
        {"pageNavigationToken": "TOKEN", "pageNumber": "3", "lang": "fr-FR"},
    ]


def test_pages_of_slots_are_walked_by_token(bookeo: Bookeo, answers: Answers) -> None:
    first = _call(bookeo, answers, "list_slots")
    answers.give(200, payload_bytes("slots.page2.response"))
    pages = list(iter_pages(first, bookeo.get_slots_page, max_pages=5))
    assert sum(len(page.data) for page in pages) == 4
    assert query_of(answers.requests[1]) == {
        "pageNavigationToken": "KXT4R9WJ2M7A-slots",
        "pageNumber": "2",
        "lang": "en-US",
    }


def test_search_without_text_leaves_the_field_out(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(200, payload_bytes("customers.search.response"))
    bookeo.search_customers()
    assert set(query_of(answers.requests[0])) == {"currentMembers", "currentNonMembers", "lang"}


def test_notifications_are_refused_unless_asked_for(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(204).give(201, payload_bytes("booking.create.response"))
    bookeo.cancel_booking(booking_number="1")
    bookeo.create_booking(booking=CREATE["booking"])
    cancelled, made = map(query_of, answers.requests)
    silent = {"notifyUsers": "false", "notifyCustomer": "false"}
    assert cancelled == {
        **silent,
        "applyCancellationPolicy": "false",
        "trackInCustomerHistory": "false",
        "cancelRemainingSeries": "false",
        "lang": "en-US",
    }
    assert made == {**silent, "sendCustomerReminders": "false", "sendCustomerThankyou": "false", "lang": "en-US"}


# --- what is gone already


@pytest.mark.parametrize("name", ["delete_hold", "delete_webhook", "delete_seat_block", "delete_resource_block"])
def test_deleting_what_is_gone_counts_as_done(name: str, bookeo: Bookeo, answers: Answers) -> None:
    answers.give(404, payload_bytes("error.404.hold-expired"))
    assert getattr(bookeo, name)(**EXAMPLES[name].arguments) is None


@pytest.mark.parametrize("name", ["cancel_booking", "delete_customer", "delete_linked_person"])
def test_deleting_what_never_was_is_an_error(name: str, bookeo: Bookeo, answers: Answers) -> None:
    answers.give(404, payload_bytes("error.404.observed"))
    with pytest.raises(NotFound):
        getattr(bookeo, name)(**EXAMPLES[name].arguments)


# --- passwords


def test_right_password_is_true(bookeo: Bookeo, answers: Answers) -> None:
    assert _call(bookeo, answers, "authenticate_customer") is True
    assert query_of(answers.requests[0])["password"] == "p&s=+ é"


def test_wrong_password_is_false(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(403, payload_bytes("customer.authenticate.failure"))
    assert bookeo.authenticate_customer(customer_id="C1", password="wrong") is False


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (200, b"<h1>Sign in to the network</h1>", "text/html"),
        (200, payload_bytes("customer.authenticate.failure"), "application/json"),
        (302, b"", "text/html"),
        (500, b"", "text/html"),
        (404, b"", "application/json"),
    ],
)
def test_password_is_right_only_if_bookeo_says_so(
    status: int, body: bytes, content_type: str, bookeo: Bookeo, answers: Answers
) -> None:
    answers.give(status, body, Content_Type=content_type)
    with pytest.raises(BookeoError):
        bookeo.authenticate_customer(customer_id="C1", password="guess")


# --- writes that answer without a body


def _say_only_yes(answers: Answers, name: str) -> None:
    location = "https://elsewhere.example/v2/things/T%201"
    answers.give(_success(EXAMPLES[name]), b"", Location=location)


@pytest.fixture
def writes_that_return() -> list[str]:
    return [name for name in PROMISED_WITHOUT_BODY if name != "search_matching_slots"]


def test_write_without_a_body_is_read_back(bookeo: Bookeo, answers: Answers, writes_that_return: list[str]) -> None:
    for name in writes_that_return:
        _say_only_yes(answers, name)
        body = EXAMPLES[name].answer
        answers.give(200, payload_bytes(body) if isinstance(body, str) else body)
        assert getattr(bookeo, name)(**EXAMPLES[name].arguments) is not None
        write, reread = answers.requests[-2:]
        assert reread.method == "GET"
        assert reread.url is not None
        # Keys go to Bookeo only, wherever Location points.
        assert reread.url.startswith("https://api.bookeo.test/v2/")
        assert path_of(reread) == (path_of(write) if write.method == "PUT" else _reread_path(name))


def _reread_path(name: str) -> str:
    collection = "/payments" if name == "create_booking_payment" else EXAMPLES[name].path
    return f"{collection}/T%201"


@pytest.mark.parametrize(
    "trouble",
    [
        lambda answers: answers.give(404, payload_bytes("error.404.observed")),
        lambda answers: answers.give(401, payload_bytes("error.401.keys")),
        lambda answers: answers.give(200, b"oops"),
        lambda answers: answers.fail(requests.ConnectTimeout()).fail(requests.ConnectTimeout()),
    ],
    ids=["not found", "not authorised", "nonsense", "no connection"],
)
def test_write_that_cannot_be_read_back_may_have_happened(
    trouble: Callable[[Answers], object], bookeo: Bookeo, answers: Answers, writes_that_return: list[str]
) -> None:
    for name in writes_that_return:
        _say_only_yes(answers, name)
        trouble(answers)
        with pytest.raises(UnexpectedAnswer) as caught:
            getattr(bookeo, name)(**EXAMPLES[name].arguments)
        assert caught.value.operation == name
        assert caught.value.outcome_unknown


def test_write_without_a_body_or_a_location_may_have_happened(bookeo: Bookeo, answers: Answers) -> None:
    answers.give(201)
    with pytest.raises(UnexpectedAnswer) as caught:
        bookeo.create_booking(booking=CREATE["booking"])
    assert caught.value.outcome_unknown
    assert len(answers.requests) == 1


# --- the observer


def test_observer_is_told_of_refusals(bookeo: Bookeo, answers: Answers, calls: list[CallRecord]) -> None:
    answers.give(403, payload_bytes("error.403.no-seats"))
    with pytest.raises(wire.Forbidden):
        bookeo.create_hold(booking=CREATE["booking"])
    (call,) = calls
    assert (call.operation, call.status, call.error_id, call.failure) == (
        "create_hold",
        403,
        "1590K260714091837A6JXU",
        None,
    )
    assert timedelta(0) <= timedelta(seconds=call.seconds) < timedelta(seconds=5)


def test_fault_of_the_observer_does_not_lose_a_booking(answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: CallRecord) -> None:
        raise RuntimeError("metrics are down")

    bookeo = Bookeo(base_url="https://x/v2", secret_key="S", api_key="A", adapter=answers, observe=broken)
    assert _call(bookeo, answers, "create_booking").booking_number == "4151607147062318"
    assert "the observer of create_booking failed" in caplog.text
