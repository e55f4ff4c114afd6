"""One booking on one page: what it shows, for whom, and what it asks of Bookeo."""

import pytest

from booking.services.staff_acts import Role
from tests.manager.desk import allow_only, booked_without_email, calls_counted, day_with
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import make_staff, signed_in


@pytest.fixture
def desk(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.DESK, first_name="Ines"))


def test_booking_shows_everything_for_two_calls(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=False)
    with calls_counted(shop) as made:
        desk.get(f"/manager/bookings/{booking.booking_number}/")

    assert sorted(made) == ["get_booking", "list_booking_payments"]
    customer = shop.client.get_booking(booking_number=booking.booking_number, expand_customer=True).customer
    assert customer
    assert desk.page.h1 == f"{customer.first_name} {customer.last_name}"
    text = desk.page.text
    for part in (booking.product_name, customer.email_address, customer.phone_numbers[0].number, "Nothing due"):
        assert part
        assert part in text
    assert "Full payment" in text
    assert "Booked" in desk.page.one("section:has(#past)").get_text()


def test_balance_runs_down_to_what_is_due(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    desk.get(f"/manager/bookings/{booking.booking_number}/")
    assert booking.price
    due = f"€{booking.price.total_gross.amount:.2f}"
    cells = [cell.get_text() for cell in desk.page.select("section:has(#money) tbody tr:last-child td")]
    assert cells[-1] == due
    assert f"{due} due" in desk.page.text


@pytest.mark.parametrize(
    ("role", "acts"),
    [(Role.DESK, ["Take payment"]), (Role.MANAGER, ["Take payment", "Refund", "Cancel booking"])],
)
def test_acts_are_those_of_the_role(shop: Shop, role: Role, acts: list[str]) -> None:
    _, booking = day_with(shop, due=False)
    browser = signed_in(make_staff(role)).get(f"/manager/bookings/{booking.booking_number}/")
    links = [link.text for link in browser.page.links]
    assert [act for act in ("Take payment", "Refund", "Cancel booking") if act in links] == acts


def test_check_in_comes_back_to_the_booking_and_stands_in_its_history(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=True)
    path = f"/manager/bookings/{booking.booking_number}/"
    desk.get(path).submit(f"form[action='{path}check-in/']")
    assert desk.url == path
    assert "by Ines" in desk.page.text
    assert "Check people in" in desk.page.one("section:has(#past)").get_text()


def test_unknown_number_leads_to_the_box(desk: PlainBrowser) -> None:
    assert desk.get("/manager/bookings/5117000000000000/").status == 404
    assert desk.page.h1 == "Find"


def test_key_without_payments_is_named_and_the_rest_shown(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=False)
    allow_only(shop, "bookings_rw_all", "customers_rw_all")
    desk.get(f"/manager/bookings/{booking.booking_number}/")
    assert desk.status == 200
    assert "lacks the permission “payments_r_all”" in desk.page.text
    assert str(booking.product_name) in desk.page.text


def test_customer_without_contacts_is_no_matter_of_permission(shop: Shop, desk: PlainBrowser) -> None:
    bare = booked_without_email(desk)
    desk.get(f"/manager/bookings/{bare.booking_number}/")
    assert "No e-mail, no telephone number." in desk.page.text
    assert "customers_r_all" not in desk.page.text

    allow_only(shop, "bookings_r_all", "payments_r_all")
    desk.get(f"/manager/bookings/{bare.booking_number}/")
    assert "Without the permission “customers_r_all” this site sees no contacts." in desk.page.text


def test_key_without_bookings_is_named(shop: Shop, desk: PlainBrowser) -> None:
    _, booking = day_with(shop, due=False)
    allow_only(shop, "payments_rw_all")
    desk.get(f"/manager/bookings/{booking.booking_number}/")
    assert desk.status == 503
    assert "bookings_r_all" in desk.page.text
