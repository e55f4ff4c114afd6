"""What a visitor can do with a draft: each verb calls the services and stores what came of it."""

import time
from datetime import UTC, datetime

from booking.bookeo import CustomerInput, CustomFieldValue, Hold, Money, ParticipantInput, PhoneNumber, StreetAddress
from booking.drafts import store, vault
from booking.drafts.state import Contact, DraftState, Placed, SignedIn
from booking.drafts.store import DraftGone, DraftMoved, OpenDraft
from booking.services import bookings, customers, holds
from booking.services.choices import Choice
from booking.services.errors import CodeRefused, CustomerNeeded, ServiceError, TimeGone
from booking.services.holds import Codes

VISIT_LENGTH = 22
# How long a second press waits for the hold that the first one is making.
SECOND_PRESS_SECONDS = 5.0
POLL_SECONDS = 0.1


class PriceChanged(ServiceError):
    """The seats could be held again, at another price: it must be seen before it is agreed to."""

    status = 409


def begin(choice: Choice, estimate: Money | None, *, visit: str) -> OpenDraft:
    """Hold the seats and open a draft for them. Raises TimeGone, Unavailable.

    `visit` names one showing of the page of times: a second press from it finds the draft of the first.
    A product for members gets a draft without a hold; the seats are held after signing in.
    """
    token = vault.token_of_visit(visit) if len(visit) >= VISIT_LENGTH else ""
    state = DraftState(choice=choice, estimate=estimate)
    try:
        draft, created = store.create(state, token=token)
    except (DraftMoved, DraftGone):
        draft, created = store.create(state)
    if created:
        return _hold_for_new(draft)
    if draft.state.choice == choice:
        return _wait_for_hold(draft)
    return rechoose(draft, choice, estimate)


def rechoose(draft: OpenDraft, choice: Choice, estimate: Money | None) -> OpenDraft:
    """Another time or party in the same draft: everything else that was typed stays."""
    same_party = choice.wishes.party == draft.state.choice.wishes.party
    hold, codes = _held_if_allowed(draft.state, choice)
    changes: dict[str, object] = {"choice": choice, "estimate": estimate, "hold": hold, "codes": codes}
    if not same_party:
        changes |= {"participants": (), "participants_done": False}
    return _change(draft, **changes)


def keep_typed(draft: OpenDraft, typed: dict[str, str]) -> OpenDraft:
    """Keep a half-filled form while something else is done. As it may be personal, the draft moves like for details."""
    given = tuple((name, value) for name, value in typed.items() if value)
    if draft.state.email or not given:
        return _change(draft, typed=given)
    return store.move(
        draft.token, lambda state: state.model_copy(update={"typed": given}), proof=typed.get("email", "")
    )


def hold_again(draft: OpenDraft) -> OpenDraft:
    """A new hold for the same seats: to gain time, or after the old one ran out."""
    hold, codes = _held(draft.state, draft.state.choice)
    return _change(draft, hold=hold, codes=codes)


def apply_code(draft: OpenDraft, code: str) -> OpenDraft:
    """A promotion or a gift voucher: which, the customer need not know. A bad code leaves the old hold as it was."""
    tries = (Codes(promotion=code, voucher=draft.state.codes.voucher), Codes(draft.state.codes.promotion, voucher=code))
    for codes in tries:
        try:
            hold = _new_hold(draft.state, draft.state.choice, codes)
        except CodeRefused:
            continue
        return _change(draft, hold=hold, codes=codes)
    raise CodeRefused("neither a promotion nor a voucher")


def remove_codes(draft: OpenDraft) -> OpenDraft:
    return _change(draft, hold=_new_hold(draft.state, draft.state.choice, Codes()), codes=Codes())


def save_details(draft: OpenDraft, contact: Contact, text_options: tuple[tuple[str, str], ...]) -> OpenDraft:
    """Personal data enters: the draft moves to a new address, unless it has moved for this before."""
    changes = {"contact": contact, "text_options": text_options, "details_done": True, "typed": ()}
    if draft.state.contact is not None:
        return _change(draft, **changes)
    return store.move(draft.token, lambda state: state.model_copy(update=changes), proof=contact.email)


def save_text_options(draft: OpenDraft, text_options: tuple[tuple[str, str], ...]) -> OpenDraft:
    return _change(draft, text_options=text_options, details_done=True, typed=())


