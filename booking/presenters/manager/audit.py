"""Entries of the audit log in words, for the page and for the file."""

from dataclasses import dataclass
from typing import Any

from babel.dates import format_time
from django.conf import settings

from booking.models import AuditEntry
from booking.presenters import texts
from booking.services.audit import ACT_TITLES, Outcome

DIGEST_LENGTH = 64
COLUMNS = ("number", "at", "who", "act", "kind", "subject", "outcome", "changes", "from", "hash")
TONES = {Outcome.DONE: "good", Outcome.UNKNOWN: "warn", Outcome.FAILED: "bad", Outcome.REFUSED: "bad"}


@dataclass(frozen=True, slots=True)
class AuditLine:
    number: int
    day: str
    clock: str
    who: str
    act: str
    subject: str
    outcome: str
    tone: str
    changes: list[str]
    address: str


def audit_line(entry: AuditEntry) -> AuditLine:
    moment = entry.at.astimezone(settings.BUSINESS_TIME_ZONE)
    return AuditLine(
        number=entry.number,
        day=texts.short_day(moment.date()),
        clock=format_time(moment, "medium", locale=settings.BUSINESS_LOCALE),
        who=entry.staff_name or "Somebody unknown",
        act=ACT_TITLES.get(entry.act, entry.act).capitalize(),
        subject=f"{entry.kind} {entry.subject}".strip(),
        outcome=entry.outcome,
        tone=TONES.get(Outcome(entry.outcome), ""),
        changes=changes_of(entry),
        address=entry.address,
    )


def changes_of(entry: AuditEntry) -> list[str]:
    """“balance: 102.00 → 52.00”; only the new value where there was none before"""
    return [_change(name.replace("_", " "), *pair) for name, pair in sorted(entry.changes.items())]


def csv_row(entry: AuditEntry) -> list[str]:
    """In the order of `COLUMNS`."""
    at = entry.at.astimezone(settings.BUSINESS_TIME_ZONE).isoformat(timespec="seconds")
    changes = "; ".join(changes_of(entry))
    who = [str(entry.number), at, entry.staff_name, entry.act, entry.kind, entry.subject]
    return [*who, entry.outcome, changes, entry.address, entry.hash]


def _change(name: str, before: Any, after: Any) -> str:
    return f"{name}: {_value(after)}" if before is None else f"{name}: {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    """A digest is told by its beginning."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    text = str(value)
    if len(text) == DIGEST_LENGTH and text.isalnum():
        return f"{text[:8]}…"
    return "none" if value in {None, ""} else text
