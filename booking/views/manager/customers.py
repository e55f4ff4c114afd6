"""Customers: finding one, all that is known of one, changing and deleting the record, and the people linked to it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from booking.forms.manager.customers import PersonForm, SearchForm
from booking.forms.problems import Problem, problems_of
from booking.presenters.manager import customers as presenter
from booking.presenters.manager.find import booking_line, customer_line
from booking.presenters.manager.words import customer_name
from booking.services import customers, days, desk_customers, sought
from booking.services.audit import Kind, audited
from booking.services.errors import DetailsRejected, RuleRefused
from booking.services.key_permissions import Permission, needing
from booking.services.staff_acts import Act
from booking.views.http import page, see_other
from booking.views.manager.access import actor_of, allowed, may, told

SEPARATOR = "|"
NOTHING_CHANGED = "Nothing was changed."
REJECTED = "Bookeo did not accept this. Nothing was changed; please check what was entered."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.FIND_BOOKINGS)
def customer_list(request: HttpRequest) -> HttpResponse:
    """What is typed is posted and then carried sealed, so that no address holds somebody's name."""
    if request.method == "POST":
        return _look_up(request, SearchForm(request.POST))
    if "seek" not in request.GET:
        return page(request, "manager/customer_list.html", {"form": SearchForm(), "is_new": True})
    field, text = customer_search(request.GET)
    with needing(Permission.READ_CUSTOMERS):
        found = customers.find_customers(text, field=field)
    context = {
        "may_export": allowed(request, Act.EXPORT),
        "asked": [("seek", request.GET["seek"])],
        "form": SearchForm(initial={"field": field, "text": text}),
        "customers": [customer_line(customer) for customer in found],
        "cut": len(found) >= customers.SEARCH_PAGES * customers.SEARCH_PAGE_SIZE,
    }
    return page(request, "manager/customer_list.html", context)


@require_safe
@may(Act.FIND_BOOKINGS)
def customer_detail(request: HttpRequest, customer_id: str) -> HttpResponse:
    with needing(Permission.READ_CUSTOMERS):
        customer = customers.get_customer(customer_id)
        bookings = customers.find_bookings_of(customer_id)
        people = customers.find_linked_people(customer_id)
        records = customers.find_records_with(customer.email_address) if customer.email_address else ()
    context = {
        "customer": presenter.customer_page(customer, bookings, people, days.now()),
        "twins": presenter.twins(customer, records),
        "may_book": allowed(request, Act.BOOK_FOR_CUSTOMER),
        "may_edit": allowed(request, Act.EDIT_CUSTOMER),
        "may_delete": allowed(request, Act.DELETE_CUSTOMER),
    }
    return page(request, "manager/customer_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.EDIT_CUSTOMER)
def customer_edit(request: HttpRequest, customer_id: str) -> HttpResponse:
    customer = desk_customers.get(customer_id)
    form = PersonForm(request.POST or None, person=customer)
    return _edit(request, customer_id, form, customer_name(customer), partial(customers.change_customer, customer_id))


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.DELETE_CUSTOMER)
def customer_delete(request: HttpRequest, customer_id: str) -> HttpResponse:
    """A page of its own, which names the customer, says what goes, and which bookings stand in the way."""
    if request.method != "POST":
        return _delete_page(request, customer_id)
    try:
        with (
            audited(actor_of(request), Act.DELETE_CUSTOMER, kind=Kind.CUSTOMER, subject=customer_id),
            needing(Permission.WRITE_CUSTOMERS),
        ):
            customers.delete_customer(customer_id)
    except RuleRefused:
        return _delete_page(request, customer_id, refused=True)
    told(request, "The customer is deleted, with all bookings of the past.")
    return see_other(reverse("manager:customer-list"))


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.EDIT_CUSTOMER)
def person_edit(request: HttpRequest, customer_id: str, person_id: str) -> HttpResponse:
    with needing(Permission.READ_CUSTOMERS):
        person = customers.get_linked_person(customer_id, person_id)
    form = PersonForm(request.POST or None, person=person)
    send = partial(customers.change_linked_person, customer_id, person_id)
    return _edit(request, customer_id, form, presenter.person_name(person), send, is_linked=True)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.DELETE_CUSTOMER)
def person_delete(request: HttpRequest, customer_id: str, person_id: str) -> HttpResponse:
    back = reverse("manager:customer-detail", args=[customer_id])
    if request.method != "POST":
        with needing(Permission.READ_CUSTOMERS):
            person = customers.get_linked_person(customer_id, person_id)
        context = {"name": presenter.person_name(person), "back": back, "is_person": True}
        return page(request, "manager/customer_delete.html", context)
    with (
        audited(actor_of(request), Act.DELETE_CUSTOMER, kind=Kind.CUSTOMER, subject=customer_id) as entry,
        needing(Permission.WRITE_CUSTOMERS),
    ):
        entry.changed("step", None, "linked person")
        customers.delete_linked_person(customer_id, person_id)
    told(request, "The linked person is deleted.")
    return see_other(back)


def customer_search(data: QueryDict) -> tuple[str, str]:
    """Bookeo's field and the text that are looked for. Raises SearchGone."""
    field, _, text = sought.unseal(data.get("seek", "")).partition(SEPARATOR)
    return field, text


def _look_up(request: HttpRequest, form: SearchForm) -> HttpResponse:
    if not form.is_valid():
        context = {"form": form, "problems": problems_of(form)}
        return page(request, "manager/customer_list.html", context, status=422)
    query = QueryDict(mutable=True)
    query["seek"] = sought.seal(f"{form.cleaned_data['field']}{SEPARATOR}{form.cleaned_data['text']}")
    return see_other(f"{reverse('manager:customer-list')}?{query.urlencode()}")


def _edit(
    request: HttpRequest,
    customer_id: str,
    form: PersonForm,
    name: str,
    send: Callable[..., object],
    *,
    is_linked: bool = False,
) -> HttpResponse:
    """The form of a customer or of somebody linked to one, and what it sends."""
    back = reverse("manager:customer-detail", args=[customer_id])
    context = {"form": form, "name": name, "back": back}
    if not form.is_bound or not form.is_valid():
        return _form_page(request, context)
    changes = form.to_changes()
    if changes:
        try:
            with audited(actor_of(request), Act.EDIT_CUSTOMER, kind=Kind.CUSTOMER, subject=customer_id) as entry:
                if is_linked:
                    entry.changed("step", None, "linked person")
                entry.changed("fields", None, tuple(sorted(changes)))
                with needing(Permission.WRITE_CUSTOMERS):
                    send(**changes)
        except DetailsRejected:
            return _form_page(request, context | {"problems": [Problem(REJECTED)]})
    told(request, "The details are saved." if changes else NOTHING_CHANGED)
    return see_other(back)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    form = context["form"]
    problems = context.get("problems") or problems_of(form)
    status = 422 if form.is_bound else 200
    return page(request, "manager/customer_edit.html", context | {"problems": problems}, status=status)


def _delete_page(request: HttpRequest, customer_id: str, *, refused: bool = False) -> HttpResponse:
    with needing(Permission.READ_CUSTOMERS):
        customer = customers.get_customer(customer_id)
        bookings = customers.find_bookings_of(customer_id)
    in_the_way = [b for b in bookings if not b.canceled and b.start_time >= days.now()]
    context = {
        "name": customer_name(customer),
        "back": reverse("manager:customer-detail", args=[customer_id]),
        "bookings": [booking_line(booking) for booking in in_the_way],
        "others": len(bookings) - len(in_the_way),
        "refused": refused,
    }
    return page(request, "manager/customer_delete.html", context, status=409 if refused else 200)