def sign_in(draft: OpenDraft, *, email: str, password: str, client: str) -> OpenDraft:
    """Sign in and price the seats for this customer, credits applied. The draft moves to a new address."""
    customer = SignedIn.of(customers.sign_in(email=email, password=password, client=client))
    known = draft.state.model_copy(update={"signed_in": customer, "participants": (), "participants_done": False})
    hold, codes = _held(known, known.choice)
    changes = {"hold": hold, "codes": codes}
    return store.move(draft.token, lambda _: known.model_copy(update=changes), proof=email)


def sign_out(draft: OpenDraft) -> OpenDraft:
    """Go on as a guest: prices without the customer's credits."""
    known = draft.state.model_copy(
        update={"signed_in": None, "details_done": draft.state.contact is not None, "participants": ()}
    )
    hold, _ = _held_if_allowed(known, known.choice)
    return store.change(draft.token, lambda _: known.model_copy(update={"hold": hold, "participants_done": False}))


def save_participants(draft: OpenDraft, participants: tuple[ParticipantInput, ...]) -> OpenDraft:
    return _change(draft, participants=participants, participants_done=True, typed=())


def book(draft: OpenDraft) -> OpenDraft:
    """Place the booking, once. A hold that ran out is renewed first, and the press counts if the price stayed.

    Raises PriceChanged, and what `place_booking` raises.
    """
    if draft.state.placed:
        return draft
    if draft.state.hold_is_over(datetime.now(UTC)):
        draft = _renewed(draft)
    booking = bookings.place_booking(_order(draft))
    return _change(draft, placed=Placed.of(booking))


def settle(draft: OpenDraft) -> OpenDraft:
    """Find out what became of the press. Raises OutcomeUnknown while it cannot be told."""
    if draft.state.placed:
        return draft
    booking = bookings.settle(draft.reference)
    return _change(draft, placed=Placed.of(booking)) if booking else draft


def _hold_for_new(draft: OpenDraft) -> OpenDraft:
    try:
        hold = _new_hold(draft.state, draft.state.choice, Codes())
    except CustomerNeeded:
        return draft
    except ServiceError:
        store.discard(draft.token)
        raise
    return _change(draft, hold=hold)


def _wait_for_hold(draft: OpenDraft) -> OpenDraft:
    deadline = time.monotonic() + SECOND_PRESS_SECONDS
    while draft.state.hold is None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        try:
            draft = store.open_draft(draft.token)
        except DraftGone as error:
            raise TimeGone("the first press found it gone") from error
    if draft.state.hold is not None and draft.state.hold_is_over(datetime.now(UTC)):
        return hold_again(draft)
    return draft


def _held(state: DraftState, choice: Choice) -> tuple[Hold, Codes]:
    """A hold with the draft's codes; a code that is not accepted any more is left out."""
    try:
        return _new_hold(state, choice, state.codes), state.codes
    except CodeRefused:
        return _new_hold(state, choice, Codes()), Codes()


def _held_if_allowed(state: DraftState, choice: Choice) -> tuple[Hold | None, Codes]:
    """Like `_held`; no hold yet for somebody who has still to sign in."""
    try:
        return _held(state, choice)
    except CustomerNeeded:
        if state.signed_in:
            raise
        return None, state.codes


def _new_hold(state: DraftState, choice: Choice, codes: Codes) -> Hold:
    previous = "" if state.hold_is_over(datetime.now(UTC)) else state.hold_id
    return holds.hold_seats(choice, customer_id=state.customer_id, codes=codes, previous_hold_id=previous)


def _renewed(draft: OpenDraft) -> OpenDraft:
    seen = draft.state.hold
    draft = hold_again(draft)
    if (
        seen is not None
        and draft.state.hold is not None
        and draft.state.hold.price.total_gross != seen.price.total_gross
    ):
        raise PriceChanged("the price is another one now")
    return draft


def _order(draft: OpenDraft) -> bookings.Order:
    state = draft.state
    return bookings.Order(
        draft_reference=draft.reference,
        choice=state.choice,
        hold_id=state.hold_id,
        customer=_customer_input(state.contact) if state.contact and not state.signed_in else None,
        customer_id=state.customer_id,
        codes=state.codes,
        participants=state.participants,
        extra_options=state.text_options,
    )


def _customer_input(contact: Contact) -> CustomerInput:
    fields: dict[str, object] = {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email_address": contact.email,
        "phone_numbers": (PhoneNumber(number=contact.phone, type="mobile"),),
        "street_address": _street_address(contact),
        "custom_fields": tuple(CustomFieldValue(id=field, value=value) for field, value in contact.custom_fields)
        or None,
    }
    return CustomerInput.model_validate({name: value for name, value in fields.items() if value is not None})


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


def _change(draft: OpenDraft, **changes: object) -> OpenDraft:
    return store.change(draft.token, lambda state: state.model_copy(update=changes))
