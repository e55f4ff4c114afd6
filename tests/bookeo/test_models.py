"""Promises of the models: payloads go in and come out whole, and nobody is printed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

import booking.bookeo as wire
from booking.bookeo import (
    Booking,
    BookingInput,
    Customer,
    Hold,
    LinkedPersonInput,
    Money,
    OnOffOption,
    Page,
    PaymentInput,
    PeopleNumber,
    Product,
    Slot,
    WireModel,
    changed_document,
    to_wire,
)
from tests.bookeo.samples import PAYLOADS, openapi, payload

MODELS: dict[str, type[WireModel]] = {
    "settings.products.documented-2021": Page[Product],
    "settings.products": Page[Product],
    "settings.peoplecategories": wire.PeopleCategoryList,
    "settings.apikeyinfo": wire.ApiKeyInfo,
    "settings.business": wire.Business,
    "settings.languages": wire.Listing[wire.Language],
    "settings.taxes": wire.Listing[wire.Tax],
    "settings.resources": Page[wire.ResourceType],
    "settings.customercustomfields": wire.CustomFieldDefinitions,
    "slots.response": Page[Slot],
    "slots.page2.response": Page[Slot],
    "slots.course.response": Page[Slot],
    "matchingslots.request": wire.MatchingSlotsSearchParameters,
    "matchingslots.response": Page[wire.MatchingSlot],
    "matchingslots.flexible.request": wire.MatchingSlotsSearchParameters,
    "matchingslots.flexible.response": Page[wire.MatchingSlot],
    "hold.request.documented-2015": BookingInput,
    "hold.response.documented-2015": Hold,
    "hold.request": BookingInput,
    "hold.response": Hold,
    "hold.promotion.request": BookingInput,
    "hold.promotion.response": Hold,
    "hold.credit.response": Hold,
    "hold.prepaid.response": Hold,
    "booking.create.request.documented-2015": BookingInput,
    "booking.create.request": BookingInput,
    "booking.create.response": Booking,
    "booking.participants.request": BookingInput,
    "booking.expanded.response": Booking,
    "booking.flexible.request": BookingInput,
    "booking.flexible.response": Booking,
    "booking.course.request": BookingInput,
    "booking.pending.response": Booking,
    "booking.updated.response": Booking,
    "booking.canceled.response": Booking,
    "booking.promotion.response": Booking,
    "bookings.list.response": Page[Booking],
    "customer.create.request": wire.CustomerInput,
    "customer.response": Customer,
    "customers.search.response": Page[Customer],
    "linkedperson.response": wire.LinkedPerson,
    "linkedpeople.list.response": Page[wire.LinkedPerson],
    "linkedperson.update.request": LinkedPersonInput,
    "customer.bookings.list.response": Page[Booking],
    "payment.create.request": PaymentInput,
    "payment.response": wire.Payment,
    "booking.payments.list": Page[wire.Payment],
    "payments.list.response": Page[wire.Payment],
    "webhook.create.request": wire.WebhookInput,
    "webhooks.list.response": wire.Listing[wire.Webhook],
    "webhook.message": wire.WebhookMessage,
    "webhook.message.deleted": wire.WebhookMessage,
    "seatblock.response": wire.SeatBlock,
    "resourceblock.response": wire.ResourceBlock,
}
# Read elsewhere: errors in test_codec, headers in test_client and test_webhook_signature. The document of an
# update is made by changed_document below. Subaccounts belong to portals, which this product is not.
NOT_MODELS = ("error.", "customer.authenticate.failure", "slots.request", "booking.update.request", "subaccounts.")


def test_every_saved_payload_is_tried() -> None:
    saved = {path.name.removesuffix(".json") for path in PAYLOADS.glob("*.json")}
    left = {name for name in saved if not name.startswith(NOT_MODELS) and not name.endswith(".headers")}
    assert left == set(MODELS)


@pytest.mark.parametrize("name", MODELS)
def test_payload_comes_out_as_it_went_in(name: str) -> None:
    assert to_wire(MODELS[name].model_validate(payload(name))) == payload(name)


@pytest.mark.parametrize("name", sorted(set(openapi()["components"]["schemas"]) & set(wire.__all__)))
def test_model_has_the_fields_of_its_schema(name: str) -> None:
    model = getattr(wire, name)
    schema = openapi()["components"]["schemas"][name]
    if "enum" in schema:
        assert {member.value for member in model} == set(schema["enum"])
        return
    names = {field.serialization_alias for field in model.model_fields.values()}
    # The name of a resource is ignored on input, so we do not offer it.
    assert names == set(schema["properties"]) - ({"name"} if name == "ResourceInput" else set())


def _with_surprises(node: Any) -> Any:
    if isinstance(node, dict):
        return {**{key: _with_surprises(value) for key, value in node.items()}, "surpriseField": {"a": [1, None, "x"]}}
    return [_with_surprises(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("name", ["booking.expanded.response", "settings.products", "slots.course.response"])
def test_unknown_fields_survive_at_every_depth(name: str) -> None:
    document = _with_surprises(payload(name))
    assert to_wire(MODELS[name].model_validate(document)) == document


def test_unknown_values_of_known_kinds_are_accepted() -> None:
    document = payload("settings.products")["data"][0]
    assert Product.model_validate({**document, "type": "hologram"}).type == "hologram"


def test_null_sequences_read_as_empty() -> None:
    booking = Booking.model_validate({**payload("booking.create.response"), "options": None})
    assert booking.options == ()


def test_models_are_built_by_our_names_and_dumped_by_theirs() -> None:
    people = wire.ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=2),))
    booking = BookingInput(product_id="P", participants=people, external_ref="r-1")
    assert to_wire(booking) == {
        "productId": "P",
        "participants": {"numbers": [{"peopleCategoryId": "Cadults", "number": 2}]},
        "externalRef": "r-1",
    }


def test_models_cannot_be_changed() -> None:
    money = Money(amount=Decimal(1), currency="EUR")
    with pytest.raises(ValidationError, match="frozen"):
        money.amount = Decimal(2)  # type: ignore[misc]


def test_text_does_not_pass_as_a_number() -> None:
    with pytest.raises(ValidationError):
        PeopleNumber.model_validate({"peopleCategoryId": "Cadults", "number": "3"})


# --- particular objects


def test_hold_without_total_payable_is_to_be_paid_in_full() -> None:
    hold = Hold.model_validate(payload("hold.response.documented-2015"))
    assert hold.total_payable == hold.price.total_gross
    assert hold.total_payable == Money(amount=Decimal(27), currency="AUD")


def test_hold_with_credit_keeps_what_is_payable() -> None:
    assert Hold.model_validate(payload("hold.credit.response")).total_payable.amount == Decimal(97)


@pytest.mark.parametrize("name", ["defaultState", "default"])
def test_on_off_option_reads_both_spellings_of_its_default(name: str) -> None:
    assert OnOffOption.model_validate({"id": "o", "name": "Photo", "index": 1, name: True}).default_state is True


# --- documents for an update


def test_changed_document_is_the_whole_booking_with_the_change() -> None:
    booking = Booking.model_validate(payload("booking.create.response"))
    document = changed_document(
        booking, event_id="4151NE4XJU18E08C545D0_2026-07-18", without=("start_time", "end_time")
    )
    assert document == payload("booking.update.request")


def test_changed_document_writes_models_times_and_sequences() -> None:
    booking = Booking.model_validate(payload("booking.create.response"))
    people = wire.ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=1),))
    options = (wire.BookingOption(id="O", value="true"),)
    start = datetime(2026, 8, 1, 10, tzinfo=UTC)
    document = changed_document(booking, participants=people, options=options, start_time=start)
    assert document["participants"] == {"numbers": [{"peopleCategoryId": "Cadults", "number": 1}]}
    assert document["options"] == [{"id": "O", "value": "true"}]
    assert document["startTime"] == "2026-08-01T10:00:00+00:00"


def test_changed_document_writes_days() -> None:
    customer = Customer.model_validate(payload("customer.response"))
    assert changed_document(customer, date_of_birth=date(1991, 2, 3))["dateOfBirth"] == "1991-02-03"


def test_changed_document_refuses_a_field_that_does_not_exist() -> None:
    booking = Booking.model_validate(payload("booking.create.response"))
    with pytest.raises(ValueError, match="eventid"):
        changed_document(booking, eventid="E")


# --- privacy


def test_models_do_not_print_people() -> None:
    booking = Booking.model_validate({**payload("booking.expanded.response"), "privateNote": "canary"})
    printed = repr(booking) + str(booking)
    for secret in ("Camille", "Moreau", "example.com", "+33", "1990", "canary", "192.0.2.44"):
        assert secret not in printed
    assert booking.booking_number in printed
