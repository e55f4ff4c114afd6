"""Customers, the people they book for, and the fields a business adds to both (reference 7.4, 7.10)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import StrictBool, StrictInt

from booking.bookeo.models.base import AnsweredTime, FullDate, Many, Money, WireModel


class Gender(StrEnum):
    """The values known today; the field is plain text."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class PhoneType(StrEnum):
    """The values known today; the field is plain text."""

    MOBILE = "mobile"
    WORK = "work"
    HOME = "home"
    FAX = "fax"


class PhoneNumber(WireModel):
    """A telephone number as it was typed."""

    number: str
    type: str


class StreetAddress(WireModel):
    """An address; every part may be missing."""

    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    country_code: str | None = None
    state: str | None = None
    postcode: str | None = None


class CustomFieldValue(WireModel):
    """A value of a custom field, by id or name (the id wins); a choice is named by its text."""

    id: str | None = None
    name: str | None = None
    value: str


class _Person(WireModel):
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    phone_numbers: Many[PhoneNumber] = ()
    street_address: StreetAddress | None = None
    date_of_birth: FullDate | None = None
    custom_fields: Many[CustomFieldValue] = ()
    gender: str | None = None

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        # Whatever prints a model, a log or an error page, must not print a person.
        return [("id", getattr(self, "id", None))]


class LinkedPersonInput(_Person):
    """A new participant, or the new details of a known one."""


class LinkedPerson(_Person):
    """Someone whom a customer has booked for."""

    id: str
    creation_time: AnsweredTime
    customer_id: str
    start_time_of_next_booking: AnsweredTime | None = None
    start_time_of_previous_booking: AnsweredTime | None = None


class CustomerInput(_Person):
    """A customer to create. ``language_code`` has the underscore form, en_US."""

    facebook_id: str | None = None
    language_code: str | None = None
    accept_sms_reminders: StrictBool | None = None


class Customer(CustomerInput):
    """A customer. One e-mail address may belong to several (reference 4.6)."""

    id: str
    creation_time: AnsweredTime
    start_time_of_next_booking: AnsweredTime | None = None
    start_time_of_previous_booking: AnsweredTime | None = None
    credit: Money | None = None
    num_bookings: StrictInt | None = None
    num_cancelations: StrictInt | None = None
    num_no_shows: StrictInt | None = None
    member: StrictBool | None = None
    # Sources differ between a date and a date-time, so the text is kept.
    membership_end: str | None = None


class _CustomField(WireModel):
    id: str
    name: str
    description: str | None = None
    shown_to_customers: StrictBool = False
    for_customer: StrictBool = False
    for_participants: StrictBool = False
    index: StrictInt = 0


class CustomChoiceValue(WireModel):
    """One choice of a custom field. Its ``name``, not its id, is what a customer record holds."""

    id: str
    name: str
    description: str | None = None


class ChoiceCustomField(_CustomField):
    """One of several values."""

    values: Many[CustomChoiceValue] = ()
    default_value_id: str | None = None


class NumberCustomField(_CustomField):
    """A whole number within bounds."""

    min_value: StrictInt
    max_value: StrictInt
    default_value: StrictInt


class OnOffCustomField(_CustomField):
    """Yes or no."""

    default_state: StrictBool = False


class TextCustomField(_CustomField):
    """Free text."""


class CustomFieldDefinitions(WireModel):
    """The custom fields of customers and participants, by kind."""

    choice_fields: Many[ChoiceCustomField] = ()
    number_fields: Many[NumberCustomField] = ()
    on_off_fields: Many[OnOffCustomField] = ()
    text_fields: Many[TextCustomField] = ()
