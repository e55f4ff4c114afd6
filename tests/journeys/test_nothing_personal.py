"""A marked customer goes through every flow, errors included; then all that is kept is searched for the marks."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import requests

from tests.journeys.desk import make_owner
from tests.live import Prepared, Server, run_sandbox, run_site
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK, RIDGE, book, choose, sign_in
from tests.staff import PASSWORD as STAFF_PASSWORD
from tests.staff import StaffHttpSender

NAME, SURNAME, EMAIL, PHONE, PASSWORD = (
    "Canaria",
    "Marquard",
    "canary.mark@example.com",
    "+390555017342",
    "pass-canary-77",
)
GUEST = {"first_name": NAME, "last_name": SURNAME, "email": EMAIL, "phone": "+39 055 501 7342"}
# The telephone's last digits run together, as they are sent, and apart, as they were typed.
MARKS = (NAME, SURNAME, EMAIL, EMAIL.split("@", maxsplit=1)[0], "5017342", "501 7342", PASSWORD)
# Where something of each flow must stand, or there was nothing to search.
TABLES = ("booking_draft", "booking_attempt", "booking_auditentry", "booking_bulkrun", "booking_bulkrow")
STAFF_FAILURES = ("fail=500", "fail=400", "cut=after")
FAILURES = ("fail=500", "fail=403", "cut=after", "garbage=html")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def sandbox(folder: Path) -> Iterator[Server]:
    (folder / "sandbox").mkdir()
    with run_sandbox(folder / "sandbox") as server:
        yield server


@pytest.fixture
def site(folder: Path, sandbox: Server, prepared: Prepared) -> Iterator[Server]:
    """The site with everything written down that it can write down."""
    (folder / "site").mkdir()
    more = {
        "LOG_LEVEL": "DEBUG",
        "CACHE_URL": "dbcache://shared_cache",
        "WINDOWS_FILE": str(folder / "site" / "windows.sqlite3"),
        "SETTLE_GRACE_SECONDS": "1",
    }
    with run_site(folder / "site", prepared, sandbox_url=sandbox.url, more=more) as server:
        yield server


def _knobs(sandbox: Server, setting: str = "") -> None:
    """Spoil the two calls that carry the marks; the others would only open the circuit breaker."""
    name, _, value = setting.partition("=")
    knobs = {f"{name}.{operation}": value for operation in ("createBooking", "authenticateCustomer")} if name else {}
    requests.post(f"{sandbox.url}/knobs", json=knobs, timeout=10).raise_for_status()


def _at_check(site: Server, product: str = KAYAK) -> PlainBrowser:
    browser = choose(PlainBrowser.over_http(site.url).get("/").follow(product))
    questions = {name: GUEST["phone"] for name in browser.page.form("#details").names if name.startswith("text-")}
    return browser.submit("#details", GUEST | questions, button="Continue")


def _marked_customer(sandbox: Server) -> None:
    """An account with the marked address; its password is the demo's, so that the marked one is wrong."""
    keys = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "sandbox-api-key"}
    body = {"firstName": NAME, "lastName": SURNAME, "emailAddress": EMAIL}
    answer = requests.post(f"{sandbox.url}/v2/customers?lang=en-US", json=body, headers=keys, timeout=10)
    assert answer.status_code == 201


def _go_through_everything(site: Server, sandbox: Server) -> None:
    book(_at_check(site))
    participants = _at_check(site, RIDGE)
    assert participants.page.h1 == "Who is coming?"
    wrong = choose(PlainBrowser.over_http(site.url).get("/").follow(KAYAK))
    wrong.submit("#details", GUEST | {"email": f"{EMAIL}@", "phone": "5017342"}, button="Continue")
    assert wrong.status == 422
    wrong.get(wrong.url.replace("/details/", "/sign-in/"))
    sign_in(wrong, EMAIL, PASSWORD)
    assert wrong.status == 422
    for setting in FAILURES:
        pressed, started = _at_check(site), choose(PlainBrowser.over_http(site.url).get("/").follow(KAYAK))
        _knobs(sandbox, setting)
        book(pressed)
        started.get(started.url.replace("/details/", "/sign-in/"))
        if started.page.select("#id_password"):
            sign_in(started, EMAIL, PASSWORD)
        _knobs(sandbox)


def _staff_go_through_everything(site: Server, sandbox: Server, email: str) -> None:
    """A booking of the marked customer is found, shown, paid, given back, taken along and cancelled; the record is
    changed and deleted. Then much of it again while Bookeo fails."""
    staff = PlainBrowser(StaffHttpSender(site.url)).get("/manager/sign-in/")
    staff.submit("form:has(#id_login)", {"login": email, "password": STAFF_PASSWORD}, button="Sign in")
    for text in (EMAIL, f"{NAME} {SURNAME}", PHONE):
        staff.get("/manager/find/").submit("#find", {"text": text}, button="Find")
        assert staff.status == 200, text
    booking = staff.page.select("a[data-open][href*='/bookings/']")[0]["href"]
    customer = staff.page.select("a[data-open][href*='/customers/']")[0]["href"]
    staff.submit("form:has([value=bookings])", button="Excel")
    for page in (booking, customer):
        assert NAME in staff.get(str(page)).page.text
    day = str(staff.get(str(booking)).page.select("a.act[href*='/day/']")[0]["href"])
    assert NAME in staff.get(day).page.text
    assert SURNAME in staff.get(f"{day}manifest/").page.text
    _at_the_booking(staff, str(booking))
    for setting in STAFF_FAILURES:
        _knobs_of_staff(sandbox, setting)
        _at_the_booking(staff, str(booking))
        staff.get(f"{customer}edit/").submit("#details", {"first_name": f"{NAME}e"}, button="Save")
        _knobs_of_staff(sandbox)
    _book_and_move(staff)
    _call_off(staff, day)
    staff.get(f"{booking}cancel/").submit("#cancellation", {"words": f"As {NAME} wishes"})
    assert "is cancelled" in staff.page.text
    staff.get(f"{customer}delete/").submit("#main form")
    assert "The customer is deleted" in staff.page.text


