"""Fills the demo business with customers and bookings. Done again on another day, it adds what has come into sight."""

from __future__ import annotations

import random
import sqlite3
from datetime import date, timedelta

from sandbox import demo_bookings, demo_customers
from sandbox.call import Call, inside_call
from sandbox.catalogue import Account
from sandbox.knobs import Knobs
from sandbox.moments import local_date
from sandbox.store import read_state, write_state

DAYS_BACK = 10
EARLY_DAYS = 60
LATE_DAYS = 14
_CUSTOMERS_FILLED = "demo customers"


def fill(account: Account, db: sqlite3.Connection, now: int, *, lively: bool) -> None:
    """Make the demo log-ins, and when `lively` everybody else and their bookings, up to 60 days ahead."""
    call = inside_call(account, db, now, Knobs())
    if read_state(db, _CUSTOMERS_FILLED) is None:
        demo_customers.add_log_ins(call)
        write_state(db, _CUSTOMERS_FILLED, "yes")
    if lively:
        demo_customers.add_crowd(call)
        demo_bookings.add_own_bookings(call)
        today = local_date(now, account.zone)
        _fill_days(call, "early", today, EARLY_DAYS)
        _fill_days(call, "late", today, LATE_DAYS)


def _fill_days(call: Call, layer: str, today: date, days_ahead: int) -> None:
    name = f"demo {layer}"
    filled = read_state(call.db, name)
    first = today - timedelta(days=DAYS_BACK) if filled is None else date.fromisoformat(filled) + timedelta(days=1)
    last = today + timedelta(days=days_ahead)
    day = first
    while day <= last:
        demo_bookings.add_day(call, layer, day, random.Random(f"{layer} {day}"))
        day += timedelta(days=1)
    if filled is None or day > first:
        write_state(call.db, name, last.isoformat())
