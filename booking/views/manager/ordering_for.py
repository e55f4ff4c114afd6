"""Booking for a customer, after a time was chosen: who it is for, then one page with all of it and one press."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.drafts import desk_orders as drafts
from booking.drafts.desk import ShownAnew
from booking.drafts.desk_orders import OrderDraft
from booking.forms.manager.orders import NewCustomerForm, OrderForm, SeekForm
from booking.forms.problems import Problem, problems_of
from booking.presenters.checkout import summary_of
from booking.presenters.manager.find import customer_choice
from booking.presenters.manager.order import order_price, who_text
from booking.presenters.texts import spaced
from booking.services import business_settings, catalogue, desk_customers, desk_payments
from booking.services.audit import Kind, audited
from booking.services.desk_changes import Booking, Mails
from booking.services.errors import CustomerNeeded, DetailsRejected, OutcomeUnknown, TimeGone
from booking.services.staff_acts import Act
from booking.views.http import page, see_other
from booking.views.manager.access import actor_of, allowed, may, staff_id_of, told
from booking.views.manager.ordering import address_of

MEMBERS_ONLY = "Bookeo lets only members or holders of credits book this: choose one of them."
CHANGED = "The price or the choice is another one than this page has shown. Look at it, and press again."
REJECTED = "Bookeo did not accept this. Nothing was booked; please check what was entered."
NOT_THERE = "The last press did not come through: it was looked for, and nothing was booked. Please press again."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.BOOK_FOR_CUSTOMER)
def book_who(request: HttpRequest, token: str) -> HttpResponse:
    draft = _open(request, token)
    if drafts.is_pressed(draft):
        return see_other(_check_url(draft))
    return _chosen(request, draft) if request.method == "POST" else _show_who(request, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.BOOK_FOR_CUSTOMER)
def book_check(request: HttpRequest, token: str) -> HttpResponse:
    """After a lost answer the page finds out; after an answer it leads to the booking."""
    draft = _open(request, token)
    was_pressed = drafts.is_pressed(draft)
    if was_pressed:
        try:
            number = drafts.settle(draft)
        except OutcomeUnknown:
            return _checking(request, draft)
        if number:
            return see_other(reverse("manager:booking-detail", args=[number]))
    if draft.state.customer is None and draft.state.contact is None:
        return see_other(reverse("manager:book-who", args=[token]))
    if request.method != "POST" or was_pressed:
        return _show_check(request, draft, _order_form(draft, None), problem=NOT_THERE if was_pressed else "")
    form = _order_form(draft, request.POST)
    if not form.is_valid():
        return _show_check(request, draft, form, status=422)
    return _press(request, draft, form)


def _chosen(request: HttpRequest, draft: OrderDraft) -> HttpResponse:
    if "seek" in request.POST:
        return _look(request, draft)
    try:
        if "customer" in request.POST:
            return see_other(_check_url(drafts.choose_customer(draft, desk_customers.get(request.POST["customer"]))))
        return _save_new(request, draft)
    except CustomerNeeded as error:
        return _show_who(request, draft, problem=MEMBERS_ONLY, status=error.status)
    except TimeGone:
        return see_other(address_of(draft, gone="1"))


def _look(request: HttpRequest, draft: OrderDraft) -> HttpResponse:
    """What is typed stays in the draft, so that no address holds somebody's name."""
    form = SeekForm(request.POST)
    if not form.is_valid():
        return _show_who(request, draft, seek=form, status=422)
    drafts.look_for(draft, form.cleaned_data["text"])
    return see_other(f"{request.path}#found")


def _save_new(request: HttpRequest, draft: OrderDraft) -> HttpResponse:
    form = NewCustomerForm(request.POST, custom_fields=catalogue.get_custom_fields())
    if not form.is_valid():
        return _show_who(request, draft, form=form, status=422)
    if not form.cleaned_data["is_new"]:
        twins = desk_customers.find_twins(email=form.cleaned_data["email"], phone=form.cleaned_data["phone"])
        if twins:
            form.ask_whether_new()
            return _show_who(request, draft, form=form, twins=[customer_choice(twin) for twin in twins], status=422)
    return see_other(_check_url(drafts.save_contact(draft, form.to_contact())))


