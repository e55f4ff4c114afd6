"""Who did what, to which booking, from where, and what came of it: a log that shows when somebody has altered it.

Each entry holds the hash of the one before and its own, made with the server's secret (docs/decisions/0010).

    with audited(actor, Act.CANCEL_BOOKING, kind=Kind.BOOKING, subject=number) as entry:
        after = booking_changes.cancel_booking(number)
        entry.changed("canceled", False, after.canceled)

Nothing personal of a customer goes in: fields are those of `FIELDS`, and a free text is none of them.
"""

import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from booking.models import AuditEntry
from booking.services import business_settings
from booking.services.errors import OutcomeUnknown, ServiceError, Unavailable

FIRST = "0" * 64
# Each failed try means that another entry was added meanwhile.
TRIES = 50
LONGEST_TEXT = 500
COARSE = {4: 24, 6: 48}


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"  # by a rule, by Bookeo, by a missing permission or a wrong password
    FAILED = "failed"  # it did not happen, or our program broke
    UNKNOWN = "unknown"  # sent, and the answer is lost


class Kind(StrEnum):
    BOOKING = "booking"
    PAYMENT = "payment"
    CUSTOMER = "customer"
    DAY = "day"
    LIST = "list"
    STAFF = "staff"
    SETTINGS = "settings"


class OwnAct(StrEnum):
    """What everybody may do with their own access; it needs no permission."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of an act
    ADD_SECOND_FACTOR = "add_second_factor"
    REMOVE_SECOND_FACTOR = "remove_second_factor"
    MAKE_RECOVERY_CODES = "make_recovery_codes"
    END_SESSIONS = "end_sessions"


# Fields whose values may be kept. None tells who a customer is.
FIELDS = frozenset(
    {
        # of a booking
        "start",
        "end",
        "event_id",
        "product_id",
        "people",
        "status",
        "canceled",
        "checked_in",
        "price",
        "paid",
        "balance",
        "fee",
        "currency",
        # of a payment
        "amount",
        "method",
        "received",
        # how it was done
        "notify_customer",
        "notify_users",
        "apply_policy",
        "track_in_history",
        "remaining_series",
        "step",
        "format",
        "rows",
        "failed",
        # of somebody of the staff
        "role",
        "active",
        "second_factor",
        *business_settings.NAMES,
    }
)

Value = None | bool | int | str | Decimal | date | datetime | list[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from which network address; without an id it is the program itself, or nobody known."""

    staff_id: int | None
    name: str
    address: str = ""


SYSTEM = Actor(None, "System")


@dataclass(slots=True)
class Entry:
    """What is known so far of an act that is under way."""

    subject: str
    outcome: Outcome = Outcome.FAILED
    changes: dict[str, list[Value]] = field(default_factory=dict)

    def changed(self, name: str, before: Value, after: Value) -> None:
        """Keep a field's values before and after. Raises ValueError for one that is not in `FIELDS`."""
        if name not in FIELDS:
            raise ValueError(f"{name!r} is no field that the audit log may keep")
        self.changes[name] = [_plain(before), _plain(after)]


@contextmanager
def audited(actor: Actor, act: StrEnum, *, kind: Kind | None = None, subject: str = "") -> Iterator[Entry]:
    """Write one entry when the block ends, whichever way it ends.

    Not inside a transaction of the caller: a rollback would take the entry along.
    """
    entry = Entry(subject)
    try:
        yield entry
        entry.outcome = Outcome.DONE
    except ServiceError as error:
        entry.outcome = _outcome_of(error)
        raise
    finally:
        record(actor, act, kind=kind, subject=entry.subject, outcome=entry.outcome, changes=entry.changes)


def record(
    actor: Actor,
    act: StrEnum,
    *,
    kind: Kind | None = None,
    subject: str = "",
    outcome: Outcome = Outcome.DONE,
    changes: dict[str, list[Value]] | None = None,
) -> AuditEntry:
    """Add one entry to the end of the chain."""
    entry = AuditEntry(
        at=datetime.now(UTC),
        staff_id=actor.staff_id,
        staff_name=actor.name,
        act=act,
        kind=kind or "",
        subject=subject,
        address=_address(actor.address),
        outcome=outcome,
        changes=changes or {},
    )
    for _ in range(TRIES):
        try:
            return _appended(entry)
        except IntegrityError:
            continue
    raise IntegrityError("the audit log is too busy")


def _appended(entry: AuditEntry) -> AuditEntry:
    """Raises IntegrityError when somebody else's entry took the place."""
    with transaction.atomic():
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


def _plain(value: Any) -> Value:
    """As JSON keeps it."""
    if isinstance(value, Decimal | date | datetime):
        return str(value)
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return list(value) if isinstance(value, tuple) else value


def _address(address: str) -> str:
    """The network that an address belongs to; all of it, or nothing, where the settings say so."""
    if settings.AUDIT_ADDRESSES == "none" or not address:
        return ""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if settings.AUDIT_ADDRESSES == "full":
        return str(known)
    return str(ipaddress.ip_network((known, COARSE[known.version]), strict=False))


def _outcome_of(error: ServiceError) -> Outcome:
    if isinstance(error, OutcomeUnknown):
        return Outcome.UNKNOWN
    return Outcome.FAILED if isinstance(error, Unavailable) else Outcome.REFUSED
