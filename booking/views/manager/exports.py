"""Lists as files. They are posted, because taking customers' names along is itself written into the audit log."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST

from booking.forms.manager.find import BoxForm, FiltersForm
from booking.forms.manager.payment_filters import PaymentFiltersForm
from booking.forms.problems import problems_of
from booking.presenters.manager.exports import (
    BOOKING_COLUMNS,
    CUSTOMER_COLUMNS,
    PAYMENT_COLUMNS,
    booking_row,
    customer_row,
    payment_row,
    plain_cells,
)
from booking.presenters.manager.tables import csv_lines
from booking.services import catalogue, customers, exports, finding, payments, sought
from booking.services.audit import Actor, Kind, audited
from booking.services.exports import Row
from booking.services.key_permissions import Permission, needing
from booking.services.staff_acts import Act
from booking.views.http import CSV, as_file, page
from booking.views.manager.access import actor_of, may
from booking.views.manager.customers import customer_search

TYPES = {
    "csv": CSV,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_POST
@may(Act.EXPORT)
def booking_export(request: HttpRequest) -> HttpResponseBase:
    """All bookings that the filters of the page “Find” let through."""
    form = FiltersForm(request.POST, products=catalogue.find_products())
    if not form.is_valid():
        return _refused(request, "manager/find.html", {"box": BoxForm(), "filters": form}, form)
    pages = exports.paced(finding.every_page(form.to_filters()))
    rows = (booking_row(booking) for found in pages for booking in found)
    return _file(request, "bookings", BOOKING_COLUMNS, rows)


@require_POST
@may(Act.EXPORT)
def found_export(request: HttpRequest) -> HttpResponseBase:
    """What the box of “Find” has found: customers, or their bookings."""
    people = finding.find_people(sought.unseal(request.POST.get("seek", "")))
    if request.POST.get("list") == "customers":
        return _file(request, "customers", CUSTOMER_COLUMNS, map(customer_row, people.customers))
    return _file(request, "bookings", BOOKING_COLUMNS, map(booking_row, people.bookings))


@require_POST
@may(Act.EXPORT)
def customer_export(request: HttpRequest) -> HttpResponseBase:
    """The customers that the page of customers has found."""
    field, text = customer_search(request.POST)
    with needing(Permission.READ_CUSTOMERS):
        found = customers.find_customers(text, field=field)
    return _file(request, "customers", CUSTOMER_COLUMNS, map(customer_row, found))


@require_POST
@may(Act.EXPORT)
def payment_export(request: HttpRequest) -> HttpResponseBase:
    """All payments that the filters of their page let through."""
    form = PaymentFiltersForm(request.POST)
    if not form.is_valid():
        return _refused(request, "manager/payment_list.html", {"form": form}, form)
    pages = exports.paced(payments.every_page(form.to_filters()))
    rows = (payment_row(payment) for found in pages for payment in found)
    return _file(request, "payments", PAYMENT_COLUMNS, rows)


def _refused(request: HttpRequest, template: str, context: dict[str, Any], form: BaseForm) -> HttpResponse:
    return page(request, template, context | {"problems": problems_of(form)}, status=422)


def _file(request: HttpRequest, name: str, head: Sequence[str], rows: Iterator[Row]) -> StreamingHttpResponse:
    kind = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    content = _audited(actor_of(request), name, kind, head, rows)
    return as_file(StreamingHttpResponse(content, content_type=TYPES[kind]), f"{name}.{kind}")


def _audited(actor: Actor, name: str, kind: str, head: Sequence[str], rows: Iterator[Row]) -> Iterator[str | bytes]:
    """The file in pieces. Its entry in the audit log is written when it ends, also when somebody breaks it off."""
    with audited(actor, Act.EXPORT, kind=Kind.LIST, subject=name) as entry:
        entry.changed("format", None, kind)

        def ended(number: int, is_whole: bool) -> None:
            entry.changed("rows", None, number)
            entry.is_incomplete = not is_whole

        bounded = exports.counted(rows, ended)
        if kind == "xlsx":
            yield exports.workbook(name, head, bounded)
        else:
            yield from csv_lines(head, map(plain_cells, bounded))
