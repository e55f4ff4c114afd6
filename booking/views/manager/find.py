"""Finding a booking or a customer: one box, and filters."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.forms.manager.find import BoxForm, CursorForm, FiltersForm
from booking.forms.problems import Problem, problems_of
from booking.presenters import texts
from booking.presenters.manager.find import booking_href, booking_line, customer_line, how_far, how_many, which
from booking.services import catalogue, finding, sought
from booking.services.finding import Cursor, Meaning
from booking.services.staff_acts import Act
from booking.views.http import page, see_other
from booking.views.manager.access import allowed, may

UNKNOWN_NUMBER = "No booking has the number {}: check the digits."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.FIND_BOOKINGS)
def find(request: HttpRequest) -> HttpResponse:
    """What is typed is posted and then carried sealed, so that no address holds somebody's name."""
    if request.method == "POST":
        return _look_up(request, BoxForm(request.POST))
    if "seek" in request.GET:
        return _people_page(request, request.GET["seek"])
    filters = _filters_form(request.GET or None)
    if not filters.is_bound:
        return _page(request, {"filters": filters, "box": BoxForm(is_first=True)})
    if not filters.is_valid():
        return _page(request, {"filters": filters, "problems": problems_of(filters)}, status=422)
    return _bookings_page(request, filters)


def _look_up(request: HttpRequest, box: BoxForm) -> HttpResponse:
    if not box.is_valid():
        context = {"box": box, "filters": _filters_form(None), "problems": problems_of(box)}
        return _page(request, context, status=422)
    text = box.cleaned_data["text"]
    if finding.meaning_of(text) == Meaning.NUMBER:
        number = finding.number_of(text)
        is_known_length = len(number) <= finding.LONGEST_NUMBER
        return see_other(booking_href(number)) if is_known_length else number_unknown(request, number)
    query = QueryDict(mutable=True)
    query["seek"] = sought.seal(text)
    return see_other(f"{reverse('manager:find')}?{query.urlencode()}")


def number_unknown(request: HttpRequest, number: str) -> HttpResponse:
    """The box again with the number in it: a digit may be wrong."""
    spaced = texts.spaced(number)
    box = BoxForm(initial={"text": spaced}, is_first=True)
    problem = Problem(UNKNOWN_NUMBER.format(spaced), box["text"].id_for_label)
    return _page(request, {"box": box, "filters": _filters_form(None), "problems": [problem]}, status=404)


def _people_page(request: HttpRequest, sealed: str) -> HttpResponse:
    text = sought.unseal(sealed)
    people = finding.find_people(text)
    context = {
        "box": BoxForm(initial={"text": text}),
        "filters": _filters_form(None),
        "sought": finding.meaning_of(text),
        "customers": [customer_line(customer) for customer in people.customers],
        "bookings": [booking_line(booking) for booking in people.bookings],
        "how_far": how_far(people),
        "asked": [("seek", sealed)],
        "may_export": allowed(request, Act.EXPORT),
    }
    return _page(request, context)


def _bookings_page(request: HttpRequest, filters: FiltersForm) -> HttpResponse:
    cursor = CursorForm(request.GET).to_cursor()
    found = finding.find_page(filters.to_filters(), cursor)
    asked = _asked(request.GET)
    context = {
        "filters": filters,
        "listed": True,
        "bookings": [booking_line(booking) for booking in found.bookings],
        "how_many": how_many(found),
        "which": which(filters.to_filters()),
        "asked": asked,
        "further": _address(asked, found.next) if found.next else "",
        "beginning": _address(asked, None) if cursor != Cursor() else "",
        "may_export": allowed(request, Act.EXPORT),
    }
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return page(request, "manager/find.html", {"box": BoxForm()} | context, status=status)


def _filters_form(data: QueryDict | None) -> FiltersForm:
    return FiltersForm(data, products=catalogue.find_products())


def _asked(data: QueryDict) -> list[tuple[str, str]]:
    """The filters that are in use; an address without any would be the empty page."""
    return [(name, str(data[name])) for name in FiltersForm.base_fields if name in data]


def _address(asked: list[tuple[str, str]], cursor: Cursor | None) -> str:
    query = QueryDict(mutable=True)
    query.update(dict(asked))
    if cursor:
        query.update({"piece": str(cursor.piece), "page": str(cursor.page), "token": cursor.token})
    return f"?{query.urlencode()}"
