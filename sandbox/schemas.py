"""Request bodies, closed like the schemas of the OpenAPI document: no unknown fields, nulls or loose types."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic.alias_generators import to_camel

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?$", max_length=20)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$")]


def _check_date(text: str) -> str:
    date.fromisoformat(text)
    return text


FullDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_check_date)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)]
Gender = Literal["male", "female", "unknown"]
PaymentMethod = Literal[
    "creditCard",
    "paypal",
    "bankTransfer",
    "cash",
    "checque",
    "debitCard",
    "existingCredit",
    "accountCredit",
    "moneyVoucher",
    "other",
]


MOST = 10_000
"""No booking has more people, or more of an extra, than this."""


class Strict(BaseModel):
    """A closed object. Optional fields may be left out but not be null, except those in `nullable`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)
    nullable: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _refuse_null(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for name, content in value.items():
                if content is None and name not in cls.nullable:
                    raise ValueError("null is not a value")
        return value

    def wire(self) -> dict[str, Any]:
        """The object as it came, without what was left out."""
        return self.model_dump(by_alias=True, exclude_unset=True)


def describe(error: ValidationError) -> str:
    """The first problem in words that name the field."""
    problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "missing":
        return f"Missing required field: {place}"
    if problem["type"] == "extra_forbidden":
        return f"Unknown field: {place}"
    if problem["type"] == "json_invalid":
        return "The body is not valid JSON"
    return f"Invalid value for {place or 'the body'}: {problem['msg']}"


class Money(Strict):
    amount: Amount
    currency: Currency


class PhoneNumber(Strict):
    number: str
    type: Literal["mobile", "work", "home", "fax"]


class StreetAddress(Strict):
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    country_code: CountryCode | None = None
    state: str | None = None
    postcode: str | None = None


class PeopleNumber(Strict):
    people_category_id: str
    number: int = Field(ge=0, le=MOST)


class ResourceInput(Strict):
    id: str
    name: str | None = None


class NamedValue(Strict):
    """BookingOption and CustomFieldValue: `id` wins over `name`."""

    id: str | None = None
    name: str | None = None
    value: str

    @model_validator(mode="after")
    def _needs_id_or_name(self) -> NamedValue:
        if self.id is None and self.name is None:
            raise ValueError("id or name is needed")
        return self


class MatchingSlotsSearchParameters(Strict):
    product_id: str
    start_time: str
    end_time: str
    people_numbers: list[PeopleNumber] = Field(min_length=1)
    options: list[NamedValue] = []
    resources: list[ResourceInput] = []


class LinkedPersonInput(Strict):
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    phone_numbers: list[PhoneNumber] = []
    street_address: StreetAddress | None = None
    date_of_birth: FullDate | None = None
    custom_fields: list[NamedValue] = []
    gender: Gender | None = None


class CustomerInput(LinkedPersonInput):
    facebook_id: str | None = None
    language_code: LanguageCode | None = None
    accept_sms_reminders: bool | None = None


class LinkedPersonUpdate(LinkedPersonInput):
    """Whole object read back; the read-only fields are ignored."""

    nullable = frozenset({"startTimeOfNextBooking", "startTimeOfPreviousBooking"})
    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "creation_time", "start_time_of_next_booking", "start_time_of_previous_booking", "customer_id"}
    )

    id: str | None = None
    creation_time: str | None = None
    start_time_of_next_booking: str | None = None
    start_time_of_previous_booking: str | None = None
    customer_id: str | None = None

    def wire(self) -> dict[str, Any]:
        """What can be written, as it came."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude=set(self.read_only))


class CustomerUpdate(CustomerInput):
    """Whole object read back; the read-only fields are ignored."""

    nullable = frozenset({"startTimeOfNextBooking", "startTimeOfPreviousBooking"})
    read_only: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "creation_time",
            "start_time_of_next_booking",
            "start_time_of_previous_booking",
            "credit",
            "num_bookings",
            "num_cancelations",
            "num_no_shows",
            "member",
            "membership_end",
        }
    )

    id: str | None = None
    creation_time: str | None = None
    start_time_of_next_booking: str | None = None
    start_time_of_previous_booking: str | None = None
    credit: Money | None = None
    num_bookings: int | None = None
    num_cancelations: int | None = None
    num_no_shows: int | None = None
    member: bool | None = None
    membership_end: str | None = None

    def wire(self) -> dict[str, Any]:
        """What can be written, as it came."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude=set(self.read_only))


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
    tax_ids: list[str] = []


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
    resources: list[ResourceInput] = []
    source_ip: str | None = None
    product_id: str
    options: list[NamedValue] = []
    private_event: bool = False
    price_adjustments: list[PriceAdjustment] = []
    promotion_code_input: str | None = None
    gift_voucher_code_input: str | None = None
    source: str | None = None


class BookingInput(BookingFields):
    customer: CustomerInput | None = None
    participants: ParticipantsInput
    initial_payments: list[PaymentInput] = []

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
    cancelation_time: str | None = None
    cancelation_agent: str | None = None
    accepted: bool | None = None
    creation_time: str | None = None
    creation_agent: str | None = None
    last_change_time: str | None = None
    last_change_agent: str | None = None
    product_name: str | None = None
    promotion_name: str | None = None
    coupon_codes: list[str] | None = None
    specific_voucher_code: str | None = None
    no_show: bool | None = None
    price: dict[str, Any] | None = None


class WebhookInput(Strict):
    url: WebAddress
    domain: Literal["bookings", "seatblocks", "resourceblocks", "customers", "payments"]
    type: Literal["created", "updated", "deleted"]


class SeatBlockInput(Strict):
    event_id: str
    product_id: str
    reason: str | None = None
    num_seats: int = Field(ge=-1)


class ResourceBlockInput(Strict):
    start_time: str
    end_time: str
    reason: str | None = None
    resources: list[ResourceInput] = Field(min_length=1)
