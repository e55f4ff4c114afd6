"""What a visitor can do with a draft: each verb calls the services and stores what came of it."""

from datetime import UTC, datetime

from booking.bookeo import Hold, Money, ParticipantInput
from booking.drafts import store
from booking.drafts.order import order_of
from booking.drafts.second_press import waited_for
from booking.drafts.state import Contact, DraftState, Placed, SignedIn
from booking.drafts.store import DraftGone, DraftMoved, OpenDraft
from booking.services import bookings, customers, holds
from booking.services.choices import Choice
from booking.services.errors import CodeRefused, CustomerNeeded, OutcomeUnknown, ServiceError, Unavailable
from booking.services.holds import Codes


class PriceChanged(ServiceError):
    """The seats could be held again, at another price: it must be seen before it is agreed to."""

    status = 409


def begin(choice: Choice, estimate: Money | None, *, visit: str) -> OpenDraft:
    """Hold the seats and open a draft for them. Raises TimeGone, Unavailable.

    `visit` names one showing of the page of times: a second press from it finds the draft of the first.
    A product for members gets a draft without a hold; the seats are held after signing in.
    """
    state = DraftState(choice=choice, estimate=estimate)
    try:
        draft, created = store.create(state, visit=visit)
        if not created:
            return _wait_for_hold(draft) if draft.state.choice == choice else rechoose(draft, choice, estimate)
    except DraftMoved as moved:  # it went on without this page: its places are let go for those chosen now
        draft, _ = store.create(state.model_copy(update={"hold": moved.state.hold}))
    except DraftGone:  # the first press came to nothing
        draft, _ = store.create(state)
    return _hold_for_new(draft)


def rechoose(draft: OpenDraft, choice: Choice, estimate: Money | None) -> OpenDraft:
    """Another time or party in the same draft: everything else that was typed stays."""
    same_party = choice.wishes.party == draft.state.choice.wishes.party
    changes = {"choice": choice, "estimate": estimate} | _held_if_allowed(draft.state, choice)
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
    return _change(draft, **_held(draft.state, draft.state.choice))


def apply_code(draft: OpenDraft, code: str) -> OpenDraft:
    """A promotion or a gift voucher: which, the customer need not know. A bad code leaves the old hold as it was."""
    tries = (Codes(promotion=code, voucher=draft.state.codes.voucher), Codes(draft.state.codes.promotion, voucher=code))
    for codes in tries:
        try:
            hold = _new_hold(draft.state, draft.state.choice, codes)
        except CodeRefused:
            continue
        return _change(draft, hold=hold, codes=codes, refused_codes=Codes())
    raise CodeRefused("neither a promotion nor a voucher")


def remove_codes(draft: OpenDraft) -> OpenDraft:
    held = _held_without_codes(draft.state, draft.state.choice)
    return _change(draft, **(held | {"refused_codes": Codes()}))


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
    changes: dict[str, object] = {"signed_in": customer, "participants": (), "participants_done": False}
    known = draft.state.model_copy(update=changes)
    changes |= _held(known, known.choice)
    return store.move(draft.token, lambda state: state.model_copy(update=changes), proof=email)


def sign_out(draft: OpenDraft) -> OpenDraft:
    """Go on as a guest: prices without the customer's credits."""
    known = draft.state.model_copy(update={"signed_in": None})
    return _change(
        draft,
        signed_in=None,
        details_done=draft.state.contact is not None,
        participants=(),
        participants_done=False,
        **_held_if_allowed(known, known.choice),
    )


def save_participants(draft: OpenDraft, participants: tuple[ParticipantInput, ...]) -> OpenDraft:
    return _change(draft, participants=participants, participants_done=True, typed=())


def book(draft: OpenDraft) -> OpenDraft:
    """Place the booking, once. A hold that ran out is renewed first, and the press counts if the price stayed.

    Raises PriceChanged, and what `place_booking` raises; after CodeRefused the seats are held without the codes.
    """
    if draft.state.placed:
        return draft
    if draft.state.hold_is_over(datetime.now(UTC)):
        draft = _renewed(draft)
    try:
        booking = bookings.place_booking(order_of(draft))
    except OutcomeUnknown:
        _change(draft, in_doubt=True)
        raise
    except CodeRefused:
        _change(draft, **_held_without_codes(draft.state, draft.state.choice))
        raise
    return _change(draft, placed=Placed.of(booking))


def settle(draft: OpenDraft) -> OpenDraft:
    """Find out what became of the press. Raises OutcomeUnknown and Unavailable while it cannot be told."""
    if draft.state.placed:
        return draft
    try:
        booking = bookings.settle(draft.reference)
    except (OutcomeUnknown, Unavailable):
        if not draft.state.in_doubt:
            _change(draft, in_doubt=True)
        raise
    return _change(draft, placed=Placed.of(booking)) if booking else draft


def _hold_for_new(draft: OpenDraft) -> OpenDraft:
    try:
        hold = _new_hold(draft.state, draft.state.choice, Codes())
    except CustomerNeeded:
        return _change(draft, needs_customer=True)
    except ServiceError:
        store.discard(draft.token)
        raise
    return _change(draft, hold=hold)


def _wait_for_hold(draft: OpenDraft) -> OpenDraft:
    """The draft of a first press, as soon as that one has its hold. Raises DraftGone when it came to nothing."""

    def is_ready(draft: OpenDraft) -> bool:
        return draft.state.hold is not None or draft.state.needs_customer

    draft = waited_for(is_ready, draft, lambda: store.open_draft(draft.token))
    if draft.state.hold is not None and draft.state.hold_is_over(datetime.now(UTC)):
        return hold_again(draft)
    return draft


def _held(state: DraftState, choice: Choice) -> dict[str, object]:
    """What changes in a draft when its seats are held, with its codes: one that is not accepted any more goes."""
    try:
        hold = _new_hold(state, choice, state.codes)
    except CodeRefused:
        return _held_without_codes(state, choice)
    return {"hold": hold, "needs_customer": False}


def _held_without_codes(state: DraftState, choice: Choice) -> dict[str, object]:
    hold = _new_hold(state, choice, Codes())
    return {"hold": hold, "needs_customer": False, "codes": Codes(), "refused_codes": state.codes}


def _held_if_allowed(state: DraftState, choice: Choice) -> dict[str, object]:
    """Like `_held`; no hold yet for somebody who has still to sign in."""
    try:
        return _held(state, choice)
    except CustomerNeeded:
        if state.signed_in:
            raise
        return {"hold": None, "needs_customer": True}


def _new_hold(state: DraftState, choice: Choice, codes: Codes) -> Hold:
    previous = "" if state.hold_is_over(datetime.now(UTC)) else state.hold_id
    return holds.hold_seats(choice, customer_id=state.customer_id, codes=codes, previous_hold_id=previous)


def _renewed(draft: OpenDraft) -> OpenDraft:
    seen = draft.state.hold
    draft = hold_again(draft)
    if seen is not None and draft.state.hold is not None and _asked_for(draft.state.hold) != _asked_for(seen):
        raise PriceChanged("the price is another one now")
    return draft


def _asked_for(hold: Hold) -> tuple[Money, Money]:
    """What it costs, and what is left to pay after credit and vouchers."""
    return hold.price.total_gross, hold.total_payable or hold.price.total_gross


def _change(draft: OpenDraft, **changes: object) -> OpenDraft:
    return store.change(draft.token, lambda state: state.model_copy(update=changes))
