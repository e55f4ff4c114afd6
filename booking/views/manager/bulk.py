"""Calling off or moving a day: choose, look at what follows, press, undo, watch, take the report along."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking import tasks
from booking.forms.manager.bulk import BulkForm, DayForm, Fate, ProductsForm, fate_of, named
from booking.forms.problems import problems_of
from booking.presenters.manager.bulk import (
    COLUMNS,
    names_of,
    preview_page,
    report_row,
    result_line,
    run_line,
    run_page,
    totals_of,
)
from booking.presenters.manager.tables import csv_lines
from booking.presenters.texts import long_day
from booking.services import bulk_days, bulk_names, bulk_preview, business_settings, catalogue, days
from booking.services.bulk_days import AlreadyQueued, Run, TooLate
from booking.services.bulk_preview import MOST_ROWS, Preview, TooMany
from booking.services.staff_acts import Act
from booking.views.http import CSV, as_file, is_partial, page, see_other
from booking.views.manager.access import actor_of, may, told

CHANGED = (
    "Somebody changed a booking of this day meanwhile. What you chose is kept where it still fits. Look at the list as "
    "it is now, and press again."
)
COUNTED_ANEW = "This is what you have chosen now. Press again if it holds."
NOTHING = "Nothing is chosen: every booking would be left as it is."
TOO_MANY = f"These are too many bookings for one run: at most {MOST_ROWS} fit. Take fewer products at once."
NO_BOOKINGS = "These products have no bookings on this day any more."
IN_OTHER_RUN = "Another run has some of these bookings in hand. They are marked now; the others can still be chosen."
BEGUN = "It had begun already, so it could not be undone. What was sent stays; the rest goes on."
NOT_AGAIN = "There is nothing to try again here any more."


@require_safe
@may(Act.RUN_BULK_DAY)
def bulk_list(request: HttpRequest) -> HttpResponse:
    runs = [run_line(run, progress) for run, progress in bulk_days.find_runs()]
    return page(request, "manager/bulk_list.html", {"runs": runs})


@require_safe
@may(Act.RUN_BULK_DAY)
def bulk_new(request: HttpRequest) -> HttpResponse:
    """Choose the day, then its products."""
    day_form = DayForm(request.GET if "day" in request.GET else {"day": days.today().isoformat()})
    if not day_form.is_valid():
        return _choosing(request, day_form, None, status=422)
    return _choosing(request, day_form, day_form.cleaned_data["day"])


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.RUN_BULK_DAY)
def bulk_preview_page(request: HttpRequest) -> HttpResponse:
    """What follows for each booking; and the press."""
    day_form = DayForm(request.GET)
    if not day_form.is_valid():
        return _choosing(request, day_form, None, status=422)
    day = day_form.cleaned_data["day"]
    chosen = request.GET.getlist("product")
    if not chosen:
        return _choosing(request, day_form, day, nothing_ticked=True, status=422)
    begun = bulk_days.find_run_of(request.POST.get("form", ""))
    if begun is not None:  # pressed twice
        return _to(begun)
    try:
        found = bulk_preview.preview(day, list(dict.fromkeys(chosen)))
    except TooMany as error:
        return _choosing(request, day_form, day, problem=TOO_MANY, status=error.status)
    if not found.candidates:
        return _choosing(request, day_form, day, problem=NO_BOOKINGS, status=404)
    return _pressed(request, found) if request.method == "POST" else _preview(request, found, _new_form(request, found))


@require_safe
@may(Act.RUN_BULK_DAY)
def bulk_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far it is; asked for again and again while it goes on."""
    return _run_page(request, bulk_days.get_run(run_id))


@require_POST
@may(Act.RUN_BULK_DAY)
def bulk_undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = bulk_days.get_run(run_id)
    try:
        bulk_days.undo(run, actor_of(request))
    except TooLate as error:
        run.refresh_from_db()
        problem = "" if run.state == bulk_days.RunState.UNDONE else BEGUN
        return _run_page(request, run, problem=problem, status=error.status) if problem else _to(run)
    told(request, "It is undone. Nothing was sent.")
    return _to(run)


