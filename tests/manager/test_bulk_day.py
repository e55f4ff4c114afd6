"""Calling off a day: what follows is said first, nothing is sent before its time, and each booking ends in one way."""

import csv
import io
from datetime import date, timedelta

import pytest
import requests
from django.db.models.functions import Now

from booking import tasks
from booking.bookeo import (
    Booking,
    BookingInput,
    BudgetSpent,
    CustomerInput,
    ParticipantsInput,
    PeopleNumber,
    changed_document,
)
from booking.models import Attempt, AuditEntry, BulkRow, BulkRun
from booking.presenters.texts import spaced
from booking.services import booking_changes, bulk_days, bulk_preview, bulk_runs, business_settings, days, sharing
from booking.services.staff_acts import Role
from tests.manager.bulk_day import (
    address_of,
    begun,
    end_the_window,
    kayak_day,
    press,
    press_of,
    row_of,
    states,
    work,
)
from tests.manager.desk import allow_only, booked_without_email, calls_counted
from tests.plain_browser import PlainBrowser
from tests.shop import CANOE, SAIL, Shop
from tests.staff import make_staff, signed_in

WRITES = {"cancel_booking", "update_booking"}
ONE_ADULT = ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=1),))
NEW = CustomerInput(first_name="Robin", last_name="Late")


@pytest.fixture
def manager(shop: Shop) -> PlainBrowser:
    return signed_in(make_staff(Role.MANAGER, first_name="Ines"))


@pytest.fixture
def kayaks(shop: Shop) -> tuple[date, list[Booking]]:
    return kayak_day(shop)


def _is_cancelled(booking: Booking) -> bool:
    return booking_changes.get_booking(booking.booking_number).canceled


def _writes(shop: Shop) -> int:
    return sum(shop.counted[operation] for operation in WRITES)


def _touch(shop: Shop, booking: Booking) -> None:
    """Somebody else changes the booking, at another second than it was made."""
    now = shop.client.get_booking(booking_number=booking.booking_number)
    shop.client.update_booking(
        booking_number=booking.booking_number, document={**changed_document(now), "externalRef": "moved"}, backend=True
    )


# Choosing and looking.


