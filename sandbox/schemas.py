"""Request bodies, closed like the schemas of the OpenAPI document: no unknown fields, nulls or loose types."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sandbox.strict import Strict

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?$", max_length=16)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*$")]


def _check_date(text: str) -> str:
    date.fromisoformat(text)
    return text


FullDate = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_check_date)]
DateTime = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$")
]
DateOrDateTime = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)]
Count = Annotated[int, Field(ge=0)]
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
    options: list[NamedValue] = Field([])
    resources: list[ResourceInput] = Field([])


class LinkedPersonInput(Strict):
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    phone_numbers: list[PhoneNumber] = Field([])
    street_address: StreetAddress | None = None
    date_of_birth: FullDate | None = None
    custom_fields: list[NamedValue] = Field([])
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
    creation_time: DateTime | None = None
    start_time_of_next_booking: DateTime | None = None
    start_time_of_previous_booking: DateTime | None = None
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
    creation_time: DateTime | None = None
    start_time_of_next_booking: DateTime | None = None
    start_time_of_previous_booking: DateTime | None = None
    credit: Money | None = None
    num_bookings: Count | None = None
    num_cancelations: Count | None = None
    num_no_shows: Count | None = None
    member: bool | None = None
    membership_end: DateOrDateTime | None = None

    def wire(self) -> dict[str, Any]:
        """What can be written, as it came."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude=set(self.read_only))


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
