"""What views read of a request before they do anything."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from booking.views.http import client_address

OURS, THEIRS, FORGED = "10.0.0.7", "203.0.113.9", "198.51.100.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, f"{FORGED}", OURS),
        (1, f"{FORGED}, {THEIRS}", THEIRS),
        (2, f"{FORGED}, {THEIRS}, 10.0.0.8", THEIRS),
        (1, "2001:db8::9", "2001:db8::9"),
        (2, THEIRS, OURS),
        (1, "unknown", OURS),
        (1, "", OURS),
    ],
)
def test_client_is_who_the_trusted_servers_say(settings: Settings, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=OURS, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == expected
