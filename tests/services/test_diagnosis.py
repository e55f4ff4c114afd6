"""The doctor's findings, over the sandbox."""

from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from pytest_django import Settings

from booking.services.diagnosis import Level, examine
from tests.shop import Shop


def _bad() -> list[str]:
    return [finding.text for finding in examine() if finding.level == Level.BAD]


def test_demo_account_is_well(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")
    said = capsys.readouterr().out
    assert "Bookeo knows both keys" in said
    assert "is closed to bookings through the API" in said
    assert said.rstrip().endswith("All is well.")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BUSINESS_CURRENCY", "USD", "Prices are in EUR; BUSINESS_CURRENCY says USD."),
        ("BOOKEO_LANGUAGE", "fr-FR", "BOOKEO_LANGUAGE is fr-FR"),
        ("BUSINESS_TIME_ZONE", "Asia/Tokyo", "Slots keep another clock"),
    ],
)
def test_settings_that_do_not_fit_are_named(shop: Shop, settings: Settings, name: str, value: str, said: str) -> None:
    setattr(settings, name, ZoneInfo(value) if name == "BUSINESS_TIME_ZONE" else value)
    assert any(text.startswith(said) for text in _bad())


@pytest.mark.parametrize(
    ("knob", "said"), [("fail=401", "Bookeo does not know these keys"), ("fail=503", "Bookeo cannot be reached")]
)
def test_account_that_does_not_answer_is_said_at_once(shop: Shop, knob: str, said: str) -> None:
    shop.knobs(knob)
    findings = list(examine())
    assert len(findings) == 1
    assert findings[0].text.startswith(said)


def test_missing_permissions_are_told_with_what_they_are_for(shop: Shop) -> None:
    shop.as_key("readonly-api-key")
    assert any("holding places and booking" in text for text in _bad())


def test_exit_status_fits_scripts(shop: Shop) -> None:
    shop.knobs("fail=401")
    with pytest.raises(SystemExit) as stopped:
        call_command("doctor")
    assert stopped.value.code == 1
