"""Today at the desk: the agenda, the list to print, the marks of who is here, and all of it with Bookeo down."""

import pickle
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from pytest_django import Settings

from booking.models import AuditEntry, CheckIn
from booking.presenters.manager.words import name_of
from booking.services import booking_changes, check_ins, day_lists, days
from booking.services.staff_acts import Role
from tests.manager.desk import allow_only, calls_counted, day_with
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import make_staff, post, signed_in


@pytest.fixture
def desk(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.DESK, first_name="Ines"))


def _press(browser: PlainBrowser, number: str, *, htmx: bool = False) -> PlainBrowser:
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.submit(f"form[action='/manager/bookings/{number}/check-in/']", headers=headers)


def _pressed(browser: PlainBrowser, number: str) -> str:
    return str(browser.page.one(f"#check-{number}")["aria-pressed"])


def test_first_page_is_today(desk: PlainBrowser) -> None:
    assert desk.get("/manager/").url == "/manager/day/"
    assert desk.page.one("nav.links [aria-current]").get_text() == "Today"
    assert "Today, " in desk.page.text


def test_day_shows_its_bookings_and_its_totals(shop: Shop, desk: PlainBrowser) -> None:
    day, booking = day_with(shop, due=True)
    desk.get(f"/manager/day/{day}/")

    assert booking.customer
    assert booking.price
    assert f"{booking.customer.first_name} {booking.customer.last_name}" in desk.page.text
    found = day_lists.get_day(day).bookings
    standing = [b for b in found if not b.canceled]
    expected = sum(n.number for b in standing if b.accepted for n in b.participants.numbers)
    assert desk.page.one("#expected").get_text() == str(expected)
    assert len(desk.page.select(".run tbody tr")) == len(standing)
    assert bool(desk.page.select("#cancelled")) == any(b.canceled for b in found)
    assert desk.page.select(".run meter")


@pytest.mark.parametrize("page", ["", "manifest/"])
def test_whoever_did_not_come_is_marked(shop: Shop, desk: PlainBrowser, page: str) -> None:
    day, booking = day_with(shop, due=True)
    assert "did not come" not in desk.get(f"/manager/day/{day}/{page}").page.text

    booking_changes.change_booking(booking, form="form", as_manager=True, no_show=True)
    rows = desk.get(f"/manager/day/{day}/{page}").page.select("table.list tbody tr")
    assert [row for row in rows if "did not come" in row.get_text() and name_of(booking) in row.get_text()]


def test_day_costs_two_calls_and_then_one(shop: Shop, desk: PlainBrowser) -> None:
    day = days.today() + timedelta(days=1)
    with calls_counted(shop) as made:
        desk.get(f"/manager/day/{day}/")
    assert sorted(made) == ["list_bookings", "list_slots"]
    with calls_counted(shop) as made:
        desk.get(f"/manager/day/{day}/")
    assert made == ["list_bookings"]


def test_days_follow_each_other(desk: PlainBrowser) -> None:
    day = days.today() + timedelta(days=3)
    desk.get(f"/manager/day/{day}/")
    assert desk.get(str(desk.page.one("a[rel=next]")["href"])).url == f"/manager/day/{day + timedelta(days=1)}/"
    assert desk.get(str(desk.page.one("a[rel=prev]")["href"])).url == f"/manager/day/{day}/"
    desk.submit("form:has(#date)", {"date": "2026-12-24"})
    assert desk.url == "/manager/day/2026-12-24/"


