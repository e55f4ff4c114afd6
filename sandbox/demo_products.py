"""Ids of the demo business, and short ways to write its products down."""

from __future__ import annotations

from datetime import time

from sandbox.catalogue import BookingLimit, Schedule
from sandbox.questions import Localised

ADULTS, CHILDREN, INFANTS, STUDENTS = "Cadults", "Cchildren", "Cinfants", "H4KTWE"
VAT_10, VAT_22 = "5117VAT10A19C0A1B2C01", "5117VAT22B19C0A1B2C02"
CANOES, BOATS, RESCUE = "5117CANOET19C0A1B2C11", "5117BOATST19C0A1B2C12", "5117RESCUE19C0A1B2C13"
RED_CANOE, BLUE_CANOE = "5117CANOER19C0A1B2C21", "5117CANOEB19C0A1B2C22"
AURORA, HERON, RESCUE_BOAT = "5117AURORA19C0A1B2C23", "5117HERONB19C0A1B2C24", "5117RESCB119C0A1B2C25"
KAYAK, SAIL4, CANOE = "5117KAYAKT19C0A1B2D01", "5117SAILC419C0A1B2D02", "5117CANOEL19C0A1B2D03"
PADDLE, RIDGE, SUNSET = "5117PADDLE19C0A1B2D04", "5117RIDGEW19C0A1B2D05", "5117SUNSET19C0A1B2D06"
CHARTER, YOGA = "5117CHARTR19C0A1B2D07", "5117YOGAPI19C0A1B2D08"
STAFF, ZIP = "5117STAFFD19C0A1B2D09", "5117ZIPHUT19C0A1B2D0A"


def both(english: str, italian: str) -> Localised:
    """A text in the languages of the account."""
    return {"en-US": english, "it-IT": italian}


def limits(total: tuple[int, int], **categories: tuple[int, int]) -> tuple[BookingLimit, ...]:
    ids = {"adults": ADULTS, "children": CHILDREN, "infants": INFANTS, "students": STUDENTS}
    per_category = [BookingLimit(ids[name], *limits) for name, limits in categories.items()]
    return (BookingLimit(None, *total), *per_category)


_EVERY_DAY = frozenset(range(7))


def daily(prefix: str, *times: time, weekdays: frozenset[int] = _EVERY_DAY) -> tuple[Schedule, ...]:
    return tuple(Schedule(f"5117{prefix}{at:%H%M}19C0A1B2E00", at, weekdays) for at in times)
