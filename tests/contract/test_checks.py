"""The checker notices what the OpenAPI document forbids, and lets everything else pass."""

import json
from dataclasses import replace

import pytest

from tests.bookeo.samples import PAYLOADS
from tests.contract.checks import Answered, Sent, answer_problems, request_problems
from tests.contract.document import operation_for, operations

KEYS = {"X-Bookeo-secretKey": "s", "X-Bookeo-apiKey": "a"}
JSON = KEYS | {"Content-Type": "application/json"}
ANSWER_HEADERS = {"Content-Type": "application/json", "Content-Language": "en-US"}
CREATED_HEADERS = ANSWER_HEADERS | {"Location": "https://api.bookeo.com/v2/holds/x"}
HOLD_BODY = (PAYLOADS / "hold.request.json").read_bytes()
HOLD = Sent("POST", "/holds", [("holdDurationSeconds", "600")], JSON, HOLD_BODY)
CREATED = Answered(201, CREATED_HEADERS, (PAYLOADS / "hold.response.json").read_bytes())
GONE = Answered(404, ANSWER_HEADERS, b'{"httpStatus":404,"message":"Hold not found","errorId":"1K2"}')
READ = Sent("GET", "/bookings/1", [("expandCustomer", "true")], KEYS)
LIST = Sent("GET", "/bookings", [("startTime", "2026-06-01T00:00:00-00:00"), ("itemsPerPage", "100")], KEYS)


def test_request_that_fits_has_no_problems() -> None:
    assert [request_problems(sent) for sent in (HOLD, READ, LIST)] == [[], [], []]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (replace(READ, path="/booking/1"), "knows no GET /booking/1"),
        (replace(READ, method="POST"), "knows no POST /bookings/1"),
        (replace(READ, path="/bookings/1/"), "knows no"),
        (replace(READ, headers={}), "X-Bookeo-secretKey is missing"),
        (replace(READ, query=[("expand", "true")]), "no parameter expand"),
        (replace(READ, query=[("expandCustomer", "True")]), "expandCustomer"),
        (replace(READ, query=[("lang", "en-US"), ("lang", "it-IT")]), "twice"),
        (replace(READ, body=b"{}"), "takes no body"),
        (replace(LIST, query=[("itemsPerPage", "101")]), "maximum of 100"),
        (replace(LIST, query=[("itemsPerPage", "many")]), "itemsPerPage"),
        (replace(LIST, query=[("startTime", "2026-06-01")]), "date-time"),
        (replace(LIST, query=[("startTime", "2026-06-01T00:00:00 02:00")]), "date-time"),
        (Sent("GET", "/settings/products", [("type", "other")], KEYS), "type"),
        (Sent("GET", "/customers/1/authenticate", [], KEYS), "password is missing"),
        (replace(HOLD, body=b""), "no JSON"),
        (replace(HOLD, body=b"{}"), "productId"),
        (replace(HOLD, body=HOLD_BODY.replace(b'"productId"', b'"product"')), "product"),
        (replace(HOLD, headers=KEYS | {"Content-Type": "text/plain"}), "application/json"),
    ],
)
def test_request_that_does_not_fit_is_told_why(sent: Sent, expected: str) -> None:
    assert expected in "; ".join(request_problems(sent))


def test_keys_may_come_in_the_query() -> None:
    sent = Sent("GET", "/settings/taxes", [("secretKey", "s"), ("apiKey", "a")])
    assert request_problems(sent) == []


def test_answer_that_fits_has_no_problems() -> None:
    assert answer_problems(HOLD, CREATED) == []
    assert answer_problems(Sent("GET", "/holds/x", [], KEYS), GONE) == []
    assert answer_problems(Sent("DELETE", "/holds/x", [], KEYS), Answered(204, {}, b"")) == []


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (replace(CREATED, status=200), "status 200"),
        (replace(CREATED, status=503), "status 503"),
        (replace(GONE, status=500), "status 500"),
        (replace(CREATED, headers=ANSWER_HEADERS), "Location is missing"),
        (replace(CREATED, headers=CREATED_HEADERS | {"Location": "/holds/x"}), "Location"),
        (replace(CREATED, headers={**CREATED_HEADERS, "Content-Type": "text/html"}), "application/json"),
        (replace(CREATED, body=b""), "no JSON"),
        (replace(CREATED, body=CREATED.body[:-9]), "no JSON"),
        (replace(CREATED, body=CREATED.body.replace(b'"id"', b'"holdId"')), "holdId"),
        (replace(GONE, body=GONE.body.replace(b'"errorId"', b'"error"'), status=403), "errorId"),
        (replace(GONE, status=403), "repeat"),
        (replace(GONE, headers={"Content-Type": "application/json"}, status=403), "Content-Language"),
    ],
)
def test_answer_that_does_not_fit_is_told_why(answered: Answered, expected: str) -> None:
    assert expected in "; ".join(answer_problems(HOLD, answered))


def test_answer_may_be_what_its_call_asked_for_in_particular() -> None:
    failing = replace(GONE, status=503, body=GONE.body.replace(b"404", b"503"))
    assert answer_problems(HOLD, failing)
    assert answer_problems(HOLD, failing, also=(503,)) == []
    assert answer_problems(HOLD, replace(CREATED, body=b""), may_be_empty=True) == []


def test_null_fits_only_where_the_document_says_so() -> None:
    customer = json.loads((PAYLOADS / "customer.response.json").read_bytes())
    sent = Sent("GET", "/customers/1", [], KEYS)

    def problems(field: str) -> list[str]:
        return answer_problems(sent, Answered(200, ANSWER_HEADERS, json.dumps(customer | {field: None}).encode()))

    assert problems("startTimeOfNextBooking") == []
    assert problems("firstName") != []


def test_each_operation_is_found_by_a_call_of_its_own() -> None:
    for operation in operations():
        assert operation_for(operation.method, operation.path.replace("{", "").replace("}", "")) is operation
