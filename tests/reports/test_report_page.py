"""The page of reports: what its figures are, where they come from, and what it says when there are none."""

import csv
import gc
import io
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bs4 import Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import AuditEntry, BookingFact, FactKind, FactReading, FactWeek, PaymentFact, ProductFact, SlotFact
from booking.services import cache, days, fact_sheets, fact_weeks, reports
from booking.services.reports import Span
from booking.services.staff_acts import Role
from sandbox.demo_business import harbour_and_hills
from tests.manager.desk import allow_only
from tests.plain_browser import PlainBrowser
from tests.reports.ground import book_slot, coming_slots, fill, pay, rows_of_the_sandbox
from tests.shop import KAYAK, KAYAK_ID, Shop
from tests.staff import make_staff, post, signed_in

REPORTS = "/manager/reports/"
EXPORT = "/manager/reports/export/"
ROME = ZoneInfo("Europe/Rome")
TABLES = (
    "occupancy",
    "revenue",
    "payments",
    "lead-time",
    "cancellations",
    "cancellations-by-week",
    "notice",
)


@pytest.fixture
def manager() -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER))


def _figures(browser: PlainBrowser) -> dict[str, str]:
    pairs = browser.page.select(".figures > div")
    return {_text(pair, "dt"): _text(pair, "dd").split(" before:")[0] for pair in pairs}


def _text(tag: Tag, selector: str) -> str:
    found = tag.select_one(selector)
    assert found is not None
    return found.get_text(" ", strip=True)


def _rows(browser: PlainBrowser, table: str) -> list[list[str]]:
    rows = browser.page.select(f"{table} tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]


def _notes(browser: PlainBrowser) -> str:
    return " ".join(note.get_text(" ", strip=True) for note in browser.page.select(".say"))


def _day(timestamp: int) -> date:
    return datetime.fromtimestamp(timestamp, ROME).date()


def _coming() -> tuple[date, date]:
    return days.today(), days.today() + timedelta(days=29)


QUERY = """
    SELECT number, product_id, starts, created, canceled, accepted, paid,
           json_extract(details, '$.price.gross') AS gross,
           json_extract(details, '$.cancelationTime') AS canceled_at,
           (SELECT sum(json_extract(value, '$.number')) FROM json_each(details, '$.participants.numbers')) AS people
    FROM booking
"""


def test_figures_are_what_the_sandbox_adds_up_to(shop: Shop, manager: PlainBrowser, tmp_path: Path) -> None:
    """Counted here anew, from the sandbox's own tables."""
    shop.client.cancel_booking(booking_number=book_slot(shop, coming_slots(shop)[4]).booking_number)
    pay(shop, book_slot(shop, coming_slots(shop)[3]), "-7.50")
    fill()
    first, last = _coming()
    held = [row for row in rows_of_the_sandbox(tmp_path, QUERY) if first <= _day(row["starts"]) <= last]
    standing = [row for row in held if not row["canceled"] and row["accepted"]]
    canceled = [row for row in held if row["canceled"]]
    paid = [
        Decimal(row["amount"])
        for row in rows_of_the_sandbox(tmp_path, "SELECT received, amount FROM payment")
        if first <= _day(row["received"]) <= last
    ]
    leads = [(_day(row["starts"]) - _day(row["created"])).days for row in standing]

    figures = _figures(manager.get(f"{REPORTS}?span=next-30"))
    assert manager.status == 200
    assert len(standing) > 50
    assert canceled
    assert figures["Booked value"] == f"€{sum(Decimal(row['gross']) for row in standing):,.2f}"
    assert figures["Payments"] == f"€{sum(paid):,.2f}"
    assert figures["Bookings"] == str(len(standing))
    assert figures["Booked ahead, median"] == f"{statistics.median_low(leads)} days"
    assert figures["Cancelled"] == f"{round(100 * len(canceled) / (len(canceled) + len(standing)))}%"

    by_day: dict[date, Decimal] = defaultdict(Decimal)
    for row in standing:
        by_day[_day(row["starts"])] += Decimal(row["gross"])
    shown = {row[0]: row[1] for row in _rows(manager, "#revenue-EUR")}
    assert shown == {f"{day:%a} {day.day} {day:%b}": f"€{value:,.2f}" for day, value in sorted(by_day.items()) if value}

    by_product = Counter(row["product_id"] for row in [*standing, *canceled])
    gone = Counter(row["product_id"] for row in canceled)
    names = reports.find_products()
    assert {row[0]: row[1] for row in _rows(manager, "[aria-labelledby=cancelled-products]")} == {
        names[product]: f"{gone[product]} of {number}" for product, number in by_product.items()
    }


def test_occupancy_is_seats_booked_of_seats_there_are(shop: Shop, manager: PlainBrowser) -> None:
    fill()
    day = days.today() + timedelta(days=20)
    before = coming_slots(shop)
    book_slot(shop, before[2], adults=4)
    fill()
    heat = manager.get(f"{REPORTS}?first={day}&last={day}")
    capacity = _kayak_capacity(day)
    booked = capacity - sum(slot.num_seats_available for slot in before) + 4
    (row,) = [row for row in _rows(heat, "#heat") if row[0] == KAYAK]
    product = harbour_and_hills().product(KAYAK_ID)
    assert product is not None
    assert capacity == len(before) * product.capacity
    assert row[1:] == [f"{round(100 * booked / capacity)}%", str(round(100 * booked / capacity))]


def _kayak_capacity(day: date) -> int:
    report, _ = reports.find_reports(Span(day, day), KAYAK_ID)
    return report.occupancy[KAYAK_ID][day].capacity


def test_booking_never_changes_the_capacity(shop: Shop) -> None:
    fill()
    day = days.today() + timedelta(days=20)
    before = _kayak_capacity(day)
    number = book_slot(shop, coming_slots(shop)[2], adults=3).booking_number
    fill()
    assert _kayak_capacity(day) == before
    shop.client.cancel_booking(booking_number=number)
    fill()
    assert _kayak_capacity(day) == before


def test_page_asks_nobody_and_outlives_bookeo(shop: Shop, manager: PlainBrowser) -> None:
    fill()
    manager.get(REPORTS)
    cache.forget_everything()
    shop.knobs("fail=503")
    shop.calls.clear()
    manager.get(f"{REPORTS}?span=next-30")
    assert manager.status == 200
    assert KAYAK in manager.page.text
    # The bar of every page asks whose site it is.
    assert set(shop.operations) <= {"get_business"}


# --- Facts of our own making ---------------------------------------------------------------------------------------


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ROME)


