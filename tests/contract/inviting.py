"""The OpenAPI document for a generator of requests that succeed: what exists in a sandbox stands in it as a choice.

Random text in the place of an id would meet nothing but refusals. Only requests are narrowed, answers are as they were.
"""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence

from sandbox.app import BASE_PATH
from sandbox.demo_products import ADULTS, CHILDREN, KAYAK, RED_CANOE
from tests.contract.document import document
from tests.sandbox.bodies import KAYAK_EVENT, kayak
from tests.sandbox.client import Api, Json

Choices = Mapping[str, Sequence[str | int]]
_SCHEMAS = "#/components/schemas/"
_EARLY, _LATE = (
    ("2026-06-12T07:00:00Z", "2026-06-12T10:00:00-00:00"),
    ("2026-06-13T00:00:00+02:00", "2026-06-30T09:00:00Z"),
)
_EVENTS = [KAYAK_EVENT, *(f"5117KY133019C0A1B2E00_2026-06-{day}" for day in range(12, 30))]
# What only fits together with something else, and would refuse nearly every request.
_LEFT_OUT = {
    "pageNavigationToken",
    "pageNumber",
    "BookingInput.startTime",
    "BookingInput.endTime",
    "BookingInput.firstCourseEnrolledEventId",
    "BookingInput.dropinCourseEnrolledEventId",
    "BookingInput.resources",
    "BookingInput.customer",
    "BookingUpdate.startTime",
    "BookingUpdate.endTime",
    "BookingUpdate.customerId",
    "BookingUpdate.firstCourseEnrolledEventId",
    "BookingUpdate.dropinCourseEnrolledEventId",
    "BookingOption.name",
    "CustomFieldValue.name",
}
# What is needed in truth, or allowed once only, though no schema can say so.
_NEEDED = {"BookingInput": ["eventId", "customerId"], "BookingUpdate": ["eventId"]}
_NEEDED_IN_LISTS = {"startTime", "endTime"}
_ONE_IS_ENOUGH = {"ParticipantsInput.numbers", "Participants.numbers", "MatchingSlotsSearchParameters.peopleNumbers"}
_COLLECTIONS = {
    "/holds/": "holdId",
    "/bookings/": "bookingNumber",
    "/customers/": "customerId",
    "/payments/": "paymentId",
    "/seatblocks/": "seatBlockId",
    "/resourceblocks/": "resourceBlockId",
}
_ALWAYS: Choices = {
    "personId": ["PSELF", "PNEW", "PUNKNOWN"],
    "categoryIndex": [1, 2],
    "productId": [KAYAK],
    "eventId": _EVENTS,
    "peopleCategoryId": [ADULTS, CHILDREN],
    "lang": ["en-US", "it-IT", "customerDefault"],
    "beginDate": ["2026-06-01", "2026-06-12T00:00:00-00:00"],
    "endDate": ["2026-06-12", "2026-07-01T00:00:00Z"],
    "currency": ["EUR"],
    "amount": ["5", "12.50", "-3"],
    "password": ["demo-guest"],
    "promotionCodeInput": ["WELCOME10", "LAKE5"],
    "giftVoucherCodeInput": ["GIFT25", "KAYAK-FREE"],
    "numSeats": [0, 1],
    "quantity": [-1, 2],
    "PeopleNumber.number": [1, 2],
    "ResourceInput.id": [RED_CANOE],
    "BookingOption.id": [f"{KAYAK}_3JWX6LTA"],
    "BookingOption.value": ["0", "2"],
    "CustomFieldValue.id": ["N5WJXT"],
    "CustomFieldValue.value": ["true", "false"],
}


