"""Files to take along: what is in them, that nothing in them runs, how long ones end, and that they are logged."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from booking.bookeo import Booking, Page
from booking.models import AuditEntry
from booking.presenters.manager.exports import BOOKING_COLUMNS, CUSTOMER_COLUMNS, plain_cells, telephone
from booking.presenters.manager.tables import csv_lines
from booking.presenters.texts import spaced
from booking.services import days, exports, finding, lanes
from booking.services.errors import Unavailable
from booking.services.exports import Row
from booking.services.lanes import Lane
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import make_staff, post, signed_in

FIND = "/manager/find/"


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER))


def _sheet(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode() + book.read("xl/sharedStrings.xml").decode()


def _numbers(manager: PlainBrowser) -> set[str]:
    return {cell.get_text().replace(" ", "") for cell in manager.page.select("td[data-label=Number]")}


def test_csv_holds_what_the_filters_find(shop: Shop, manager: PlainBrowser) -> None:
    manager.get(f"{FIND}?first={days.today()}&last={days.today()}&cancelled=too")
    shown = _numbers(manager)
    manager.submit("form[action='/manager/find/export/']", button="CSV")

    head, *rows = csv.reader(io.StringIO(manager.answer.text.removeprefix("\ufeff")))
    assert tuple(head) == BOOKING_COLUMNS
    assert {row[0] for row in rows} == {spaced(number) for number in shown}
    assert manager.answer.header("Content-Disposition") == 'attachment; filename="bookings.csv"'
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.kind, entry.subject, entry.outcome) == ("export", "list", "bookings", "done")
    assert entry.changes == {"format": [None, "csv"], "rows": [None, len(rows)]}


def test_excel_file_holds_the_same(shop: Shop, manager: PlainBrowser) -> None:
    manager.get(f"{FIND}?first={days.today()}&last={days.today()}")
    shown = _numbers(manager)
    manager.submit("form[action='/manager/find/export/']", button="Excel")
    sheet = _sheet(manager.answer.body)
    assert shown
    assert all(number in sheet for number in shown)
    assert manager.answer.header("Content-Disposition") == 'attachment; filename="bookings.xlsx"'


def test_payments_can_be_taken_along(shop: Shop, manager: PlainBrowser) -> None:
    post(manager, "/manager/payments/export/", {"first": "2026-01-01", "last": "2026-02-01", "format": "csv"})
    assert manager.answer.text.startswith("\ufeffreceived,amount,currency")
    assert AuditEntry.objects.latest("number").subject == "payments"


@pytest.mark.parametrize("address", ["/manager/find/export/", "/manager/payments/export/"])
def test_nonsense_is_no_file(manager: PlainBrowser, address: str) -> None:
    post(manager, address, {"first": "soon"})
    assert manager.status == 422
    assert not AuditEntry.objects.filter(act="export").exists()


def test_desk_takes_nothing_along(shop: Shop) -> None:
    desk = signed_in(make_staff(Role.DESK))
    assert not desk.get(f"{FIND}?first={days.today()}").page.select("form[action$='/export/']")
    assert post(desk, "/manager/find/export/", {"first": str(days.today())}).status == 403


@pytest.mark.parametrize("text", ["=1+1", "+39+055", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x.example")'])
def test_nothing_in_a_file_is_a_formula(text: str) -> None:
    line = list(csv_lines(["a"], [[text]]))[1]
    assert next(csv.reader([line]))[0].startswith("'")
    sheet = _sheet(exports.workbook("test", ["a"], iter([[text]])))
    assert not re.search(r"<f>|<hyperlink", sheet)
    assert text.replace('"', "&quot;") in sheet or text in sheet


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("5412051800271604", "5412 0518 0027 1604"),
        ("123456789012345", "123456789012345"),
        ("+39 0555 020003", "+39 0555 020003"),
        ("+39 0555 020003, +39 02 1234567", "+39 0555 020003, +39 02 1234567"),
        ("+39 A1", "'+39 A1"),
        ("-12.50", "-12.50"),
    ],
)
def test_numbers_in_a_file_stay_whole(cell: str, written: str) -> None:
    assert next(csv.reader([list(csv_lines(["a"], [[cell]]))[1]])) == [written]


@pytest.mark.parametrize("typed", ["+390555020003", "+39 0555 020003", "+39 (0555) 020-003"])
def test_telephones_are_written_alike(typed: str) -> None:
    assert telephone(typed) == "+39 055 502 0003"


def test_telephone_without_a_country_stays_as_it_was_typed() -> None:
    assert telephone("0555 020003") == "0555 020003"


def test_times_and_amounts_are_written_plainly() -> None:
    row: Row = ["1", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), Decimal("12.50"), 3]
    assert plain_cells(row) == ["1", "2026-11-24 09:30:00", "12.50", "3"]
    assert "<v>12.50</v>" in _sheet(exports.workbook("test", ["a", "b", "c", "d"], iter([row])))


def test_long_list_says_that_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    ends: list[tuple[int, bool]] = []
    rows = list(exports.counted(iter([["a"], ["b"], ["c"]]), lambda *end: ends.append(end)))
    assert rows == [["a"], ["b"], ["NOT COMPLETE: at most 2 rows fit."]]
    assert list(exports.counted(iter([["a"], ["b"]]), lambda *end: ends.append(end))) == [["a"], ["b"]]
    assert ends == [(2, False), (2, True)]


def test_list_whose_source_fails_says_so() -> None:
    def pages() -> Iterator[list[str]]:
        yield ["first"]
        raise Unavailable

    rows = exports.counted(iter(exports.paced(pages())), lambda *_: None)
    assert list(rows) == [["first"], ["NOT COMPLETE: Bookeo did not answer any more."]]


def test_pages_are_read_behind_everybody_who_waits() -> None:
    def pages() -> Iterator[Lane]:
        yield lanes.current()

    assert list(exports.paced(pages())) == [Lane.BACKGROUND]
    assert lanes.current() == Lane.BROWSING


def test_list_that_takes_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_SECONDS", -1.0)
    rows = exports.counted(iter(exports.paced(iter([["a"], ["b"]]))), lambda *_: None)
    assert list(rows) == [["a"], ["NOT COMPLETE: it took too long."]]


def test_file_that_is_broken_off_is_logged_as_not_done(
    shop: Shop, manager: PlainBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "PAGE_SIZE", 5)
    shop.knobs("fail=503", on="pageNavigationToken")
    post(manager, "/manager/find/export/", {"first": str(days.today()), "format": "csv"})
    assert manager.answer.text.rstrip().endswith("NOT COMPLETE: Bookeo did not answer any more.")
    assert AuditEntry.objects.latest("number").outcome == "failed"


def test_what_the_box_has_found_is_taken_along(shop: Shop, manager: PlainBrowser) -> None:
    manager.get(FIND).submit("#find", {"text": "guest visitor"}, button="Find")
    page = manager.page
    shown = {link.get_text(strip=True) for link in page.select("a[data-open][href*='/customers/']")}
    manager.submit("form:has([value=customers])", button="CSV")
    head, *rows = csv.reader(io.StringIO(manager.answer.text.removeprefix("\ufeff")))
    assert tuple(head) == CUSTOMER_COLUMNS
    assert {row[0] for row in rows} == shown
    assert "guest@example.com" in {row[1] for row in rows}

    manager.get(FIND).submit("#find", {"text": "guest@example.com"}, button="Find")
    shown = _numbers(manager)
    manager.submit("form:has([value=bookings])", button="CSV")
    _, *rows = csv.reader(io.StringIO(manager.answer.text.removeprefix("\ufeff")))
    assert {row[0] for row in rows} == {spaced(number) for number in shown} != set()


def test_customers_found_are_taken_along(shop: Shop, manager: PlainBrowser) -> None:
    manager.get("/manager/customers/").submit("#find", {"text": "guest"}, button="Find")
    manager.submit("form[action='/manager/customers/export/']", button="Excel")
    assert "guest@example.com" in _sheet(manager.answer.body)
    entry = AuditEntry.objects.latest("number")
    assert (entry.subject, entry.changes["format"]) == ("customers", [None, "xlsx"])


def test_search_that_has_run_out_is_not_found(shop: Shop, manager: PlainBrowser) -> None:
    for path in ("/manager/find/found/export/", "/manager/customers/export/"):
        assert post(manager, path, {"seek": "forged"}).status == 404


def test_five_thousand_bookings_are_listed_in_one_call_and_taken_along_whole(
    shop: Shop, manager: PlainBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, end = days.midnight(days.today()), days.midnight(days.today() + timedelta(days=30))
    sample = shop.client.list_bookings(start_time=begin, end_time=end)
    pages, size = 50, 100
    asked: list[int] = []

    def page(number: int) -> Page[Booking]:
        asked.append(number)
        numbers = range((number - 1) * size, number * size)
        data = tuple(sample.data[0].model_copy(update={"booking_number": f"9{n:011d}"}) for n in numbers)
        told = {"total_items": pages * size, "total_pages": pages, "current_page": number}
        info = sample.info.model_copy(update={**told, "page_navigation_token": "many"})
        return Page[Booking].model_construct(data=data, info=info)

    monkeypatch.setattr(shop.client, "list_bookings", lambda **_: page(1))
    monkeypatch.setattr(shop.client, "get_bookings_page", lambda *, token, page_number: page(page_number))
    manager.get(f"{FIND}?first={days.today()}&last={days.today() + timedelta(days=29)}")
    assert (len(_numbers(manager)), asked) == (size, [1])
    assert manager.page.link("Further")

    manager.submit("form[action='/manager/find/export/']", button="CSV")
    _, *rows = csv.reader(io.StringIO(manager.answer.text.removeprefix("\ufeff")))
    assert len({row[0] for row in rows}) == len(rows) == pages * size
