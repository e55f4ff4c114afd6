"""What a business is made of: its products, people categories, fields, taxes and codes. Plain frozen values, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from sandbox.questions import CustomField, Localised, Option

ProductType = Literal["fixed", "fixedCourse", "flexibleTime"]


@dataclass(frozen=True)
class BookingLimit:
    """How many people of a category, or in total, one booking may have."""

    category: str | None
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Schedule:
    """Regular start times of a fixed product. `rates` replaces headline prices at this hour."""

    id: str
    at: time
    weekdays: frozenset[int] = frozenset(range(7))
    months: frozenset[int] = frozenset(range(1, 13))
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    resource: str | None = None


@dataclass(frozen=True)
class CourseSchedule:
    """A course of weekly classes that starts every `weeks_apart` weeks. Each class has a schedule id of its own.

    Who comes late may miss so many classes as `late_classes`: until then a course that has begun is still offered.
    """

    class_ids: tuple[str, ...]
    weekday: int
    at: time
    weeks_apart: int
    title: Localised
    late_classes: int = 0


@dataclass(frozen=True)
class OpeningHours:
    """When a flexible product can start and must end, and which resources it needs one of."""

    schedule_id: str
    opens: time
    closes: time
    step_minutes: int
    resource_type: str


@dataclass(frozen=True, eq=False)
class Product:
    """Something that can be booked, with the rules that the API does not show (reference 4, 7.3).

    Members pay `member_percent` less for people than others.
    """

    id: str
    code: str
    name: Localised
    description: Localised
    type: ProductType
    limits: tuple[BookingLimit, ...]
    rates: tuple[tuple[str | None, Decimal], ...]
    tax: str
    tax_included: bool
    capacity: int
    days: int = 0
    hours: int = 0
    minutes: int = 0
    picture: str | None = None
    schedules: tuple[Schedule, ...] = ()
    courses: tuple[CourseSchedule, ...] = ()
    opening_hours: OpeningHours | None = None
    options: tuple[Option, ...] = ()
    members_only: bool = False
    member_percent: Decimal = Decimal(0)
    prepaid_only: bool = False
    accept_deny: bool = False
    drop_in_only: bool = False
    api_bookings_allowed: bool = True
    allow_private_events: bool = False

    def option(self, option_id: str) -> Option | None:
        """The option with that id, if the product has it."""
        return next((option for option in self.options if option.id == option_id), None)

    def limit(self, category: str | None) -> BookingLimit | None:
        """The limit for a category, or for the total."""
        return next((limit for limit in self.limits if limit.category == category), None)


@dataclass(frozen=True)
class PeopleCategory:
    """Adults, children and so on; `seats` is what one of them takes."""

    id: str
    name: Localised
    seats: int


@dataclass(frozen=True)
class Tax:
    """A tax in percent."""

    id: str
    name: Localised
    percent: Decimal


@dataclass(frozen=True)
class ResourceType:
    """Boats, rooms: what a flexible product uses one of. `resources` are (id, name)."""

    id: str
    name: Localised
    is_public: bool
    resources: tuple[tuple[str, Localised], ...]


@dataclass(frozen=True)
class Promotion:
    """A promotion code: a percentage or an amount off; expired ones are refused."""

    code: str
    name: str
    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    expired: bool = False


@dataclass(frozen=True)
class Voucher:
    """A gift voucher: worth an amount, or one person of a category in one product."""

    code: str
    amount: Decimal = Decimal(0)
    product_id: str | None = None
    category: str | None = None

    @property
    def is_specific(self) -> bool:
        """Whether it pays for a service and not an amount."""
        return self.product_id is not None


@dataclass(frozen=True)
class Language:
    """A language of the account."""

    tag: str
    name: str


@dataclass(frozen=True)
class Account:
    """The whole business. `customer_language` is the customers' default, `user_language` that of the staff."""

    id: str
    name: str
    description: Localised
    zone: ZoneInfo
    currency: str
    languages: tuple[Language, ...]
    customer_language: str
    user_language: str
    categories: tuple[PeopleCategory, ...]
    taxes: tuple[Tax, ...]
    resource_types: tuple[ResourceType, ...]
    custom_fields: tuple[CustomField, ...]
    products: tuple[Product, ...]
    promotions: tuple[Promotion, ...] = ()
    vouchers: tuple[Voucher, ...] = ()

    def product(self, product_id: str) -> Product | None:
        """The product with that id."""
        return next((product for product in self.products if product.id == product_id), None)

    def category(self, category_id: str) -> PeopleCategory | None:
        """The people category with that id."""
        return next((category for category in self.categories if category.id == category_id), None)

    def tax(self, tax_id: str) -> Tax | None:
        """The tax with that id."""
        return next((tax for tax in self.taxes if tax.id == tax_id), None)

    def resource_type(self, type_id: str) -> ResourceType:
        """The resource type with that id; products only name types that exist."""
        return next(kind for kind in self.resource_types if kind.id == type_id)

    def resource_name(self, resource_id: str) -> Localised | None:
        """The name of a resource of any type."""
        for kind in self.resource_types:
            for known_id, name in kind.resources:
                if known_id == resource_id:
                    return name
        return None
