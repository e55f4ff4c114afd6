"""What a draft comes to: the order that is sent when the visitor presses “Book”."""

from booking.bookeo import CustomerInput, CustomFieldValue, PhoneNumber, StreetAddress
from booking.drafts.state import Contact
from booking.drafts.store import OpenDraft
from booking.services.bookings import Order


def order_of(draft: OpenDraft) -> Order:
    state = draft.state
    return Order(
        draft_reference=draft.reference,
        choice=state.choice,
        hold_id=state.hold_id,
        customer=customer_input(state.contact) if state.contact and not state.signed_in else None,
        customer_id=state.customer_id,
        codes=state.codes,
        participants=state.participants,
        extra_options=state.text_options,
    )


def customer_input(contact: Contact) -> CustomerInput:
    """A new customer, with what is known."""
    answers = tuple(CustomFieldValue(id=field, value=value) for field, value in contact.custom_fields)
    fields: dict[str, object] = {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email_address": contact.email,
        "phone_numbers": (PhoneNumber(number=contact.phone, type="mobile"),) if contact.phone else None,
        "street_address": _street_address(contact),
        "custom_fields": answers,
    }
    return CustomerInput.model_validate({name: value for name, value in fields.items() if value})


def _street_address(contact: Contact) -> StreetAddress | None:
    fields = {
        "address1": contact.address1,
        "city": contact.city,
        "postcode": contact.postcode,
        "state": contact.state,
        "country_code": contact.country,
    }
    given = {name: value for name, value in fields.items() if value}
    return StreetAddress.model_validate(given) if given else None
