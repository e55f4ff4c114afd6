"""Money of one booking: taken, given back, and the receipt."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from booking.forms.manager.payments import MOST, TakingForm, first_values, new_form_value
from booking.forms.problems import problems_of
from booking.presenters.manager.cancellation import kept_text
from booking.presenters.manager.payments import balance_text, receipt_of
from booking.presenters.manager.words import name_of, product_of
from booking.presenters.texts import money, spaced, when
from booking.services import booking_changes, desk_payments
from booking.services.audit import Kind, audited
from booking.services.desk_payments import BalanceChanged, Booking, Payment, Taking, balance_of, shown_balance
from booking.services.errors import DetailsRejected, OutcomeUnknown, RuleRefused
from booking.services.staff_acts import Act
from booking.views.http import page, see_other
from booking.views.manager.access import actor_of, may, told

CHANGED = (
    "Somebody changed this booking meanwhile, or took a payment. Look at what is due now, and press again if it still "
    "holds."
)
BUSY = "Another payment of this booking is being recorded at this moment. Look at what is due, and press again."
RECORDED = "This form has recorded {earlier} already. To record {now} as well, press again."
REJECTED = "Bookeo did not accept this. Nothing was recorded; please check what was entered."
# In the session of whoever takes payments: how the last one came.
LAST_METHOD = "payment_method"


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.TAKE_PAYMENT)
def payment(request: HttpRequest, number: str) -> HttpResponse:
    return _taking(request, number, is_refund=False)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.REFUND)
def refund(request: HttpRequest, number: str) -> HttpResponse:
    return _taking(request, number, is_refund=True)


@require_safe
@may(Act.SEE_BOOKING)
def receipt(request: HttpRequest, number: str, payment_id: str) -> HttpResponse:
    booking = booking_changes.get_booking(number)
    found = desk_payments.get_payment_of(number, payment_id)
    context = {"receipt": receipt_of(booking, found), **_about(booking)}
    return page(request, "manager/booking_receipt.html", context)


def _taking(request: HttpRequest, number: str, *, is_refund: bool) -> HttpResponse:
    if request.method != "POST":
        booking = booking_changes.get_booking(number)
        method = request.session.get(LAST_METHOD, "")
        return _form_page(request, booking, _new_form(booking, method=method, is_refund=is_refund))
    with desk_payments.one_at_a_time(number) as is_free:
        booking = booking_changes.get_booking(number)
        if not is_free:
            form = _form(request, booking, is_refund=is_refund)
            return _form_page(request, booking, form, problem=BUSY, status=409)
        try:
            if desk_payments.was_sent(request.POST.get("form", "")):
                return _pressed_again(request, booking, is_refund=is_refund)
            return _pressed(request, booking, is_refund=is_refund)
        except OutcomeUnknown as error:
            return page(request, "manager/booking_checking.html", _about(booking), status=error.status)


def _pressed(request: HttpRequest, booking: Booking, *, is_refund: bool) -> HttpResponse:
    # Against another balance than was shown nobody can say what is too much.
    most = _most(booking, is_refund=is_refund) if request.POST.get("shown") == shown_balance(booking) else MOST
    form = _form(request, booking, is_refund=is_refund, most=most)
    if not form.is_valid():
        return _form_page(request, booking, form, status=422)
    try:
        desk_payments.check_shown(booking, form.cleaned_data["shown"])
        found = _record_and_log(request, booking, form.to_taking(), is_refund=is_refund)
    except BalanceChanged:
        anew = _form(request, booking, is_refund=is_refund, shown=shown_balance(booking))
        return _form_page(request, booking, anew, problem=CHANGED, status=409)
    except (DetailsRejected, RuleRefused) as error:
        return _form_page(request, booking, form, problem=REJECTED, status=error.status)
    return _done(request, booking, form, found)


def _pressed_again(request: HttpRequest, booking: Booking, *, is_refund: bool) -> HttpResponse:
    """A double press has recorded it already; Back and another amount are a new payment, for which nobody has pressed
    on a form of its own yet."""
    form = _form(request, booking, is_refund=is_refund)
    if not form.is_valid():
        return _form_page(request, booking, form, status=422)
    taking = form.to_taking()
    found = desk_payments.record(booking.booking_number, taking)
    if (found.amount, found.payment_method) == (taking.amount, taking.method):
        return _done(request, booking, form, found)
    anew = _form(request, booking, is_refund=is_refund, shown=shown_balance(booking), form=new_form_value())
    problem = RECORDED.format(earlier=money(desk_payments.size_of(found)), now=money(taking.size))
    return _form_page(request, booking, anew, problem=problem, status=409)


def _done(request: HttpRequest, booking: Booking, form: TakingForm, found: Payment) -> HttpResponse:
    request.session[LAST_METHOD] = found.payment_method
    amount = money(desk_payments.size_of(found))
    told(request, f"{amount} {'given back' if form.is_refund else 'taken'}: recorded at Bookeo.")
    return see_other(reverse("manager:booking-detail", args=[booking.booking_number]))


def _record_and_log(request: HttpRequest, booking: Booking, taking: Taking, *, is_refund: bool) -> Payment:
    act = Act.REFUND if is_refund else Act.TAKE_PAYMENT
    before = balance_of(booking)
    with audited(actor_of(request), act, kind=Kind.BOOKING, subject=booking.booking_number) as entry:
        entry.changed("amount", None, taking.amount.amount)
        entry.changed("currency", None, taking.amount.currency)
        entry.changed("method", None, taking.method)
        entry.changed("received", None, taking.received)
        found = desk_payments.record(booking.booking_number, taking)
        entry.changed("balance", before, before - found.amount.amount)
    return found


def _new_form(booking: Booking, *, method: str, is_refund: bool) -> TakingForm:
    """`method` is proposed: an evening's payments are mostly of one kind."""
    left = desk_payments.left_to_settle(booking)
    proposed = max(-left if is_refund else left, Decimal(0))
    reason = "Refund" if is_refund else "Payment at the desk"
    initial = first_values(proposed, method=method, reason=reason, shown=shown_balance(booking))
    return TakingForm(initial=initial, most=_most(booking, is_refund=is_refund), is_refund=is_refund)


def _form(
    request: HttpRequest, booking: Booking, *, is_refund: bool, most: Decimal = MOST, **changes: str
) -> TakingForm:
    """All that was typed, with such changes of what was not."""
    return TakingForm({**request.POST.dict(), **changes}, most=most, is_refund=is_refund)


def _most(booking: Booking, *, is_refund: bool) -> Decimal:
    if is_refund:
        return booking.price.total_paid.amount if booking.price else Decimal(0)
    return max(desk_payments.left_to_settle(booking), Decimal(0))


def _form_page(
    request: HttpRequest, booking: Booking, form: TakingForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "problems": problems_of(form), "problem": problem, **_about(booking)}
    return page(request, "manager/booking_payment.html", context, status=status)


def _about(booking: Booking) -> dict[str, Any]:
    paid = booking.price.total_paid if booking.price else None
    return {
        "number": booking.booking_number,
        "spaced_number": spaced(booking.booking_number),
        "name": name_of(booking),
        "product": product_of(booking),
        "when": when(booking.start_time, booking.end_time),
        "balance": balance_text(booking),
        "paid": money(paid) if paid else "",
        "gone": kept_text(booking, desk_payments.fee_kept(booking)),
    }