def _fact(number: str, day: date, **changes: object) -> BookingFact:
    fields: dict[str, object] = {
        "number": number,
        "product_id": "P1",
        "event_id": f"E{day}",
        "day": day,
        "start": _noon(day),
        "changed_at": _noon(day),
        "lead_days": 3,
        "canceled": False,
        "notice_hours": None,
        "accepted": True,
        "people": 2,
        "seats": 2,
        "currency": "EUR",
        "gross": Decimal("40.10"),
        "paid": Decimal("10.05"),
    }
    return BookingFact(**fields | changes)


def _payment(number: str, day: date, amount: str, method: str = "cash", currency: str = "EUR") -> PaymentFact:
    return PaymentFact(
        payment_id=number,
        day=day,
        currency=currency,
        amount=Decimal(amount),
        method=method,
    )


def _slot(day: date, left: int, event: str = "") -> SlotFact:
    return SlotFact(event_id=event or f"E{day}", product_id="P1", day=day, start=_noon(day), seats_left=left)


def _keep(*facts: BookingFact | PaymentFact | SlotFact) -> None:
    """As after a complete filling."""
    for fact in facts:
        fact.save(force_insert=True)
    ProductFact.objects.get_or_create(product_id="P1", defaults={"name": "Morning walk", "position": 0})
    fact_sheets.make_anew({fact.day for fact in facts})
    fact_weeks.plan()
    now = datetime.now(UTC)
    FactWeek.objects.update(read_at=now)
    FactReading.objects.get_or_create(kind=FactKind.BOOKINGS, defaults={"followed_until": now, "asked_at": now})


DAY = date(2026, 10, 25)  # the clocks go back


def _on(browser: PlainBrowser, first: date = DAY, last: date = DAY, **more: str) -> PlainBrowser:
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return browser.get(f"{REPORTS}?first={first}&last={last}{query}")


