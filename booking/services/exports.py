"""Lists to take along: long ones are read page by page, in turn behind everybody who is waiting for a page."""

import io
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import TypeAlias, TypeVar

import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from booking.services.errors import Unavailable
from booking.services.key_permissions import PermissionMissing
from booking.services.lanes import Lane, lane

MOST_ROWS = 10_000
MOST_SECONDS = 240.0
CALL_SECONDS = 30.0

Cell = str | int | Decimal | datetime
Row: TypeAlias = Sequence[Cell]
T = TypeVar("T")


class Cut(Exception):
    """The list ends before its end; the text says why."""


def paced(pages: Iterator[T]) -> Iterator[T]:
    """The pages one by one, each asked for only when nobody else needs the call. Raises Cut when it takes too long."""
    until = time.monotonic() + MOST_SECONDS
    while True:
        with lane(Lane.BACKGROUND, seconds=CALL_SECONDS):
            try:
                page = next(pages, None)
            except Unavailable as error:
                why = str(error) if isinstance(error, PermissionMissing) else "Bookeo did not answer any more"
                raise Cut(why) from error
        if page is None:
            return
        yield page
        if time.monotonic() > until:
            raise Cut("it took too long")


def counted(rows: Iterator[Row], ended: Callable[[int, bool], None]) -> Iterator[Row]:
    """The rows, `MOST_ROWS` at most. A list that is not complete says so in its last row.

    `ended` is told how many rows there were, and whether these were all; also when somebody breaks it off.
    """
    number, is_whole = 0, False
    try:
        for number, row in enumerate(islice(rows, MOST_ROWS), start=1):  # noqa: B007 - told at the end
            yield row
        is_whole = next(rows, None) is None
        if not is_whole:
            yield [f"NOT COMPLETE: at most {MOST_ROWS} rows fit."]
    except Cut as cut:
        yield [f"NOT COMPLETE: {cut}."]
    finally:
        ended(number, is_whole)


def workbook(title: str, head: Row, rows: Iterator[Row]) -> bytes:
    """An XLSX file. It is made in memory alone: its rows name customers, and must not be left on a disk."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        # A text stays a text, whatever it begins with.
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, moment if isinstance(cell, datetime) else None)
        sheet.autofit()
    return file.getvalue()
