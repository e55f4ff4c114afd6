"""The customers' pages once more, bare, for a frame on a site that the owner lists."""

import pytest

from booking.services import business_settings
from booking.services.staff_acts import Role
from tests.plain_browser import PlainBrowser
from tests.shop import GUEST, KAYAK, KAYAK_ID, Shop, book, choose
from tests.staff import make_staff, signed_in

SITE = "https://www.example.com"


@pytest.fixture
def browser(shop: Shop) -> PlainBrowser:
    return PlainBrowser.in_process()


def _policy(browser: PlainBrowser) -> str:
    directives = browser.answer.header("Content-Security-Policy").split("; ")
    return next(text for text in directives if text.startswith("frame-ancestors")).removeprefix("frame-ancestors ")


def test_whole_booking_stays_in_the_frame(browser: PlainBrowser, shop: Shop) -> None:
    business_settings.save(embed_origins=(SITE,))
    browser.get("/embed/")
    seen = [browser.url]
    choose(browser.follow(KAYAK))
    seen.append(browser.url)
    browser.submit("#details", GUEST, button="Continue")
    book(browser)
    seen.append(browser.url)
    assert browser.page.select(".code data")
    assert all(address.startswith("/embed/") for address in seen)
    for link in browser.page.links:
        inside = not link.href.startswith("/") or link.href.startswith(("/embed/", "/static/"))
        assert inside, f"{link.href} leads out of the frame"


@pytest.mark.parametrize("path", ["/embed/", f"/embed/products/{KAYAK_ID}/", "/embed/products/none-such/"])
def test_listed_sites_alone_may_show_it(browser: PlainBrowser, path: str) -> None:
    assert _policy(browser.get(path)) == "'none'"
    assert browser.answer.header("X-Frame-Options") == "DENY"

    business_settings.save(embed_origins=(SITE, "https://shop.example.com:8443"))
    assert _policy(browser.get(path)) == f"{SITE} https://shop.example.com:8443"
    assert browser.answer.header("X-Frame-Options") == ""
    assert browser.answer.header("X-Robots-Tag") == "noindex"


@pytest.mark.parametrize("path", ["/", f"/products/{KAYAK_ID}/", "/manager/sign-in/", "/nowhere/"])
def test_all_other_pages_stay_out_of_frames(browser: PlainBrowser, path: str) -> None:
    business_settings.save(embed_origins=(SITE,))
    browser = signed_in(make_staff(Role.OWNER)) if "manager" in path else browser
    assert _policy(browser.get(path)) == "'none'"
    assert browser.answer.header("X-Frame-Options") == "DENY"


@pytest.mark.parametrize("path", ["manager/", "manager/sign-in/", "webhooks/bookeo/", "metrics", "healthz", "embed/"])
def test_nothing_but_the_customers_pages_is_under_the_prefix(browser: PlainBrowser, path: str) -> None:
    assert browser.get(f"/embed/{path}").status == 404


def test_frame_is_bare_and_names_the_page_that_stands_by_itself(browser: PlainBrowser) -> None:
    page = browser.get(f"/embed/products/{KAYAK_ID}/").page
    assert not page.select("header.top")
    assert page.one("link[rel=canonical]")["href"] == f"http://testserver/products/{KAYAK_ID}/"
    assert browser.get(f"/products/{KAYAK_ID}/").page.select("header.top")


def test_pages_of_a_draft_are_private_in_a_frame_too(browser: PlainBrowser) -> None:
    choose(browser.get("/embed/").follow(KAYAK))
    assert browser.url.startswith("/embed/checkout/")
    for name, value in (("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")):
        assert browser.answer.header(name) == value


def test_snippets_are_for_what_was_chosen(shop: Shop) -> None:
    owner = signed_in(make_staff(Role.OWNER))
    owner.get("/manager/settings/embed/").submit("#snippets form", {"product": KAYAK_ID}, button="Show")
    frame, link = (code.get_text() for code in owner.page.select("pre code"))
    assert f'src="http://testserver/embed/products/{KAYAK_ID}/"' in frame
    assert "style" not in frame
    assert "script" not in frame
    assert link == f'<a href="http://testserver/products/{KAYAK_ID}/">Book now</a>'
    assert "No site is listed" in owner.page.text
