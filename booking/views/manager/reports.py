"""The reports: what the facts come to, in pictures and tables. Bookeo is not asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from booking.forms.manager.reports import SPANS, Question, ReportForm
from booking.forms.problems import problems_of
from booking.presenters.manager.report_tables import TABLES
from booking.presenters.manager.reports import Known, report_page
from booking.presenters.manager.tables import csv_lines
from booking.services import days, fact_following, fact_weeks, reports
from booking.services.audit import Kind, audited
from booking.services.staff_acts import Act
from booking.views.http import CSV, as_file, page
from booking.views.manager.access import actor_of, allowed, may

NO_TABLE = "There is no such table."


@require_safe
@may(Act.SEE_REPORTS)
def report(request: HttpRequest) -> HttpResponse:
    names = reports.find_products()
    form = ReportForm(request.GET, products=names)
    if not form.is_valid():
        return _refused(request, form)
    question = form.to_question()
    here, before = reports.find_reports(question.span, question.product_id)
    known = Known(fact_following.standing(), fact_weeks.progress(), names, days.now())
    context = {
        "form": form.filled_in(),
        "spans": _spans(question),
        "report": report_page(here, before, known, of_one_product=bool(question.product_id)),
        "any_facts": reports.any_facts(),
        "asked": _asked(question),
        "may_export": allowed(request, Act.EXPORT),
    }
    return page(request, "manager/report.html", context)


@require_POST
@may(Act.EXPORT)
def report_export(request: HttpRequest) -> HttpResponseBase:
    """One of the tables as a file. It is posted because taking it along is written into the audit log."""
    names = reports.find_products()
    form, name = ReportForm(request.POST, products=names), request.POST.get("table", "")
    if not form.is_valid() or name not in TABLES:
        return _refused(request, form, problem="" if name in TABLES else NO_TABLE)
    question = form.to_question()
    here, _ = reports.find_reports(question.span, question.product_id)
    rows = [[str(cell) for cell in row] for row in TABLES[name].rows(here, names)]
    with audited(actor_of(request), Act.EXPORT, kind=Kind.LIST, subject=name) as entry:
        entry.changed("format", None, "csv")
        entry.changed("rows", None, len(rows))
    return as_file(StreamingHttpResponse(csv_lines(TABLES[name].columns, rows), content_type=CSV), f"{name}.csv")


def _refused(request: HttpRequest, form: ReportForm, *, problem: str = "") -> HttpResponse:
    context = {"form": form, "spans": _spans(None), "problems": problems_of(form), "problem": problem}
    return page(request, "manager/report.html", context, status=422)


def _spans(question: Question | None) -> list[dict[str, Any]]:
    """The named spans, for the product that is looked at."""
    product = {"product": question.product_id} if question and question.product_id else {}
    address = reverse("manager:report")
    return [
        {
            "title": title,
            "href": f"{address}?{urlencode({'span': name, **product})}",
            "current": question is not None and question.named == name,
        }
        for name, title in SPANS.items()
    ]


def _asked(question: Question) -> list[tuple[str, str]]:
    asked = {"first": question.span.first, "last": question.span.last, "product": question.product_id}
    return [(name, str(value)) for name, value in asked.items() if value]
