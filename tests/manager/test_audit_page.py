"""The page of the audit log: what it shows, how it is looked through, and the file to take along."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User

from booking.models import AuditEntry
from booking.services import audit, audit_log, days
from booking.services.audit import SYSTEM, Actor, Kind, Outcome, OwnAct
from booking.services.staff_acts import Act, Role
from tests.plain_browser import PlainBrowser
from tests.staff import make_staff, post, signed_in

NUMBER = "5412051800271"
pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def owner() -> User:
    return make_staff(Role.OWNER, first_name="Marta")


@pytest.fixture
def ines() -> User:
    return make_staff(Role.DESK, first_name="Ines")


@pytest.fixture
def log(owner: User, ines: User) -> None:
    desk = Actor(ines.pk, "Ines", "198.51.100.23")
    audit.record(desk, OwnAct.SIGN_IN)
    audit.record(
        desk,
        Act.TAKE_PAYMENT,
        kind=Kind.BOOKING,
        subject=NUMBER,
        changes={"balance": (Decimal("102.00"), Decimal("52.00")), "notify_customer": (None, True)},
    )
    audit.record(Actor(owner.pk, "Marta"), Act.REFUND, kind=Kind.BOOKING, subject=NUMBER, outcome=Outcome.UNKNOWN)
    audit.record(SYSTEM, Act.CHANGE_SETTINGS, kind=Kind.SETTINGS, subject="texts")


def _rows(browser: PlainBrowser) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")] for row in browser.page.select("#entries tr")
    ][1:]


def test_newest_comes_first_in_words(owner: User, log: None) -> None:
    rows = _rows(signed_in(owner).get("/manager/audit/"))
    assert [row[1:] for row in rows] == [
        ["System", "Change the settings", "settings texts", "", "", "done"],
        ["Marta", "Give money back", f"booking {NUMBER}", "", "", "unknown"],
        [
            "Ines",
            "Take payments",
            f"booking {NUMBER}",
            "balance: 102.00 → 52.00 notify customer: yes",
            "198.51.100.0/24",
            "done",
        ],
        ["Ines", "Sign in", "", "", "198.51.100.0/24", "done"],
    ]


@pytest.mark.parametrize("nonsense", ["0", "-1", "x", "\u0663", "9" * 40, "9" * 5000])
def test_nonsense_instead_of_a_place_means_the_newest(owner: User, log: None, nonsense: str) -> None:
    browser = signed_in(owner).get(f"/manager/audit/?{urlencode({'before': nonsense})}")
    assert (browser.status, len(_rows(browser))) == (200, 4)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who={ines}", ["Take payments", "Sign in"]),
        ("act=refund", ["Give money back"]),
        (f"subject={NUMBER}", ["Give money back", "Take payments"]),
        ("subject=5412+0518+00271", ["Give money back", "Take payments"]),
        (f"subject={NUMBER}&who={{ines}}", ["Take payments"]),
        ("day={today}&act=sign_in", ["Sign in"]),
        ("day=2020-01-01", []),
        ("subject=unheard-of", []),
        ("who=&act=&subject=&day=", ["Change the settings", "Give money back", "Take payments", "Sign in"]),
    ],
)
def test_filters_stand_in_the_address(owner: User, ines: User, log: None, query: str, found: list[str]) -> None:
    query = query.format(ines=ines.pk, today=days.today())
    browser = signed_in(owner).get(f"/manager/audit/?{query}")
    assert [row[2] for row in _rows(browser)] == found
    assert bool(browser.page.select(".empty")) == (not found)


@pytest.mark.parametrize(
    ("query", "field"),
    [("day=tomorrow", "id_day"), ("act=dance", "id_act"), ("who=me", "id_who"), ("who=99", "id_who")],
)
def test_nonsense_is_pointed_out(owner: User, log: None, query: str, field: str) -> None:
    browser = signed_in(owner).get(f"/manager/audit/?{query}")
    assert browser.status == 422
    assert browser.page.select(f"[role=alert] a[href='#{field}']")
    assert not browser.page.select("#entries")


def test_long_log_has_pages(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "PAGE_SIZE", 3)
    for number in range(8):
        audit.record(Actor(owner.pk, "Marta"), Act.CHECK_IN, kind=Kind.BOOKING, subject=str(number))
    browser = signed_in(owner).get("/manager/audit/?act=check_in")
    seen = [row[3] for row in _rows(browser)]
    while any(link.text == "Older" for link in browser.page.links):
        seen += [row[3] for row in _rows(browser.follow("Older"))]
        assert "act=check_in" in browser.url

    assert seen == [f"booking {number}" for number in reversed(range(8))]
    assert browser.follow("Newest").url == "/manager/audit/?act=check_in"


def test_page_asks_the_database_a_fixed_number_of_times(
    owner: User, log: None, django_assert_max_num_queries: object
) -> None:
    browser = signed_in(owner).get("/manager/audit/")
    for number in range(30):
        audit.record(Actor(owner.pk, "Marta"), Act.CHECK_IN, kind=Kind.BOOKING, subject=str(number))
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        browser.get("/manager/audit/")


def test_file_holds_what_the_filters_find_and_is_itself_logged(owner: User, log: None) -> None:
    browser = signed_in(owner).get(f"/manager/audit/?subject={NUMBER}")
    form = browser.page.form("form[action='/manager/audit.csv']")
    browser.submit(form, button="Take along as CSV")

    assert browser.answer.header("Content-Disposition") == 'attachment; filename="audit.csv"'
    head, *rows = csv.reader(io.StringIO(browser.answer.text.removeprefix("\ufeff")))
    assert head[:3] == ["number", "at", "who"]
    assert [(row[0], row[2], row[3], row[7]) for row in rows] == [
        ("3", "Marta", "refund", ""),
        ("2", "Ines", "take_payment", "balance: 102.00 → 52.00; notify customer: yes"),
    ]
    last = AuditEntry.objects.latest("number")
    assert (last.staff_name, last.act, last.subject, last.changes) == (
        "Marta",
        "see_audit",
        "audit",
        {"format": [None, "csv"]},
    )


def test_file_never_becomes_a_formula(owner: User) -> None:
    audit.record(Actor(1, '=HYPERLINK("http://evil.example")'), OwnAct.SIGN_IN)
    text = post(signed_in(owner), "/manager/audit.csv").answer.text
    assert "\"'=HYPERLINK(" in text


def test_file_is_not_made_by_a_link(owner: User) -> None:
    assert signed_in(owner).get("/manager/audit.csv").status == 405


def test_file_with_nonsense_is_refused(owner: User) -> None:
    assert post(signed_in(owner), "/manager/audit.csv", {"day": "tomorrow"}).status == 422


def test_name_that_is_markup_stays_text(owner: User) -> None:
    audit.record(Actor(1, "<b onclick=x()>Ines</b>"), OwnAct.SIGN_IN)
    assert _rows(signed_in(owner).get("/manager/audit/"))[0][1] == "<b onclick=x()>Ines</b>"


def test_days_are_the_business_s_own(owner: User) -> None:
    entry = audit.record(Actor(owner.pk, "Marta"), OwnAct.SIGN_IN)
    late = datetime(2027, 6, 11, 22, 30, tzinfo=UTC)  # half past midnight of the 12th in Rome
    AuditEntry.objects.filter(pk=entry.pk).update(at=late)
    browser = signed_in(owner)
    assert len(_rows(browser.get("/manager/audit/?day=2027-06-12"))) == 1
    assert _rows(browser.get("/manager/audit/?day=2027-06-11")) == []
    assert late + timedelta(0) == AuditEntry.objects.get(pk=entry.pk).at
