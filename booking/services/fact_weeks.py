"""Which weeks of facts are to be read from Bookeo: those that never were, then those that are due again.

Changes are followed as they happen (`fact_following`). Weeks are read as a whole to begin with, and now and then
again, so that whatever was missed is put right: a payment with an earlier date, a booking that was deleted, seats that
somebody blocked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from booking.models import FactKind, FactReading, FactWeek
from booking.services import days

DAYS_AHEAD = 90
WEEK = timedelta(days=7)
# Seats of the next two weeks change by holds and blocks that nobody tells us of.
SLOTS_SOON, SLOTS_LATER = timedelta(hours=1), timedelta(hours=12)
LATELY, LONG_AGO = timedelta(days=1), timedelta(days=7)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the weeks were read so far, and the days that are known without a gap, both included; none when not
    even this week was read."""

    read: int
    wanted: int
    first: date | None = None
    last: date | None = None

    @property
    def is_complete(self) -> bool:
        return self.read >= self.wanted


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def span_of(monday: date) -> tuple[datetime, datetime]:
    """Of the week, in the business's own time."""
    return days.midnight(monday), days.last_second_before(monday + WEEK)


def plan(days_back: int | None = None) -> None:
    """Have the weeks from so many days ago on read; those that are planned already stay as they are."""
    today = days.today()
    back = settings.REPORT_DAYS_BACK if days_back is None else days_back
    first, last = monday_of(today - timedelta(days=back)), monday_of(today + timedelta(days=DAYS_AHEAD))
    mondays = [first + number * WEEK for number in range((last - first).days // 7 + 1)]
    wanted = {(kind, monday) for kind in FactKind for monday in mondays if _has_facts(kind, monday, today)}
    missing = wanted - set(FactWeek.objects.filter(monday__gte=first).values_list("kind", "monday"))
    now = datetime.now(UTC)
    weeks = [FactWeek(kind=kind, monday=monday, due_at=now) for kind, monday in sorted(missing)]
    FactWeek.objects.bulk_create(weeks, ignore_conflicts=True)


def next_ones(now: datetime, *, unread: int, again: int) -> list[FactWeek]:
    """At most so many that never were read, the nearest to today first, and so many that are due again."""
    readable = FactWeek.objects.exclude(kind__in=_refused())
    today, order = days.today(), list(FactKind)
    new = sorted(
        readable.filter(read_at=None),
        key=lambda week: (abs((week.monday - monday_of(today)).days), order.index(FactKind(week.kind))),
    )
    due = readable.exclude(read_at=None).filter(due_at__lte=now).order_by("due_at", "pk")
    return [*new[:unread], *due[:again]]


def any_unread() -> bool:
    return FactWeek.objects.filter(read_at=None).exclude(kind__in=_refused()).exists()


def done(week: FactWeek, now: datetime) -> None:
    """It was read; say when it is due again."""
    pause = _pause(week)
    week.read_at, week.due_at = now, NEVER if pause is None else now + pause
    week.save(update_fields=["read_at", "due_at"])


def put_off(week: FactWeek, now: datetime) -> None:
    """Bookeo does not tell of it: ask again in a week."""
    week.read_at, week.due_at = now, now + LONG_AGO
    week.save(update_fields=["read_at", "due_at"])


def again_soon(kind: FactKind, about: Iterable[date], now: datetime) -> int:
    """Weeks with these days are due now; answers how many were not."""
    mondays = {monday_of(day) for day in about}
    known = FactWeek.objects.filter(kind=kind, monday__in=mondays, due_at__gt=now, due_at__lt=NEVER)
    return known.update(due_at=now)


def read_anew() -> None:
    """Read every week again, as after a change of the business's time zone."""
    FactWeek.objects.update(read_at=None, due_at=datetime.now(UTC))


def progress() -> Progress:
    weeks = list(FactWeek.objects.exclude(kind__in=_refused()).values_list("kind", "monday", "read_at"))
    read = sum(read_at is not None for _, _, read_at in weeks)
    known = {monday for kind, monday, read_at in weeks if kind == FactKind.BOOKINGS and read_at}
    this = monday_of(days.today())
    if this not in known:
        return Progress(read, len(weeks))
    return Progress(read, len(weeks), _end(this, known, -WEEK), _end(this, known, WEEK) + WEEK - timedelta(days=1))


def _end(monday: date, known: set[date], step: timedelta) -> date:
    while monday + step in known:
        monday += step
    return monday


def _refused() -> Iterable[str]:
    return FactReading.objects.filter(refused=True).values_list("kind", flat=True)


def _has_facts(kind: FactKind, monday: date, today: date) -> bool:
    return kind != FactKind.PAYMENTS or monday <= today


def _pause(week: FactWeek) -> timedelta | None:
    ahead = week.monday - days.today()
    if week.kind == FactKind.SLOTS:
        if ahead + WEEK <= timedelta(0):
            return None
        return SLOTS_SOON if ahead <= 2 * WEEK else SLOTS_LATER
    return LATELY if ahead > -5 * WEEK else LONG_AGO
