"""The owner's settings: each section, what it refuses, and what becomes of it."""

import hashlib

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from booking.models import AuditEntry, BusinessChoice
from booking.services import business_settings, logos
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.shop import GUEST, KAYAK, RIDGE, Shop, book, choose
from tests.staff import make_staff, signed_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
def owner() -> User:
    return make_staff(Role.OWNER, first_name="Marta")


def _save(owner: User, section: str, fields: dict[str, str | list[str]]) -> PlainBrowser:
    return signed_in(owner).get(f"/manager/settings/{section}/").submit("#settings", fields, button="Save")


def test_overview_says_what_is_chosen_and_leads_on(owner: User) -> None:
    browser = signed_in(owner).get("/manager/settings/")
    states = {pair.dt.get_text(): pair.dd.get_text() for pair in browser.page.select("dl.pairs > div")}
    assert states == {
        "Rules": "Free until 24 hours before, then 50 %",
        "Texts": "Find a time that suits you",
        "Questions": "Nobody is asked by name",
        "Look": "The standard colour, without a logo",
        "Other sites": "None",
        "Mails": "Customers when booked, changed and cancelled",
        "Security": "Second factor for those who want one",
    }
    for section in states:
        assert browser.get("/manager/settings/").follow(f"Change {section}").page.h1 == section


@pytest.mark.parametrize(
    ("section", "fields", "expected"),
    [
        (
            "rules",
            {"free_cancellation_hours": "48", "late_cancellation_fee_percent": "100", "bulk_undo_minutes": "5"},
            {"free_cancellation_hours": 48, "late_cancellation_fee_percent": 100, "bulk_undo_minutes": 5},
        ),
        (
            "texts",
            {
                "site_headline": "Out on the water",
                "terms_url": "https://www.example.com/terms",
                "meeting_note": "Pier 3\nGate B",
            },
            {
                "site_headline": "Out on the water",
                "terms_url": "https://www.example.com/terms",
                "meeting_note": "Pier 3\nGate B",
            },
        ),
        (
            "questions",
            {"participants_asked_for": ["*"], "address_asked": []},
            {"participants_asked_for": ("*",), "address_asked": False},
        ),
        ("look", {"own_colour": "on", "accent_colour": "#AA3300"}, {"accent_colour": "#aa3300"}),
        ("look", {"accent_colour": "#aa3300"}, {"accent_colour": ""}),
        (
            "embed",
            {
                "embed_origins": "https://www.example.com\n\n https://SHOP.example.com:443/ \nhttps://www.example.com\nhttps://bücher.example:8443"
            },
            {
                "embed_origins": (
                    "https://www.example.com",
                    "https://shop.example.com",
                    "https://xn--bcher-kva.example:8443",
                )
            },
        ),
        (
            "mails",
            {"mail_customer_when_cancelled": [], "mail_users": "on"},
            {"mail_customer_when_booked": True, "mail_customer_when_cancelled": False, "mail_users": True},
        ),
    ],
)
def test_section_is_saved(
    owner: User, section: str, fields: dict[str, str | list[str]], expected: dict[str, object]
) -> None:
    browser = _save(owner, section, fields)
    assert browser.url == "/manager/settings/"
    assert ": saved." in browser.page.one("[role=status]").get_text()
    assert {name: getattr(business_settings.current(), name) for name in expected} == expected


def test_saving_is_logged_with_what_changed(owner: User) -> None:
    _save(owner, "rules", {"free_cancellation_hours": "48"})
    entry = AuditEntry.objects.get()
    assert (entry.staff_name, entry.act, entry.kind, entry.subject) == ("Marta", "change_settings", "settings", "rules")
    assert entry.changes == {"free_cancellation_hours": [24, 48]}


