"""Cancelling a booking: a page of its own that names it, says what follows, and takes one deliberate press."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.forms.manager.cancellation import CancellationForm
from booking.forms.problems import problems_of
from booking.presenters.manager.cancellation import cancellation_page, gone_text
from booking.presenters.manager.words import lacks_email
from booking.presenters.texts import spaced
from booking.services import booking_changes, business_settings, cancellations, catalogue
from booking.services.audit import Kind, audited
from booking.services.booking_changes import CancelFlags
from booking.services.cancellations import Booking, Cancelled
from booking.services.desk_payments import balance_of
from booking.services.errors import DetailsRejected, OutcomeUnknown, RuleRefused
from booking.services.staff_acts import Act
from booking.views.http import page, see_other
from booking.views.manager.access import actor_of, may, told

CHANGED = "Somebody changed this booking meanwhile. Look at what follows now, and press again if it still holds."

REFUSED = "Bookeo did not allow this: a rule of the account forbids it. Nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.CANCEL_BOOKING)
def cancellation(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_changes.get_booking(number)
    seen = cancellations.stamp(booking)
    if request.method != "POST" or booking.canceled:
        status = 409 if request.method == "POST" else 200
        return _show(request, booking, _form(booking, initial=_first(seen)), status=status)
    form = _form(booking, request.POST)
    if not form.is_valid():
        return _show(request, booking, form, status=422)
    if form.cleaned_data["seen"] != seen:
        anew = _form(booking, {**request.POST.dict(), "seen": seen})
        return _show(request, booking, anew, problem=CHANGED, status=409)
    return _cancel(request, booking, form)


def _cancel(request: HttpRequest, booking: Booking, form: CancellationForm) -> HttpResponse:
    number, flags = booking.booking_number, form.to_flags()
    try:
        done = _cancel_and_log(request, booking, flags)
    except (RuleRefused, DetailsRejected) as error:
        return _show(request, booking, form, problem=REFUSED, status=error.status)
    except OutcomeUnknown as error:
        context = {"number": number, "spaced_number": spaced(number), "is_cancellation": True}
        return page(request, "manager/booking_checking.html", context, status=error.status)
    told(request, _said(done, flags))
    return see_other(reverse("manager:booking-detail", args=[number]))


def _cancel_and_log(request: HttpRequest, booking: Booking, flags: CancelFlags) -> Cancelled:
    with audited(actor_of(request), Act.CANCEL_BOOKING, kind=Kind.BOOKING, subject=booking.booking_number) as entry:
        entry.changed("notify_customer", None, flags.notify_customer)
        entry.changed("notify_users", None, flags.notify_users)
        entry.changed("apply_policy", None, flags.apply_policy)
        entry.changed("track_in_history", None, flags.track_in_history)
        entry.changed("remaining_series", None, flags.remaining_series)
        done = cancellations.cancel(booking, flags)
        entry.changed("canceled", not done.by_us, done.booking.canceled)
        entry.changed("balance", balance_of(booking), balance_of(done.booking))
    return done


def _said(done: Cancelled, flags: CancelFlags) -> str:
    if not done.by_us:
        return f"It was cancelled already, so nothing was sent a second time. {gone_text(done.booking)}."
    mails = " Bookeo mails the customer." if flags.notify_customer else " The customer is not mailed."
    return f"Booking {spaced(done.booking.booking_number)} is cancelled; its places are free again.{mails}"


def _form(booking: Booking, data: Any = None, *, initial: dict[str, object] | None = None) -> CancellationForm:
    form = CancellationForm(data, initial=initial)
    return form.without_email() if lacks_email(booking) else form


def _first(seen: str) -> dict[str, object]:
    return CancellationForm.first_values(business_settings.current(), seen)


def _show(
    request: HttpRequest, booking: Booking, form: CancellationForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    shown = cancellation_page(
        booking,
        cancellations.late_fee(booking, at=datetime.now(UTC)),
        categories=catalogue.find_people_categories(),
    )
    context = {"booking": shown, "form": form, "problems": problems_of(form), "problem": problem}
    return page(request, "manager/booking_cancellation.html", context, status=status)
