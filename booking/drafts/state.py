"""What a draft knows. It is stored sealed, so it may hold what the visitor typed."""

import hashlib
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from booking.bookeo import Booking, Customer, Hold, Money, ParticipantInput
from booking.services.choices import Choice
from booking.services.holds import Codes

FINGERPRINT_LENGTH = 20


def fingerprint(agreed: str) -> str:
    """A short name of all that a press agrees to, so that nothing else can be sent by it."""
    return hashlib.sha256(agreed.encode()).hexdigest()[:FINGERPRINT_LENGTH]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Contact(Frozen):
    """A guest's details, as typed and tidied: the phone in E.164, the country as its two letters."""

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    address1: str = ""
    city: str = ""
    postcode: str = ""
    state: str = ""
    country: str = ""
    custom_fields: tuple[tuple[str, str], ...] = ()


class SignedIn(Frozen):
    """The customer whose password was right."""

    customer_id: str
    first_name: str
    last_name: str
    email: str
    phone: str

    @classmethod
    def of(cls, customer: Customer) -> "SignedIn":
        phones = customer.phone_numbers or ()
        return cls(
            customer_id=customer.id,
            first_name=customer.first_name or "",
            last_name=customer.last_name or "",
            email=customer.email_address or "",
            phone=phones[0].number if phones else "",
        )


class Placed(Frozen):
    """What the confirmation page and the calendar file tell of the booking."""

    booking_number: str
    start: datetime
    end: datetime
    accepted: bool
    total: Money | None
    paid: Money | None

    @classmethod
    def of(cls, booking: Booking) -> "Placed":
        return cls(
            booking_number=booking.booking_number,
            start=booking.start_time,
            end=booking.end_time,
            accepted=booking.accepted,
            total=booking.price.total_gross if booking.price else None,
            paid=booking.price.total_paid if booking.price else None,
        )


class DraftState(Frozen):
    """`hold` is absent until seats are held; `needs_customer` says that this will be after signing in. `typed` are
    fields of a form that was interrupted, by name, as they were. `refused_codes` were accepted once and are not any
    more. `in_doubt`: the answer of a press was lost."""

    choice: Choice
    estimate: Money | None = None
    hold: Hold | None = None
    needs_customer: bool = False
    codes: Codes = Codes()
    refused_codes: Codes = Codes()
    contact: Contact | None = None
    typed: tuple[tuple[str, str], ...] = ()
    signed_in: SignedIn | None = None
    text_options: tuple[tuple[str, str], ...] = ()
    details_done: bool = False
    participants: tuple[ParticipantInput, ...] = ()
    participants_done: bool = False
    in_doubt: bool = False
    placed: Placed | None = None

    @property
    def product_id(self) -> str:
        return self.choice.wishes.product_id

    @property
    def customer_id(self) -> str:
        return self.signed_in.customer_id if self.signed_in else ""

    @property
    def hold_id(self) -> str:
        return self.hold.id if self.hold else ""

    @property
    def email(self) -> str:
        if self.signed_in:
            return self.signed_in.email
        return self.contact.email if self.contact else ""

    @property
    def fingerprint(self) -> str:
        agreed = {"choice", "contact", "signed_in", "participants", "text_options", "codes"}
        price = (self.hold.price.total_gross, self.hold.total_payable) if self.hold else ()
        return fingerprint(f"{self.model_dump_json(include=agreed)}{price}")

    def hold_is_over(self, now: datetime) -> bool:
        return self.hold is None or self.hold.expiration <= now

    def without_personal_data(self) -> "DraftState":
        """The choice alone: what an address that was shared early may still show. A guest's hold is of use to whoever
        comes back and chooses another time; a member's price would tell of a member."""
        hold = None if self.signed_in else self.hold
        return DraftState(choice=self.choice, estimate=self.estimate, hold=hold)
