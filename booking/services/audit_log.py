"""Reading the audit log: newest first, by who, what, which and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet

from booking.models import AuditEntry

PAGE_SIZE = 50
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What is left empty does not matter."""

    staff_id: int | None = None
    act: str = ""
    subject: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`older` is the number to go on before; None on the last page."""

    entries: list[AuditEntry]
    older: int | None


def find_entries(filters: Filters, *, before: int | None = None) -> Page:
    found = _matching(filters)
    if before is not None:
        found = found.filter(number__lt=before)
    entries = list(found[: PAGE_SIZE + 1])
    older = entries[PAGE_SIZE - 1].number if len(entries) > PAGE_SIZE else None
    return Page(entries[:PAGE_SIZE], older)


def every_entry(filters: Filters) -> Iterator[AuditEntry]:
    """All of them, without holding them all in memory."""
    return _matching(filters).iterator(chunk_size=CHUNK)


def _matching(filters: Filters) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.order_by("-number")
    if filters.staff_id is not None:
        found = found.filter(staff_id=filters.staff_id)
    if filters.act:
        found = found.filter(act=filters.act)
    if filters.subject:
        found = found.filter(subject=filters.subject)
    if filters.day:
        begin = datetime.combine(filters.day, time.min, settings.BUSINESS_TIME_ZONE)
        end = datetime.combine(filters.day + timedelta(days=1), time.min, settings.BUSINESS_TIME_ZONE)
        found = found.filter(at__gte=begin, at__lt=end)
    return found
