"""The chain of the audit log: each entry holds the hash of the one before, and its own, made with the server's secret.

Whoever alters, inserts or removes an entry in the database breaks it (docs/decisions/0010-audit-chain.md).
"""

import json
from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from booking.models import AuditEntry

FIRST = "0" * 64
# Of the two first entries that come at the same moment, one has to try again.
TRIES = 3


def append(entry: AuditEntry) -> AuditEntry:
    """Add an entry that is complete but for its place: number and hashes are given here."""
    for _ in range(TRIES):
        try:
            return _appended(entry)
        except IntegrityError:
            continue
    raise IntegrityError("the audit log is too busy")


def _appended(entry: AuditEntry) -> AuditEntry:
    """Whoever adds holds the first entry meanwhile; without one, IntegrityError says that somebody was quicker."""
    with transaction.atomic():
        AuditEntry.objects.select_for_update().filter(number=1).exists()
        last = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
        entry.number, entry.previous = (last[0] + 1, last[1]) if last else (1, FIRST)
        entry.hash = _hash(entry, settings.SECRET_KEY)
        entry.save(force_insert=True)
    return entry


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries are in order, the hash of the last of them, and what is wrong with the next, if anything."""

    sound: int
    last: str
    broken: str = ""


def verify() -> Verdict:
    """Read the whole chain. Entries that were cut off at its end leave no trace in it: compare `last` with an earlier
    one (`contains`)."""
    verdict = Verdict(0, FIRST)
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=1000):
        broken = _what_is_wrong(entry, verdict)
        if broken:
            return Verdict(verdict.sound, verdict.last, f"entry {entry.number}: {broken}")
        verdict = Verdict(entry.number, entry.hash)
    return verdict


def contains(known: str) -> bool:
    """Whether an entry with this hash, noted earlier, is still there."""
    return AuditEntry.objects.filter(hash=known).exists()


def _what_is_wrong(entry: AuditEntry, before: Verdict) -> str:
    if entry.number != before.sound + 1:
        return "entries before it are missing"
    if entry.previous != before.last:
        return "it does not follow the one before"
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return "" if entry.hash in {_hash(entry, secret) for secret in secrets} else "it has been altered"


def _hash(entry: AuditEntry, secret: str) -> str:
    """Of all its columns; without the secret nobody can make one that fits."""
    parts = [
        entry.number,
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.staff_id,
        entry.staff_name,
        entry.act,
        entry.kind,
        entry.subject,
        entry.address,
        entry.outcome,
        entry.changes,
    ]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return salted_hmac("booking.audit", text, secret=secret, algorithm="sha256").hexdigest()