def test_cancelled_and_waiting_bookings_are_no_revenue(manager: PlainBrowser) -> None:
    _keep(
        _fact("1", DAY),
        _fact("2", DAY, canceled=True, notice_hours=30, paid=Decimal("5.00")),
        _fact("3", DAY, accepted=False),
        _slot(DAY, left=4),
    )
    figures = _figures(_on(manager))
    assert (figures["Booked value"], figures["Bookings"], figures["People"]) == ("€40.10", "1", "2")
    assert figures["Cancelled"] == "50%"
    assert _rows(manager, "#revenue-EUR") == [["Sun 25 Oct", "€40.10", "€10.05", "€5.00"]]
    # Two seats booked, two that wait, four left.
    assert figures["Occupancy"] == "25%"
    notices = {row[0]: row[1] for row in _rows(manager, "[aria-labelledby=notice]")}
    assert {label for label, number in notices.items() if number == "1"} == {"1 to 2 days before"}


def test_currencies_are_never_added(manager: PlainBrowser) -> None:
    _keep(
        _fact("1", DAY),
        _fact("2", DAY, currency="GBP", gross=Decimal(7), paid=Decimal(0)),
        _payment("1", DAY, "12"),
        _payment("2", DAY, "9", currency="GBP"),
    )
    _on(manager)
    values = [_text(pair, "dd") for pair in manager.page.select(".figures > div") if _text(pair, "dt") in MONEY]
    assert [value.split(" before:")[0] for value in values] == ["€40.10", "£7.00", "€12.00", "£9.00"]
    assert [row[1] for row in _rows(manager, "#revenue-GBP")] == ["£7.00"]
    assert [row[1] for row in _rows(manager, "#payments-GBP")] == ["£9.00"]


MONEY = {"Booked value", "Payments"}


def test_what_is_given_back_hangs_below_the_line(manager: PlainBrowser) -> None:
    _keep(_payment("1", DAY, "50"), _payment("2", DAY, "-20"), _payment("3", DAY, "30", "creditCard"))
    _on(manager)
    head = [cell.get_text() for cell in manager.page.select("#payments-EUR thead th")]
    assert head == ["Day", "Cash", "Credit card", "Given back", "Total"]
    assert _rows(manager, "#payments-EUR") == [["Sun 25 Oct", "€50.00", "€30.00", "-€20.00", "€60.00"]]
    chart = manager.page.one("svg.chart")
    base = float(str(chart.select(".base")[0]["y1"]))
    tops = [float(str(bar["y"])) for bar in chart.select("rect")]
    assert sum(top < base for top in tops) == 2
    assert [top for top in tops if top >= base] == [base]


def test_many_methods_share_the_last_colour(manager: PlainBrowser) -> None:
    methods = ["cash", "creditCard", "paypal", "bankTransfer", "debitCard", "newMethod"]
    _keep(*(_payment(method, DAY, str(60 - 5 * number), method) for number, method in enumerate(methods)))
    _on(manager)
    keys = [key.get_text(strip=True) for key in manager.page.select("section:has(#payments) .legend li")]
    assert keys == ["Cash", "Credit card", "PayPal", "Bank transfer", "Other ways"]
    assert "newMethod" in [cell.get_text() for cell in manager.page.select("#payments-EUR thead th")]


def test_figures_are_compared_with_as_many_days_before(manager: PlainBrowser) -> None:
    day = days.today() - timedelta(days=3)
    _keep(_fact("1", day), _fact("2", day), _fact("3", day - timedelta(days=1)))
    _on(manager, day, day)
    pair = next(pair for pair in manager.page.select(".figures > div") if _text(pair, "dt") == "Bookings")
    assert _text(pair, "dd") == "2 before: 1, up 100%"


def test_days_before_that_nobody_has_read_are_compared_with_nothing(manager: PlainBrowser) -> None:
    _keep(_fact("1", days.today()))
    progress = fact_weeks.progress()
    assert progress.first is not None
    _on(manager, progress.first, progress.first + timedelta(days=10))
    assert "before:" not in manager.page.text
    early = progress.first - timedelta(days=5)
    _on(manager, early, early + timedelta(days=40))
    assert "Figures begin on" in _notes(manager)


@pytest.mark.parametrize(
    ("lead", "label"),
    [
        (0, "On the same day"),
        (1, "1 to 2 days before"),
        (2, "1 to 2 days before"),
        (3, "3 to 7 days before"),
        (7, "3 to 7 days before"),
        (8, "8 to 14 days before"),
        (30, "15 to 30 days before"),
        (31, "More than 30 days before"),
        (-2, "On the same day"),
    ],
)
def test_lead_time_has_steps(manager: PlainBrowser, lead: int, label: str) -> None:
    _keep(_fact("1", DAY, lead_days=lead))
    rows = _rows(_on(manager), "[aria-labelledby=lead]")
    assert [row[0] for row in rows if row[1] == "1"] == [label]


