"""Request bodies of holds, bookings, matching slots and payments; closed like all of them."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from sandbox.schemas import (
    MOST,
    CustomerInput,
    CustomerUpdate,
    DateTime,
    LinkedPersonInput,
    LinkedPersonUpdate,
    Money,
    NamedValue,
    PaymentMethod,
    PeopleNumber,
    ResourceInput,
)
from sandbox.strict import Strict


class ParticipantInput(Strict):
    person_id: str
    people_category_id: str
    category_index: int = Field(ge=1)
    person_details: LinkedPersonInput | None = None


class ParticipantUpdate(ParticipantInput):
    """As read from a booking: the details of a known person are ignored."""

    person_details: LinkedPersonUpdate | None = None


class ParticipantsInput(Strict):
    numbers: list[PeopleNumber] = Field(min_length=1)
    details: list[ParticipantInput] | None = None


class ParticipantsUpdate(Strict):
    numbers: list[PeopleNumber] = Field(min_length=1)
    details: list[ParticipantUpdate] | None = None


class PriceAdjustment(Strict):
    unit_price: Money
    quantity: int = Field(ge=-MOST, le=MOST)
    description: str
    tax_ids: list[str] = Field([])


class PaymentInput(Strict):
    received_time: str | None = None
    reason: str
    comment: str | None = None
    amount: Money
    payment_method: PaymentMethod
    payment_method_other: str | None = None
    gateway_name: str | None = None
    transaction_id: str | None = None

    @model_validator(mode="after")
    def _other_needs_a_name(self) -> PaymentInput:
        if self.payment_method == "other" and self.payment_method_other is None:
            raise ValueError("paymentMethodOther is needed with paymentMethod other")
        return self


class BookingFields(Strict):
    """What holds, new bookings and updates share."""

    event_id: str | None = None
    first_course_enrolled_event_id: str | None = None
    dropin_course_enrolled_event_id: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    customer_id: str | None = None
    external_ref: str | None = Field(default=None, max_length=64)
    resources: list[ResourceInput] = Field([])
    source_ip: str | None = None
    product_id: str
    options: list[NamedValue] = Field([])
    private_event: bool = False
    price_adjustments: list[PriceAdjustment] = Field([])
    promotion_code_input: str | None = None
    gift_voucher_code_input: str | None = None
    source: str | None = None


class BookingInput(BookingFields):
    customer: CustomerInput | None = None
    participants: ParticipantsInput
    initial_payments: list[PaymentInput] = Field([])

    @model_validator(mode="after")
    def _one_customer_and_some_time(self) -> BookingInput:
        if self.customer is not None and self.customer_id is not None:
            raise ValueError("customer and customerId exclude each other")
        if self.event_id is None and self.start_time is None:
            raise ValueError("eventId or startTime is needed")
        return self


class BookingUpdate(BookingFields):
    """Whole object read back; the read-only fields are ignored."""

    booking_number: str | None = None
    customer: CustomerUpdate | None = None
    participants: ParticipantsUpdate
    title: str | None = None
    canceled: bool | None = None
    cancelation_time: DateTime | None = None
    cancelation_agent: str | None = None
    accepted: bool | None = None
    creation_time: DateTime | None = None
    creation_agent: str | None = None
    last_change_time: DateTime | None = None
    last_change_agent: str | None = None
    product_name: str | None = None
    promotion_name: str | None = None
    coupon_codes: list[str] | None = None
    specific_voucher_code: str | None = None
    no_show: bool | None = None
    price: dict[str, Any] | None = None
