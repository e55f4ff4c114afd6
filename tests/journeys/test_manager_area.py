"""The owner's and everybody's own pages in Chromium: by hand, by keyboard, by axe, on a phone and on a desk."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser import PageOpener, assert_accessible
from tests.journeys.desk import assert_fits, make_owner, sign_in
from tests.live import Prepared, Server, manage, run_site, site_environment
from tests.staff import PASSWORD, code_for

LOG_LONG_WORDS = """
from booking.services import audit
from booking.services.audit import Kind, Outcome
from booking.services.staff_acts import Act
audit.record(
    audit.SYSTEM, Act.TAKE_PAYMENT, kind=Kind.BOOKING, subject="5117611181168559", outcome=Outcome.DONE,
    changes={"method": (None, "recovery_codes" * 3)},
)
"""


@pytest.fixture(scope="module")
def live_site(tmp_path_factory: pytest.TempPathFactory, sandbox_server: Server, prepared: Prepared) -> Iterator[Server]:
    """A site of its own: its log and its staff are what this module makes them, whoever has been at work elsewhere."""
    with run_site(tmp_path_factory.mktemp("area"), prepared, sandbox_url=sandbox_server.url) as server:
        yield server


@pytest.fixture(scope="module")
def owner(live_site: Server, prepared: Prepared) -> str:
    """The e-mail of its owner."""
    return make_owner(live_site, prepared.static_root)


@pytest.mark.parametrize(("width", "color_scheme"), [(360, "dark"), (768, "light"), (1280, "dark"), (1280, "light")])
def test_every_page_is_accessible_and_fits(
    new_page: PageOpener, live_site: Server, owner: str, width: int, color_scheme: str
) -> None:
    page = new_page(width=width, cookies="accepted", color_scheme=color_scheme)
    new_page.allow_statuses(404, 405, 422)
    page.goto(f"{live_site.url}/manager/sign-in/")
    assert_accessible(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="put right")).to_be_focused()
    assert_accessible(page)
    sign_in(page, live_site, owner)
    pages = [
        "",
        "audit/",
        "audit/?day=nonsense",
        "settings/",
        "staff/",
        "staff/new/",
        "staff/1/",
        "staff/9999/",
        "audit.csv",
    ]
    pages += [f"settings/{name}/" for name in ("rules", "texts", "questions", "look", "embed", "mails", "security")]
    pages += ["me/", "me/password/", "me/sessions/", "me/app/", "sign-out/"]
    for path in pages:
        page.goto(f"{live_site.url}/manager/{path}")
        assert_accessible(page)
        assert_fits(page)


def test_log_fits_whatever_was_changed(new_page: PageOpener, live_site: Server, owner: str, prepared: Prepared) -> None:
    manage(["shell", "-v", "0", "-c", LOG_LONG_WORDS], site_environment(live_site.log.parent, prepared.static_root))
    page = new_page(width=768, cookies="accepted")
    sign_in(page, live_site, owner)
    page.goto(f"{live_site.url}/manager/audit/")
    expect(page.locator("#entries")).to_contain_text("recovery_codes")
    assert_fits(page)


def test_second_factor_is_set_up_and_used_by_hand(new_page: PageOpener, live_site: Server, new_owner: str) -> None:
    page = new_page(width=360, cookies="accepted")
    sign_in(page, live_site, new_owner)
    page.get_by_role("link", name="Marta").click()
    page.get_by_role("link", name="Set up an app").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    key = page.locator(".key").inner_text()
    assert_accessible(page)
    page.get_by_label("Code that the app shows now").fill(code_for(key))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert_accessible(page)
    recovery = page.locator(".recovery li").first.inner_text()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("E-mail").fill(new_owner)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert_accessible(page)
    page.get_by_label("Code").fill(recovery)
    page.keyboard.press("Enter")
    expect(page.locator(".who a")).to_have_text("Marta")


def test_invitation_is_passed_on_and_taken_up(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(cookies="accepted")
    sign_in(page, live_site, owner)
    page.get_by_role("link", name="Staff").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill("Ines")
    page.get_by_label("E-mail").fill(f"ines-{owner}")
    page.get_by_role("button", name="Invite").click()
    assert_accessible(page)
    link = page.locator("#link").inner_text()

    theirs = new_page(width=360, cookies="accepted")
    theirs.goto(link)
    assert_accessible(theirs)
    theirs.get_by_label("Password", exact=True).fill("another-kettle-of-fish")
    theirs.get_by_label("Password, once more").fill("another-kettle-of-fish")
    theirs.get_by_role("button", name="Set it").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert_accessible(theirs)


def test_settings_are_changed_and_found_in_the_log(new_page: PageOpener, live_site: Server, owner: str) -> None:
    page = new_page(cookies="accepted")
    sign_in(page, live_site, owner)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Change Mails").click()
    page.get_by_label("Users of the Bookeo account, each time").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Mails: saved.")).to_be_visible()
    page.get_by_role("link", name="Audit").click()
    expect(page.locator("#entries tbody tr").first).to_contain_text(re.compile(r"Marta[\s\S]*Change the settings"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Take along as CSV").click()
    assert download.value.suggested_filename == "audit.csv"


def test_key_is_added_used_and_removed(new_page: PageOpener, live_site: Server, new_owner: str) -> None:
    # A bare address is no name that a key could be bound to.
    site = replace(live_site, url=live_site.url.replace("127.0.0.1", "localhost"))
    new_page.allowed_origins = [*new_page.allowed_origins, site.url]
    page = new_page(cookies="accepted")
    key = page.context.new_cdp_session(page)
    key.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}
    touched = {"isUserVerified": True, "automaticPresenceSimulation": True}
    key.send("WebAuthn.addVirtualAuthenticator", {"options": options | touched})
    sign_in(page, site, new_owner)
    page.get_by_role("link", name="Marta").click()
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    assert_accessible(page)
    page.get_by_label("Name").fill("Blue key")
    page.get_by_role("button", name="Ask the key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("E-mail").fill(new_owner)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert_accessible(page)
    page.get_by_role("button", name="Use a key").click()
    expect(page.locator(".who a")).to_have_text("Marta")

    page.get_by_role("link", name="Marta").click()
    page.get_by_role("link", name="Remove the key Blue key").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    assert_accessible(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status").filter(has_text="The key is removed.")).to_be_visible()


def test_key_that_does_not_answer_is_said(new_page: PageOpener, live_site: Server, new_owner: str) -> None:
    site = replace(live_site, url=live_site.url.replace("127.0.0.1", "localhost"))
    new_page.allowed_origins = [*new_page.allowed_origins, site.url]
    page = new_page(cookies="accepted")
    sign_in(page, site, new_owner)
    page.goto(f"{site.url}/manager/me/keys/new/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('nobody touched it')) }")
    page.get_by_role("button", name="Ask the key").click()
    expect(page.get_by_text("Nothing answered.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask the key")).to_be_enabled()