@pytest.mark.parametrize(
    ("hours", "label"),
    [
        (-1, "After the start"),
        (0, "Less than a day before"),
        (23, "Less than a day before"),
        (24, "1 to 2 days before"),
        (71, "1 to 2 days before"),
        (72, "3 to 7 days before"),
        (191, "3 to 7 days before"),
        (192, "8 to 14 days before"),
        (360, "More than 14 days before"),
        (None, "Not told"),
    ],
)
def test_notice_has_steps(manager: PlainBrowser, hours: int | None, label: str) -> None:
    _keep(_fact("1", DAY, canceled=True, notice_hours=hours))
    rows = _rows(_on(manager), "[aria-labelledby=notice]")
    assert [row[0] for row in rows if row[1] == "1"] == [label]


@pytest.mark.parametrize(
    ("booked", "left", "text", "tone"),
    [
        (0, 5, "0", "heat-0"),
        (1, 9, "10", "heat-1"),
        (2, 8, "20", "heat-1"),
        (3, 3, "50", "heat-3"),
        (5, 0, "100", "heat-5"),
    ],
)
def test_heat_says_in_figures_what_its_colour_says(
    manager: PlainBrowser, booked: int, left: int, text: str, tone: str
) -> None:
    _keep(_slot(DAY, left=left), *(_fact(str(number), DAY, seats=1) for number in range(booked)))
    cell = _on(manager).page.select("#heat tbody td:not(.whole)")[0]
    assert (cell.get_text(), cell["class"]) == (text, [tone])


def test_seats_that_nobody_tells_are_counted_apart(manager: PlainBrowser) -> None:
    _keep(_fact("1", DAY, event_id=""), _fact("2", DAY, event_id="unknown"))
    assert _rows(_on(manager), "#heat") == [["Morning walk", "4 seats", "+4"]]
    assert _figures(manager)["Occupancy"] == "none"


def test_who_joins_a_course_late_is_counted_apart(manager: PlainBrowser) -> None:
    """The seats of a course are told on its first day, which is neither empty nor full for that."""
    later = DAY + timedelta(days=7)
    _keep(_slot(DAY, left=3, event="course"), _fact("1", later, event_id="course"))
    assert _rows(_on(manager, DAY, later), "#heat") == [["Morning walk", "0%", "0", *["·"] * 6, "+2"]]


def test_one_product_is_looked_at_alone(manager: PlainBrowser) -> None:
    ProductFact.objects.create(product_id="P2", name="Evening walk", position=1)
    _keep(_fact("1", DAY), _fact("2", DAY, product_id="P2"), _payment("1", DAY, "12"))
    _on(manager, product="P2")
    assert _figures(manager)["Bookings"] == "1"
    assert "Payments" not in _figures(manager)
    assert "does not tell for which product" in manager.page.text
    links = [str(link["href"]) for link in manager.page.select("nav[aria-label=Days] a")]
    assert all("product=P2" in link for link in links)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ("", -29, 0),
        ("last-7", -6, 0),
        ("last-30", -29, 0),
        ("last-90", -89, 0),
        ("next-30", 0, 29),
    ],
)
def test_named_spans_stand_in_the_address(manager: PlainBrowser, span: str, first: int, last: int) -> None:
    _keep(_fact("1", days.today()))
    manager.get(f"{REPORTS}?span={span}" if span else REPORTS)
    fields = manager.page.form("#filters").fields
    today = days.today()
    assert (fields["first"], fields["last"]) == (
        str(today + timedelta(days=first)),
        str(today + timedelta(days=last)),
    )
    assert len(manager.page.select("nav [aria-current].btn")) == 1


