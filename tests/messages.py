"""Notifications as Bookeo posts them: built, signed and sent to the site in this process."""

import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

from booking.bookeo import webhook_signature
from tests.environment import SANDBOX_SECRET_KEY

ADDRESS = "https://book.example.com/webhooks/bookeo/"
PRODUCT = "4151KAYK7R18E08BF0DBF"
_numbers = count(1)


def content(**item: Any) -> bytes:
    """The body of a message about a booking of PRODUCT, or about something else."""
    about = {"bookingNumber": "4151607147062318", "productId": PRODUCT, **item}
    return json.dumps({"itemId": "4151607147062318", "timestamp": "2026-07-14T09:10:05+02:00", "item": about}).encode()


@dataclass(frozen=True)
class Letter:
    """A message. `sent` is its age against the clock, in seconds; `key` is what it is signed with."""

    domain: str = "bookings"
    kind: str = "created"
    body: bytes = field(default_factory=content)
    message_id: str = field(default_factory=lambda: f"4151MSG{next(_numbers)}")
    age: float = 0.0
    key: str = SANDBOX_SECRET_KEY
    signed_address: str = ""
    lost_before: bool = False
    content_type: str = "application/json"

    @property
    def query(self) -> str:
        return f"?domain={self.domain}&type={self.kind}"

    @property
    def headers(self) -> dict[str, str]:
        timestamp = str(int((time.time() - self.age) * 1000))
        signature = webhook_signature.sign(
            secret_key=self.key,
            timestamp=timestamp,
            message_id=self.message_id,
            url=self.signed_address or ADDRESS + self.query,
            body=self.body,
        )
        lost = {webhook_signature.PREVIOUS_MESSAGE_LOST_HEADER: "true"} if self.lost_before else {}
        return {
            webhook_signature.TIMESTAMP_HEADER: timestamp,
            webhook_signature.MESSAGE_ID_HEADER: self.message_id,
            webhook_signature.SIGNATURE_HEADER: signature,
            **lost,
        }

    def post(self, *, without: str = "") -> HttpResponse:
        """Send it, `without` one of its headers."""
        headers = {name: value for name, value in self.headers.items() if name != without}
        answer = Client().post(
            f"/webhooks/bookeo/{self.query}", data=self.body, content_type=self.content_type, headers=headers
        )
        assert isinstance(answer, HttpResponse)
        return answer