def _press(request: HttpRequest, draft: OrderDraft, form: OrderForm) -> HttpResponse:
    try:
        ready = drafts.check(draft, shown=form.cleaned_data["shown"])
        booking = _place_and_log(request, ready, form.to_mails(), form.to_text_options())
    except ShownAnew as error:
        anew = _order_form(error.draft, {**request.POST.dict(), "shown": error.draft.state.fingerprint})
        return _show_check(request, error.draft, anew, problem=CHANGED, status=409)
    except DetailsRejected as error:
        return _show_check(request, draft, form, problem=REJECTED, status=error.status)
    except TimeGone:
        return see_other(address_of(draft, gone="1"))
    except OutcomeUnknown:
        return _checking(request, draft)
    told(request, _said(booking, form.to_mails()))
    takes_payment = request.POST.get("then") == "payment" and allowed(request, Act.TAKE_PAYMENT)
    name = "manager:booking-payment" if takes_payment else "manager:booking-detail"
    return see_other(reverse(name, args=[booking.booking_number]))


def _place_and_log(
    request: HttpRequest, draft: OrderDraft, mails: Mails, text_options: tuple[tuple[str, str], ...]
) -> Booking:
    choice = draft.state.choice
    with audited(actor_of(request), Act.BOOK_FOR_CUSTOMER, kind=Kind.BOOKING) as entry:
        entry.changed("product_id", None, choice.wishes.product_id)
        entry.changed("start", None, choice.start)
        entry.changed("people", None, choice.wishes.party.total)
        entry.changed("notify_customer", None, mails.customer)
        entry.changed("notify_users", None, mails.users)
        booking = drafts.place(draft, mails, text_options)
        entry.subject = booking.booking_number
        entry.changed("balance", None, desk_payments.balance_of(booking))
    return booking


def _said(booking: Booking, mails: Mails) -> str:
    what = "is made" if booking.accepted else "is made, and waits for your answer"
    mailed = "Bookeo mails the customer." if mails.customer else "The customer is not mailed."
    return f"Booking {spaced(booking.booking_number)} {what}. {mailed}"


def _order_form(draft: OrderDraft, data: Any) -> OrderForm:
    state = draft.state
    return OrderForm(
        data,
        product=catalogue.get_product(state.product_id),
        email=state.email,
        initial=OrderForm.first_values(business_settings.current(), state.fingerprint),
    )


def _show_who(
    request: HttpRequest,
    draft: OrderDraft,
    *,
    seek: SeekForm | None = None,
    form: NewCustomerForm | None = None,
    twins: list[Any] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    state = draft.state
    found = desk_customers.find(state.sought) if state.sought and form is None and seek is None else None
    seek = seek or SeekForm(initial={"text": state.sought})
    form = form or NewCustomerForm(
        initial=NewCustomerForm.first_values(state.contact, state.sought),
        custom_fields=catalogue.get_custom_fields(),
        is_first=found is None and not problem and not seek.is_bound,
    )
    context = {
        **_about(draft),
        "seek": seek,
        "found": [customer_choice(customer) for customer in found] if found is not None else None,
        "twins": twins,
        "form": form,
        "problems": [Problem(problem)] if problem else problems_of(seek, form),
        "needs_customer": state.needs_customer,
    }
    return page(request, "manager/book_who.html", context, status=status)


def _show_check(
    request: HttpRequest, draft: OrderDraft, form: OrderForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    state = draft.state
    who = state.customer or state.contact
    context = {
        **_about(draft),
        "person": who_text(who.first_name, who.last_name, who.email, who.phone, is_known=state.customer is not None)
        if who
        else None,
        "form": form,
        "problem": problem,
        "problems": problems_of(form),
        "may_take_payment": allowed(request, Act.TAKE_PAYMENT),
    }
    return page(request, "manager/book_check.html", context, status=status)


def _about(draft: OrderDraft) -> dict[str, Any]:
    product = catalogue.get_product(draft.state.product_id)
    return {
        "token": draft.token,
        "summary": summary_of(draft.state.choice, product, catalogue.find_people_categories()),
        "price": order_price(draft.state.hold, product, datetime.now(UTC)),
        "elsewhere": address_of(draft),
    }


def _checking(request: HttpRequest, draft: OrderDraft) -> HttpResponse:
    context = {"is_booking": True, "again": _check_url(draft)}
    return page(request, "manager/booking_checking.html", context, status=OutcomeUnknown.status)


def _open(request: HttpRequest, token: str) -> OrderDraft:
    return drafts.open_order(token, staff_id=staff_id_of(request))


def _check_url(draft: OrderDraft) -> str:
    return reverse("manager:book-check", args=[draft.token])
