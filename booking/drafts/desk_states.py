"""What a draft of the desk knows: a change of a booking, or a booking for a customer."""

from abc import ABC, abstractmethod
from datetime import datetime

from booking.bookeo import Hold, Money
from booking.drafts.state import Contact, Frozen, SignedIn, fingerprint
from booking.services.choices import Choice
from booking.services.desk_changes import Change


class DeskState(Frozen, ABC):
    """Whoever of the staff has begun it. `asked`: Bookeo has been asked for a hold; `hold` is absent then where none
    can be had."""

    staff_id: int
    hold: Hold | None = None
    asked: bool = False

    @property
    def hold_id(self) -> str:
        return self.hold.id if self.hold else ""

    @property
    def total(self) -> Money | None:
        """What the hold says that all of it costs."""
        return self.hold.price.total_gross if self.hold else None

    def hold_is_over(self, now: datetime) -> bool:
        return self.hold is None or self.hold.expiration <= now

    @property
    @abstractmethod
    def wish(self) -> object:
        """What was pressed on: two presses for the same are one."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """Names all that a press agrees to, so that nothing else can be sent by it."""


class ChangeState(DeskState):
    """`seen` is the stamp of the booking that the change was made for."""

    number: str
    seen: str
    change: Change

    @property
    def wish(self) -> Change:
        return self.change

    @property
    def fingerprint(self) -> str:
        return fingerprint(f"{self.seen}{self.change.model_dump_json()}{self.total}")


class OrderState(DeskState):
    """A booking for a customer: `customer` is known at Bookeo, `contact` is somebody new. `sought` is what was looked
    for among the customers; `needs_customer` says that seats can be held for a member or a holder of credits alone."""

    choice: Choice
    needs_customer: bool = False
    customer: SignedIn | None = None
    contact: Contact | None = None
    sought: str = ""
    number: str = ""

    @property
    def wish(self) -> Choice:
        return self.choice

    @property
    def product_id(self) -> str:
        return self.choice.wishes.product_id

    @property
    def customer_id(self) -> str:
        return self.customer.customer_id if self.customer else ""

    @property
    def email(self) -> str:
        who = self.customer or self.contact
        return who.email if who else ""

    @property
    def fingerprint(self) -> str:
        agreed = self.model_dump_json(include={"choice", "customer", "contact"})
        return fingerprint(f"{agreed}{self.total}")
