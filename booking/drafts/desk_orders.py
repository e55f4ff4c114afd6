"""Booking for a customer at the desk, from the choice of a time to the press."""

from datetime import UTC, datetime

from booking.bookeo import Booking, Customer
from booking.drafts import desk
from booking.drafts.desk import DeskDraft
from booking.drafts.desk_states import OrderState
from booking.drafts.order import customer_input
from booking.drafts.state import Contact, SignedIn
from booking.services import bookings, desk_holds
from booking.services.bookings import Order, Terms
from booking.services.choices import Choice
from booking.services.desk_changes import Mails
from booking.services.errors import CustomerNeeded
from booking.services.holds import booking_input
from booking.services.key_permissions import Permission, needing

SOURCE = "desk"

OrderDraft = DeskDraft[OrderState]


def begin(choice: Choice, customer: Customer | None, *, staff_id: int, visit: str) -> OrderDraft:
    """Hold the seats. Raises TimeGone, CustomerNeeded for somebody who may not book this, DetailsRejected, Unavailable.

    Where nobody is chosen yet, what only members may book is held later.
    """
    state = OrderState(staff_id=staff_id, choice=choice, customer=SignedIn.of(customer) if customer else None)

    def hold(draft: OrderDraft) -> OrderDraft:
        return _held(draft, state.model_copy(update={"hold": draft.state.hold}))

    return desk.begin(state, visit=visit, is_pressed=is_pressed, hold=hold)


def open_order(token: str, *, staff_id: int) -> OrderDraft:
    """Raises DraftGone."""
    return desk.open_draft(OrderState, token, staff_id=staff_id)


def look_for(draft: OrderDraft, text: str) -> OrderDraft:
    return desk.change(draft, lambda state: state.model_copy(update={"sought": text}))


def choose_customer(draft: OrderDraft, customer: Customer) -> OrderDraft:
    """The seats are held anew, for this customer's prices and credits. Raises CustomerNeeded, TimeGone, Unavailable."""
    return _held(draft, draft.state.model_copy(update={"customer": SignedIn.of(customer), "contact": None}))


def save_contact(draft: OrderDraft, contact: Contact) -> OrderDraft:
    """Somebody new. Raises CustomerNeeded, TimeGone, Unavailable."""
    after = draft.state.model_copy(update={"customer": None, "contact": contact})
    if draft.state.needs_customer:
        raise CustomerNeeded(draft.state.product_id)
    if draft.state.customer is None:
        return desk.change(draft, lambda _: after)
    return _held(draft, after)


def check(draft: OrderDraft, *, shown: str) -> OrderDraft:
    """The draft that may be sent now. Raises ShownAnew, TimeGone, Unavailable."""
    return desk.check(draft, shown=shown, hold=lambda draft: _held(draft, draft.state))


def place(draft: OrderDraft, mails: Mails, text_options: tuple[tuple[str, str], ...]) -> Booking:
    """Once. Raises TimeGone, DetailsRejected, Unavailable, PermissionMissing, OutcomeUnknown."""
    state = draft.state
    order = Order(
        draft_reference=draft.reference,
        choice=state.choice,
        hold_id=state.hold_id,
        customer=customer_input(state.contact) if state.contact else None,
        customer_id=state.customer_id,
        extra_options=text_options,
        terms=Terms(mails.customer, mails.users, reminders=mails.customer, as_manager=True, source=SOURCE),
    )
    with needing(Permission.WRITE_BOOKINGS):
        booking = bookings.place_booking(order)
    _keep_number(draft, booking)
    return booking


def is_pressed(draft: OrderDraft) -> bool:
    """Whether it is on its way, or has been made."""
    return bool(draft.state.number) or bookings.is_pressed(draft.reference)


def settle(draft: OrderDraft) -> str:
    """The number of the booking that came of the press; empty when there is none, for certain. Raises OutcomeUnknown,
    Unavailable."""
    if draft.state.number:
        return draft.state.number
    booking = bookings.settle(draft.reference)
    if booking is None:
        return ""
    _keep_number(draft, booking)
    return booking.booking_number


def _keep_number(draft: OrderDraft, booking: Booking) -> None:
    desk.change(draft, lambda state: state.model_copy(update={"number": booking.booking_number}))


def _held(draft: OrderDraft, after: OrderState) -> OrderDraft:
    """`after` with its seats held, in place of the hold before."""
    previous = "" if after.hold_is_over(datetime.now(UTC)) else after.hold_id
    wanted = booking_input(after.choice, customer_id=after.customer_id)
    update: dict[str, object] = {"asked": True, "needs_customer": False}
    try:
        update["hold"] = desk_holds.hold_for_staff(wanted, previous_hold_id=previous)
    except CustomerNeeded:
        if after.customer or after.contact:
            raise
        update |= {"hold": None, "needs_customer": True}
    return desk.change(draft, lambda _: after.model_copy(update=update))