def test_this_month_is_whole(manager: PlainBrowser) -> None:
    _keep(_fact("1", days.today()))
    fields = manager.get(f"{REPORTS}?span=this-month").page.form("#filters").fields
    first, last = date.fromisoformat(fields["first"]), date.fromisoformat(fields["last"])
    assert (first.day, (last + timedelta(days=1)).day, first.month) == (1, 1, days.today().month)


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("first=2026-10-01", "2026-10-01", "2026-10-30"),
        ("last=2026-10-30", "2026-10-01", "2026-10-30"),
        ("first=2026-10-01&last=2026-12-31", "2026-10-01", "2026-12-31"),
        ("span=last-7&first=2026-10-01&last=2026-10-02", "2026-10-01", "2026-10-02"),
    ],
)
def test_day_left_open_is_found_from_the_other(manager: PlainBrowser, query: str, first: str, last: str) -> None:
    fields = manager.get(f"{REPORTS}?{query}").page.form("#filters").fields
    assert (fields["first"], fields["last"]) == (first, last)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=soon", "id_first"),
        ("first=2026-10-01&last=2026-09-30", "id_last"),
        ("first=2026-10-01&last=2027-01-01", "id_last"),
        ("first=0001-01-01&last=9999-12-31", "id_first"),
        ("product=none-such", "id_product"),
    ],
)
def test_nonsense_is_pointed_out(manager: PlainBrowser, query: str, field: str) -> None:
    manager.get(f"{REPORTS}?{query}")
    assert manager.status == 422
    assert manager.page.select(f"[role=alert] a[href='#{field}']")
    assert not manager.page.select(".figures")


@pytest.mark.parametrize(
    "query", ["span=for-ever", "first=0001-01-01", "last=9999-12-31", "first=9999-12-31", "last=0001-01-01"]
)
def test_days_at_the_edge_of_the_calendar_break_nothing(manager: PlainBrowser, query: str) -> None:
    manager.get(f"{REPORTS}?{query}")
    assert manager.status == 422
    assert manager.page.select("[role=alert]")


def test_nothing_yet_is_said(manager: PlainBrowser) -> None:
    manager.get(REPORTS)
    assert manager.status == 200
    assert manager.page.one(".empty h2").get_text() == "No figures yet"


def test_days_without_anything_are_said(manager: PlainBrowser) -> None:
    _keep(_fact("1", DAY))
    _on(manager, DAY + timedelta(days=3), DAY + timedelta(days=4))
    assert manager.page.one(".empty h2").get_text() == "Nothing happened on these days"


def test_filling_is_said_with_how_far_it_has_come(manager: PlainBrowser) -> None:
    _keep(_fact("1", days.today()))
    this = fact_weeks.monday_of(days.today())
    FactWeek.objects.exclude(monday__in=[this, this - timedelta(days=7)]).update(read_at=None)
    notes = _notes(manager.get(REPORTS))
    assert "6 of " in notes
    assert "weeks are read so far" in notes
    assert "They are complete from" in notes


def test_old_figures_say_so(manager: PlainBrowser) -> None:
    _keep(_fact("1", days.today()))
    assert "Nothing was heard" not in _notes(manager.get(REPORTS))
    FactReading.objects.update(asked_at=datetime.now(UTC) - timedelta(hours=2))
    assert "Nothing was heard from Bookeo since then" in _notes(manager.get(REPORTS))


def test_key_without_payments_shows_the_rest(shop: Shop, manager: PlainBrowser) -> None:
    allow_only(shop, "availability_r", "bookings_r_all")
    fill()
    manager.get(f"{REPORTS}?span=next-30")
    assert "may not read payments" in _notes(manager)
    assert "payments_r_all" in _notes(manager)
    assert int(_figures(manager)["Bookings"]) > 50
    assert not manager.page.select("#payments")


def test_desk_sees_no_reports(shop: Shop) -> None:
    desk = signed_in(make_staff(Role.DESK))
    assert desk.get(REPORTS).status == 403
    assert not desk.get("/manager/day/").page.select("nav a[href='/manager/reports/']")


# --- To take along -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_each_table_can_be_taken_along(manager: PlainBrowser, table: str) -> None:
    _keep(
        _fact("1", DAY),
        _fact("2", DAY, canceled=True, notice_hours=30),
        _payment("1", DAY, "-12.30"),
        _slot(DAY, left=4),
    )
    form = _on(manager).page.form(f"form:has(button[value={table}])")
    manager.submit(form, button=form.buttons[0].text)
    head, *rows = csv.reader(io.StringIO(manager.answer.text.removeprefix("\ufeff")))
    assert manager.answer.header("Content-Disposition") == f'attachment; filename="{table}.csv"'
    assert rows
    assert {len(row) for row in rows} == {len(head)}
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.kind, entry.subject, entry.outcome) == ("export", "list", table, "done")
    assert entry.changes == {"format": [None, "csv"], "rows": [None, len(rows)]}


