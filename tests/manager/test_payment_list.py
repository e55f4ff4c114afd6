"""The payments of the account, and what they come to."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from booking.bookeo import Money, Payment
from booking.presenters.manager.payment_list import sums
from booking.services import days, payments
from booking.services.payments import Received
from booking.services.staff_acts import Role
from tests.manager.desk import allow_only
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, Shop, book
from tests.staff import make_staff, signed_in

PAYMENTS = "/manager/payments/"


@pytest.fixture
def desk(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.DESK))


@pytest.fixture
def number(shop: Shop) -> str:
    return str(book(shop.at_check(KAYAK, "?adults=2")).page.one(".code data")["value"])


def _pay(number: str, amount: str, method: str = "cash", other: str = "") -> Payment:
    return payments.record_payment(
        number,
        form=uuid.uuid4().hex,
        amount=Money(amount=Decimal(amount), currency="EUR"),
        reason=f"{method} {amount}",
        method=method,
        other_method=other,
    )


def _rows(browser: PlainBrowser, table: str) -> list[list[str]]:
    rows = browser.page.select(f"{table} tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in rows]


def test_today_is_shown_with_totals_by_method(shop: Shop, desk: PlainBrowser, number: str) -> None:
    before = _rows(desk.get(PAYMENTS), "#sums")
    for amount, method in (("50", "cash"), ("-20", "cash"), ("30", "checque")):
        _pay(number, amount, method)
    shop.calls.clear()
    desk.get(PAYMENTS)

    assert shop.operations == ["list_payments"]
    assert {"cash 50", "cash -20", "checque 30"} <= {row[1] for row in _rows(desk, "#payments")}
    cheque = [row for row in _rows(desk, "#sums") if row[1] == "Cheque"]
    assert cheque[0][2:] == ["1", "€30.00", "", "€30.00"]
    assert "-€20.00" in desk.page.text
    assert len(_rows(desk, "#sums")) > len(before)


def test_payment_leads_to_its_customer(shop: Shop, desk: PlainBrowser, number: str) -> None:
    _pay(number, "50")
    customer = shop.client.get_booking_customer(booking_number=number)
    links = [str(link["href"]) for link in desk.get(PAYMENTS).page.select("#payments a")]
    assert f"/manager/customers/{customer.id}/" in links


def test_method_filters(desk: PlainBrowser, number: str) -> None:
    _pay(number, "50", "cash")
    _pay(number, "7", "checque")
    _pay(number, "9", "other", other="hotel")
    assert {row[2] for row in _rows(desk.get(f"{PAYMENTS}?method=checque"), "#payments")} == {"Cheque"}
    assert {row[2] for row in _rows(desk.get(f"{PAYMENTS}?method=other&other=hotel"), "#payments")} == {"hotel"}


def test_day_without_payments_says_so(desk: PlainBrowser) -> None:
    desk.get(f"{PAYMENTS}?first=2020-01-01&last=2020-01-01")
    assert desk.page.select(".empty")
    assert not desk.page.select("#payments")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=today", "id_first"),
        ("first=2027-06-12&last=2027-06-11", "id_last"),
        ("first=2027-01-01&last=2027-12-31", "id_last"),
        ("method=gold", "id_method"),
        ("method=other", "id_other"),
    ],
)
def test_nonsense_is_pointed_out(desk: PlainBrowser, query: str, field: str) -> None:
    desk.get(f"{PAYMENTS}?{query}")
    assert desk.status == 422
    assert desk.page.select(f"[role=alert] a[href='#{field}']")


def test_each_day_and_each_currency_has_its_own_sum(number: str) -> None:
    paid = _pay(number, "50")
    earlier = paid.model_copy(update={"received_time": paid.received_time - timedelta(days=1)})
    pounds = paid.model_copy(update={"amount": Money(amount=Decimal(5), currency="GBP")})
    whole = [(line.day, line.total) for line in sums([paid, earlier, pounds]) if line.is_whole]
    assert [total for _, total in whole] == ["€50.00", "€50.00", "£5.00", "€100.00", "£5.00"]
    assert [day for day, _ in whole][-2:] == ["All days", "All days"]


def test_permission_that_the_key_lacks_is_named(shop: Shop, desk: PlainBrowser) -> None:
    allow_only(shop, "bookings_r_all")
    desk.get(PAYMENTS)
    assert (desk.status, desk.page.h1) == (503, "Bookeo does not let this site do that")
    assert "payments_r_all" in desk.page.text


def test_desk_is_not_offered_the_file(shop: Shop, desk: PlainBrowser, number: str) -> None:
    _pay(number, "50")
    assert not desk.get(PAYMENTS).page.select("form[action$='/export/']")
    assert signed_in(make_staff(Role.MANAGER)).get(PAYMENTS).page.select("form[action$='/export/']")


def test_payment_on_the_seam_of_two_pieces_comes_once(shop: Shop, number: str) -> None:
    """Bookeo answers 31 days at a time, and pieces share their ends."""
    first = days.today() - timedelta(days=40)
    seam = days.midnight(first) + timedelta(days=31)
    paid = payments.record_payment(
        number,
        form=uuid.uuid4().hex,
        amount=Money(amount=Decimal(7), currency="EUR"),
        reason="Seam",
        method="cash",
        received=seam,
    )
    pages = payments.every_page(Received(first, days.today()))
    assert [payment.id for page in pages for payment in page].count(paid.id) == 1


@pytest.mark.parametrize(
    "address",
    ["payments/?first=9999-12-31", "find/?first=9999-12-20", "find/?last=0001-01-01", "reports/?first=9999-12-31"],
)
def test_day_beyond_all_calendars_is_pointed_out(shop: Shop, address: str) -> None:
    browser = signed_in(make_staff(Role.MANAGER)).get(f"/manager/{address}")
    assert browser.status == 422
    assert "Give a day such as" in browser.page.text
