"""Tables to take along: lines of CSV that no spreadsheet takes for a formula."""

import csv
import io
import re
from collections.abc import Iterable

from booking.presenters.texts import spaced

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Telephone numbers, which begin as a formula does and are none.
TELEPHONES = re.compile(r"\+[0-9][0-9 ]*(, \+?[0-9][0-9 ]*)*")
# Of a longer number spreadsheets make zeros of the rest.
DIGITS_KEPT = 15
# Spreadsheets read UTF-8 only after this mark.
MARK = "\ufeff"


def csv_lines(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    """One by one, as they come."""
    yield MARK + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(_harmless(_whole(cell)) for cell in cells)
    return line.getvalue()


def _whole(cell: str) -> str:
    """A booking number in groups, as people read it out: so it is a text, and keeps its last digits."""
    return spaced(cell) if len(cell) > DIGITS_KEPT and cell.isdecimal() else cell


def _harmless(cell: str) -> str:
    """With a quote before it, what looks like a formula is a text. Numbers stay numbers."""
    is_plain = _is_number(cell) or TELEPHONES.fullmatch(cell)
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not is_plain else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
