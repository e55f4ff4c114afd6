"""Holding seats for some minutes: the only way to learn the true price (reference 4.4)."""

from dataclasses import dataclass

from django.conf import settings

from booking import bookeo
from booking.bookeo import BookingInput, Hold, ParticipantsInput
from booking.services import cache, catalogue, upstream
from booking.services.choices import Choice
from booking.services.errors import (
    CodeRefused,
    CustomerNeeded,
    TimeGone,
    bookeo_errors_translated,
    is_permission_problem,
    speaks_of,
)

# The API has no error codes; these words in a refusal speak of a code (reference 2.7).
CODE_WORDS = ("promotion", "voucher", "coupon")
# These of who may book: members, or holders of credits.
CUSTOMER_WORDS = ("member", "prepaid", "credit", "package")


@dataclass(frozen=True, slots=True)
class Codes:
    """What the customer typed into the field for codes, by kind."""

    promotion: str = ""
    voucher: str = ""

    def __bool__(self) -> bool:
        return bool(self.promotion or self.voucher)


NO_CODES = Codes()


def hold_seats(choice: Choice, *, customer_id: str = "", codes: Codes = NO_CODES, previous_hold_id: str = "") -> Hold:
    """Hold the seats of `choice` and price them; a previous hold is given up in the same step.

    Raises TimeGone, CodeRefused (the previous hold may be gone then), CustomerNeeded, Unavailable.
    """
    product = catalogue.get_product(choice.wishes.product_id)
    if (product.members_only or product.prepaid_only) and not customer_id:
        raise CustomerNeeded(product.product_id)
    booking = booking_input(choice, customer_id=customer_id, codes=codes)
    with bookeo_errors_translated():
        try:
            hold = upstream.bookeo().create_hold(
                booking=booking,
                hold_duration_seconds=settings.HOLD_SECONDS,
                previous_hold_id=previous_hold_id or None,
            )
        except bookeo.Forbidden as error:
            raise _refusal(error, choice) from error
        except (bookeo.NotFound, bookeo.Conflict) as error:
            raise _gone(choice, error) from error
        except bookeo.Invalid as error:
            if codes and speaks_of_a_code(error):
                raise CodeRefused("the code was refused") from error
            raise
    cache.forget_times(choice.wishes.product_id)
    return hold


def booking_input(choice: Choice, *, customer_id: str = "", codes: Codes = NO_CODES) -> BookingInput:
    """The part of a booking's body that a hold needs as well (reference 7.9)."""
    wishes = choice.wishes
    fields: dict[str, object] = {
        "product_id": wishes.product_id,
        "event_id": choice.event_id,
        "participants": ParticipantsInput(numbers=wishes.party.to_wire()),
        "options": wishes.options_to_wire() or None,
        "resources": wishes.resources_to_wire() or None,
        "customer_id": customer_id or None,
        "promotion_code_input": codes.promotion or None,
        "gift_voucher_code_input": codes.voucher or None,
    }
    return BookingInput.model_validate({name: value for name, value in fields.items() if value is not None})


def speaks_of_a_code(error: bookeo.Refused) -> bool:
    return speaks_of(error, CODE_WORDS)


def _refusal(error: bookeo.Forbidden, choice: Choice) -> Exception:
    if is_permission_problem(error):
        return error
    if speaks_of(error, CUSTOMER_WORDS):
        return CustomerNeeded(f"{choice.wishes.product_id} refused for this customer")
    return _gone(choice, error)


def _gone(choice: Choice, error: bookeo.Refused) -> TimeGone:
    cache.forget_times(choice.wishes.product_id)
    return TimeGone(f"{choice.event_id}: {error}")
