"""Who did what, to which booking, from where, and what came of it: a log that shows when somebody has altered it.

Entries form a chain (`audit_chain`). Nothing personal of a customer goes in: fields are those of `FIELDS`, and a free
text is none of them.

    with audited(actor, Act.CANCEL_BOOKING, kind=Kind.BOOKING, subject=number) as entry:
        after = booking_changes.cancel_booking(booking)
        entry.changed("canceled", False, after.canceled)
"""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from django.conf import settings

from booking.models import AuditEntry
from booking.services import audit_chain, business_settings
from booking.services.errors import OutcomeUnknown, ServiceError, Unavailable
from booking.services.staff_acts import TITLES

LONGEST_TEXT = 500
SUBJECT_LENGTH = 64
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


OWN_TITLES = {
    OwnAct.SIGN_IN: "sign in",
    OwnAct.SIGN_OUT: "sign out",
    OwnAct.CHANGE_PASSWORD: "change the own password",
    OwnAct.ADD_SECOND_FACTOR: "add a second factor",
    OwnAct.REMOVE_SECOND_FACTOR: "remove a second factor",
    OwnAct.MAKE_RECOVERY_CODES: "make recovery codes",
    OwnAct.END_SESSIONS: "sign out other devices",
}
ACT_TITLES = {str(act): title for titles in (TITLES, OWN_TITLES) for act, title in titles.items()}

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
        "fields",  # names of what was changed, where the values are personal
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

Value = None | bool | int | str | Decimal | date | datetime | tuple[str, ...]
Change = tuple[Value, Value]  # before and after


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from which network address; without an id it is the program itself, or nobody known."""

    staff_id: int | None
    name: str
    address: str = ""


SYSTEM = Actor(None, "System")


@dataclass(slots=True)
class Entry:
    """What is known so far of an act that is under way. `is_incomplete`: it comes to an end, but not to the whole."""

    subject: str
    is_incomplete: bool = False
    outcome: Outcome = Outcome.FAILED
    changes: dict[str, Change] = field(default_factory=dict)

    def changed(self, name: str, before: Value, after: Value) -> None:
        """Keep a field's values before and after. Raises ValueError for one that is not in `FIELDS`."""
        self.changes[_known(name)] = (before, after)


@contextmanager
def audited(actor: Actor, act: StrEnum, *, kind: Kind | None = None, subject: str = "") -> Iterator[Entry]:
    """Write one entry when the block ends, whichever way it ends.

    Not inside a transaction of the caller: a rollback would take the entry along.
    """
    entry = Entry(subject)
    try:
        yield entry
        entry.outcome = Outcome.FAILED if entry.is_incomplete else Outcome.DONE
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
    changes: Mapping[str, Change] | None = None,
) -> AuditEntry:
    """Add one entry to the end of the chain. Raises ValueError for a field that is not in `FIELDS`."""
    entry = AuditEntry(
        at=datetime.now(UTC),
        staff_id=actor.staff_id,
        staff_name=actor.name,
        act=act,
        kind=kind or "",
        subject=_subject(subject),
        address=_address(actor.address),
        outcome=outcome,
        changes={_known(name): [_plain(value) for value in pair] for name, pair in (changes or {}).items()},
    )
    return audit_chain.append(entry)


def _known(name: str) -> str:
    if name not in FIELDS:
        raise ValueError(f"{name!r} is no field that the audit log may keep")
    return name


def _plain(value: Value) -> Value | list[str]:
    """As JSON keeps it."""
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return list(value) if isinstance(value, tuple) else value


def _subject(text: str) -> str:
    """As its column holds it: an address that somebody typed may name anything."""
    return text.replace("\0", "")[:SUBJECT_LENGTH]


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
