"""What the owner chooses on the page of settings: stored in our database; until then the environment's defaults hold.

All processes see a change within a second, for one small query in that second. When the database fails, what was read
last goes on to hold: no page for customers fails over this.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, get_type_hints

from django.conf import settings
from django.core.signals import setting_changed
from django.db import Error as DatabaseFault
from django.db import transaction
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from booking.models import BusinessChoice
from booking.services.errors import DetailsRejected

logger = logging.getLogger("booking.services")

SEEN_SECONDS = 1.0
# Rows beside the settings that are too large to be read with them.
NOT_A_SETTING = "_"

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Address = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s\"'<>]+)?$", max_length=300)]
# A scheme and a host, and nothing after them; without https only a site on this very machine, for its makers.
Origin = Annotated[
    str,
    StringConstraints(pattern=r"^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?$", max_length=200),
]
Colour = Annotated[str, StringConstraints(pattern=r"^(#[0-9a-f]{6})?$")]
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
Hours = Annotated[int, Field(ge=0, le=24 * 365)]
Percent = Annotated[int, Field(ge=0, le=100)]
Minutes = Annotated[int, Field(ge=1, le=120)]


@dataclass(frozen=True, slots=True)
class BusinessSettings:
    """A field's default is the Django setting of the same name in capitals (README.md), or else its own."""

    free_cancellation_hours: Hours
    late_cancellation_fee_percent: Percent
    site_headline: Line
    meeting_note: Note
    payment_note: Note
    terms_url: Address
    # Without a colour the style sheet's own holds.
    accent_colour: Colour
    # Codes or ids of products; "*" means all.
    participants_asked_for: tuple[str, ...]
    address_asked: bool
    embed_origins: tuple[Origin, ...]
    # What a form of the manager area proposes; staff may choose otherwise each time.
    mail_customer_when_booked: bool
    mail_customer_when_changed: bool
    mail_customer_when_cancelled: bool
    mail_users: bool
    second_factor_required: bool
    bulk_undo_minutes: Minutes
    # What `booking.services.logos` finds the picture by.
    logo: Digest = ""


NAMES = tuple(field.name for field in fields(BusinessSettings))
_OWN_DEFAULTS = {field.name: field.default for field in fields(BusinessSettings) if field.default is not MISSING}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind) for name, kind in get_type_hints(BusinessSettings, include_extras=True).items()
}
_read: tuple[float, BusinessSettings] | None = None


def current() -> BusinessSettings:
    """As they are now; a change by another process may be a second old."""
    global _read  # noqa: PLW0603 - one memory for the process
    known = _read
    if known is not None and time.monotonic() - known[0] < SEEN_SECONDS:
        return known[1]
    try:
        chosen = BusinessSettings(**{**_defaults(), **dict(_understood(_rows()))})
    except DatabaseFault as error:
        logger.warning("the business's settings cannot be read (%s)", type(error).__name__)
        chosen = known[1] if known else BusinessSettings(**_defaults())
    _read = (time.monotonic(), chosen)
    return chosen


def save(**values: Any) -> dict[str, tuple[Any, Any]]:
    """Choose some of them. Answers what changed, as values before and after. Raises DetailsRejected for what is no
    value of that setting, and changes nothing then."""
    before = _now()
    try:
        after = {name: _ADAPTERS[name].validate_python(value) for name, value in values.items()}
    except ValidationError as error:
        raise DetailsRejected(f"no value of a setting: {error.error_count()} problems") from error
    changed = {name: (getattr(before, name), new) for name, new in after.items() if new != getattr(before, name)}
    with transaction.atomic():
        for name, (_, new) in changed.items():
            BusinessChoice.objects.update_or_create(name=name, defaults={"value": new})
    forget()
    return changed


def stamp(names: Iterable[str]) -> str:
    """Changes when one of these settings changes: a form that was made before then knows that it is old."""
    now = _now()
    return hashlib.sha256(repr([getattr(now, name) for name in names]).encode()).hexdigest()[:16]


def forget(**kwargs: Any) -> None:
    """Read anew at the next question; also when a test has changed one of the defaults."""
    global _read  # noqa: PLW0603
    _read = None


setting_changed.connect(forget)


def wrong_defaults() -> list[str]:
    """Names of the Django settings that are no value of theirs."""
    return [name.upper() for name, value in _defaults().items() if not _is_valid(name, value)]


def _now() -> BusinessSettings:
    """Without what may be a second old: for whoever changes them."""
    forget()
    return current()


def _rows() -> Iterable[tuple[str, Any]]:
    return BusinessChoice.objects.exclude(name__startswith=NOT_A_SETTING).values_list("name", "value")


def _understood(rows: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What another release, or a hand, has written, and we do not understand, falls back to the default."""
    for name, value in rows:
        if name in _ADAPTERS and _is_valid(name, value):
            yield name, _ADAPTERS[name].validate_python(value)
        else:
            logger.warning("the setting %r in the database is not understood", name)


def _is_valid(name: str, value: Any) -> bool:
    try:
        _ADAPTERS[name].validate_python(value)
    except ValidationError:
        return False
    return True


def _defaults() -> dict[str, Any]:
    found = {name: getattr(settings, name.upper(), _OWN_DEFAULTS.get(name)) for name in NAMES}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
