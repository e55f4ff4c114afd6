"""Signing in and out, the second factor, and one's own access, as staff do it."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from bookeo_site.logs import DraftAddressFilter
from booking.models import AuditEntry
from booking.services import business_settings, sign_in_attempts, staff
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import PASSWORD, code_for, code_of, make_staff, post, sign_in, signed_in, signed_out, who

MISMATCH = "E-mail and password do not match. Please check both."
pytestmark = pytest.mark.usefixtures("shop")
# allauth tells of a new factor when it is committed.
committed = pytest.mark.django_db(transaction=True)


def _alert(browser: PlainBrowser) -> str:
    return browser.page.one("[role=alert] li").get_text()


def _acts() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("number").values_list("act", "outcome"))


def test_password_lets_in_and_leads_on_to_where_one_wanted_to_go() -> None:
    desk = make_staff(Role.DESK, first_name="Ines")
    browser = sign_in(signed_out().get("/manager/me/"), desk)
    assert who(browser) == "Ines"

    browser = signed_out().get("/manager/me/sessions/")
    form = {"login": desk.username, "password": PASSWORD}
    browser.submit("form:has(#id_login)", form, button="Sign in")
    assert browser.url == "/manager/me/sessions/"


def test_sign_in_never_leads_to_another_site() -> None:
    browser = signed_out().get("/manager/sign-in/?next=https://evil.example/")
    browser.submit("form:has(#id_login)", {"login": make_staff(Role.DESK).username, "password": PASSWORD})
    assert who(browser)


def test_e_mail_is_found_in_any_letters() -> None:
    make_staff(Role.DESK, email="ines@example.com")
    browser = signed_out().get("/manager/sign-in/")
    browser.submit("form:has(#id_login)", {"login": " Ines@Example.com ", "password": PASSWORD})
    assert who(browser)


def test_every_failure_has_the_same_answer() -> None:
    known, gone = make_staff(Role.DESK), make_staff(Role.DESK, is_active=False)
    unset = make_staff(Role.DESK)
    unset.set_unusable_password()
    unset.save()
    tries = [
        (known.username, "wrong"),
        ("nobody@example.com", PASSWORD),
        (gone.username, PASSWORD),
        (unset.username, "x"),
    ]
    answers = set()
    for login, password in tries:
        browser = signed_out().get("/manager/sign-in/")
        browser.submit("form:has(#id_login)", {"login": login, "password": password})
        assert "value" not in browser.page.one("#id_password").attrs
        answers.add((browser.status, _alert(browser)))

    assert answers == {(422, MISMATCH)}


def test_what_was_typed_wrong_is_not_kept() -> None:
    known = make_staff(Role.DESK, first_name="Ines")
    for login in (known.username, "my-password-in-the-wrong-field"):
        signed_out().get("/manager/sign-in/").submit("form:has(#id_login)", {"login": login, "password": "wrong"})

    assert list(AuditEntry.objects.values_list("staff_name", "staff_id", "act", "outcome", "subject")) == [
        ("Ines", known.pk, "sign_in", "refused", ""),
        ("", None, "sign_in", "refused", ""),
    ]


def test_empty_form_is_pointed_out_field_by_field() -> None:
    browser = signed_out().get("/manager/sign-in/").submit("form:has(#id_login)", button="Sign in")
    assert browser.status == 422
    assert [link.href for link in browser.page.links if link.href.startswith("#id_")] == ["#id_login", "#id_password"]


def test_attempts_of_one_person_at_one_address_grow_slower() -> None:
    desk = make_staff(Role.DESK)
    browser = signed_out()
    for _ in range(5):
        sign_in(browser, desk, "wrong")
    sign_in(browser, desk)

    assert (browser.status, browser.page.h1) == (429, "Too many attempts")
    assert browser.page.text.count("Please wait a minute, then try again.") == 1
    assert 1 <= int(browser.answer.header("Retry-After")) <= 60
    assert _acts() == [("sign_in", "refused")] * 5


def test_delay_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_attempts, "STEPS_TOGETHER", ((100, 60), (2, 900)))
    desk, browser = make_staff(Role.DESK), signed_out()
    for _ in range(3):
        sign_in(browser, desk, "wrong")
    assert "Please wait 15 minutes" in browser.page.text


def test_success_forgets_the_slips() -> None:
    desk = make_staff(Role.DESK)
    for _ in range(3):
        for _ in range(3):
            sign_in(signed_out(), desk, "wrong")
        assert who(sign_in(signed_out(), desk))


def test_one_address_may_not_try_many_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_attempts, "STEPS_OF_ADDRESS", ((3, 900),))
    browser = signed_out()
    for number in range(4):
        browser.get("/manager/sign-in/")
        browser.submit("form:has(#id_login)", {"login": f"{number}@example.com", "password": "x"})
    assert browser.status == 429


def test_one_person_may_not_be_tried_from_many_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_attempts, "STEPS_OF_PERSON", ((3, 900),))
    for number in range(3):
        sign_in_attempts.count("ines@example.com", f"192.0.2.{number}")
    make_staff(Role.DESK, email="ines@example.com")
    browser = signed_out().get("/manager/sign-in/")
    browser.submit("form:has(#id_login)", {"login": "ines@example.com", "password": PASSWORD})
    assert browser.status == 429


def test_passwords_are_kept_as_argon2() -> None:
    assert make_staff(Role.DESK).password.startswith("argon2$argon2id$")


def test_second_step_is_asked_of_whoever_has_an_app() -> None:
    owner = make_staff(Role.OWNER, second_factor=True)
    browser = sign_in(signed_out(), owner)
    assert browser.page.h1 == "Second step"
    assert browser.get("/manager/").page.h1 == "Second step"

    browser.submit("form:has(#id_code)", {"code": "000000"}, button="Sign in")
    assert (browser.status, _alert(browser)[:35]) == (422, "Code: this is not the right code. E")
    browser.submit("form:has(#id_code)", {"code": code_of(owner)}, button="Sign in")
    assert who(browser)
    assert _acts() == [("sign_in", "refused"), ("sign_in", "done")]
    assert AuditEntry.objects.get(number=2).changes == {"second_factor": [None, "totp"]}


def test_code_counts_once() -> None:
    owner = make_staff(Role.OWNER, second_factor=True)
    code = code_of(owner)
    assert who(sign_in(signed_out(), owner, code=code))
    assert sign_in(signed_out(), owner, code=code).status == 422


def test_guessing_codes_is_limited() -> None:
    browser = sign_in(signed_out(), make_staff(Role.OWNER, second_factor=True))
    for _ in range(6):
        browser.get("/manager/sign-in/code/").submit("form:has(#id_code)", {"code": "000000"})
    assert browser.status == 429


def test_second_step_can_be_left() -> None:
    browser = sign_in(signed_out(), make_staff(Role.OWNER, second_factor=True))
    assert browser.submit("form:has(button.bare)", button="Start over").page.h1 == "Sign in"


@committed
def test_second_factor_is_set_up_used_and_removed() -> None:
    desk = make_staff(Role.DESK)
    browser = sign_in(signed_out(), desk).get("/manager/me/").follow("Set up an app")
    assert browser.page.h1 == "Is it you?"
    browser.submit("form:has(#id_password)", {"password": PASSWORD}, button="Go on")
    key = browser.page.one(".key").get_text()
    assert browser.page.one("img.code-picture")["src"].startswith("data:image/svg+xml;base64,")
    browser.submit("form:has(#id_code)", {"code": "000000"}, button="Set up")
    assert browser.status == 422
    assert browser.page.one(".key").get_text() == key
    browser.submit("form:has(#id_code)", {"code": code_for(key)}, button="Set up")

    assert browser.page.h1 == "Recovery codes"
    recovery = [item.get_text() for item in browser.page.select(".recovery li")]
    assert len(set(recovery)) == 10
    assert key not in str(list(Authenticator.objects.values_list("data", flat=True)))
    assert who(sign_in(signed_out(), desk, code=recovery[0]))
    assert sign_in(signed_out(), desk, code=recovery[0]).status == 422

    browser.get("/manager/me/").follow("Remove the app").submit("form:has(.danger)", button="Remove it")
    assert "The app is removed." in browser.page.text
    assert who(sign_in(signed_out(), desk))
    changes = [act for act, _ in _acts() if act != "sign_in"]
    assert changes == ["add_second_factor", "make_recovery_codes", "remove_second_factor"]


@committed
def test_setting_up_a_factor_signs_other_devices_out() -> None:
    desk = make_staff(Role.DESK)
    elsewhere, browser = sign_in(signed_out(), desk), sign_in(signed_out(), desk)
    browser.get("/manager/me/app/").submit("form:has(#id_password)", {"password": PASSWORD}, button="Go on")
    key = browser.page.one(".key").get_text()
    browser.submit("form:has(#id_code)", {"code": code_for(key)}, button="Set up")

    assert elsewhere.get("/manager/").page.h1 == "Sign in"
    assert who(browser.get("/manager/")) == "Desk"


@committed
def test_new_recovery_codes_replace_the_old_ones() -> None:
    owner = make_staff(Role.OWNER, second_factor=True)
    browser = sign_in(signed_out(), owner, code=code_of(owner))
    browser.get("/manager/me/codes/new/").submit("form:has(#id_password)", {"password": PASSWORD}, button="Go on")
    browser.submit("#main form", button="Make new ones")
    first = browser.page.select(".recovery li")[0].get_text()
    browser.get("/manager/me/codes/").follow("Make new ones").submit("#main form", button="Make new ones")
    assert first not in browser.page.text
    assert ("make_recovery_codes", "done") in _acts()


def test_factor_that_is_required_cannot_be_removed() -> None:
    owner = make_staff(Role.OWNER, second_factor=True)
    browser = sign_in(signed_out(), owner, code=code_of(owner))
    business_settings.save(second_factor_required=True)
    browser.get("/manager/me/app/off/").submit("form:has(#id_password)", {"password": PASSWORD}, button="Go on")
    assert "An owner requires a second factor" in browser.page.text
    post(browser, "/manager/me/app/off/")
    assert browser.status == 422
    assert Authenticator.objects.filter(user=owner).exists()


NONSENSE = ["", "{}", "[]", "nonsense", '{"id": "x", "rawId": "eA", "type": "public-key", "response": {}}']


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_instead_of_a_key_opens_nothing(answer: str) -> None:
    browser = sign_in(signed_out(), make_staff(Role.OWNER, second_factor=True))
    form = browser.page.form("form:has(#id_code)")
    token = {"csrfmiddlewaretoken": str(form.fields["csrfmiddlewaretoken"])}
    browser._send_form("post", form.action, token | {"credential": answer}, {})

    assert (browser.status, browser.page.h1) == (422, "Second step")
    assert _alert(browser) == "The key gave no answer that we know. Please try again."


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_kept_as_nobody_s_key(answer: str) -> None:
    browser = signed_in(make_staff(Role.DESK)).get("/manager/me/keys/new/")
    browser.submit("form:has(#id_password)", {"password": PASSWORD}, button="Go on")
    browser.submit("form[data-passkey]", {"credential": answer})
    assert browser.status == 422
    assert not Authenticator.objects.exists()


def test_only_key_of_somebody_who_needs_one_stays() -> None:
    owner = make_staff(Role.OWNER)
    key = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Blue", "credential": {}})
    business_settings.save(second_factor_required=True)
    address = f"/manager/me/keys/{key.pk}/off/"
    browser = signed_in(owner).get(address).submit("form:has(#id_password)", {"password": PASSWORD}, button="Go on")
    assert "this is your only one" in browser.page.one("main [role=alert]").get_text()
    assert post(browser, address).status == 422
    assert Authenticator.objects.filter(pk=key.pk).exists()

    business_settings.save(second_factor_required=False)
    assert "The key is removed." in post(browser, address).page.text


def test_password_is_changed_and_other_devices_are_out() -> None:
    desk = make_staff(Role.DESK)
    elsewhere, browser = sign_in(signed_out(), desk), sign_in(signed_out(), desk)
    browser.get("/manager/me/").follow("Change your password")
    new = {"oldpassword": PASSWORD, "password1": "another-kettle-of-fish", "password2": "another-kettle-of-fish"}
    browser.submit("form:has(#id_oldpassword)", new | {"oldpassword": "wrong"}, button="Change it")
    assert (browser.status, _alert(browser)) == (422, "Present password: this is not your password.")
    for short in ("short", desk.username):
        browser.submit("form:has(#id_oldpassword)", new | {"password1": short, "password2": short}, button="Change it")
        assert browser.status == 422
    browser.submit("form:has(#id_oldpassword)", new, button="Change it")

    assert browser.page.h1 == "Your access"
    assert elsewhere.get("/manager/").page.h1 == "Sign in"
    assert who(sign_in(signed_out(), desk, "another-kettle-of-fish"))
    assert ("change_password", "done") in _acts()


def test_devices_are_listed_and_signed_out_everywhere_else() -> None:
    desk = make_staff(Role.DESK)
    elsewhere, browser = sign_in(signed_out(), desk), sign_in(signed_out(), desk)
    browser.get("/manager/me/sessions/")
    assert len(browser.page.select("tbody tr")) == 2
    assert len(browser.page.select("tbody .badge")) == 1
    browser.submit("#main form", button="Sign out everywhere else")

    assert "Your other devices are signed out." in browser.page.text
    assert elsewhere.get("/manager/").page.h1 == "Sign in"
    assert ("end_sessions", "done") in _acts()


def test_sign_out_needs_a_press_and_ends_the_session() -> None:
    browser = sign_in(signed_out(), make_staff(Role.DESK))
    assert browser.get("/manager/sign-out/").page.h1 == "Sign out?"
    assert browser.get("/manager/").status == 200
    browser.submit("form[action='/manager/sign-out/']", button="Sign out")

    assert browser.page.h1 == "Sign in"
    assert browser.get("/manager/").page.h1 == "Sign in"
    assert _acts() == [("sign_in", "done"), ("sign_out", "done")]


def test_session_ends_by_itself(settings: Settings) -> None:
    browser = sign_in(signed_out(), make_staff(Role.DESK))
    cookie = browser._sender._client.cookies["staff_session"]  # type: ignore[attr-defined]
    assert int(cookie["max-age"]) == 12 * 3600


def test_sessions_that_have_run_out_are_forgotten() -> None:
    old, browser = sign_in(signed_out(), make_staff(Role.DESK)), sign_in(signed_out(), make_staff(Role.OWNER))
    key = old._sender._client.cookies["staff_session"].value  # type: ignore[attr-defined]
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))

    assert staff.purge_sessions() == 1
    assert list(UserSession.objects.values_list("user__first_name", flat=True)) == ["Owner"]
    assert who(browser.get("/manager/me/")) == "Owner"
    assert staff.purge_sessions() == 0


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "login/",
        "password/reset/",
        "email/",
        "confirm-email/",
        "login/code/",
        "me/codes/download/",
        "inactive/",
    ],
)
def test_what_is_not_needed_has_no_address(path: str) -> None:
    assert signed_in(make_staff(Role.OWNER)).get(f"/manager/{path}").status == 404


def test_site_without_bookeo_still_lets_staff_in(shop: Shop) -> None:
    shop.knobs("fail=503")
    assert who(sign_in(signed_out(), make_staff(Role.DESK))) == "Desk"


def test_windows_hold_no_names(settings: Settings) -> None:
    sign_in(signed_out(), make_staff(Role.DESK, email="ines@example.com"), "wrong")
    assert b"ines" not in Path(settings.WINDOWS_FILE).read_bytes()


def test_link_of_an_invitation_stays_out_of_the_log() -> None:
    path = f"/manager/welcome/7/{staff.link_key(make_staff(Role.DESK).pk)}/"
    record = logging.makeLogRecord({"msg": "Internal Server Error: %s", "args": (path,)})
    assert DraftAddressFilter().filter(record)
    assert record.getMessage() == "Internal Server Error: /manager/welcome/7/…/"


def test_keys_are_turned_off_and_on_in_this_browser() -> None:
    browser = signed_in(make_staff(Role.DESK)).get("/manager/me/").follow("See what keys do, or turn them off")
    browser.submit("#main form", button="Turn the keys off")
    assert "The keys are off in this browser." in browser.page.text
    assert not browser.get("/manager/day/").page.select("body[data-keys]")
    browser.get("/manager/me/shortcuts/").submit("#main form", button="Turn the keys on")
    assert browser.get("/manager/day/").page.select("body[data-keys]")
