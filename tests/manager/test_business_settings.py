"""What the owner has chosen: who sees it, when, and what happens to nonsense."""

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from booking.models import BusinessChoice
from booking.services import business_settings
from booking.services.errors import DetailsRejected


def test_environment_gives_the_defaults(settings: Settings) -> None:
    settings.FREE_CANCELLATION_HOURS = 48
    settings.PARTICIPANTS_ASKED_FOR = ["RIDGE"]

    assert business_settings.current().free_cancellation_hours == 48
    assert business_settings.current().participants_asked_for == ("RIDGE",)


def test_choice_holds_over_the_environment_and_says_what_changed(settings: Settings) -> None:
    changed = business_settings.save(free_cancellation_hours=72, meeting_note="  At the pier. ", mail_users=False)

    assert changed == {"free_cancellation_hours": (24, 72), "meeting_note": ("", "At the pier.")}
    settings.FREE_CANCELLATION_HOURS = 1
    now = business_settings.current()
    assert (now.free_cancellation_hours, now.meeting_note) == (72, "At the pier.")


@pytest.mark.parametrize(
    "values",
    [
        {"free_cancellation_hours": -1},
        {"late_cancellation_fee_percent": 101},
        {"accent_colour": "red"},
        {"accent_colour": "#0b6e72;} body { display: none"},
        {"terms_url": "javascript:alert(1)"},
        {"embed_origins": ["https://www.example.com/page"]},
        {"embed_origins": ["http://www.example.com"]},
        {"embed_origins": ["https://*.example.com"]},
        {"embed_origins": ["https://example.com; script-src *"]},
        {"bulk_undo_minutes": 0},
        {"site_headline": "x" * 121},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(values: dict[str, object]) -> None:
    with pytest.raises(DetailsRejected):
        business_settings.save(mail_users=True, **values)
    assert not BusinessChoice.objects.exists()
    assert not business_settings.current().mail_users


def test_nonsense_in_the_database_falls_back_alone() -> None:
    business_settings.save(meeting_note="At the pier.")
    BusinessChoice.objects.create(name="free_cancellation_hours", value="soon")
    BusinessChoice.objects.create(name="a_setting_of_another_release", value=1)
    business_settings.forget()

    now = business_settings.current()
    assert (now.free_cancellation_hours, now.meeting_note) == (24, "At the pier.")


def test_change_by_another_process_is_seen_within_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert business_settings.current().meeting_note == ""
    BusinessChoice.objects.create(name="meeting_note", value="At the pier.")
    assert business_settings.current().meeting_note == ""

    assert business_settings.SEEN_SECONDS <= 1
    monkeypatch.setattr(business_settings, "SEEN_SECONDS", 0.0)
    assert business_settings.current().meeting_note == "At the pier."


def test_whoever_saves_sees_what_others_have_just_saved() -> None:
    business_settings.current()
    BusinessChoice.objects.create(name="free_cancellation_hours", value=48)
    before = business_settings.stamp(["free_cancellation_hours"])

    assert business_settings.save(free_cancellation_hours=24) == {"free_cancellation_hours": (48, 24)}
    assert business_settings.stamp(["free_cancellation_hours"]) != before


def test_one_query_serves_a_second() -> None:
    with CaptureQueriesContext(connection) as queries:
        for _ in range(50):
            business_settings.current()
    assert len(queries) == 1


def test_database_that_fails_leaves_what_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OperationalError

    business_settings.save(meeting_note="At the pier.")
    business_settings.current()
    monkeypatch.setattr(business_settings, "SEEN_SECONDS", 0.0)
    monkeypatch.setattr(BusinessChoice.objects, "values_list", fail)
    assert business_settings.current().meeting_note == "At the pier."


def test_wrong_defaults_are_named(settings: Settings) -> None:
    assert business_settings.wrong_defaults() == []
    settings.ACCENT_COLOUR, settings.BULK_UNDO_MINUTES = "teal", 500
    assert business_settings.wrong_defaults() == ["ACCENT_COLOUR", "BULK_UNDO_MINUTES"]
    assert [str(problem.msg) for problem in run_checks() if problem.id == "booking.E010"] == [
        "ACCENT_COLOUR has a value that it cannot have.",
        "BULK_UNDO_MINUTES has a value that it cannot have.",
    ]
