"""Tables to take along: lines of CSV that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Spreadsheets read UTF-8 only after this mark.
MARK = "\ufeff"


def csv_lines(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    """One by one, as they come."""
    yield MARK + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: str) -> str:
    """With a quote before it, what looks like a formula is a text. Numbers stay numbers."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
