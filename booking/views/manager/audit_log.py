"""The audit log, for owners."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.views.decorators.http import require_POST, require_safe

from booking.forms.manager.audit import AuditForm
from booking.forms.problems import problems_of
from booking.presenters.manager.audit import COLUMNS, audit_line, csv_row
from booking.presenters.manager.tables import csv_lines
from booking.services import audit, audit_log, staff
from booking.services.audit import Kind
from booking.services.staff_acts import Act
from booking.views.http import CSV, as_file, page
from booking.views.manager.access import actor_of, may

# Of an entry: what the database can count to.
NUMBER = re.compile("[1-9][0-9]{0,17}")


@require_safe
@may(Act.SEE_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    form = _form(request.GET)
    if not form.is_valid():
        return page(request, "manager/audit_list.html", {"form": form, "problems": problems_of(form)}, status=422)
    before = _before(request.GET)
    found = audit_log.find_entries(form.to_filters(), before=before)
    context = {
        "form": form,
        "lines": [audit_line(entry) for entry in found.entries],
        "older": f"?{_query(request.GET, before=str(found.older))}" if found.older else "",
        "newest": f"?{_query(request.GET)}" if before else "",
        "asked": _asked(request.GET),
    }
    return page(request, "manager/audit_list.html", context)


@require_POST
@may(Act.SEE_AUDIT)
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """All that the page's filters find, as a file. It is posted because taking the log along is itself logged."""
    form = _form(request.POST)
    if not form.is_valid():
        return page(request, "manager/audit_list.html", {"form": form, "problems": problems_of(form)}, status=422)
    audit.record(actor_of(request), Act.SEE_AUDIT, kind=Kind.LIST, subject="audit", changes={"format": (None, "csv")})
    entries = audit_log.every_entry(form.to_filters())
    lines = csv_lines(COLUMNS, (csv_row(entry) for entry in entries))
    return as_file(StreamingHttpResponse(lines, content_type=CSV), "audit.csv")


def _form(data: QueryDict) -> AuditForm:
    return AuditForm(data, members=staff.find_staff())


def _before(data: QueryDict) -> int | None:
    """The number to go on before; nonsense means the newest."""
    text = data.get("before", "")
    return int(text) if NUMBER.fullmatch(text) else None


def _asked(data: QueryDict) -> list[tuple[str, str]]:
    """The filters that are in use."""
    return [(name, str(data[name])) for name in AuditForm.base_fields if data.get(name)]


def _query(data: QueryDict, **more: str) -> str:
    query = QueryDict(mutable=True)
    query.update(dict(_asked(data)) | more)
    return query.urlencode()
