"""Moving a booking to another time of its product: the times as the back office sees them, then the press on one."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.drafts import desk_changes as drafts
from booking.forms.manager.changes import TimesForm
from booking.forms.problems import problems_of
from booking.presenters import texts
from booking.presenters.manager.change import about
from booking.presenters.manager.times import move_times
from booking.presenters.product import chosen
from booking.services import booking_changes, catalogue, days, desk_changes, desk_times
from booking.services.desk_changes import Booking, Change
from booking.services.errors import TimeGone
from booking.services.staff_acts import Act
from booking.views.http import new_visit, page, see_other
from booking.views.manager.access import may, staff_id_of

NOT_CHOSEN = "Choose one of these times."
GONE = "That time has just gone. Nothing was changed; these are the nearest free times."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.MOVE_BOOKING)
def move(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_changes.get_booking(number)
    form = _times_form(request, booking)
    if request.method != "POST" or not _can_move(booking):
        return _show_times(request, booking, form, notice=GONE if "gone" in request.GET else "")
    if not form.is_valid():
        return _show_times(request, booking, form, status=422)
    return _choose(request, booking, form)


def _times_form(request: HttpRequest, booking: Booking) -> TimesForm:
    """Times of the same teacher or boat, where the customer has chosen one."""
    kinds = [] if booking.event_id else catalogue.find_public_resources()
    mine = {resource.id for resource in booking.resources}
    kinds = [kind for kind in kinds if mine & {resource.id for resource in kind.resources}]
    data = request.POST if request.method == "POST" else request.GET
    if "date" in data:
        return TimesForm(data, resources=kinds)
    since = max(texts.day_of(booking.start_time), days.today())
    chosen_one = next(iter(sorted(mine & {r.id for kind in kinds for r in kind.resources})), "")
    return TimesForm({"date": since.isoformat(), "resource": data.get("resource", chosen_one)}, resources=kinds)


def _choose(request: HttpRequest, booking: Booking, form: TimesForm) -> HttpResponse:
    wishes = desk_changes.wishes_of(booking, resource_id=form.resource_id)
    picked = chosen(request.POST.get("slot", ""), wishes)
    if picked is None:
        return _show_times(request, booking, form, notice=NOT_CHOSEN, status=422)
    time = picked[0]
    change = Change(event_id=time.event_id, start=time.start, end=time.end, resource_id=form.resource_id or None)
    try:
        draft = drafts.begin(booking, change, staff_id=staff_id_of(request), visit=request.POST.get("visit", ""))
    except TimeGone:
        return _show_times(request, booking, form, notice=GONE, since=texts.day_of(time.start), status=409)
    return see_other(reverse("manager:booking-change", args=[booking.booking_number, draft.token]))


def _show_times(
    request: HttpRequest,
    booking: Booking,
    form: TimesForm,
    *,
    notice: str = "",
    since: date | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "about": about(booking, catalogue.find_people_categories()),
        "form": form,
        "problems": problems_of(form),
        "notice": notice,
        "visit": new_visit(),
        "is_drop_in": bool(booking.dropin_course_enrolled_event_id),
    }
    if not form.is_valid():
        return page(request, "manager/booking_move.html", context, status=422)
    if _can_move(booking):
        wishes = desk_changes.wishes_of(booking, resource_id=form.resource_id)
        start = since or form.since()
        found = desk_times.find_times(wishes, since=start)
        categories = catalogue.find_people_categories()
        context |= {"times": move_times(found, booking, categories, resource=form.resource_id), "since": start}
    elif booking.canceled:
        status = 409 if request.method == "POST" else status
    return page(request, "manager/booking_move.html", context, status=status)


def _can_move(booking: Booking) -> bool:
    """A visit to a single class of a course can be moved in Bookeo's own back office alone."""
    return not booking.canceled and not booking.dropin_course_enrolled_event_id
