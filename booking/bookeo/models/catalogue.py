"""What a business sells, and to whom (reference 7.1, 7.3)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AliasChoices, Field, StrictBool, StrictInt

from booking.bookeo.models.base import Many, Money, WireModel


class ProductType(StrEnum):
    """The types known today. ``Product.type`` is plain text, so that a new type breaks no page."""

    FIXED = "fixed"
    FIXED_COURSE = "fixedCourse"
    FLEXIBLE_TIME = "flexibleTime"


class Image(WireModel):
    """A picture at an absolute address."""

    url: str


class PeopleCategory(WireModel):
    """Adults, children, or a kind of the business's own. ``num_seats`` is what one person takes."""

    id: str
    name: str
    num_seats: StrictInt


class PeopleCategoryList(WireModel):
    """The one list whose array is not called ``data``."""

    categories: Many[PeopleCategory]


class PeopleNumber(WireModel):
    """How many people of one category."""

    people_category_id: str
    number: StrictInt


class BookingLimit(WireModel):
    """Fewest and most people of a category, or in all when no category is named (reference 4.2)."""

    people_category_id: str | None = None
    min: StrictInt
    max: StrictInt


class PriceRate(WireModel):
    """A headline price per person of a category, or per booking when no category is named."""

    people_category_id: str | None = None
    price: Money


class Duration(WireModel):
    """How long a product lasts. With days above 0 it lasts whole days."""

    days: StrictInt = 0
    hours: StrictInt = 0
    minutes: StrictInt = 0


class _Option(WireModel):
    id: str
    name: str
    index: StrictInt = 0
    description: str | None = None
    shown_to_customers: StrictBool = True
    enabled: StrictBool = True


class ChoiceOptionValue(WireModel):
    """One choice. Its ``name``, not its id, is what a booking sends (reference 7.6)."""

    id: str
    name: str
    description: str | None = None


class ChoiceOption(_Option):
    """One of several values."""

    values: Many[ChoiceOptionValue] = ()
    default_value_id: str | None = None


class NumberOption(_Option):
    """A whole number within bounds."""

    min_value: StrictInt
    max_value: StrictInt
    default_value: StrictInt


class OnOffOption(_Option):
    """Yes or no."""

    default_state: StrictBool = Field(
        default=False,
        # One client calls it "default"; the reference decides to read both (section 10).
        validation_alias=AliasChoices("defaultState", "default", "default_state"),
        serialization_alias="defaultState",
    )


class TextOption(_Option):
    """Free text."""

    required: StrictBool = False


class Product(WireModel):
    """What can be booked (reference 7.3). ``description`` is HTML of the business: sanitise it."""

    product_id: str
    name: str
    type: str
    product_code: str | None = None
    description: str | None = None
    images: Many[Image] = ()
    booking_limits: Many[BookingLimit] = ()
    default_rates: Many[PriceRate] = ()
    duration: Duration
    members_only: StrictBool = False
    prepaid_only: StrictBool = False
    accept_deny: StrictBool = False
    api_bookings_allowed: StrictBool
    drop_in_only: StrictBool = False
    allow_private_events: StrictBool = False
    choice_options: Many[ChoiceOption] = ()
    number_options: Many[NumberOption] = ()
    on_off_options: Many[OnOffOption] = ()
    text_options: Many[TextOption] = ()


class Resource(WireModel):
    """A guide, a room, a boat."""

    id: str
    name: str


class ResourceInput(WireModel):
    """A resource in a request: only the id counts."""

    id: str


class ResourceType(WireModel):
    """A kind of resource. Customers see only public kinds."""

    id: str
    name: str
    is_public: StrictBool = False
    resources: Many[Resource] = ()
