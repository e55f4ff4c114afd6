"""The owner's page of staff, the link of an invitation, and the command for the first owner."""

import re
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from booking.models import AuditEntry
from booking.services import audit_chain, staff
from booking.services.staff import LastOwner
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.services.file_database import file_database
from tests.staff import PASSWORD, make_staff, post, sign_in, signed_in, signed_out, who

NEW = {"password1": "another-kettle-of-fish", "password2": "another-kettle-of-fish"}
INES = {"name": "Ines", "email": "Ines@Example.com", "role": "desk"}
pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def owner() -> User:
    return make_staff(Role.OWNER, first_name="Marta")


def _invite(owner: User, fields: dict[str, str] = INES) -> PlainBrowser:
    browser = signed_in(owner).get("/manager/staff/").follow("Invite somebody")
    return browser.submit("#main form", fields, button="Invite")


def _path(link: str) -> str:
    return link.removeprefix("http://testserver")


def _link(browser: PlainBrowser) -> str:
    return _path(browser.page.one("#link").get_text())


def _changes() -> list[tuple[str, dict[str, list[object]]]]:
    entries = AuditEntry.objects.filter(act="manage_staff").order_by("number")
    return list(entries.values_list("outcome", "changes"))


def test_somebody_is_invited_chooses_a_password_and_signs_in(owner: User) -> None:
    link = _link(_invite(owner))
    assert "invited" in signed_in(owner).get("/manager/staff/").page.text
    guest = signed_out().get(link)
    assert guest.page.h1 == "Welcome, Ines"
    guest.submit("#main form", NEW, button="Set it")
    assert "Your password is set." in guest.page.text

    ines = User.objects.get(username="ines@example.com")
    assert who(sign_in(signed_out(), ines, NEW["password1"])) == "Ines"
    assert staff.get_member(ines.pk).role == Role.DESK
    assert _changes() == [("done", {"role": [None, "desk"]})]


def test_link_is_shown_once_and_works_once(owner: User) -> None:
    browser = _invite(owner)
    link = _link(browser)
    key = link.split("/")[-2]
    assert key not in browser.follow("Done").page.text
    assert key not in str(list(AuditEntry.objects.values()))
    signed_out().get(link).submit("#main form", NEW, button="Set it")

    again = signed_out().get(link)
    assert (again.status, again.page.h1) == (404, "Nothing is here")
    assert post(signed_in(owner), link, NEW).status == 404


def test_link_stops_working_after_three_days_and_with_the_first_sign_in(owner: User) -> None:
    link = _link(_invite(owner))
    with time_machine.travel(time.time() + timedelta(days=3, minutes=1).total_seconds()):
        assert signed_out().get(link).status == 404

    desk = make_staff(Role.DESK)
    link = _link(post(signed_in(owner), f"/manager/staff/{desk.pk}/link/"))
    assert signed_out().get(link).status == 200
    sign_in(signed_out(), desk)
    assert signed_out().get(link).status == 404


@pytest.mark.parametrize(
    ("passwords", "field"),
    [
        (("short", "short"), "id_password1"),
        (("password1234", "password1234"), "id_password1"),
        (("ines@example.com", "ines@example.com"), "id_password1"),
        (("another-kettle-of-fish", "another-kettle"), "id_password2"),
    ],
)
def test_weak_password_is_refused(owner: User, passwords: tuple[str, str], field: str) -> None:
    guest = signed_out().get(_link(_invite(owner)))
    guest.submit("#main form", dict(zip(("password1", "password2"), passwords, strict=True)), button="Set it")
    assert guest.status == 422
    assert guest.page.select(f"[role=alert] a[href='#{field}']")


def test_link_of_somebody_else_or_invented_opens_nothing(owner: User) -> None:
    desk = make_staff(Role.DESK)
    key = staff.link_key(desk.pk)
    for path in (f"{owner.pk}/{key}/", f"{desk.pk}/{key[:-1]}x/", f"999999/{key}/", f"{desk.pk}/x/"):
        assert signed_out().get(f"/manager/welcome/{path}").status == 404, path


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "id_name"), ({"email": "nonsense"}, "id_email"), ({"role": "king"}, "id_role")],
)
def test_invitation_with_nonsense_is_pointed_out(owner: User, changes: dict[str, str], field: str) -> None:
    browser = post(signed_in(owner), "/manager/staff/new/", INES | changes)
    assert browser.status == 422
    assert browser.page.select(f"[role=alert] a[href='#{field}']")
    assert User.objects.count() == 1


