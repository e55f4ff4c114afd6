"""Notifications from Bookeo (reference 8): is it genuine, is it new, and what has to be forgotten because of it.

A notification is written down and answered at once; its work is done afterwards, from the row. So an answer never
waits for Bookeo, and nothing is lost when the queue is. Order is not guaranteed: a message only says what to look at
again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError
from pydantic import ValidationError

from booking import bookeo
from booking.bookeo import WebhookDomain, WebhookType, webhook_signature
from booking.models import WebhookMessage
from booking.services import cache
from booking.services.database import quick_transaction

WANTED = tuple((domain, kind) for domain in WebhookDomain for kind in WebhookType)
# Bookeo wants its answer within five seconds.
DATABASE_SECONDS = 3.0
# Until nobody can ask any more why something was shown or not shown.
KEPT = timedelta(days=7)
BATCH = 1000

SEATS_OF_A_PRODUCT = {WebhookDomain.BOOKINGS, WebhookDomain.SEAT_BLOCKS}
# What an attempt with a lost answer may have brought about.
MAY_SETTLE = {WebhookDomain.BOOKINGS, WebhookDomain.CUSTOMERS, WebhookDomain.PAYMENTS}
MESSAGE_ID = re.compile(r"[!-~]{1,128}")
ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


class Receipt(StrEnum):
    """What was made of a message."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    FORGED = "forged"  # or older than two minutes
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class WorkedOff:
    """How many messages were worked off, and whether attempts with a lost answer should be looked into."""

    messages: int
    may_settle: bool


def address_of(domain: str, kind: str) -> str:
    """Where messages of this domain and type are sent. They do not say what they are about, so their address does."""
    return f"{settings.WEBHOOK_URL}?domain={domain}&type={kind}"


def receive(domain: str, kind: str, headers: Mapping[str, str], body: bytes) -> Receipt:
    """Write a genuine message down, once. `body` as it was received. Raises OperationalError.

    A genuine message that cannot be read is kept too, as one that may concern any product: to refuse it would only
    make Bookeo send it again, and give us up in the end.
    """
    message_id = headers.get(webhook_signature.MESSAGE_ID_HEADER, "")
    timestamp = headers.get(webhook_signature.TIMESTAMP_HEADER, "")
    signature = headers.get(webhook_signature.SIGNATURE_HEADER, "")
    if (domain, kind) not in WANTED or not (timestamp and signature and MESSAGE_ID.fullmatch(message_id)):
        return Receipt.MALFORMED
    genuine = webhook_signature.verify(
        secret_key=settings.BOOKEO_SECRET_KEY,
        timestamp=timestamp,
        message_id=message_id,
        url=address_of(domain, kind),
        body=body,
        signature=signature,
        now=datetime.now(UTC),
    )
    if not genuine:
        return Receipt.FORGED
    item_id, product_id = _ids_in(body)
    message = WebhookMessage(message_id=message_id, domain=domain, type=kind, item_id=item_id, product_id=product_id)
    message.previous_lost = headers.get(webhook_signature.PREVIOUS_MESSAGE_LOST_HEADER, "").lower() == "true"
    return _kept(message)


def _kept(message: WebhookMessage) -> Receipt:
    try:
        with quick_transaction(DATABASE_SECONDS):
            message.save(force_insert=True)
    except IntegrityError:
        return Receipt.REPEATED
    return Receipt.ACCEPTED


def _ids_in(body: bytes) -> tuple[str, str]:
    """Of the item, and of its product; empty where there is none that can be one."""
    try:
        message = bookeo.WebhookMessage.model_validate_json(body)
    except ValidationError:
        return "", ""
    product_id = str((message.item or {}).get("productId", ""))
    return message.item_id if ID.fullmatch(message.item_id) else "", product_id if ID.fullmatch(product_id) else ""


def work_off() -> WorkedOff:
    """Do what messages ask for that nobody has done yet. Doing it twice harms nothing."""
    messages = list(WebhookMessage.objects.filter(done_at=None).order_by("pk")[:BATCH])
    if any(message.previous_lost for message in messages):
        catch_up()
    else:
        _forget_seats(messages)
    numbers = [message.pk for message in messages]
    WebhookMessage.objects.filter(pk__in=numbers).update(done_at=datetime.now(UTC))
    may_settle = any(message.previous_lost or message.domain in MAY_SETTLE for message in messages)
    return WorkedOff(len(messages), may_settle)


def catch_up() -> None:
    """Messages were lost, nobody knows which. Whatever is kept in step by messages alone joins here and begins anew."""
    cache.forget_all_times()


def purge() -> int:
    """Delete what was done long ago; answers how many messages that were."""
    deleted, _ = WebhookMessage.objects.filter(done_at__lt=datetime.now(UTC) - KEPT).delete()
    return deleted


def _forget_seats(messages: Iterable[WebhookMessage]) -> None:
    changed = {message.product_id for message in messages if message.domain in SEATS_OF_A_PRODUCT}
    if "" in changed or any(message.domain == WebhookDomain.RESOURCE_BLOCKS for message in messages):
        cache.forget_all_times()
        return
    for product_id in changed:
        cache.forget_times(product_id)
