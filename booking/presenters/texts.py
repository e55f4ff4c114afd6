"""Money, dates and durations as people of the business's place write them. Everything a template prints as a figure
comes from here, finished: formatting inside a template's loop would cost four times the page."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency
from django.conf import settings
from django.utils.text import capfirst

from booking.bookeo import Duration, Money

REMEMBERED = 4096


@lru_cache(REMEMBERED)
def money(amount: Money) -> str:
    """€130.00"""
    return format_currency(amount.amount, amount.currency, locale=settings.BUSINESS_LOCALE)


@lru_cache(REMEMBERED)
def clock(moment: datetime) -> str:
    """10:00, in the business's own time"""
    return format_time(_local(moment), "short", locale=settings.BUSINESS_LOCALE)


@lru_cache(REMEMBERED)
def short_day(day: date) -> str:
    """Sat 12 Jun"""
    return format_skeleton("MMMEd", day, locale=settings.BUSINESS_LOCALE)


@lru_cache(REMEMBERED)
def long_day(day: date) -> str:
    """Saturday 12 June"""
    return format_skeleton("MMMMEEEEd", day, locale=settings.BUSINESS_LOCALE)


def full_day(day: date) -> str:
    """Saturday, 12 June 2027"""
    return format_skeleton("yMMMMEEEEd", day, locale=settings.BUSINESS_LOCALE)


def month_name(day: date) -> str:
    """June 2027"""
    return format_skeleton("yMMMM", day, locale=settings.BUSINESS_LOCALE)


def month_alone(day: date) -> str:
    """June"""
    return format_date(day, "LLLL", locale=settings.BUSINESS_LOCALE)


@lru_cache(REMEMBERED)
def date_alone(day: date) -> str:
    """12 Jun"""
    return format_skeleton("MMMd", day, locale=settings.BUSINESS_LOCALE)


def weekday(day: date) -> str:
    """Saturday"""
    return format_date(day, "EEEE", locale=settings.BUSINESS_LOCALE)


def day_of(moment: datetime) -> date:
    return _local(moment).date()


def span(start: datetime, end: datetime) -> str:
    """10:00 to 12:30; with the day when the end is another day's; without hours for whole days"""
    return whole_days(start, end) or f"{clock(start)} to {end_of_span(start, end)}"


def end_of_span(start: datetime, end: datetime) -> str:
    if day_of(start) == day_of(end):
        return clock(end)
    return f"{short_day(day_of(end))} {clock(end)}"


def whole_days(start: datetime, end: datetime) -> str:
    """“whole day”, or “until Sun 14 Jun” for several, when both ends are midnight; empty for anything with hours."""
    if _local(start).time() != time.min or _local(end).time() != time.min:
        return ""
    last = day_of(end) - timedelta(days=1)
    return "whole day" if last == day_of(start) else f"until {short_day(last)}"


def clock_or_days(start: datetime, end: datetime) -> str:
    """10:00; “Whole day” or “Until Sun 14 Jun” where both ends are midnight"""
    return capfirst(whole_days(start, end)) or clock(start)


def short_when(start: datetime, end: datetime) -> str:
    """Sat 12 Jun, 10:00; Sat 12 Jun, whole day"""
    return f"{short_day(day_of(start))}, {whole_days(start, end) or clock(start)}"


def when(start: datetime, end: datetime) -> str:
    """Saturday, 12 June 2027, 10:00 to 12:30"""
    return f"{full_day(day_of(start))}, {span(start, end)}"


def deadline(moment: datetime) -> str:
    """Friday 11 June, 10:00"""
    return f"{long_day(day_of(moment))}, {clock(moment)}"


def short_moment(moment: datetime) -> str:
    """Fri 11 Jun, 10:00"""
    return f"{short_day(day_of(moment))}, {clock(moment)}"


def full_moment(moment: datetime) -> str:
    """Friday, 11 June 2027, 10:00"""
    return f"{full_day(day_of(moment))}, {clock(moment)}"


def last_moment(moment: datetime) -> str:
    """Friday 11 June, 10:00; the end of Thursday 10 June, where midnight could be taken for either"""
    if _local(moment).time() == time.min:
        return f"the end of {long_day(day_of(moment) - timedelta(days=1))}"
    return deadline(moment)


def length(duration: Duration) -> str:
    """2 h 30 min; 1 day"""
    if duration.days:
        return counted(duration.days, "day", "days")
    if not duration.hours:
        return f"{duration.minutes} min"
    return f"{duration.hours} h {duration.minutes} min" if duration.minutes else f"{duration.hours} h"


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def spaced(number: str) -> str:
    """5412 0518 0027: a booking number as people read it out"""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def joined(parts: Iterable[str]) -> str:
    """2 adults, 1 child and 1 infant"""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _local(moment: datetime) -> datetime:
    return moment.astimezone(settings.BUSINESS_TIME_ZONE)
