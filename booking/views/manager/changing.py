"""The press that moves or changes a booking: what it was, what it becomes, what that costs, and who is told."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.drafts import desk_changes as drafts
from booking.drafts.desk import ShownAnew
from booking.drafts.desk_changes import ChangeDraft
from booking.forms.manager.changes import MailsForm
from booking.presenters.manager.change import change_page
from booking.presenters.manager.words import lacks_email
from booking.presenters.texts import day_of, spaced
from booking.services import booking_changes, business_settings, catalogue
from booking.services.audit import Entry, Kind, audited
from booking.services.desk_changes import Booking, Mails
from booking.services.desk_payments import balance_of
from booking.services.errors import DetailsRejected, OutcomeUnknown, RuleRefused, TimeGone
from booking.services.staff_acts import Act
from booking.views.http import page, see_other
from booking.views.manager.access import actor_of, may, staff_id_of, told

CHANGED = (
    "The booking or its price is another one than this page has shown. Look at what follows now, and press again if it "
    "still holds."
)
BUSY = "Somebody else is changing this booking at this moment. Look at it, and press again if it still holds."
NOT_THERE = "The last press did not come through: it was looked for, and nothing was changed. Please press again."
REFUSED = (
    "Bookeo refused it: the places have gone, or a rule of the account forbids it. Nothing was changed. Choose another "
    "time, or another party."
)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.MOVE_BOOKING)
def change(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """After a lost answer the page finds out; after an answer it leads to the booking."""
    draft = drafts.open_change(token, number, staff_id=staff_id_of(request))
    if drafts.is_pressed(draft):
        return _found_out(request, draft)
    if request.method != "POST":
        return _show(request, draft, booking_changes.get_booking(number))
    with booking_changes.one_at_a_time(number) as is_free:
        booking = booking_changes.get_booking(number)
        form = _mails_form(draft, booking, request.POST.dict())
        if not is_free:
            busy = _checking(request, number) if drafts.is_pressed(draft) else None
            return busy or _show(request, draft, booking, form, problem=BUSY, status=409)
        if booking.canceled or not form.is_valid():
            return _show(request, draft, booking, form, status=409 if booking.canceled else 422)
        return _press(request, draft, booking, form)


def _found_out(request: HttpRequest, draft: ChangeDraft) -> HttpResponse:
    """Another press, or a look after one: what has become of it."""
    number = draft.state.number
    try:
        is_made = drafts.settle(draft)
    except OutcomeUnknown:
        return _checking(request, number)
    if not is_made:
        draft = drafts.forget_hold(draft)
        return _show(request, draft, booking_changes.get_booking(number), problem=NOT_THERE)
    if request.method == "POST":
        told(request, "It was changed already; nothing was sent twice.")
    return see_other(_to_booking(number))


def _press(request: HttpRequest, draft: ChangeDraft, booking: Booking, form: MailsForm) -> HttpResponse:
    try:
        ready = drafts.check(draft, booking, shown=form.cleaned_data["shown"])
        after = _send_and_log(request, ready, booking, form.to_mails())
    except ShownAnew as error:
        anew = _mails_form(error.draft, booking, {**request.POST.dict(), "shown": error.draft.state.fingerprint})
        return _show(request, error.draft, booking, anew, problem=CHANGED, status=409)
    except TimeGone:
        return see_other(f"{reverse('manager:booking-move', args=[booking.booking_number])}?{_day(draft)}&gone=1")
    except (RuleRefused, DetailsRejected) as error:
        draft = drafts.forget_hold(draft)
        anew = _mails_form(draft, booking, {**request.POST.dict(), "shown": draft.state.fingerprint})
        return _show(request, draft, booking, anew, problem=REFUSED, status=error.status)
    except OutcomeUnknown:
        return _checking(request, booking.booking_number)
    told(request, _said(draft, after, form.to_mails()))
    return see_other(_to_booking(booking.booking_number))


def _send_and_log(request: HttpRequest, draft: ChangeDraft, booking: Booking, mails: Mails) -> Booking:
    with audited(actor_of(request), Act.MOVE_BOOKING, kind=Kind.BOOKING, subject=booking.booking_number) as entry:
        entry.changed("notify_customer", None, mails.customer)
        entry.changed("notify_users", None, mails.users)
        if draft.state.change.people is not None:
            entry.changed("fields", None, ("participants",))
        after = drafts.send(draft, booking, mails)
        _log_difference(entry, booking, after)
    return after


def _log_difference(entry: Entry, before: Booking, after: Booking) -> None:
    if before.start_time != after.start_time:
        entry.changed("start", before.start_time, after.start_time)
    people = [sum(group.number for group in booking.participants.numbers) for booking in (before, after)]
    if people[0] != people[1]:
        entry.changed("people", people[0], people[1])
    if before.price and after.price:
        entry.changed("price", before.price.total_gross.amount, after.price.total_gross.amount)
    entry.changed("balance", balance_of(before), balance_of(after))


def _said(draft: ChangeDraft, after: Booking, mails: Mails) -> str:
    what = "is moved" if draft.state.change.event_id else "is changed"
    mailed = "Bookeo mails the customer." if mails.customer else "The customer is not mailed."
    return f"Booking {spaced(after.booking_number)} {what}. {mailed}"


def _mails_form(draft: ChangeDraft, booking: Booking, data: dict[str, Any] | None = None) -> MailsForm:
    form = MailsForm(data, initial=MailsForm.first_values(business_settings.current(), draft.state.fingerprint))
    return form.without_email() if lacks_email(booking) else form


def _show(
    request: HttpRequest,
    draft: ChangeDraft,
    booking: Booking,
    form: MailsForm | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    state = draft.state
    shown = change_page(
        booking,
        state.change,
        state.hold,
        product=catalogue.get_product(booking.product_id),
        categories=catalogue.find_people_categories(),
        now=datetime.now(UTC),
    )
    form = form or _mails_form(draft, booking)
    context = {"change": shown, "token": draft.token, "form": form, "problem": problem}
    return page(request, "manager/booking_change.html", context, status=status)


def _checking(request: HttpRequest, number: str) -> HttpResponse:
    context = {"number": number, "spaced_number": spaced(number), "is_change": True}
    return page(request, "manager/booking_checking.html", context, status=OutcomeUnknown.status)


def _to_booking(number: str) -> str:
    return reverse("manager:booking-detail", args=[number])


def _day(draft: ChangeDraft) -> str:
    start = draft.state.change.start
    return f"date={day_of(start)}" if start else ""