@pytest.mark.parametrize(
    ("section", "fields", "field"),
    [
        ("rules", {"free_cancellation_hours": "-1"}, "id_free_cancellation_hours"),
        ("rules", {"free_cancellation_hours": "soon"}, "id_free_cancellation_hours"),
        ("rules", {"late_cancellation_fee_percent": "101"}, "id_late_cancellation_fee_percent"),
        ("rules", {"bulk_undo_minutes": "0"}, "id_bulk_undo_minutes"),
        ("rules", {"bulk_undo_minutes": ""}, "id_bulk_undo_minutes"),
        ("texts", {"site_headline": ""}, "id_site_headline"),
        ("texts", {"site_headline": "x" * 121}, "id_site_headline"),
        ("texts", {"terms_url": "javascript:alert(1)"}, "id_terms_url"),
        ("texts", {"terms_url": "www.example.com/terms"}, "id_terms_url"),
        ("texts", {"meeting_note": "x" * 501}, "id_meeting_note"),
        ("look", {"own_colour": "on", "accent_colour": "teal"}, "id_accent_colour"),
        ("embed", {"embed_origins": "http://www.example.com"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://www.example.com/shop"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://*.example.com"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://user@example.com"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://example.com:99999"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://a.example https://b.example"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://[broken"}, "id_embed_origins"),
        ("embed", {"embed_origins": "*"}, "id_embed_origins"),
        ("embed", {"embed_origins": "https://localhost"}, "id_embed_origins"),
        ("security", {"second_factor_required": "on"}, "id_second_factor_required"),
    ],
)
def test_nonsense_is_pointed_out_and_kept_for_mending(
    owner: User, section: str, fields: dict[str, str], field: str
) -> None:
    browser = _save(owner, section, fields)
    assert browser.status == 422
    assert browser.page.select(f"[role=alert] a[href='#{field}']")
    assert not BusinessChoice.objects.exists()
    assert not AuditEntry.objects.exists()
    sent = browser.page.form("#settings").fields
    assert {name: sent[name] for name in fields} == fields


def test_second_factor_can_be_required_by_whoever_has_one() -> None:
    owner = make_staff(Role.OWNER, second_factor=True)
    assert _save(owner, "security", {"second_factor_required": "on"}).url == "/manager/settings/"
    assert signed_in(make_staff(Role.DESK)).get("/manager/").url == "/manager/me/"


def test_products_are_chosen_by_name(owner: User, shop: Shop) -> None:
    ids = {product.name: product.product_id for product in shop.client.list_products()}
    _save(owner, "questions", {"participants_asked_for": [ids[RIDGE]]})
    assert business_settings.current().participants_asked_for == (ids[RIDGE],)

    business_settings.save(participants_asked_for=["RIDGE", "an-old-product"])
    form = signed_in(owner).get("/manager/settings/questions/").page.form("#settings")
    assert form.fields["participants_asked_for"] == ids[RIDGE]
    assert ids[KAYAK] in str(form.tag)


def test_invented_product_is_refused(owner: User) -> None:
    browser = signed_in(owner).get("/manager/settings/questions/")
    form = browser.page.form("#settings")
    fields = dict(form.fields) | {"participants_asked_for": "invented"}
    browser._send_form("post", form.action, fields, {})
    assert browser.status == 422


def test_two_owners_at_once_do_not_undo_each_other(owner: User) -> None:
    slow = signed_in(owner).get("/manager/settings/rules/")
    _save(make_staff(Role.OWNER), "rules", {"free_cancellation_hours": "48"})
    slow.submit("#settings", {"late_cancellation_fee_percent": "10"}, button="Save")

    assert slow.status == 409
    assert "Somebody changed these settings" in slow.page.one("main [role=alert]").get_text()
    assert "Fee after that, percent of the price: 10" in slow.page.one("main [role=alert]").get_text()
    assert slow.page.form("#settings").fields["free_cancellation_hours"] == "48"
    assert business_settings.current().late_cancellation_fee_percent == 50
    slow.submit("#settings", {"late_cancellation_fee_percent": "10"}, button="Save")
    now = business_settings.current()
    assert (now.free_cancellation_hours, now.late_cancellation_fee_percent) == (48, 10)


def _upload(owner: User, content: bytes, **fields: str) -> int:
    client = Client()
    client.force_login(owner)
    fields["seen"] = business_settings.stamp(("accent_colour", "logo"))
    file = SimpleUploadedFile("logo.png", content, "image/png")
    return client.post("/manager/settings/look/", {**fields, "accent_colour": "#0b6e72", "logo": file}).status_code


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0" + b"\0" * 64, "image/jpeg"), (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp")],
)
def test_logo_is_kept_shown_and_taken_away(owner: User, content: bytes, kind: str) -> None:
    assert _upload(owner, content) == 303
    digest = hashlib.sha256(content).hexdigest()
    assert business_settings.current().logo == digest
    answer = signed_in(owner).get(f"/logo/{digest}").answer
    assert (answer.body, answer.header("Content-Type")) == (content, kind)
    assert "immutable" in answer.header("Cache-Control")
    assert signed_in(owner).get("/manager/settings/look/").page.one("#settings img")["src"] == f"/logo/{digest}"

    assert AuditEntry.objects.get().changes == {"logo": ["", digest]}
    assert f"logo: none → {digest[:8]}…" in signed_in(owner).get("/manager/audit/").page.text

    _save(owner, "look", {"without_logo": "on"})
    assert "without_logo" not in signed_in(owner).get("/manager/settings/look/").page.form("#settings").names
    assert business_settings.current().logo == ""
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"GIF89a",
        b"<script>x()</script>",
        PNG + b"\0" * logos.LARGEST_BYTES,
    ],
)
def test_what_is_no_picture_is_refused(owner: User, content: bytes) -> None:
    assert _upload(owner, content) == 422
    assert not BusinessChoice.objects.exists()


