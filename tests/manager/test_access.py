"""Who comes in, and what the others are told."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods
from pytest_django import Settings

from bookeo_site.urls import urlpatterns as site_urls
from booking.models import AuditEntry
from booking.services import business_settings, staff_acts
from booking.services.errors import (
    NotFound,
    OutcomeUnknown,
    RuleRefused,
    ServiceError,
    TimeGone,
    TooManyAttempts,
    Unavailable,
)
from booking.services.staff_acts import ROLES, TITLES, Act, Role
from booking.views.http import page, see_other
from booking.views.manager.access import may, told
from tests.shop import Shop
from tests.staff import make_staff, post, signed_in, signed_out

PAGE = "/manager/only-in-this-test/"
failures: list[ServiceError] = []


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.CANCEL_BOOKING)
def cancelling(request: HttpRequest) -> HttpResponse:
    if failures:
        raise failures[0]
    if request.method == "POST":
        told(request, "The booking is cancelled.")
        return see_other(PAGE)
    return page(request, "manager/sign_out.html", {})


urlpatterns = [*site_urls, path(PAGE[1:], cancelling)]
handler404 = "booking.views.errors.page_not_found"


@pytest.fixture(autouse=True)
def with_a_page_for_managers(shop: Shop, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    failures.clear()


def test_stranger_signs_in_first_and_comes_back() -> None:
    browser = signed_out().get(f"{PAGE}?day=2027-06-12")

    assert browser.redirects == ["/manager/sign-in/?next=%2Fmanager%2Fonly-in-this-test%2F%3Fday%3D2027-06-12"]
    assert browser.page.form("form:has(#id_login)").fields["next"] == f"{PAGE}?day=2027-06-12"


def test_stranger_with_htmx_is_led_there_whole() -> None:
    browser = signed_out().get(PAGE, {"HX-Request": "true"})
    assert browser.answer.header("HX-Redirect").startswith("/manager/sign-in/?next=")


@pytest.mark.parametrize(("role", "status"), [(Role.DESK, 403), (Role.MANAGER, 200), (Role.OWNER, 200), (None, 403)])
def test_role_decides(role: Role | None, status: int) -> None:
    assert signed_in(make_staff(role)).get(PAGE).status == status


def test_permission_of_one_person_beside_the_role_counts() -> None:
    desk = make_staff(Role.DESK)
    desk.user_permissions.add(Permission.objects.get(codename=Act.CANCEL_BOOKING))
    assert signed_in(desk).get(PAGE).status == 200


def test_somebody_who_was_let_go_is_out_at_once() -> None:
    manager = make_staff(Role.MANAGER)
    browser = signed_in(manager).get(PAGE)
    manager.is_active = False
    manager.save()

    assert browser.get(PAGE).page.h1 == "Sign in"


def test_looking_at_what_is_not_yours_names_the_right_and_leaves_no_entry() -> None:
    browser = signed_in(make_staff(Role.DESK)).get(PAGE)

    assert browser.page.h1 == "This is not yours to do"
    assert "You may not cancel a booking (the right “cancel_booking”)." in browser.page.text
    assert not AuditEntry.objects.exists()


def test_pressing_what_is_not_yours_is_logged() -> None:
    desk = make_staff(Role.DESK, first_name="Ines")
    assert post(signed_in(desk), PAGE).status == 403

    entry = AuditEntry.objects.get()
    assert (entry.staff_id, entry.staff_name, entry.act, entry.outcome) == (
        desk.pk,
        "Ines",
        "cancel_booking",
        "refused",
    )


def test_what_was_done_is_said_once_on_the_next_page() -> None:
    browser = post(signed_in(make_staff(Role.MANAGER)), PAGE)
    assert browser.page.one("main [role=status]").get_text() == "The booking is cancelled."
    assert not browser.get(PAGE).page.select("main [role=status]")


def test_form_without_its_anti_forgery_value_is_refused() -> None:
    browser = signed_in(make_staff(Role.MANAGER)).get(PAGE)
    browser._send_form("post", PAGE, {}, {})

    assert (browser.status, browser.page.h1) == (403, "This form has run out")


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (NotFound(), 404, "Nothing is here"),
        (RuleRefused(), 409, "Bookeo did not allow this"),
        (OutcomeUnknown(), 202, "We do not know yet whether this was done"),
        (Unavailable(), 503, "Bookeo does not answer"),
        (TooManyAttempts(61), 429, "Too many attempts"),
        (TimeGone(), 409, "This could not be done"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_manager_area(error: ServiceError, status: int, heading: str) -> None:
    failures.append(error)
    browser = signed_in(make_staff(Role.MANAGER)).get(PAGE)

    assert (browser.status, browser.page.h1) == (status, heading)
    assert browser.page.link("Today")


def test_with_htmx_a_box_says_it_and_the_page_stays() -> None:
    failures.append(Unavailable())
    answer = signed_in(make_staff(Role.MANAGER)).get(PAGE, {"HX-Request": "true"}).answer

    assert (answer.status, answer.header("HX-Retarget"), answer.header("HX-Push-Url")) == (
        503,
        "#trouble-words",
        "false",
    )
    assert "Bookeo does not answer." in answer.text
    assert "<html" not in answer.text


def test_second_factor_comes_first_where_it_is_required() -> None:
    business_settings.save(second_factor_required=True)
    without = signed_in(make_staff(Role.MANAGER)).get(PAGE)
    assert without.redirects == ["/manager/me/"]
    assert "requires a second factor" in without.page.one("[role=status]").get_text()

    assert signed_in(make_staff(Role.MANAGER, second_factor=True)).get(PAGE).status == 200


def test_pages_are_kept_nowhere_and_framed_by_nobody() -> None:
    for address in (PAGE, "/manager/nowhere/", "/manager/sign-in/"):
        answer = signed_out().get(address).answer
        assert answer.header("Cache-Control") == "no-store", address
        assert answer.header("X-Robots-Tag") == "noindex"
        assert answer.header("Referrer-Policy") == "same-origin"
        assert answer.header("X-Frame-Options") == "DENY"
        assert "frame-ancestors 'none'" in answer.header("Content-Security-Policy")


def test_pages_for_customers_know_nothing_of_a_session() -> None:
    answer = signed_in(make_staff(Role.OWNER)).get("/").answer
    assert "Cookie" not in answer.header("Vary")
    assert "max-age=60" in answer.header("Cache-Control")


def test_every_act_has_words_and_an_owner() -> None:
    assert set(TITLES) == set(Act) == ROLES[Role.OWNER]
    assert ROLES[Role.DESK] < ROLES[Role.MANAGER] < ROLES[Role.OWNER]


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_role_may_do_what_is_written(role: Role, act: Act) -> None:
    assert staff_acts.may(make_staff(role), act) == (act in ROLES[role])


def test_migrate_puts_roles_right() -> None:
    Group.objects.get(name=Role.DESK).permissions.clear()
    Group.objects.get(name=Role.OWNER).delete()
    kind = Permission.objects.get(codename=Act.REFUND).content_type
    Permission.objects.create(codename="an_act_of_long_ago", content_type=kind, name="x")
    Permission.objects.get(codename=Act.REFUND).delete()
    call_command("migrate", verbosity=0)

    for role, acts in ROLES.items():
        assert set(Group.objects.get(name=role).permissions.values_list("codename", flat=True)) == set(acts)
    assert not Permission.objects.filter(codename="an_act_of_long_ago").exists()


@pytest.mark.parametrize(
    ("role", "titles"), [(None, []), (Role.DESK, ["Today"]), (Role.OWNER, ["Today", "Audit", "Settings", "Staff"])]
)
def test_bar_leads_where_one_may_go(role: Role | None, titles: list[str]) -> None:
    browser = signed_in(make_staff(role)).get("/manager/staff/")
    links = browser.page.select("nav.links a")
    assert [title for title in titles if title not in [link.get_text() for link in links]] == []
    assert bool(links) == bool(titles)
    for link in links:
        assert browser.get(str(link["href"])).status == 200
        assert browser.page.one("nav.links [aria-current]").get_text() == link.get_text()
        assert not browser.get("/manager/me/").page.select("nav.links [aria-current]")


@pytest.mark.parametrize("path", [f"{PAGE}?text=%00", "/manager/customers/a%00b/"])
def test_what_no_database_takes_is_refused(path: str) -> None:
    browser = signed_in(make_staff(Role.MANAGER))
    assert browser.get(path).status == 400
    assert post(browser, PAGE, {"text": "a\0b"}).status == 400
