"""The audit log: what it keeps, what it refuses, and that nobody alters it unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from booking.models import AuditEntry
from booking.services import audit, audit_chain
from booking.services.audit import SYSTEM, Actor, Kind, Outcome, OwnAct, audited
from booking.services.errors import OutcomeUnknown, RuleRefused, ServiceError, Unavailable
from booking.services.staff_acts import Act
from tests.services.file_database import file_database

INES = Actor(7, "Ines", "198.51.100.23")


def _three_entries() -> None:
    audit.record(INES, OwnAct.SIGN_IN)
    with audited(INES, Act.TAKE_PAYMENT, kind=Kind.PAYMENT, subject="5412051800271") as entry:
        entry.changed("balance", Decimal("102.00"), Decimal("52.00"))
    audit.record(SYSTEM, Act.CHANGE_SETTINGS, kind=Kind.SETTINGS, subject="texts")


def test_entry_says_who_did_what_to_which_and_from_where() -> None:
    _three_entries()
    entry = AuditEntry.objects.get(number=2)

    assert (entry.staff_id, entry.staff_name, entry.act) == (7, "Ines", "take_payment")
    assert (entry.kind, entry.subject, entry.outcome) == ("payment", "5412051800271", "done")
    assert entry.changes == {"balance": ["102.00", "52.00"]}
    assert abs(entry.at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kept", "address", "expected"),
    [
        ("coarse", "198.51.100.23", "198.51.100.0/24"),
        ("coarse", "2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("full", "198.51.100.23", "198.51.100.23"),
        ("none", "198.51.100.23", ""),
        ("coarse", "not an address", ""),
        ("full", "", ""),
    ],
)
def test_address_is_kept_as_the_settings_say(settings: Settings, kept: str, address: str, expected: str) -> None:
    settings.AUDIT_ADDRESSES = kept
    assert audit.record(Actor(1, "Ines", address), OwnAct.SIGN_IN).address == expected


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RuleRefused(), Outcome.REFUSED),
        (Unavailable(), Outcome.FAILED),
        (OutcomeUnknown(), Outcome.UNKNOWN),
        (ZeroDivisionError(), Outcome.FAILED),
    ],
)
def test_act_that_fails_is_kept_too(error: ServiceError, outcome: Outcome) -> None:
    with pytest.raises(type(error)), audited(INES, Act.CANCEL_BOOKING, subject="1"):
        raise error
    assert AuditEntry.objects.get().outcome == outcome


def test_id_that_is_known_only_afterwards_is_kept() -> None:
    with audited(INES, Act.BOOK_FOR_CUSTOMER, kind=Kind.BOOKING) as entry:
        entry.subject = "5412051800271"
    assert AuditEntry.objects.get().subject == "5412051800271"


@pytest.mark.parametrize("name", ["email", "first_name", "last_name", "phone", "reason", "comment", "note", "address"])
def test_what_may_tell_who_a_customer_is_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no field"), audited(INES, Act.EDIT_CUSTOMER, subject="c1") as entry:
        entry.changed(name, "before", "after")


def test_id_that_somebody_made_up_fits_into_its_column() -> None:
    assert (
        audit.record(INES, Act.DELETE_CUSTOMER, kind=Kind.CUSTOMER, subject="a\0" + 100 * "b").subject == "a" + 63 * "b"
    )


def test_chain_in_order_is_sound() -> None:
    assert audit_chain.verify() == audit_chain.Verdict(0, audit_chain.FIRST)
    _three_entries()
    last = AuditEntry.objects.get(number=3)

    assert audit_chain.verify() == audit_chain.Verdict(3, last.hash)
    assert audit_chain.contains(last.hash)
    assert not audit_chain.contains("f" * 64)


@pytest.mark.parametrize(
    ("meddle", "sound", "broken"),
    [
        (lambda all_of: all_of.filter(number=2).update(staff_name="Marta"), 1, "entry 2: it has been altered"),
        (lambda all_of: all_of.filter(number=2).update(changes={}), 1, "entry 2: it has been altered"),
        (lambda all_of: all_of.filter(number=1).update(at=datetime(2020, 1, 1, tzinfo=UTC)), 0, "entry 1: it has been"),
        (lambda all_of: all_of.filter(number=2).delete(), 1, "entry 3: entries before it are missing"),
        (lambda all_of: all_of.filter(number=1).delete(), 0, "entry 2: entries before it are missing"),
        (lambda all_of: all_of.filter(number=3).update(previous="a" * 64), 2, "entry 3: it does not follow"),
        (lambda all_of: all_of.filter(number=2).update(hash="a" * 64), 1, "entry 2: it has been altered"),
    ],
)
def test_meddling_is_found_and_named(meddle: Callable[..., object], sound: int, broken: str) -> None:
    _three_entries()
    meddle(AuditEntry.objects.all())

    verdict = audit_chain.verify()
    assert verdict.sound == sound
    assert verdict.broken.startswith(broken)


def test_entry_made_without_the_secret_is_found(settings: Settings) -> None:
    _three_entries()
    settings.SECRET_KEY = "somebody-who-has-the-database-but-not-the-secret"
    audit.record(INES, OwnAct.SIGN_OUT)
    settings.SECRET_KEY = "made-up-for-the-tests-and-long-enough-to-sign-with"

    assert audit_chain.verify().broken == "entry 4: it has been altered"


def test_new_secret_leaves_the_old_entries_readable(settings: Settings) -> None:
    _three_entries()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-next-secret-of-this-server-which-is-long-enough"
    audit.record(INES, OwnAct.SIGN_OUT)

    assert audit_chain.verify().sound == 4


def test_two_at_once_follow_one_another(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    def write(number: int) -> None:
        try:
            audit.record(INES, Act.CHECK_IN, kind=Kind.BOOKING, subject=str(number))
        finally:
            connection.close()

    with django_db_blocker.unblock(), file_database(tmp_path / "audit.sqlite3"), ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
        assert audit_chain.verify().sound == 40
        assert {entry.subject for entry in AuditEntry.objects.all()} == {str(number) for number in range(40)}
