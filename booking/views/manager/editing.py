"""Changing who comes with a booking, and its options: one page, then the press on the page that says the difference."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.drafts import desk_changes as drafts
from booking.forms.manager.edits import EditForms, Named
from booking.forms.problems import Problem
from booking.presenters.manager.change import about
from booking.services import booking_changes, catalogue, customers, policies
from booking.services.desk_changes import Booking, Change
from booking.services.errors import DetailsRejected
from booking.services.key_permissions import Permission, needing
from booking.services.staff_acts import Act
from booking.views.http import new_visit, page, see_other
from booking.views.manager.access import may, staff_id_of, told

REJECTED = "Bookeo does not accept this for the booking. Nothing was changed; please check what was entered."
NOBODY_NAMED = {"PSELF", "PUNKNOWN"}


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.MOVE_BOOKING)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """One call to Bookeo, and one for the people to choose from where the booking names them."""
    booking = booking_changes.get_booking(number)
    is_post = request.method == "POST" and not booking.canceled
    data = request.POST.dict() if is_post else None
    forms = EditForms(data, booking, catalogue.get_offer(booking.product_id), _named(booking))
    if not is_post:
        return _show(request, booking, forms, forms.problems, status=409 if request.method == "POST" else 200)
    if not forms.is_valid():
        return _show(request, booking, forms, forms.problems, status=422)
    change = forms.to_change()
    if change == Change():
        told(request, "Nothing was changed.")
        return see_other(reverse("manager:booking-detail", args=[number]))
    return _begin(request, booking, forms, change)


def _begin(request: HttpRequest, booking: Booking, forms: EditForms, change: Change) -> HttpResponse:
    try:
        draft = drafts.begin(booking, change, staff_id=staff_id_of(request), visit=request.POST.get("visit", ""))
    except DetailsRejected as error:
        return _show(request, booking, forms, [Problem(REJECTED)], status=error.status)
    return see_other(reverse("manager:booking-change", args=[booking.booking_number, draft.token]))


def _named(booking: Booking) -> Named | None:
    """Names are shown where the business asks for them, or where somebody has been named."""
    asks = policies.asks_who_is_coming(catalogue.get_product(booking.product_id))
    are_there = any(person.person_id not in NOBODY_NAMED for person in booking.participants.details)
    if booking.canceled or not booking.customer_id or not (asks or are_there):
        return None
    with needing(Permission.READ_CUSTOMERS):
        people = customers.find_linked_people(booking.customer_id)
    return Named(people, catalogue.get_custom_fields())


def _show(
    request: HttpRequest, booking: Booking, forms: EditForms, problems: list[Problem], *, status: int
) -> HttpResponse:
    context = {
        "about": about(booking, catalogue.find_people_categories()),
        "forms": forms,
        "problems": problems,
        "over": forms.party.over_the_limits() if forms.party.is_valid() else "",
        "visit": new_visit(),
    }
    return page(request, "manager/booking_edit.html", context, status=status)