def test_files_hold_plain_figures(manager: PlainBrowser) -> None:
    _keep(_fact("1", DAY), _slot(DAY, left=4), _payment("1", DAY, "-12.30"))
    asked = {"first": str(DAY), "last": str(DAY)}
    lines = {table: _line(manager, table, asked) for table in TABLES[:3]}
    assert lines == {
        "occupancy": ["Morning walk", "2026-10-25", "2", "6", "0"],
        "revenue": ["2026-10-25", "EUR", "40.1", "10.05", "0"],
        "payments": ["2026-10-25", "EUR", "cash", "0", "-12.3"],
    }


def _line(browser: PlainBrowser, table: str, asked: dict[str, str]) -> list[str]:
    post(browser, EXPORT, {**asked, "table": table})
    return list(csv.reader(io.StringIO(browser.answer.text)))[1]


@pytest.mark.parametrize("fields", [{"table": "customers"}, {}, {"table": "revenue", "first": "soon"}])
def test_nonsense_is_no_file(manager: PlainBrowser, fields: dict[str, str]) -> None:
    assert post(manager, EXPORT, fields).status == 422
    assert not AuditEntry.objects.filter(act="export").exists()


# --- Many of them --------------------------------------------------------------------------------------------------


def _many(number: int) -> Iterator[BookingFact | PaymentFact | SlotFact]:
    dice, today = random.Random(1), days.today()
    slots = [
        SlotFact(
            event_id=f"{product}-{hour}-{ahead}",
            product_id=f"P{product}",
            day=today + timedelta(days=ahead),
            start=_noon(today + timedelta(days=ahead)),
            seats_left=dice.randint(0, 9),
        )
        for ahead in range(-270, 91)
        for product in range(10)
        for hour in range(4)
    ]
    yield from slots
    for name in map(str, range(number)):
        slot = dice.choice(slots)
        canceled = dice.random() < 0.1
        yield _fact(
            name,
            slot.day,
            product_id=slot.product_id,
            event_id=slot.event_id,
            lead_days=dice.randint(0, 60),
            canceled=canceled,
            notice_hours=dice.randint(-3, 400) if canceled else None,
            gross=Decimal(dice.randint(1000, 30000)) / 100,
        )
        yield _payment(name, slot.day, "20.10", dice.choice(("cash", "creditCard", "paypal")))


@pytest.fixture
def fifty_thousand() -> None:
    """Bookings and payments of a year."""
    facts = list(_many(50_000))
    for model in (SlotFact, BookingFact, PaymentFact):
        model.objects.bulk_create([fact for fact in facts if isinstance(fact, model)], batch_size=500)
    every_day = sorted(set(SlotFact.objects.values_list("day", flat=True)))
    for begin in range(0, len(every_day), 60):
        fact_sheets.make_anew(every_day[begin : begin + 60])
    for product in range(10):
        ProductFact.objects.create(product_id=f"P{product}", name=f"Product {product}", position=product)
    fact_weeks.plan(280)
    now = datetime.now(UTC)
    FactWeek.objects.update(read_at=now)
    FactReading.objects.create(kind=FactKind.BOOKINGS, followed_until=now, asked_at=now)


@pytest.mark.usefixtures("shop", "fifty_thousand")
def test_fifty_thousand_bookings_are_a_quick_page(manager: PlainBrowser) -> None:
    """Processor time, the best of five: what the machine does besides is not the page's."""
    client, took = Client(), []
    client.force_login(make_staff(Role.MANAGER))
    gc.collect()
    gc.freeze()  # what this test has made is no part of a server
    for _ in range(5):
        with CaptureQueriesContext(connection) as queries:
            began = time.process_time()
            answer = client.get(f"{REPORTS}?span=last-90")
            took.append(time.process_time() - began)
    gc.unfreeze()
    assert int(_figures(manager.get(f"{REPORTS}?span=last-90"))["Bookings"]) > 10_000
    assert answer.status_code == 200
    about_facts = [query["sql"] for query in queries if "fact" in query["sql"]]
    assert len(about_facts) <= 6
    assert len(queries) <= 20
    assert min(took) < 0.2