def test_e_mail_belongs_to_one_person(owner: User) -> None:
    _invite(owner)
    browser = _invite(owner, INES | {"email": "INES@example.com"})
    assert browser.status == 422
    assert "Somebody of the staff has this e-mail already." in browser.page.text
    assert [outcome for outcome, _ in _changes()] == ["done", "refused"]


def test_role_changes_at_once(owner: User) -> None:
    desk = make_staff(Role.DESK, first_name="Ines")
    theirs = signed_in(desk)
    assert theirs.get("/manager/staff/").status == 403
    browser = signed_in(owner).get(f"/manager/staff/{desk.pk}/").submit("#role", {"role": "owner"}, button="Save")

    assert "Ines is now owner." in browser.page.text
    assert theirs.get("/manager/staff/").status == 200
    assert _changes() == [("done", {"role": ["desk", "owner"]})]
    assert post(signed_in(owner), f"/manager/staff/{desk.pk}/role/", {"role": "king"}).status == 422


def test_somebody_is_let_go_and_taken_back(owner: User) -> None:
    desk = make_staff(Role.DESK, first_name="Ines")
    theirs = sign_in(signed_out(), desk)
    browser = signed_in(owner).get(f"/manager/staff/{desk.pk}/")
    browser.submit(f"form[action='/manager/staff/{desk.pk}/let-go/']", button="Let go")
    assert "Ines has no access any more." in browser.page.text
    assert theirs.get("/manager/").page.h1 == "Sign in"
    assert sign_in(signed_out(), desk).status == 422
    assert post(signed_in(owner), f"/manager/staff/{desk.pk}/link/").status == 404

    browser.get(f"/manager/staff/{desk.pk}/").submit("#main form", button="Give access again")
    assert who(sign_in(signed_out(), desk))
    assert [changes for _, changes in _changes()] == [
        {"active": [True, False]},
        {"step": [None, "link"]},
        {"active": [False, True]},
    ]


def test_second_factor_is_taken_away_for_somebody_who_lost_it(owner: User) -> None:
    desk = make_staff(Role.DESK, second_factor=True, first_name="Ines")
    browser = signed_in(owner).get(f"/manager/staff/{desk.pk}/")
    browser.submit(f"form[action='/manager/staff/{desk.pk}/second-factor/']", button="Take it away")

    assert not staff.get_member(desk.pk).second_factor
    assert not browser.page.select("form[action$='/second-factor/']")
    assert who(sign_in(signed_out(), desk))
    assert _changes() == [("done", {"second_factor": [True, False]})]


def test_last_owner_stays(owner: User) -> None:
    browser = signed_in(owner)
    for path, fields in (("role/", {"role": "desk"}), ("let-go/", {})):
        post(browser, f"/manager/staff/{owner.pk}/{path}", fields)
        assert browser.status == 409
        assert browser.page.one("main [role=alert]").get_text().startswith("This is the last owner")
    assert staff.get_member(owner.pk).role == Role.OWNER
    assert [outcome for outcome, _ in _changes()] == ["refused", "refused"]

    make_staff(Role.OWNER, is_active=False)
    with pytest.raises(LastOwner):
        staff.let_go(owner.pk)
    make_staff(Role.OWNER)
    assert not staff.let_go(owner.pk).active


@pytest.mark.parametrize(("path", "fields"), [("role/", {"role": "desk"}), ("let-go/", {})])
def test_owner_who_has_never_come_in_is_no_other_owner(owner: User, path: str, fields: dict[str, str]) -> None:
    link = _link(_invite(owner, INES | {"role": "owner"}))
    browser = post(signed_in(owner), f"/manager/staff/{owner.pk}/{path}", fields)
    assert browser.status == 409
    assert "Let another owner choose a password first." in browser.page.one("main [role=alert]").get_text()

    signed_out().get(link).submit("#main form", NEW, button="Set it")
    assert post(signed_in(owner), f"/manager/staff/{owner.pk}/{path}", fields).status == 200
    assert staff.has_owner()


