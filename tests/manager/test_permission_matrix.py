"""Every address of the manager area, and everybody who may ask for it. A new address without a rule fails here."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern

from booking import entry_urls, manager_urls
from booking.services import business_settings
from booking.services.staff_acts import ROLES, Act, Role
from tests.plain_browser import PlainBrowser
from tests.shop import Shop
from tests.staff import make_staff, post, signed_in, signed_out

# Addresses that say themselves that nobody needs to be signed in.
OPEN = {"welcome"}
# What everybody who is signed in may do with the own access; the first three come before that.
BEFORE_SIGNING_IN = {"account_login", "mfa_authenticate", "account_logout"}
# One value of each converter that no page has anything under.
SAMPLES = {"int": "987654321", "slug": "none-such", "str": "none-such", "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12}


def _path(pattern: URLPattern) -> str:
    path = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        path = path.replace(f"<{kind}:{name}>", SAMPLES.get(kind, "none-such")).replace(f"<{name}>", "none-such")
    assert "<" not in path, f"{path}: no sample for its converter"
    return f"/manager/{path}"


def _patterns() -> Iterator[tuple[str, str, Act | None]]:
    for pattern in manager_urls.urlpatterns:
        assert hasattr(pattern.callback, "act"), (
            f"{pattern.name} has no rule: decorate its view with `may` or `anybody`"
        )
        yield str(pattern.name), _path(pattern), pattern.callback.act


RULED = [(name, path, act) for name, path, act in _patterns() if act is not None]
OWN = [(str(p.name), _path(p)) for p in entry_urls.urlpatterns if p.name not in BEFORE_SIGNING_IN]
ids = [name for name, _, _ in RULED]
pytestmark = pytest.mark.usefixtures("shop")


def _was_let_in(browser: PlainBrowser) -> bool | None:
    """Whether it was the page that answered, be it “nothing is here”. None: it does not take this method."""
    if browser.status == 405:
        return None
    barred = browser.status == 403 or browser.redirects == ["/manager/me/"]
    return not barred and "/manager/sign-in/" not in " ".join(browser.redirects)


def test_only_these_are_open_to_all() -> None:
    assert {name for name, _, act in _patterns() if act is None} == OPEN


@pytest.mark.parametrize(("name", "path", "act"), RULED, ids=ids)
def test_stranger_signs_in_first(name: str, path: str, act: Act) -> None:
    browser = signed_out().get("/manager/sign-in/")
    token = browser.page.form("#main form").fields["csrfmiddlewaretoken"]
    pressed = browser._send_form("post", path, {"csrfmiddlewaretoken": token}, {})
    assert pressed.page.h1 == "Sign in" or pressed.status == 405
    looked = signed_out().get(path)
    assert looked.page.h1 == "Sign in" or looked.status == 405
    assert {looked.status, pressed.status} != {405}


@pytest.mark.parametrize(("name", "path", "act"), RULED, ids=ids)
def test_roles_open_what_they_may(name: str, path: str, act: Act) -> None:
    for role in (*Role, None):
        may = role is not None and act in ROLES[role]
        browser = signed_in(make_staff(role))
        answers = [_was_let_in(browser.get(path)), _was_let_in(post(browser, path))]
        assert set(answers) - {None} == {may}, role


@pytest.mark.parametrize(("name", "path", "act"), RULED, ids=ids)
def test_nobody_comes_in_without_the_second_factor_that_is_required(name: str, path: str, act: Act) -> None:
    business_settings.save(second_factor_required=True)
    for has_one in (False, True):
        browser = signed_in(make_staff(Role.OWNER, second_factor=has_one))
        answers = [_was_let_in(browser.get(path)), _was_let_in(post(browser, path))]
        assert set(answers) - {None} == {has_one}


@pytest.mark.parametrize(("name", "path"), OWN)
def test_own_access_is_everybody_s_who_is_signed_in(name: str, path: str) -> None:
    assert signed_out().get(path).page.h1 == "Sign in"
    assert signed_in(make_staff(None)).get(path).status in {200, 404}


def test_no_address_answers_a_form_without_its_anti_forgery_value(shop: Shop) -> None:
    browser = signed_in(make_staff(Role.OWNER))
    for _, path, _ in _patterns():
        browser._send_form("post", path, {}, {})
        assert browser.status in {403, 405}, path