def choices_in(api: Api) -> Choices:
    """Make some of everything, and answer what can be named by the name of the field or parameter that names it."""
    person, lonely = (api.get("/customers", searchText=name).data[0]["id"] for name in ("guest", "silent"))
    booking = api.created("/bookings", kayak(1, customerId=person))
    payment = {"reason": "Desk", "amount": {"amount": "5", "currency": "EUR"}, "paymentMethod": "cash"}
    search = {
        "productId": KAYAK,
        "startTime": _EARLY[0],
        "endTime": _LATE[-1],
        "peopleNumbers": [{"peopleCategoryId": ADULTS, "number": 1}],
    }
    block = {"startTime": _EARLY[0], "endTime": _EARLY[1], "resources": [{"id": RED_CANOE}]}
    hook = {"url": "https://front.example.com/hooks", "domain": "seatblocks", "type": "updated"}
    searched = api.created("/availability/matchingslots", search, itemsPerPage=10)
    return {
        **_ALWAYS,
        "bookingNumber": [booking["bookingNumber"]],
        "customerId": [person, lonely],
        "linkedPersonId": [one["id"] for one in api.get(f"/customers/{person}/linkedpeople").data],
        "holdId": [api.created("/holds", kayak(1))["id"]],
        "paymentId": [api.created(f"/bookings/{booking['bookingNumber']}/payments", payment)["id"]],
        "webhookId": [api.post("/webhooks", hook).headers["Location"].rpartition("/")[2]],
        "seatBlockId": [api.created("/seatblocks", {"productId": KAYAK, "eventId": KAYAK_EVENT, "numSeats": 1})["id"]],
        "resourceBlockId": [api.created("/resourceblocks", block)["id"]],
        "path.pageNavigationToken": [searched["info"]["pageNavigationToken"]],
    }


def document_with_paths(choices: Choices) -> Json:
    """The document at the sandbox's address, whose paths lead to what exists. Everything else is as it was."""
    made = _at_the_sandbox()
    for path, described in _operations(made):
        described["parameters"] = [_leading(made, path, one, choices) for one in described["parameters"]]
    return made


def inviting_document(choices: Choices) -> Json:
    """The document at the sandbox's address, in whose requests everything that can be chosen exists."""
    made = document_with_paths(choices)
    made["components"]["schemas"] |= _invited_schemas(made, choices)
    for _, described in _operations(made):
        described["parameters"] = list(_invited_parameters(made, described["parameters"], choices))
        if "requestBody" in described:
            content = described["requestBody"]["content"]["application/json"]
            content["schema"] = json.loads(_renamed(content["schema"]))
    return made


def _at_the_sandbox() -> Json:
    return copy.deepcopy(document()) | {"servers": [{"url": BASE_PATH}]}


def _operations(made: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in made["paths"].items():
        for described in methods.values():
            yield path, described


def _leading(made: Json, path: str, described: Json, choices: Choices) -> Json:
    found = _parameter(made, described)
    if found["in"] != "path":
        return described
    return {**found, "schema": _invited(_name_in_path(path, found["name"]), found["schema"], choices)}


def _parameter(made: Json, described: Json) -> Json:
    shared: dict[str, Json] = made["components"]["parameters"]
    return shared.get(described.get("$ref", "").rpartition("/")[2], described)


def _invited_schemas(made: Json, choices: Choices) -> Json:
    invited = json.loads(_renamed(made["components"]["schemas"]))
    return {f"Invited{kind}": _invited_schema(kind, schema, choices) for kind, schema in invited.items()}


def _invited_schema(kind: str, schema: Json, choices: Choices) -> Json:
    if "properties" not in schema:
        return schema
    fields = {name: _invited(f"{kind}.{name}", field, choices) for name, field in schema["properties"].items()}
    kept = {name: field for name, field in fields.items() if f"{kind}.{name}" not in _LEFT_OUT}
    return {**schema, "properties": kept, "required": [*schema.get("required", ()), *_NEEDED.get(kind, ())]}


def _renamed(schema: Json) -> str:
    return json.dumps(schema).replace(_SCHEMAS, f"{_SCHEMAS}Invited")


def _invited_parameters(made: Json, parameters: Sequence[Json], choices: Choices) -> Iterator[Json]:
    for described in parameters:
        found = _parameter(made, described)
        name = found["name"]
        if found["in"] == "path":
            yield found
        elif name not in _LEFT_OUT:
            needed = found.get("required", False) or name in _NEEDED_IN_LISTS
            yield {**found, "required": needed, "schema": _invited(name, found["schema"], choices)}


def _name_in_path(path: str, name: str) -> str:
    if name == "id" and "linkedpeople/{id}" in path:
        return "linkedPersonId"
    if name in {"id", "customerid"}:
        return next(kind for start, kind in _COLLECTIONS.items() if path.startswith(start))
    return f"path.{name}" if name == "pageNavigationToken" else name


def _invited(name: str, schema: Json, choices: Choices) -> Json:
    found = choices.get(name, choices.get(name.rpartition(".")[2]))
    if schema.get("format") == "date-time":
        found = _LATE if "end" in name.rpartition(".")[2].lower() else _EARLY
    if name in _ONE_IS_ENOUGH:
        return {**schema, "maxItems": 1}
    return {"type": schema["type"], "enum": list(found)} if found and "type" in schema else schema