@pytest.mark.parametrize("nonsense", ["tomorrow", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_nonsense_is_no_day(desk: PlainBrowser, nonsense: str) -> None:
    assert desk.get(f"/manager/day/?date={nonsense}").status == 422
    assert "Give a day such as" in desk.page.one("#date-problem").get_text()
    assert desk.get(f"/manager/day/{nonsense}/").status == 404
    assert desk.page.h1 == "Nothing is here"


def test_empty_day_says_so(desk: PlainBrowser) -> None:
    desk.get("/manager/day/2031-05-05/")
    assert desk.page.one(".empty h2").get_text() == "Nobody has booked for this day"


def test_seats_may_be_missing(shop: Shop, desk: PlainBrowser) -> None:
    day, _ = day_with(shop, due=True)
    shop.knobs("fail=503", on="slots")
    desk.get(f"/manager/day/{day}/")
    assert desk.page.select(".run")
    assert not desk.page.select("meter")


@pytest.mark.parametrize("page", ["", "manifest/"])
def test_check_in_is_marked_and_taken_back(shop: Shop, desk: PlainBrowser, page: str) -> None:
    day, booking = day_with(shop, due=True)
    number = booking.booking_number
    desk.get(f"/manager/day/{day}/{page}")
    _press(desk, number)

    assert (desk.url, _pressed(desk, number)) == (f"/manager/day/{day}/{page}", "true")
    assert CheckIn.objects.get().staff_name == "Ines"
    _press(desk, number)
    assert _pressed(desk, number) == "false"
    assert not CheckIn.objects.exists()
    changes = AuditEntry.objects.filter(act="check_in").order_by("number").values_list("subject", "changes")
    assert list(changes) == [
        (number, {"checked_in": [False, True]}),
        (number, {"checked_in": [True, False]}),
    ]


def test_check_in_with_htmx_changes_the_button_and_the_figure_without_a_call(shop: Shop, desk: PlainBrowser) -> None:
    day, booking = day_with(shop, due=True)
    people = sum(n.number for n in booking.participants.numbers)
    desk.get(f"/manager/day/{day}/")
    with calls_counted(shop) as made:
        _press(desk, booking.booking_number, htmx=True)

    assert made == []
    assert _pressed(desk, booking.booking_number) == "true"
    assert desk.page.one("#here").get_text() == str(people)


def test_second_press_of_the_same_page_changes_nothing(shop: Shop, desk: PlainBrowser) -> None:
    day, booking = day_with(shop, due=True)
    form = desk.get(f"/manager/day/{day}/").page.form(
        f"form[action='/manager/bookings/{booking.booking_number}/check-in/']"
    )
    for _ in range(2):
        desk.submit(form)
    assert CheckIn.objects.count() == AuditEntry.objects.filter(act="check_in").count() == 1


def test_manifest_tells_whom_to_call(shop: Shop, desk: PlainBrowser) -> None:
    day, booking = day_with(shop, due=True)
    desk.get(f"/manager/day/{day}/").follow("Who is coming")
    assert booking.customer
    assert booking.customer.phone_numbers[0].number in desk.page.text


@pytest.mark.parametrize("ahead", [0, 1, 30])
def test_printed_list_tells_the_moment_that_it_was_fetched(desk: PlainBrowser, ahead: int) -> None:
    with time_machine.travel("2026-11-24T23:40:00Z", tick=False):
        desk.get(f"/manager/day/{days.today() + timedelta(days=ahead)}/manifest/")
    assert ", as of Wed 25 Nov, 00:40" in desk.page.text


@pytest.mark.parametrize("page", ["", "manifest/"])
def test_list_is_readable_when_bookeo_is_down(shop: Shop, desk: PlainBrowser, page: str) -> None:
    day, booking = day_with(shop, due=True)
    desk.get(f"/manager/day/{day}/{page}")
    rows = len(desk.page.select(".list tbody tr"))
    shop.knobs("fail=503", on="GET /v2/bookings")
    desk.get(f"/manager/day/{day}/{page}")

    assert desk.status == 200
    assert "Bookeo does not answer. This list is from" in desk.page.text
    assert len(desk.page.select(".list tbody tr")) == rows
    assert _pressed(_press(desk, booking.booking_number), booking.booking_number) == "true"


def test_without_a_kept_list_the_page_says_that_bookeo_is_down(shop: Shop, desk: PlainBrowser) -> None:
    shop.knobs("fail=503", on="GET /v2/bookings")
    desk.get("/manager/day/")
    assert (desk.status, desk.page.h1) == (503, "Bookeo does not answer")
    shop.knobs("")
    assert desk.follow("Try again").url == "/manager/day/"


def test_kept_list_is_sealed(shop: Shop, settings: Settings) -> None:
    day, booking = day_with(shop, due=True)
    sealed = cache.get(f"day-list:{day}")
    assert booking.customer
    assert booking.customer.last_name
    marks = [booking.customer.last_name, booking.booking_number, booking.customer.phone_numbers[0].number]
    assert [mark for mark in marks if mark.encode() in pickle.dumps(sealed)] == []
    assert day_lists.kept_day(day) is not None

    cache.set(f"day-list:{day + timedelta(days=1)}", sealed)
    assert day_lists.kept_day(day + timedelta(days=1)) is None
    settings.SECRET_KEY = "another-secret-that-is-long-enough-to-be-one"
    assert day_lists.kept_day(day) is None


def test_kept_list_holds_no_more_than_the_page_shows(shop: Shop) -> None:
    day, _ = day_with(shop, due=True)
    kept = day_lists.kept_day(day)
    assert kept
    assert all(b.customer is None or b.customer.email_address is None for b in kept.bookings)
    assert not any(b.participants.details for b in kept.bookings)


def test_key_that_may_not_read_bookings_is_named(shop: Shop, desk: PlainBrowser) -> None:
    allow_only(shop, "availability_r")
    desk.get("/manager/day/")
    assert desk.status == 503
    assert "bookings_r_all" in desk.page.text


def test_request_waits_apart(shop: Shop, desk: PlainBrowser) -> None:
    for ahead in range(1, 40):
        day = days.today() + timedelta(days=ahead)
        waiting = [b for b in day_lists.get_day(day).bookings if not b.accepted and not b.canceled]
        if waiting:
            break
    desk.get(f"/manager/day/{day}/")
    assert desk.page.one("#waiting").get_text() == "Waiting for your answer"
    assert not desk.page.select(f"#check-{waiting[0].booking_number}")


def test_stranger_s_number_may_be_marked_only_by_staff(shop: Shop) -> None:
    browser = signed_in(make_staff(None))
    assert post(browser, "/manager/bookings/123/check-in/", {"here": "yes"}).status == 403
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("page", ["/manager/day/", "manifest"])
def test_times_are_no_landmarks_because_two_of_them_may_bear_one_name(desk: PlainBrowser, page: str) -> None:
    desk.get("/manager/day/")
    if page == "manifest":
        desk.follow("Who is coming")
    labels = [article["aria-labelledby"] for article in desk.page.select("main article[aria-labelledby]")]
    assert labels
    assert not desk.page.select("main section[aria-labelledby^=run]")


def test_marks_of_days_long_gone_are_deleted() -> None:
    for number, age in (("541205180027", 91), ("541205180028", 89)):
        CheckIn.objects.create(booking_number=number, staff_name="Ines")
        CheckIn.objects.filter(booking_number=number).update(at=days.now() - timedelta(days=age))
    assert check_ins.purge() == 1
    assert CheckIn.objects.get().booking_number == "541205180028"


def test_number_that_no_booking_can_have_is_no_address(desk: PlainBrowser) -> None:
    assert post(desk, f"/manager/bookings/{65 * '5'}/check-in/", {"here": "yes"}).status == 404
    assert not CheckIn.objects.exists()