def test_invited_owner_can_be_let_go(owner: User) -> None:
    ines = staff.invite(name="Ines", email="ines@example.com", role=Role.OWNER)
    assert not staff.let_go(ines.id).active


def test_giving_up_the_own_role_leads_to_the_day(owner: User) -> None:
    make_staff(Role.OWNER)
    browser = signed_in(owner).get(f"/manager/staff/{owner.pk}/").submit("#role", {"role": "desk"}, button="Save")
    assert browser.url.startswith("/manager/day/")
    assert browser.status == 200
    assert "Marta is now desk." in browser.page.text


def test_two_owners_cannot_let_each_other_go(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    start, refused = Barrier(2), []

    def let_go(number: int) -> None:
        start.wait()
        try:
            staff.let_go(number)
        except LastOwner:
            refused.append(number)
        finally:
            connection.close()

    with django_db_blocker.unblock(), file_database(tmp_path / "staff.sqlite3"):
        owners = [make_staff(Role.OWNER).pk for _ in range(2)]
        threads = [Thread(target=let_go, args=[number]) for number in owners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert staff.has_owner()


def test_unknown_member_is_not_found(owner: User) -> None:
    assert signed_in(owner).get("/manager/staff/999999/").status == 404


def _create_owner(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str | None = PASSWORD) -> str:
    out = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO())
    monkeypatch.delenv("STAFF_PASSWORD", raising=False)
    if password is not None:
        monkeypatch.setenv("STAFF_PASSWORD", password)
    call_command("create_owner", *arguments, stdout=out)
    return out.getvalue()


def test_first_owner_is_made_at_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _create_owner(monkeypatch, "--email", "Marta@Example.com", "--name", "Marta")

    assert said == "Marta can sign in at /manager/ with marta@example.com.\n"
    marta = User.objects.get(username="marta@example.com")
    assert who(sign_in(signed_out(), marta)) == "Marta"
    entry = AuditEntry.objects.get(number=1)
    assert (entry.staff_name, entry.act, entry.changes) == ("System", "manage_staff", {"role": [None, "owner"]})
    again = _create_owner(monkeypatch, "--email", "b@example.com", "--name", "B", "--if-none")
    assert again == "There is an owner already.\n"


@pytest.mark.parametrize(
    ("arguments", "password", "complaint"),
    [
        (("--name", "Marta"), PASSWORD, "give --email and --name"),
        (("--email", "nonsense", "--name", "Marta"), PASSWORD, "valid email"),
        (("--email", "m@example.com", "--name", "Marta"), "short", "too short"),
        (("--email", "m@example.com", "--name", "Marta"), None, "STAFF_PASSWORD"),
        (("--email", "taken@example.com", "--name", "Marta"), PASSWORD, "belongs to somebody"),
    ],
)
def test_first_owner_needs_sense(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], password: str | None, complaint: str
) -> None:
    make_staff(Role.DESK, email="taken@example.com")
    with pytest.raises(CommandError, match=complaint):
        _create_owner(monkeypatch, *arguments, password=password)
    assert User.objects.count() == 1


def test_password_is_no_argument() -> None:
    with pytest.raises((CommandError, TypeError)):
        call_command("create_owner", "--password", "x")


def test_audit_command_says_whether_the_log_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    _create_owner(monkeypatch, "--email", "m@example.com", "--name", "Marta")
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    last = audit_chain.verify().last
    assert out.getvalue() == f"1 entries, all in order. The last hash is {last}\n"
    call_command("audit", "verify", "--known", last, stdout=out)
    with pytest.raises(CommandError, match="was cut"):
        call_command("audit", "verify", "--known", "f" * 64)

    AuditEntry.objects.update(staff_name="Somebody else")
    with pytest.raises(CommandError, match=re.escape("0 entries are sound; entry 1: it has been altered")):
        call_command("audit", "verify")