def _at_the_booking(staff: PlainBrowser, booking: str) -> None:
    words = {"amount": "5.00", "comment": f"{NAME} {SURNAME}, {EMAIL}", "reason": f"For {NAME}"}
    staff.get(f"{booking}payment/").submit("#taking", {**words, "method": "cash"}, button="Record the payment")
    staff.get(f"{booking}payment/").submit("#taking", {**words, "amount": f"of {NAME}"}, button="Record the payment")
    assert staff.status == 422
    staff.get(f"{booking}refund/").submit("#taking", {**words, "method": "cash"}, button="Record the refund")


def _book_and_move(staff: PlainBrowser) -> None:
    """The same customer at the desk, who is asked after by the e-mail, and whose booking is moved and changed."""
    _press_slot(staff.get("/manager/book/").follow(KAYAK), "#party", 4)
    staff.submit("#new", {"last_name": SURNAME, "email": EMAIL}, button="Continue")
    assert NAME in staff.page.text, "somebody is known under this e-mail"
    staff.submit("#new", {"first_name": NAME, "last_name": SURNAME, "email": "", "phone": ""}, button="Continue")
    staff.submit("#book")
    assert SURNAME in staff.page.h1
    booking = staff.url
    _press_slot(staff.follow("Move"), "#times", 2)
    staff.submit("#change")
    assert "is moved" in staff.page.text
    staff.get(f"{booking}edit/").submit("#edit", {"adults": "2"})
    staff.submit("#change")
    assert "is changed" in staff.page.text


def _press_slot(staff: PlainBrowser, form: str, number: int) -> None:
    slots = [button for button in staff.page.form(form).buttons if button.name == "slot"]
    staff.submit(form, button=slots[number].text)


def _call_off(staff: PlainBrowser, day: str) -> None:
    """With a reason that names somebody; it waits to be sent, and is never sent."""
    staff.get(f"/manager/bulk/new/?day={day.strip('/').rsplit('/', 1)[1]}")
    form = staff.page.form("form:has([name=product])")
    staff.submit(form, {"product": str(form.tag.select("[name=product]")[0]["value"])})
    assert SURNAME in staff.page.text
    staff.submit("#bulk", {"words": f"As {NAME} wishes"}, button=_press_of(staff))
    assert "Nothing is sent before" in staff.page.text


def _press_of(staff: PlainBrowser) -> str:
    return next(button.text for button in staff.page.form("#bulk").buttons if button.text.startswith("Cancel "))


def _knobs_of_staff(sandbox: Server, setting: str = "") -> None:
    name, _, value = setting.partition("=")
    operations = ("addBookingPayment", "updateCustomer")
    knobs = {f"{name}.{operation}": value for operation in operations} if name else {}
    requests.post(f"{sandbox.url}/knobs", json=knobs, timeout=10).raise_for_status()


def _kept(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and what lies packed inside the cache's table."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
    with closing(sqlite3.connect(folder / "site.sqlite3")) as database:
        for key, value in database.execute("SELECT cache_key, value FROM shared_cache"):
            yield f"cache {key}", base64.b64decode(value)


def _rows(database: Path) -> dict[str, int]:
    """How many each of `TABLES` has, and how many the cache."""
    with closing(sqlite3.connect(database)) as opened:
        return {
            table: opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of our own
            for table in (*TABLES, "shared_cache")
        }


def _spellings(mark: str) -> set[bytes]:
    return {text.lower().encode() for text in (mark, quote(mark), quote_plus(mark), mark.replace("@", r"\u0040"))}


@pytest.mark.long
def test_nothing_of_a_customer_is_kept_logged_or_counted(
    site: Server, sandbox: Server, folder: Path, collected_static_files: Path
) -> None:
    _marked_customer(sandbox)
    _go_through_everything(site, sandbox)
    _staff_go_through_everything(site, sandbox, make_owner(site, collected_static_files))
    metrics = requests.get(f"{site.url}/metrics", timeout=10)

    kept = [*_kept(folder / "site"), ("metrics", metrics.content)]
    assert b"create_booking" in site.log.read_bytes()
    assert [table for table, rows in _rows(folder / "site" / "site.sqlite3").items() if not rows] == []
    found = [
        (name, mark) for name, content in kept for mark in MARKS for way in _spellings(mark) if way in content.lower()
    ]
    assert found == []
    sent = b"".join(path.read_bytes() for path in (folder / "sandbox").glob("sandbox.sqlite3*"))
    assert EMAIL.encode() in sent, "the marks must have travelled, or their absence proves nothing"