def test_day_leads_to_its_products_and_on_to_its_bookings(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    manager.get(f"/manager/day/{day}/").follow("Call off or move this day")
    assert manager.page.h1 == "Which day, which products?"
    manager.submit("#products", {"product": bookings[0].product_id}, button="Look at the bookings")
    assert manager.page.h1.startswith("Call off or move ")
    assert {row_of(booking) for booking in bookings} == {
        name for name in manager.page.form("#bulk").names if name.startswith("row-")
    }


def test_preview_takes_a_call_for_the_day_and_one_for_the_times_of_a_product(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    with calls_counted(shop) as made:
        manager.get(address_of(*kayaks))
    assert made == ["list_bookings", "list_slots"]


def test_preview_says_fee_and_what_is_to_be_given_back(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    business_settings.save(free_cancellation_hours=24 * 365, late_cancellation_fee_percent=50)
    day, bookings = kayaks
    manager.get(address_of(day, bookings))
    paid = [booking.price.total_paid.amount for booking in bookings if booking.price]
    halves = [booking.price.total_gross.amount / 2 for booking in bookings if booking.price]
    back = sum(max(p - half, 0) for p, half in zip(paid, halves, strict=True))
    assert "We keep €" in manager.page.text
    assert back > 0
    assert f"€{back:.2f} is to be given back" in manager.page.text


def test_no_place_is_offered_twice(shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    day, bookings = kayaks
    found = bulk_preview.preview(day, [bookings[0].product_id])
    wanted: dict[str, int] = {}
    for candidate in found.candidates:
        if candidate.times.nearest:
            event = candidate.times.nearest.event_id
            wanted[event] = wanted.get(event, 0) + candidate.seats
    assert wanted
    assert all(seats <= (found.times[event].seats_left or 0) for event, seats in wanted.items())


def test_more_people_than_places_are_refused_and_nothing_chosen_is_lost(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    day, bookings = kayaks
    found = bulk_preview.preview(day, [bookings[0].product_id])
    event = next(c.times.nearest.event_id for c in found.candidates if c.times.nearest)
    tight = found.times[event].model_copy(update={"seats_left": found.candidates[0].seats})
    real = bulk_preview.preview

    def one_time(*args: object) -> bulk_preview.Preview:
        now = real(day, [bookings[0].product_id])
        offer = type(now.candidates[0].times)(tight)
        candidates = tuple(
            type(c)(c.booking, c.seats, c.stamp, c.fee, offer, c.is_queued, c.is_over) for c in now.candidates
        )
        return type(now)(now.day, now.product_ids, candidates, {event: tight}, now.seen)

    monkeypatch.setattr(bulk_preview, "preview", one_time)
    manager.get(address_of(day, bookings))
    press(manager, {row_of(booking): event for booking in bookings} | {"words": "Storm"})
    assert manager.status == 422
    assert "places left, and these are" in manager.page.text
    assert manager.page.form("#bulk").fields["words"] == "Storm"
    assert manager.page.form("#bulk").fields[row_of(bookings[0])] == event
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize("name", [CANOE, SAIL])
def test_booking_whose_times_were_not_looked_up_leads_to_its_own_page(
    shop: Shop, manager: PlainBrowser, name: str
) -> None:
    booking = booked_without_email(manager, name)
    manager.get(address_of(days.day_of(booking.start_time), [booking]))
    assert "No other time is free" not in manager.page.text
    assert "Such bookings are moved one by one" in manager.page.text
    move = f"/manager/bookings/{booking.booking_number}/move/"
    assert manager.page.select(f"a[href='{move}']")
    assert manager.get(move).page.select("#times")


def test_whoever_cannot_be_mailed_is_counted(shop: Shop, manager: PlainBrowser) -> None:
    booking = booked_without_email(manager)
    manager.get(address_of(days.day_of(booking.start_time), [booking]))
    assert "1 of them has no e-mail: ring them." in manager.page.text
    manager.submit("#bulk", {row_of(booking): "stay"}, button="Count anew")
    assert "no e-mail" not in manager.page.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/manager/bulk/preview/?day=2020-01-01&product=x", 422),
        ("/manager/bulk/preview/?day=never&product=x", 422),
        ("/manager/bulk/new/?day=2026-99-99", 422),
        ("/manager/bulk/preview/?day=9999-12-31&product=x", 422),
        ("/manager/bulk/preview/", 422),
        ("/manager/bulk/00000000-0000-0000-0000-000000000000/", 404),
    ],
)
def test_nonsense_in_the_address_is_answered_with_a_page(manager: PlainBrowser, address: str, status: int) -> None:
    assert manager.get(address).status == status


def test_no_product_is_asked_for(shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    manager.get(f"/manager/bulk/new/?day={kayaks[0]}").submit("#products", button="Look at the bookings")
    assert manager.status == 422
    assert "Products: tick at least one." in manager.page.text


def test_too_many_bookings_are_said_to_be_too_many(
    manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_preview, "MOST_ROWS", 1)
    manager.get(address_of(*kayaks))
    assert manager.status == 422
    assert "too many bookings for one run" in manager.page.text


def test_day_of_thousands_is_not_read_to_its_end(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_preview, "MOST_LOOKED_AT", 1)
    manager.get(f"/manager/bulk/new/?day={kayaks[0]}")
    assert manager.status == 200
    assert "more bookings than fit on a page" in manager.page.text


def test_rows_of_a_full_run_fit_into_one_form(settings: object) -> None:
    assert bulk_preview.MOST_ROWS + 20 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS  # type: ignore[attr-defined]


def test_desk_may_not(kayaks: tuple[date, list[Booking]]) -> None:
    assert signed_in(make_staff(Role.DESK)).get(address_of(*kayaks)).status == 403


# Pressing.


def test_press_names_the_day_and_the_numbers_and_sends_nothing(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    manager.get(address_of(day, bookings))
    assert press_of(manager.page.form("#bulk")).startswith(f"Cancel {len(bookings)} bookings of ")
    press(manager, {"words": "Storm until Monday", "notify_customer": "on"})

    run = BulkRun.objects.get()
    assert manager.url == f"/manager/bulk/{run.public_id}/"
    assert set(states(run).values()) == {"waiting"}
    assert _writes(shop) == 0
    assert run.starts_at - run.created_at > timedelta(minutes=business_settings.current().bulk_undo_minutes - 1)
    assert "Storm" not in f"{run.__dict__} {AuditEntry.objects.get(act='run_bulk_day').changes}"
    assert bulk_days.flags_of(run).reason == "Storm until Monday"
    entry = AuditEntry.objects.get(act="run_bulk_day")
    assert (entry.subject, entry.changes["rows"]) == (str(day), [None, len(bookings)])


def test_other_choices_than_the_button_named_are_counted_anew(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    manager.get(address_of(day, bookings))
    press(manager, {row_of(bookings[0]): "stay"})
    assert manager.status == 200
    assert "This is what you have chosen now" in manager.page.text
    assert not BulkRun.objects.exists()
    press(manager)
    assert bookings[0].booking_number not in states(BulkRun.objects.get())
    assert len(states(BulkRun.objects.get())) == len(bookings) - 1


def test_nothing_chosen_is_nothing_to_press(manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    manager.get(address_of(*kayaks, "&all=stay")).submit("#bulk", button="Count anew")
    assert manager.status == 200
    assert "Nothing is chosen" in manager.page.text
    manager.submit("#bulk")
    assert not BulkRun.objects.exists()


def test_second_press_is_the_same_run(manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    manager.get(address_of(*kayaks))
    form = manager.page.form("#bulk")
    manager.submit(form, button=press_of(form))
    first = manager.url
    manager.submit(form, button=press_of(form))
    assert BulkRun.objects.count() == 1
    assert AuditEntry.objects.filter(act="run_bulk_day").count() == 1
    assert (manager.url, manager.status) == (first, 200)


def test_booking_that_changed_before_the_press_is_shown_anew(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    manager.get(address_of(day, bookings))
    _touch(shop, bookings[0])
    press(manager, {"words": "Storm"})
    assert manager.status == 409
    assert "Somebody changed a booking of this day meanwhile" in manager.page.text
    assert manager.page.form("#bulk").fields["words"] == "Storm"
    press(manager)
    assert BulkRun.objects.count() == 1


def test_second_of_two_staff_cannot_queue_the_same_bookings(
    manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    manager.get(address_of(*kayaks))
    other.get(address_of(*kayaks))
    press(manager)
    press(other)
    assert other.status == 409
    assert "In another run" in other.page.text
    assert "every booking would be left as it is" not in other.page.text
    assert BulkRun.objects.count() == 1
    other.get(f"/manager/bulk/new/?day={kayaks[0]}")
    assert "Ines has called off bookings of this day already" in other.page.text


def test_database_refuses_a_booking_in_two_runs_at_the_same_moment(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other press comes after ours has looked."""
    other = signed_in(make_staff(Role.MANAGER, first_name="Jonas"))
    manager.get(address_of(*kayaks))
    other.get(address_of(*kayaks))
    real = bulk_days.begin

    def late(*args: object) -> BulkRun:
        monkeypatch.setattr(bulk_days, "begin", real)
        press(other)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk_days, "begin", late)
    press(manager)
    assert manager.status == 409
    assert "Another run has some of these bookings in hand" in manager.page.text
    assert BulkRun.objects.get().staff_name == "Jonas"


def test_desk_sees_on_the_day_that_it_is_being_called_off(
    manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    desk = signed_in(make_staff(Role.DESK))
    said = "Ines is calling off or moving bookings of this day."
    assert said not in desk.get(f"/manager/day/{kayaks[0]}/").page.text
    run = begun(manager, *kayaks)
    assert said in desk.get(f"/manager/day/{kayaks[0]}/").page.text
    assert not [link for link in desk.page.links if "/bulk/" in link.href]
    end_the_window(run)
    work()
    assert said not in desk.get(f"/manager/day/{kayaks[0]}/").page.text


# Undoing.


def test_undo_inside_the_window_sends_nothing(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    assert work().settled == 0
    manager.submit("form[action$='/undo/']", button="Undo: send nothing")
    assert "It is undone. Nothing was sent." in manager.page.text
    end_the_window(run)
    assert work().settled == 0
    assert _writes(shop) == 0
    run.refresh_from_db()
    assert (run.state, run.sealed_reason, set(states(run).values())) == ("undone", "", {"undone"})
    press(manager.get(address_of(*kayaks)))
    assert BulkRun.objects.count() == 2


def test_nothing_is_sent_before_the_window_ends(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    BulkRun.objects.filter(pk=run.pk).update(starts_at=Now() + timedelta(seconds=2))
    assert work().settled == 0
    assert _writes(shop) == 0
    end_the_window(run)
    assert work().settled == len(kayaks[1])


def test_undo_comes_too_late_once_it_has_begun(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    form = manager.page.form("form[action$='/undo/']")
    end_the_window(run)
    work()
    manager.submit(form)
    assert manager.status == 409
    assert "It had begun already" in manager.page.text
    assert AuditEntry.objects.filter(act="run_bulk_day").count() == 1


def test_undo_twice_is_one(manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    begun(manager, *kayaks)
    form = manager.page.form("form[action$='/undo/']")
    manager.submit(form).submit(form)
    assert manager.status == 200
    assert AuditEntry.objects.filter(act="run_bulk_day").count() == 2


# Running.


def test_run_cancels_each_booking_once_and_says_so(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    end_the_window(run)
    with calls_counted(shop) as made:
        turn = work()
    run.refresh_from_db()

    assert (turn.settled, run.state, run.sealed_reason) == (len(bookings), "finished", "")
    assert set(states(run).values()) == {"done"}
    assert all(_is_cancelled(booking) for booking in bookings)
    assert made == ["get_booking", "cancel_booking"] * len(bookings)
    entries = AuditEntry.objects.filter(act="cancel_booking")
    assert sorted(entries.values_list("subject", flat=True)) == sorted(b.booking_number for b in bookings)
    assert {entry.staff_name for entry in entries} == {"Ines"}
    assert {entry.outcome for entry in entries} == {"done"}

    manager.get(manager.url)
    assert f"All is done: {len(bookings)} bookings." in manager.page.text
    report = _report(manager)
    assert sorted(row["booking"] for row in report) == sorted(spaced(b.booking_number) for b in bookings)
    assert {row["result"] for row in report} == {"Cancelled"}


def test_run_moves_to_the_nearest_time_and_keeps_who_is_coming(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    before = {b.booking_number: booking_changes.get_booking(b.booking_number) for b in bookings}
    run = begun(manager, day, bookings, "&all=move")
    end_the_window(run)
    work()
    moved = [row for row in run.rows.all() if row.event_id]
    assert moved
    for row in moved:
        after = booking_changes.get_booking(row.booking_number)
        assert (row.state, after.event_id, after.start_time) == ("done", row.event_id, row.to_start)
        assert after.participants == before[row.booking_number].participants
        assert after.options == before[row.booking_number].options
    assert AuditEntry.objects.filter(act="move_booking", outcome="done").count() == len(moved)


def test_booking_changed_since_the_preview_is_left_alone(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    _touch(shop, bookings[0])
    booking_changes.cancel_booking(booking_changes.get_booking(bookings[1].booking_number))
    end_the_window(run)
    work()
    assert states(run)[bookings[0].booking_number] == "changed"
    assert states(run)[bookings[1].booking_number] == "already"
    assert not _is_cancelled(bookings[0])
    assert shop.counted["cancel_booking"] == len(bookings) - 1
    manager.get(manager.url)
    assert "Somebody changed this booking after the preview" in manager.page.text


def test_lost_answer_is_settled_by_the_ledger_and_never_sent_again(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    end_the_window(run)
    shop.knobs("cut=after", on="DELETE", times=1)
    work()
    manager.get(manager.url)
    work()
    assert set(states(run).values()) == {"done"}
    assert shop.counted["cancel_booking"] == len(bookings)
    assert AuditEntry.objects.filter(act="cancel_booking").count() == len(bookings)


def test_lost_answer_of_what_never_arrived_is_sent_again_after_its_grace(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], settings: object
) -> None:
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    end_the_window(run)
    shop.knobs("fail=503", on="DELETE", times=1)
    work()
    assert sorted(set(states(run).values())) == ["done", "sending"]
    settings.SETTLE_GRACE_SECONDS = 0  # type: ignore[attr-defined]
    _settle_now()
    work()
    work()
    assert set(states(run).values()) == {"done"}
    assert all(_is_cancelled(booking) for booking in bookings)
    assert AuditEntry.objects.filter(act="cancel_booking").count() == len(bookings)


def _settle_now() -> None:
    from booking.services import reconciliation, sharing

    sharing.release("settling")
    reconciliation.settle_open_attempts()


def test_busy_bookeo_is_tried_again_and_given_up_in_the_end(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    end_the_window(run)
    shop.knobs("fail=429", on=f"DELETE /v2/bookings/{bookings[0].booking_number}")
    work()
    row = run.rows.get(booking_number=bookings[0].booking_number)
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.due_at > days.now() + timedelta(seconds=9)
    for _ in range(bulk_runs.MOST_TRIES):
        work()
    row.refresh_from_db()
    assert (row.state, row.code, row.tries) == ("failed", "unavailable", bulk_runs.MOST_TRIES)
    run.refresh_from_db()
    assert run.state == "finished"

    manager.get(manager.url)
    assert "1 failed" in manager.page.text
    shop.knobs("latency=0")
    manager.submit("form[action$='/retry/']", button="Try the failed again")
    work()
    assert set(states(run).values()) == {"done"}
    outcomes = AuditEntry.objects.filter(act="cancel_booking", subject=row.booking_number)
    assert list(outcomes.order_by("number").values_list("outcome", flat=True)) == ["failed", "done"]
    assert shop.counted["cancel_booking"] == len(bookings) + bulk_runs.MOST_TRIES


def test_second_press_of_try_again_changes_nothing(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "ask", lambda *args, **kwargs: None)
    run = begun(manager, *kayaks)
    end_the_window(run)
    shop.knobs("fail=403", on="DELETE")
    work()
    assert set(states(run).values()) == {"failed"}
    manager.get(manager.url)
    form = manager.page.form("form[action$='/retry/']")
    manager.submit(form).submit(form)
    assert manager.status == 200
    steps = [e.changes["step"][1] for e in AuditEntry.objects.filter(act="run_bulk_day").order_by("number")]
    assert steps == ["begun", "tried again"]


def test_key_that_may_not_cancel_is_named(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    end_the_window(run)
    allow_only(shop, "bookings_r_all")
    work()
    assert set(run.rows.values_list("code", flat=True)) == {"permission"}
    assert "may not change bookings" in manager.get(manager.url).page.text


def test_run_that_takes_too_long_leaves_the_rest_alone(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    BulkRun.objects.update(starts_at=Now(), gives_up_at=Now() - timedelta(seconds=1))
    work()
    assert set(run.rows.values_list("code", flat=True)) == {"gave_up"}
    assert _writes(shop) == 0


@pytest.mark.parametrize("sent", [False, True])
def test_row_of_a_worker_that_died_is_taken_up_where_it_was_left(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], sent: bool, settings: object
) -> None:
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    end_the_window(run)

    class Killed(BaseException):
        pass

    def kill(request: requests.PreparedRequest) -> None:
        if request.method == "DELETE":
            if sent:
                shop.knobs("latency=0")
                shop.client.cancel_booking(booking_number=str(request.path_url).split("?")[0].rsplit("/", 1)[1])
            raise Killed

    shop.meddle(kill)
    with pytest.raises(Killed):
        work()
    shop.knobs("latency=0")
    row = run.rows.get(state="sending")
    assert Attempt.objects.get(reference=row.reference).state == "pending"
    settings.SETTLE_GRACE_SECONDS = 0  # type: ignore[attr-defined]
    Attempt.objects.update(created_at=Now() - timedelta(seconds=40))
    for _ in range(3):
        work()
        _settle_now()
    assert set(states(run).values()) == {"done"}
    assert AuditEntry.objects.filter(act="cancel_booking").count() == len(bookings)
    assert all(_is_cancelled(booking) for booking in bookings)


def test_two_workers_share_no_row(shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    """The other begins while the first has a row in hand, and the cache that gives turns is gone."""
    day, bookings = kayaks
    run = begun(manager, day, bookings)
    end_the_window(run)
    looked = [0]

    def meddle(request: requests.PreparedRequest) -> None:
        looked[0] += 1
        if looked[0] == 1:
            bulk_runs._work_off()

    shop.meddle(meddle)
    work()
    assert set(states(run).values()) == {"done"}
    assert shop.counted["cancel_booking"] == len(bookings)
    assert AuditEntry.objects.filter(act="cancel_booking").count() == len(bookings)


@pytest.mark.parametrize("everybody", ["", "&all=move"])
def test_what_was_given_up_and_arrived_late_counts_as_done(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], everybody: str, settings: object
) -> None:
    run = begun(manager, *kayaks, everybody)
    end_the_window(run)
    shop.knobs("cut=after", on="PUT" if everybody else "DELETE", times=1)
    sharing.claim("settling", seconds=30)  # nobody looks for it just now
    work()
    lost = run.rows.get(state="sending")
    Attempt.objects.filter(reference=lost.reference).update(state="lost")
    before = _writes(shop)
    work()
    assert states(run)[lost.booking_number] == "done"
    assert _writes(shop) == before


def test_row_that_has_come_into_other_hands_is_not_sent(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    """A worker that slept for too long."""
    run = begun(manager, *kayaks)
    end_the_window(run)

    def meddle(request: requests.PreparedRequest) -> None:
        BulkRow.objects.update(claim="another")

    shop.meddle(meddle)
    work()
    assert _writes(shop) == 0
    assert set(states(run).values()) == {"sending"}
    assert not AuditEntry.objects.filter(act="cancel_booking").exists()


def test_worker_that_finds_another_at_it_looks_again_soon(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    """The other may have been killed."""
    run = begun(manager, *kayaks)
    end_the_window(run)
    sharing.claim(bulk_runs.TURN, seconds=30)
    assert [work().again_after for _ in range(3)] == [bulk_runs.LOOK_AGAIN_SECONDS, None, None]
    assert _writes(shop) == 0
    sharing.release(bulk_runs.TURN)
    assert work().settled == len(kayaks[1])


def test_spent_budget_ends_the_turn_and_is_no_try(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(manager, *kayaks)
    end_the_window(run)

    def held_back(*args: object, **kwargs: object) -> None:
        raise BudgetSpent("get_booking", retry_after=7)

    monkeypatch.setattr(shop.client, "get_booking", held_back)
    turn = work()
    assert turn.again_after is not None
    assert 6 < turn.again_after <= 7
    assert set(run.rows.values_list("state", "tries")) == {("waiting", 0)}


def test_program_fault_in_one_row_is_given_up_in_the_end(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(manager, *kayaks)
    end_the_window(run)
    real = bulk_runs._done
    victim = kayaks[1][0].booking_number

    def broken(row: BulkRow) -> object:
        if row.booking_number == victim:
            raise KeyError(victim)
        return real(row)

    monkeypatch.setattr(bulk_runs, "_done", broken)
    for _ in range(bulk_runs.MOST_TRIES + 3):
        tasks.run(next(task for task in tasks.TASKS if task.name == tasks.BULK))
        BulkRow.objects.filter(state__in=BulkRow.LIVE).update(due_at=Now())
    assert states(run).pop(victim) == "failed"
    assert set(states(run).values()) == {"failed", "done"}


# Watching and taking along.


def test_poll_is_a_part_of_the_page_that_stops_at_the_end(
    manager: PlainBrowser, shop: Shop, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    poll = manager.page.one("#progress")["hx-get"]
    with calls_counted(shop) as made:
        manager.get(str(poll), {"HX-Request": "true"})
    assert made == []
    assert "every 10s" in str(manager.page.one("#progress")["hx-trigger"])
    assert not manager.page.select("#run-said")
    end_the_window(run)
    work()
    manager.get(str(poll), {"HX-Request": "true"})
    assert not manager.page.one("#progress").get("hx-trigger")
    assert manager.page.one("#run-said").get_text().startswith("All is done")
    assert len(manager.page.select("#results tbody tr")) == len(kayaks[1])


def test_run_that_nobody_works_on_says_so(manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    begun(manager, *kayaks)
    BulkRun.objects.update(starts_at=Now() - timedelta(minutes=5))
    manager.get(manager.url)
    assert "does not seem to run" in manager.page.text
    assert manager.page.form("form[action$='/undo/']")


def test_nothing_personal_is_kept(shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    run = begun(manager, *kayaks)
    end_the_window(run)
    work()
    kept = f"{list(BulkRun.objects.values())} {list(BulkRow.objects.values())} {list(AuditEntry.objects.values())}"
    report = manager.get(f"{manager.url}report.csv").answer.text
    for booking in kayaks[1]:
        assert booking.customer
        for word in (booking.customer.last_name, booking.customer.email_address):
            assert word
            assert word not in kept
            assert word not in report


def test_names_are_on_the_page_and_sealed_where_they_are_kept(
    manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    run = begun(manager, *kayaks)
    names = [booking.customer.last_name or "" for booking in kayaks[1] if booking.customer]
    assert all(name and name in manager.page.text for name in names)
    sealed = str(sharing.get(f"bulk-names:{run.public_id}"))
    assert sealed
    assert not [name for name in names if name in sealed]


def test_list_of_runs_leads_to_each(manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    manager.get("/manager/bulk/")
    assert "No day was called off so far" in manager.page.text
    begun(manager, *kayaks)
    manager.get("/manager/bulk/")
    assert "Can still be undone" in manager.page.text
    assert f"{len(kayaks[1])} bookings" in manager.page.text


def test_old_runs_and_their_reasons_go(manager: PlainBrowser, kayaks: tuple[date, list[Booking]]) -> None:
    run = begun(manager, *kayaks)
    BulkRun.objects.update(state="finished", sealed_reason="sealed", ended_at=Now() - timedelta(days=2))
    assert bulk_days.purge() == 0
    run.refresh_from_db()
    assert run.sealed_reason == ""
    BulkRun.objects.update(ended_at=Now() - timedelta(days=91))
    assert bulk_days.purge() == 1
    assert not BulkRow.objects.exists()


def _report(manager: PlainBrowser) -> list[dict[str, str]]:
    manager.get(f"{manager.url}report.csv")
    return list(csv.DictReader(io.StringIO(manager.answer.text.removeprefix("\ufeff"))))


def test_booking_made_meanwhile_is_shown_and_left_alone(
    shop: Shop, manager: PlainBrowser, kayaks: tuple[date, list[Booking]]
) -> None:
    day, bookings = kayaks
    manager.get(address_of(day, bookings))
    first = bookings[0]
    wanted = BookingInput(product_id=first.product_id, event_id=first.event_id, participants=ONE_ADULT, customer=NEW)
    new = shop.client.create_booking(booking=wanted)
    press(manager)
    assert manager.status == 409
    form = manager.page.form("#bulk")
    assert form.fields[row_of(new)] == "stay"
    assert press_of(form).startswith(f"Cancel {len(bookings)} booking")
    press(manager)
    assert row_of(new).removeprefix("row-") not in states(BulkRun.objects.get())