@require_POST
@may(Act.RUN_BULK_DAY)
def bulk_retry(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = bulk_days.get_run(run_id)
    try:
        bulk_days.retry(run, actor_of(request))
    except TooLate as error:
        run.refresh_from_db()
        if run.state == bulk_days.RunState.RUNNING:  # pressed twice
            return _to(run)
        return _run_page(request, run, problem=NOT_AGAIN, status=error.status)
    except AlreadyQueued as error:
        return _run_page(request, run, problem=IN_OTHER_RUN, status=error.status)
    tasks.ask(tasks.BULK)
    return _to(run)


@require_safe
@may(Act.RUN_BULK_DAY)
def bulk_report(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """A row for each booking. It names no customer, so it may be passed on."""
    run = bulk_days.get_run(run_id)
    rows = (report_row(row) for row in bulk_days.find_rows(run).iterator())
    content = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type=CSV)
    return as_file(content, f"bulk-day-{run.day.isoformat()}.csv")


def _choosing(
    request: HttpRequest,
    day_form: DayForm,
    day: date | None,
    *,
    nothing_ticked: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page where day and products are chosen."""
    products, is_cut = _products_on(day) if day else ((), False)
    products_form = ProductsForm({} if nothing_ticked and products else None, products=products)
    context = {
        "day_form": day_form,
        "products_form": products_form if products else None,
        "day": long_day(day) if day else "",
        "is_cut": is_cut,
        "runs": [(str(run.public_id), run.staff_name) for run in bulk_days.find_live_runs(day)] if day else [],
        "problem": problem,
        "problems": problems_of(day_form, products_form),
    }
    return page(request, "manager/bulk_new.html", context, status=status)


def _products_on(day: date) -> tuple[tuple[bulk_preview.ProductOnDay, ...], bool]:
    """All of the catalogue, and True, where the day has too many bookings to count them."""
    try:
        return bulk_preview.find_products_on(day), False
    except TooMany:
        return bulk_preview.every_product(), True


def _new_form(request: HttpRequest, found: Preview) -> BulkForm:
    initial = BulkForm.first_flags(business_settings.current()) | {"seen": found.seen}
    return BulkForm(initial=initial, found=found, for_all=fate_of(request.GET.get("all", "")))


def _pressed(request: HttpRequest, found: Preview) -> HttpResponse:
    """Step by step: all must hold before anything is put down."""
    if request.POST.get("seen") != found.seen:
        return _preview(request, found, _bound(request, found, seen=found.seen), problem=CHANGED, status=409)
    form = _bound(request, found)
    if not form.is_valid():
        return _preview(request, found, form, status=422)
    if "look" in request.POST:
        return _preview(request, found, form)
    cancel, move, _ = form.counts()
    if not cancel + move:
        return _preview(request, found, form, problem=NOTHING, status=422)
    if not form.names_what_is_chosen():
        return _preview(request, found, form, problem=COUNTED_ANEW)
    return _begin(request, found, form)


def _begin(request: HttpRequest, found: Preview, form: BulkForm) -> HttpResponse:
    try:
        run = bulk_days.begin(form.to_plan(), actor_of(request))
    except AlreadyQueued as error:
        anew = bulk_preview.preview(found.day, found.product_ids)
        return _preview(request, anew, _bound(request, anew, seen=anew.seen), problem=IN_OTHER_RUN, status=error.status)
    bulk_names.keep(run.public_id, names_of(found))
    # A moment later than the window: what comes too early would find nothing to do.
    tasks.ask(tasks.BULK, after=(run.starts_at - days.now()).total_seconds() + 1)
    return _to(run)


def _bound(request: HttpRequest, found: Preview, **changes: str) -> BulkForm:
    """What nobody has chosen for, such as a booking made meanwhile, stays as it is."""
    data = {**BulkForm.unchosen(found), **request.POST.dict(), **changes}
    return BulkForm(data, found=found, for_all=Fate.CANCEL)


def _preview(
    request: HttpRequest, found: Preview, form: BulkForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    shown = preview_page(found, catalogue.find_people_categories())
    fates = form.fates()
    totals = totals_of(
        found,
        form.counts(),
        [number for number, fate in fates.items() if fate == Fate.CANCEL],
        left_alone=[number for number, fate in fates.items() if fate == Fate.STAY],
        undo_minutes=business_settings.current().bulk_undo_minutes,
    )
    products = [("product", product_id) for product_id in found.product_ids]
    context = {
        "preview": shown,
        "lines": [(line, form.field_of(line.number)) for line in shown.lines],
        "form": form,
        "named": named(form.counts()),
        "totals": totals,
        "here": f"{reverse('manager:bulk-preview')}?{urlencode([('day', found.day.isoformat()), *products])}",
        "products": found.product_ids,
        "problems": problems_of(form),
        "problem": problem,
    }
    return page(request, "manager/bulk_preview.html", context, status=status)


def _run_page(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    shown = run_page(run, bulk_days.progress_of(run))
    is_poll = is_partial(request)
    # The rows come along when a step is done: more often would take them from under a reader's eyes.
    is_news = is_poll and request.GET.get("step") != shown.step
    context = {
        "run": shown,
        "rows": list(_results(run)) if is_news or not is_poll else [],
        "may_retry": bulk_days.may_retry(run),
        "problem": problem,
        "is_news": is_news,
    }
    return page(request, "manager/bulk_run.html", context, part="progress", status=status)


def _results(run: Run) -> Iterator[Any]:
    """With names, as long as they are kept."""
    names = bulk_names.find(run.public_id)
    return (result_line(row, names.get(row.booking_number, "")) for row in bulk_days.find_rows(run))


def _to(run: Run) -> HttpResponse:
    return see_other(reverse("manager:bulk-run", args=[run.public_id]))
