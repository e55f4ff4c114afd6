"""The desk's day: the agenda, the list to take along, and the marks of who is here."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from booking.presenters.manager.day import DayPage, day_page, people_here
from booking.services import audit, bulk_days, catalogue, check_ins, day_lists, days
from booking.services.audit import Kind
from booking.services.errors import NotFound
from booking.services.staff_acts import Act
from booking.views.http import is_partial, page, see_other
from booking.views.manager.access import actor_of, allowed, may

YEARS = range(2000, 2101)
NO_DAY = "Give a day such as 2027-06-12."


@require_safe
@may(Act.SEE_DAY)
def day(request: HttpRequest) -> HttpResponse:
    """Today; or on to the day that was asked for."""
    asked = request.GET.get("date", "")
    if not asked:
        return _agenda(request, days.today())
    wanted = _day_or_none(asked)
    if wanted is None:
        return _agenda(request, days.today(), problem=NO_DAY, status=422)
    return see_other(reverse("manager:day-of", args=[wanted.isoformat()]))


@require_safe
@may(Act.SEE_DAY)
def day_of(request: HttpRequest, day: str) -> HttpResponse:
    return _agenda(request, _day(day))


@require_safe
@may(Act.SEE_DAY)
def manifest(request: HttpRequest, day: str) -> HttpResponse:
    """Who is coming, to print or to carry along."""
    context = {"day": _page_of(_day(day), with_slots=False), "may_check_in": allowed(request, Act.CHECK_IN)}
    return page(request, "manager/manifest.html", context)


@require_POST
@may(Act.CHECK_IN)
def check_in(request: HttpRequest, number: str) -> HttpResponse:
    """Mark a booking as here, or take the mark back: the button says which, so that a second press changes nothing."""
    is_here = request.POST.get("here") == "yes"
    actor = actor_of(request)
    changed = check_ins.check_in(number, actor) if is_here else check_ins.take_back(number)
    if changed:
        changes = {"checked_in": (not is_here, is_here)}
        audit.record(actor, Act.CHECK_IN, kind=Kind.BOOKING, subject=number, changes=changes)
    if not is_partial(request):
        return see_other(_back(request, number))
    return page(request, "manager/check_in.html", _button(request, number, is_here=is_here))


def _button(request: HttpRequest, number: str, *, is_here: bool) -> dict[str, object]:
    """The button anew, and on the agenda the figure that depends on it."""
    context: dict[str, object] = {
        "number": number,
        "here": is_here,
        "name": request.POST.get("name", ""),
        "place": request.POST.get("place", ""),
        "on": request.POST.get("on", ""),
    }
    on = _day_or_none(request.POST.get("on", ""))
    kept = day_lists.kept_day(on) if on and request.POST.get("place") == "agenda" else None
    if kept:
        marks = check_ins.find_marks(booking.booking_number for booking in kept.bookings)
        context["people_here"] = people_here(kept, marks.keys())
    return context


def _back(request: HttpRequest, number: str) -> str:
    """Where the button stands: one of our own pages, by its name."""
    on = _day_or_none(request.POST.get("on", ""))
    if on and request.POST.get("place") == "manifest":
        return reverse("manager:manifest", args=[on.isoformat()]) + f"#check-{number}"
    if on and request.POST.get("place") == "agenda":
        return reverse("manager:day-of", args=[on.isoformat()]) + f"#check-{number}"
    return reverse("manager:booking-detail", args=[number])


def _agenda(request: HttpRequest, on: date, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "day": _page_of(on),
        "may_check_in": allowed(request, Act.CHECK_IN),
        "may_open": allowed(request, Act.SEE_BOOKING),
        "may_book": allowed(request, Act.BOOK_FOR_CUSTOMER),
        "may_call_off": allowed(request, Act.RUN_BULK_DAY) and on >= days.today(),
        "called_off": [run.staff_name for run in bulk_days.find_live_runs(on)],
        "problem": problem,
    }
    return page(request, "manager/day.html", context, status=status)


def _page_of(on: date, *, with_slots: bool = True) -> DayPage:
    found = day_lists.get_day(on, with_slots=with_slots)
    return day_page(
        found,
        now=days.now(),
        categories=catalogue.find_people_categories(),
        products=catalogue.find_products(),
        here=check_ins.find_marks(booking.booking_number for booking in found.bookings).keys(),
    )


def _day(text: str) -> date:
    found = _day_or_none(text)
    if found is None:
        raise NotFound
    return found


def _day_or_none(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None
