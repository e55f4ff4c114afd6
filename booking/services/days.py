"""Days and months on the business's own calendar."""

from datetime import date, datetime, time, timedelta

from django.conf import settings

# Nobody sells times further ahead than this.
FURTHEST = timedelta(days=5 * 365)


def today() -> date:
    """The business's own day."""
    return now().date()


def now() -> datetime:
    """This moment, in the business's own time."""
    return datetime.now(settings.BUSINESS_TIME_ZONE)


def day_of(moment: datetime) -> date:
    """The business's own day at that moment."""
    return moment.astimezone(settings.BUSINESS_TIME_ZONE).date()


def to_look_at(asked: date | None) -> date:
    """From which day on times are shown: the one asked for, or today; never one that is over, nor one out of reach."""
    return min(max(asked or today(), today()), today() + FURTHEST)


def midnight(day: date) -> datetime:
    """The beginning of the day."""
    return datetime.combine(day, time.min, tzinfo=settings.BUSINESS_TIME_ZONE)


def last_second_before(day: date) -> datetime:
    """The end of the day before."""
    return midnight(day) - timedelta(seconds=1)


def first_of_month(day: date) -> date:
    """Of what is left of the day's month: days gone by have no times."""
    return max(day.replace(day=1), today())


def last_of_month(day: date) -> date:
    return next_month(day) - timedelta(days=1)


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