def test_colour_has_an_address_that_never_changes(owner: User) -> None:
    answer = signed_in(owner).get("/theme-aa3300.css").answer
    assert (answer.status, answer.text) == (200, ":root{--accent:#aa3300}\n")
    assert answer.header("Content-Type").startswith("text/css")
    for path in ("/theme-AA3300.css", "/theme-red.css", "/theme-aa330.css", "/logo/" + "f" * 64, "/logo/x"):
        assert signed_in(owner).get(path).status == 404, path


def test_unknown_section_is_not_found(owner: User) -> None:
    assert signed_in(owner).get("/manager/settings/secrets/").status == 404


def test_snippet_is_a_link_that_works(owner: User) -> None:
    browser = signed_in(owner).get("/manager/settings/embed/")
    assert (
        browser.page.one("[aria-label='Snippet for a link']").get_text() == '<a href="http://testserver/">Book now</a>'
    )


def test_customers_see_what_the_owner_chose(owner: User, shop: Shop) -> None:
    _save(
        owner,
        "texts",
        {"site_headline": "Out on the water", "meeting_note": "Pier 3", "payment_note": "Pay on the boat."},
    )
    _save(owner, "texts", {"terms_url": "https://www.example.com/terms"})
    _save(owner, "rules", {"free_cancellation_hours": "48", "late_cancellation_fee_percent": "100"})
    _save(owner, "questions", {"address_asked": [], "participants_asked_for": ["*"]})
    _save(owner, "look", {"own_colour": "on", "accent_colour": "#aa3300"})

    browser = shop.visitor().get("/")
    assert browser.page.h1 == "Out on the water"
    assert browser.page.select("link[rel=stylesheet][href='/theme-aa3300.css']")
    browser.follow(KAYAK)
    assert "Free to cancel until 48 hours before it starts. After that we keep the whole price." in browser.page.text
    details = choose(browser)
    assert not details.page.select("#id_city")
    details.submit("#details", GUEST, button="Continue")
    assert details.page.h1 == "Who is coming?"
    details.submit("form[action$='/participants/']", button="Continue")
    assert "Pay on the boat." in details.page.text
    assert details.page.link("terms").href == "https://www.example.com/terms"
    assert "Pier 3" in book(details).page.text


def test_logo_stands_in_place_of_our_mark(owner: User, shop: Shop) -> None:
    assert shop.visitor().get("/").page.select(".mark svg")
    _upload(owner, PNG)
    page = shop.visitor().get("/").page
    assert page.one(".mark img")["src"] == f"/logo/{hashlib.sha256(PNG).hexdigest()}"
    assert not page.select(".mark svg")


def test_pages_cost_no_query_for_what_the_owner_chose(shop: Shop, django_assert_num_queries: object) -> None:
    browser = shop.visitor().get("/")
    with django_assert_num_queries(0):  # type: ignore[operator]
        browser.get("/")
