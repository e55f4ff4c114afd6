"""Promises of the signature: the saved vector holds, and nothing else passes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.bookeo import webhook_signature
from tests.bookeo.samples import PAYLOADS, payload

VECTOR = payload("webhook.message.headers")
SENT = datetime.fromtimestamp(int(VECTOR["headers"][webhook_signature.TIMESTAMP_HEADER]) / 1000, UTC)
BODY = (PAYLOADS / VECTOR["bodyFile"]).read_bytes()


def _message() -> dict[str, Any]:
    return {
        "secret_key": VECTOR["secretKey"],
        "timestamp": VECTOR["headers"][webhook_signature.TIMESTAMP_HEADER],
        "message_id": VECTOR["headers"][webhook_signature.MESSAGE_ID_HEADER],
        "url": VECTOR["url"],
        "body": BODY,
    }


def _verify(**changes: Any) -> bool:
    signature = VECTOR["headers"][webhook_signature.SIGNATURE_HEADER]
    return webhook_signature.verify(**{**_message(), "signature": signature, "now": SENT, **changes})


def test_sign_gives_the_saved_signature() -> None:
    assert webhook_signature.sign(**_message()) == VECTOR["headers"][webhook_signature.SIGNATURE_HEADER]


def test_verify_accepts_the_saved_message() -> None:
    assert json.loads(BODY) == payload("webhook.message")
    assert _verify()


def test_verify_ignores_the_case_of_the_signature() -> None:
    assert _verify(signature=VECTOR["headers"][webhook_signature.SIGNATURE_HEADER].upper())


@pytest.mark.parametrize(
    "change",
    [
        {"secret_key": "another"},
        {"timestamp": "1784013005232"},
        {"message_id": "another"},
        {"url": "https://front.example.com/hooks/bookeo"},
        {"body": BODY + b" "},
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "ünïcode"},
    ],
)
def test_verify_refuses_a_message_with_one_thing_changed(change: dict[str, Any]) -> None:
    assert not _verify(**change)


@pytest.mark.parametrize(("seconds", "accepted"), [(-121, False), (-119, True), (119, True), (121, False)])
def test_verify_refuses_what_is_older_or_newer_than_two_minutes(seconds: int, accepted: bool) -> None:
    assert _verify(now=SENT + timedelta(seconds=seconds)) is accepted


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "١٧٨٤٠١٣٠٠٥٢٣١", "9" * 400, "1e12"])
def test_verify_refuses_a_timestamp_that_is_none_even_if_it_is_signed(timestamp: str) -> None:
    message = {**_message(), "timestamp": timestamp}
    assert not webhook_signature.verify(**message, signature=webhook_signature.sign(**message), now=SENT)
