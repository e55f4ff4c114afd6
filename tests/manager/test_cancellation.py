"""Cancelling at the desk: what follows is said first, it happens once, and everybody is told the truth."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from booking.bookeo import Booking, changed_document
from booking.models import AuditEntry
from booking.services import booking_changes, business_settings, cancellations
from booking.services.booking_changes import CancelFlags
from booking.services.cancellations import Cancelled
from booking.services.staff_acts import Role
from tests.manager.desk import allow_only, booked_without_email, calls_counted, day_with
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import make_staff, signed_in


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER, first_name="Ines"))


@pytest.fixture
def booking(shop: Shop) -> Booking:
    return day_with(shop, due=False)[1]


def _at(browser: PlainBrowser, booking: Booking) -> PlainBrowser:
    return browser.get(f"/manager/bookings/{booking.booking_number}/cancel/")


def _press(browser: PlainBrowser, fields: dict[str, str] | None = None) -> PlainBrowser:
    form = browser.page.form("#cancellation")
    return browser.submit(form, fields, button=form.buttons[0].text)


def _is_cancelled(booking: Booking) -> bool:
    return booking_changes.get_booking(booking.booking_number).canceled


def test_page_names_the_booking_and_says_what_follows(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    business_settings.save(free_cancellation_hours=24 * 365, late_cancellation_fee_percent=50)
    with calls_counted(shop) as made:
        _at(manager, booking)

    assert made == ["get_booking"]
    assert booking.price
    fee = (booking.price.total_gross.amount / 2).quantize(Decimal("0.01"))
    assert f"By your rule we keep €{fee}." in manager.page.text
    assert "go back on sale" in manager.page.text
    number = manager.page.form("#cancellation").buttons[0].text.removeprefix("Cancel booking ")
    assert number.replace(" ", "") == booking.booking_number
    assert not _is_cancelled(booking)


def test_press_cancels_with_the_flags_that_were_chosen(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    fields = {"notify_customer": "on", "template": "The weather does not allow it", "words": "Storm until noon"}
    with calls_counted(shop) as made:
        _press(manager, fields)

    assert made.count("cancel_booking") == 1
    assert _is_cancelled(booking)
    assert "is cancelled; its places are free again. Bookeo mails the customer." in manager.page.text
    entry = AuditEntry.objects.get(act="cancel_booking")
    assert entry.outcome == "done"
    assert entry.changes["canceled"] == [False, True]
    assert entry.changes["notify_customer"] == [None, True]
    assert "Storm" not in str(entry.changes)


def test_customer_without_email_is_not_called_mailed(shop: Shop, manager: PlainBrowser) -> None:
    booking = booked_without_email(manager)
    _at(manager, booking)
    assert "There is no e-mail, so the customer is not mailed." in manager.page.text
    form = manager.page.form("#cancellation")
    assert "notify_customer" not in form.names
    manager._send_form("post", manager.url, {**form.fields, "notify_customer": "on"}, {})

    assert _is_cancelled(booking)
    assert "its places are free again. The customer is not mailed." in manager.page.text
    assert AuditEntry.objects.get(act="cancel_booking").changes["notify_customer"] == [None, False]


def test_second_of_two_who_cancel_is_told_that_it_was_done(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    _at(manager, booking)
    _at(other, booking)
    _press(manager)
    _press(other)

    assert (other.status, other.page.h1) == (409, "It is cancelled already")
    assert shop.counted["cancel_booking"] == 1
    assert AuditEntry.objects.filter(act="cancel_booking").count() == 1


def test_press_at_the_same_moment_is_one_cancellation(
    shop: Shop, manager: PlainBrowser, booking: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other press comes after ours has looked, and before it cancels."""
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    _at(manager, booking)
    _at(other, booking)
    cancel = cancellations.cancel

    def cancel_second(seen: Booking, flags: CancelFlags) -> Cancelled:
        monkeypatch.setattr(cancellations, "cancel", cancel)
        _press(other)
        return cancel(seen, flags)

    monkeypatch.setattr(cancellations, "cancel", cancel_second)
    _press(manager)

    assert shop.counted["cancel_booking"] == 1
    assert "is cancelled; its places are free again" in f"{manager.page.text} {other.page.text}"
    assert "It was cancelled already" in f"{manager.page.text} {other.page.text}"


def test_booking_that_changed_meanwhile_is_shown_anew(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    before = shop.client.get_booking(booking_number=booking.booking_number)
    shop.client.update_booking(
        booking_number=booking.booking_number,
        document={**changed_document(before), "externalRef": "moved"},
        backend=True,
    )
    _press(manager)
    assert manager.status == 409
    assert "Somebody changed this booking meanwhile" in manager.page.text
    assert not _is_cancelled(booking)
    _press(manager)
    assert _is_cancelled(booking)


def test_rule_of_bookeo_is_said(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    shop.knobs("fail=403", on="DELETE")
    _press(manager, {"words": "Storm from the west"})
    assert manager.status == 409
    assert "Bookeo did not allow this" in manager.page.one("main [role=alert]").get_text()
    assert manager.page.form("#cancellation").fields["words"] == "Storm from the west"
    assert not _is_cancelled(booking)
    assert AuditEntry.objects.get(act="cancel_booking").outcome == "refused"


def test_key_that_may_not_cancel_is_named(shop: Shop, manager: PlainBrowser, booking: Booking) -> None:
    _at(manager, booking)
    allow_only(shop, "bookings_r_all")
    _press(manager)
    assert "bookings_rw_all" in manager.page.text


def test_desk_may_not_cancel(shop: Shop, booking: Booking) -> None:
    assert _at(signed_in(make_staff(Role.DESK)), booking).status == 403


def test_fee_is_due_only_after_the_free_time(booking: Booking) -> None:
    business_settings.save(free_cancellation_hours=24, late_cancellation_fee_percent=50)
    early, late = booking.start_time - timedelta(hours=24), booking.start_time - timedelta(hours=23)
    assert cancellations.late_fee(booking, at=early.astimezone(UTC)) is None
    assert cancellations.late_fee(booking, at=late) is not None
    business_settings.save(late_cancellation_fee_percent=0)
    assert cancellations.late_fee(booking, at=datetime.now(UTC) + timedelta(days=99)) is None
