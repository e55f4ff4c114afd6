"""A small model of what a business must never get wrong: seats in three slots, and the money of each booking."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.demo_products import ADULTS, CHILDREN, KAYAK, PADDLE
from tests.sandbox.bodies import KAYAK_EVENT, KAYAK_LATER, Json, people


@dataclass(frozen=True)
class Slot:
    """A time of a product. Prices are per head; `tax` is the factor that the final price has on top."""

    event_id: str
    product_id: str
    capacity: int
    adult: int
    child: int
    tax: Decimal


SLOTS = (
    Slot(KAYAK_EVENT, KAYAK, 12, 49, 32, Decimal("1.1")),
    Slot(KAYAK_LATER, KAYAK, 12, 49, 32, Decimal("1.1")),
    Slot("5117PD090019C0A1B2E00_2026-06-12", PADDLE, 6, 24, 15, Decimal(1)),
)


@dataclass(frozen=True)
class Place:
    """Some people in a slot."""

    slot: Slot
    adults: int
    children: int

    @property
    def seats(self) -> int:
        """Everybody takes one."""
        return self.adults + self.children

    @property
    def price(self) -> Decimal:
        """What they pay in the end."""
        return (self.adults * self.slot.adult + self.children * self.slot.child) * self.slot.tax

    @property
    def body(self) -> Json:
        """How a request says so."""
        return {
            "productId": self.slot.product_id,
            "eventId": self.slot.event_id,
            "participants": people(**{ADULTS: self.adults, CHILDREN: self.children}),
        }


@dataclass
class Held:
    """A hold and the second at which it ends."""

    place: Place
    until: int


@dataclass
class Booked:
    """A booking with its payments; refunds are negative."""

    place: Place
    canceled: bool = False
    payments: list[Decimal] = field(default_factory=list)

    @property
    def facts(self) -> tuple[str, bool, Decimal, Decimal]:
        """Where, whether it still stands, its price, what was paid."""
        return self.place.slot.event_id, self.canceled, self.place.price, sum(self.payments, Decimal(0))


@dataclass
class Model:
    """What the sandbox must know too. `now` counts seconds from the beginning."""

    now: int = 0
    holds: dict[str, Held] = field(default_factory=dict)
    bookings: dict[str, Booked] = field(default_factory=dict)

    def lives(self, hold_id: str | None) -> bool:
        """Whether a hold is neither gone nor over."""
        return hold_id in self.holds and self.holds[hold_id].until > self.now

    def left(self, slot: Slot, *, without: Iterable[str | None] = ()) -> int:
        """Seats left in a slot, if some holds or bookings were not there."""
        taken = [held.place for key, held in self.holds.items() if self.lives(key) and key not in without]
        taken += [booked.place for key, booked in self.bookings.items() if not booked.canceled and key not in without]
        return slot.capacity - sum(place.seats for place in taken if place.slot == slot)

    def fits(self, place: Place, *, instead_of: str | None = None) -> bool:
        """Whether the people find seats, if they give up what they have."""
        return place.seats <= self.left(place.slot, without=[instead_of])
