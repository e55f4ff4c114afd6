"""Staff for tests: people with a role, and a browser that is signed in as one of them.

owner = make_staff(Role.OWNER, second_factor=True)
browser = signed_in(owner)
browser.get("/manager/")
browser.submit("#settings", {"site_headline": "Welcome"}, button="Save")
"""

import time
from collections.abc import Mapping
from typing import Any

import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.models import Group, User

from booking.services import second_factors
from booking.services.staff_acts import Role
from tests.plain_browser import Answer, DjangoSender, HttpSender, PlainBrowser

PASSWORD = "harbour-kettle-violet-42"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30


class StaffSender(DjangoSender):
    """Keeps the cookies of the manager area, and watches that they are what they should be."""

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send through Django's test client."""
        content_type = headers.get("Content-Type", "application/octet-stream")
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        response = self._client.generic(method, path, body, content_type, headers=others)
        for cookie in response.cookies.values():
            assert path.startswith("/manager/"), f"{path} set a cookie: {cookie.OutputString()}"
            is_taken_back = not cookie.value
            assert cookie["path"] == "/manager/", cookie
            assert is_taken_back or (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), cookie
        content = b"".join(response) if response.streaming else response.content
        return Answer(response.status_code, dict(response.items()), content)

    def sign_in(self, user: User) -> None:
        """Without the page: for tests of what comes after it."""
        self._client.force_login(user)


class StaffHttpSender(HttpSender):
    """Calls a running site over HTTP, and keeps the cookies of the manager area."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self._session = requests.Session()

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send in a connection that is kept."""
        response = self._session.request(
            method, self.origin + path, data=body, headers=dict(headers), allow_redirects=False, timeout=30
        )
        return Answer(response.status_code, response.headers, response.content)


def make_staff(role: Role | None, *, second_factor: bool = False, email: str = "", **fields: Any) -> User:
    """Somebody with this role, and with an app whose key is `TOTP_SECRET` if so wished. Signs in with `PASSWORD`."""
    email = email or f"{role or 'nobody'}{User.objects.count()}@staff.example.com"
    fields.setdefault("first_name", str(role or "nobody").title())
    user = User.objects.create_user(username=email, email=email, password=PASSWORD, is_staff=True, **fields)
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    if second_factor:
        TOTP.activate(user, TOTP_SECRET)
    return user


def signed_in(user: User) -> PlainBrowser:
    """A browser without script, in this process, that is signed in as this person."""
    sender = StaffSender()
    sender.sign_in(user)
    return PlainBrowser(sender)


def signed_out() -> PlainBrowser:
    """A browser without script, in this process, that keeps the cookies of the manager area."""
    return PlainBrowser(StaffSender())


def sign_in(browser: PlainBrowser, user: User, password: str = PASSWORD, *, code: str = "") -> PlainBrowser:
    """Through the pages, with the second step where `code` is given."""
    browser.get("/manager/sign-in/").submit(
        "form:has(#id_login)", {"login": user.get_username(), "password": password}, button="Sign in"
    )
    return browser.submit("form:has(#id_code)", {"code": code}, button="Sign in") if code else browser


def who(browser: PlainBrowser) -> str:
    """Whose name stands in the bar; empty when nobody is signed in."""
    return "".join(link.get_text() for link in browser.page.select(".who a"))


def code_of(user: User, *, steps: int = 0) -> str:
    """What the app of this person shows now, or so many half minutes later."""
    sealed = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    return code_for(second_factors.unseal(sealed), steps=steps)


def code_for(secret: str, *, steps: int = 0) -> str:
    """What an app with this key shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps)))


def post(browser: PlainBrowser, path: str, fields: Mapping[str, str] | None = None) -> PlainBrowser:
    """Send a form that the page does not show, such as a forged one, but with the anti-forgery value that it needs."""
    token = browser.get("/manager/me/").page.form("form[action='/manager/sign-out/']").fields["csrfmiddlewaretoken"]
    return browser._send_form("post", path, {"csrfmiddlewaretoken": token, **(fields or {})}, {})
