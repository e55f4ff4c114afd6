"""Holds and bookings (reference 7.7 to 7.9)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, StrictBool, StrictInt

from booking.bookeo.models.availability import BookingOption
from booking.bookeo.models.base import AnsweredTime, Many, Money, RequestedTime, WireModel
from booking.bookeo.models.catalogue import PeopleNumber, Resource, ResourceInput
from booking.bookeo.models.payments import PaymentInput
from booking.bookeo.models.people import Customer, CustomerInput, LinkedPerson, LinkedPersonInput


class PersonId(StrEnum):
    """Values of ``person_id`` that are not the id of a linked person."""

    SELF = "PSELF"
    NEW = "PNEW"
    UNKNOWN = "PUNKNOWN"


class PriceTax(WireModel):
    """The part of one tax in a price."""

    tax_id: str
    amount: Money


class Price(WireModel):
    """A final price: gross is net plus taxes; what is still due is gross less paid."""

    total_gross: Money
    total_net: Money
    total_taxes: Money
    total_paid: Money
    taxes: Many[PriceTax] = ()


class PriceAdjustment(WireModel):
    """An extra line on a booking: a surcharge, or a discount with a negative price."""

    unit_price: Money
    quantity: StrictInt
    description: str
    tax_ids: Many[str] = ()


class Hold(WireModel):
    """Seats reserved until ``expiration``, and the only place where the final price is told (reference 4.4)."""

    id: str
    price: Price
    expiration: AnsweredTime
    # Holds of 2015 do not tell it; then the gross price is to be paid (reference 10).
    total_payable: Money = Field(default_factory=lambda known: known["price"].total_gross)
    applicable_money_credit: Money | None = None
    applicable_gift_voucher_credit: Money | None = None
    applicable_prepaid_credits: StrictInt | None = None
    promotion_applicable: StrictBool | None = None
    applied_promotion_discount: Money | None = None


class Participant(WireModel):
    """Who takes a place: ``category_index`` 2 is the second of the category."""

    person_id: str
    people_category_id: str
    category_index: StrictInt
    person_details: LinkedPerson | None = None


class ParticipantInput(WireModel):
    """A place to give. Details are needed for ``PersonId.NEW`` only."""

    person_id: str
    people_category_id: str
    category_index: StrictInt
    person_details: LinkedPersonInput | None = None


class Participants(WireModel):
    """How many come; and who, if the booking was read with its participants."""

    numbers: Many[PeopleNumber]
    details: Many[Participant] = ()


class ParticipantsInput(WireModel):
    """How many come, and who, if known."""

    numbers: Many[PeopleNumber]
    details: Many[ParticipantInput] = ()


class BookingInput(WireModel):
    """What to hold or to book. ``customer_id`` and ``customer`` exclude each other; a hold needs neither."""

    product_id: str
    participants: ParticipantsInput
    event_id: str | None = None
    first_course_enrolled_event_id: str | None = None
    dropin_course_enrolled_event_id: str | None = None
    start_time: RequestedTime | None = None
    end_time: RequestedTime | None = None
    customer_id: str | None = None
    customer: CustomerInput | None = None
    external_ref: str | None = Field(default=None, max_length=64)
    resources: Many[ResourceInput] = ()
    source_ip: str | None = Field(default=None, repr=False)
    options: Many[BookingOption] = ()
    private_event: StrictBool | None = None
    price_adjustments: Many[PriceAdjustment] = ()
    promotion_code_input: str | None = None
    gift_voucher_code_input: str | None = Field(default=None, repr=False)
    initial_payments: Many[PaymentInput] = ()
    source: str | None = None


class Booking(WireModel):
    """A booking as Bookeo tells it. A cancelled one stays readable; ``accepted`` is false while it waits."""

    booking_number: str
    product_id: str
    start_time: AnsweredTime
    end_time: AnsweredTime
    participants: Participants
    creation_time: AnsweredTime
    title: str = Field(default="", repr=False)
    creation_agent: str | None = None
    canceled: StrictBool = False
    accepted: StrictBool = True
    event_id: str | None = None
    first_course_enrolled_event_id: str | None = None
    dropin_course_enrolled_event_id: str | None = None
    customer_id: str | None = None
    customer: Customer | None = None
    external_ref: str | None = None
    resources: Many[Resource] = ()
    cancelation_time: AnsweredTime | None = None
    cancelation_agent: str | None = None
    source_ip: str | None = Field(default=None, repr=False)
    last_change_time: AnsweredTime | None = None
    last_change_agent: str | None = None
    product_name: str | None = None
    options: Many[BookingOption] = ()
    private_event: StrictBool | None = None
    price_adjustments: Many[PriceAdjustment] = ()
    promotion_name: str | None = None
    coupon_codes: Many[str] = ()
    specific_voucher_code: str | None = Field(default=None, repr=False)
    no_show: StrictBool | None = None
    price: Price | None = None
    source: str | None = None
