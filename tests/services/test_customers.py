"""Signing in: which records are tried, in which order, how often, and what is kept of it."""

import logging
from typing import Any

import pytest
import responses

from booking.services import customers, windows
from booking.services.errors import SignInFailed, TooManyAttempts, Unavailable
from tests.bookeo.samples import payload
from tests.services.answers import answer, error, listing
from tests.services.sent import sent

OLDER, NEWER = "4151H9NEKL1969529E464", "4151T6RJWA19C4D81150E"
EMAIL = "camille.moreau@example.com"
CLIENT = "192.0.2.44"
PASSWORD = "p&ss wörd"


def _sign_in(email: str = EMAIL, password: str = PASSWORD, client: str = CLIENT) -> Any:
    return customers.sign_in(email=email, password=password, client=client)


def _record(customer_id: str, email: str, created: str = "2026-07-01T10:00:00+02:00") -> dict[str, Any]:
    return {"id": customer_id, "emailAddress": email, "creationTime": created}


def _found(bookeo: responses.RequestsMock, *records: dict[str, Any]) -> None:
    answer(bookeo, "GET", "/customers", listing(*records) if records else "customers.search.response")


def _password(bookeo: responses.RequestsMock, customer_id: str, status: int) -> None:
    body = error(status, "no") if status >= 400 else None
    answer(bookeo, "GET", f"/customers/{customer_id}/authenticate", body, status=status)


def _tried(bookeo: responses.RequestsMock) -> list[str]:
    paths = [str(request.url).split("?")[0] for request in sent(bookeo)]
    return [path.split("/")[-2] for path in paths if path.endswith("/authenticate")]


def test_newest_record_is_tried_first(bookeo: responses.RequestsMock) -> None:
    _found(bookeo)
    bookeo.add("GET", f"https://api.bookeo.test/v2/customers/{NEWER}/authenticate", status=200)
    customer = _sign_in()

    assert customer.id == NEWER
    assert _tried(bookeo) == [NEWER]
    search, check = (request.params for request in sent(bookeo))
    assert (search["searchField"], search["searchText"]) == ("emailAddress", EMAIL)
    assert check["password"] == PASSWORD


@pytest.mark.parametrize("status", [403, 404])
def test_record_that_refuses_or_is_gone_gives_way_to_the_next(bookeo: responses.RequestsMock, status: int) -> None:
    _found(bookeo)
    _password(bookeo, NEWER, status)
    bookeo.add("GET", f"https://api.bookeo.test/v2/customers/{OLDER}/authenticate", status=200)

    assert _sign_in().id == OLDER
    assert _tried(bookeo) == [NEWER, OLDER]


def test_only_records_with_this_very_email_are_tried(bookeo: responses.RequestsMock) -> None:
    _found(
        bookeo,
        _record("STRANGER1", f"{EMAIL}.au"),
        _record("STRANGER2", f"x{EMAIL}"),
        {"id": "NOBODY", "creationTime": "2026-07-02T10:00:00+02:00"},
        _record("MINE", EMAIL.title()),
    )
    bookeo.add("GET", "https://api.bookeo.test/v2/customers/MINE/authenticate", status=200)

    assert _sign_in().id == "MINE"
    assert _tried(bookeo) == ["MINE"]


def test_records_of_later_pages_count_too(bookeo: responses.RequestsMock) -> None:
    info = {"totalItems": 2, "totalPages": 2, "currentPage": 1, "pageNavigationToken": "tok"}
    first, second = payload("customers.search.response")["data"]
    answer(bookeo, "GET", "/customers", {"data": [first], "info": info})
    answer(bookeo, "GET", "/customers", {"data": [second], "info": info | {"currentPage": 2}})
    bookeo.add("GET", f"https://api.bookeo.test/v2/customers/{NEWER}/authenticate", status=200)

    assert _sign_in().id == NEWER


def test_every_failure_is_the_same_to_the_visitor(bookeo: responses.RequestsMock) -> None:
    _found(bookeo)
    _password(bookeo, NEWER, 403)
    _password(bookeo, OLDER, 403)
    failures = set()
    for email in (EMAIL, "nobody@example.com"):
        with pytest.raises(SignInFailed) as caught:
            _sign_in(email)
        failures.add((str(caught.value), caught.value.status))
    assert len(failures) == 1


def test_number_of_records_tried_is_bounded(bookeo: responses.RequestsMock) -> None:
    records = [_record(f"R{n}", EMAIL, f"2026-07-{n + 1:02d}T10:00:00+02:00") for n in range(8)]
    _found(bookeo, *records)
    for number in range(3, 8):
        _password(bookeo, f"R{number}", 403)
    with pytest.raises(SignInFailed):
        _sign_in()
    assert _tried(bookeo) == ["R7", "R6", "R5", "R4", "R3"]


def test_busy_bookeo_is_not_a_wrong_password(bookeo: responses.RequestsMock) -> None:
    _found(bookeo)
    _password(bookeo, NEWER, 429)
    with pytest.raises(Unavailable):
        _sign_in()


def test_attempts_for_one_email_are_limited_before_bookeo_is_asked(bookeo: responses.RequestsMock) -> None:
    _found(bookeo, _record("STRANGER", "someone@else.example"))
    for _ in range(customers.ATTEMPTS_PER_ADDRESS):
        with pytest.raises(SignInFailed):
            _sign_in()
    asked = len(bookeo.calls)
    with pytest.raises(TooManyAttempts) as caught:
        _sign_in(EMAIL.upper())

    assert len(bookeo.calls) == asked
    assert caught.value.retry_after == customers.ATTEMPT_WINDOW_SECONDS
    with pytest.raises(SignInFailed):  # somebody else is not locked out by this
        _sign_in(client="192.0.2.45")


def test_attempts_of_one_client_are_limited_over_all_emails(bookeo: responses.RequestsMock) -> None:
    _found(bookeo, _record("STRANGER", "someone@else.example"))
    for number in range(customers.ATTEMPTS_PER_CLIENT):
        with pytest.raises(SignInFailed):
            _sign_in(f"guess{number}@example.com")
    with pytest.raises(TooManyAttempts):
        _sign_in("another@example.com")


def test_cache_keys_and_logs_hold_nothing_personal(
    bookeo: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys: list[str] = []
    hit = windows.hit

    def counting(name: str, *, allowed: int, seconds: int) -> bool:
        keys.append(name)
        return hit(name, allowed=allowed, seconds=seconds)

    monkeypatch.setattr(windows, "hit", counting)
    _found(bookeo)
    _password(bookeo, NEWER, 403)
    _password(bookeo, OLDER, 500)
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable):
        _sign_in(password="hunter-canary")

    assert len(keys) == 2
    for secret in (EMAIL, "camille", "hunter-canary", CLIENT):
        assert secret not in caplog.text.lower()
        assert not any(secret in key for key in keys)
