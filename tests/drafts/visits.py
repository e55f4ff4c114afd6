"""A visitor in the middle of a booking, and what Bookeo answers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import responses

from booking.bookeo import Hold, ParticipantInput
from booking.drafts import Contact, DraftState, OpenDraft, SignedIn, store
from booking.services.choices import Choice, Party, Wishes
from tests.bookeo.samples import payload
from tests.services.answers import KAYAK, answer, products
from tests.services.sent import sent

NOW = datetime(2026, 7, 14, 7, 10, tzinfo=UTC)  # the saved holds run out at 7:18:35
AFTER_THE_HOLD = NOW + timedelta(minutes=10)
YOGA = "4151YGA6MH18E9DCE82EA"  # for holders of prepaid credits
START = datetime(2026, 7, 18, 16, tzinfo=UTC)
VISIT = "V" * 24
CONTACT = Contact(first_name="Maya", last_name="Rossi", email="maya@example.com", phone="+390555010199")
MEMBER = SignedIn(customer_id="C1", first_name="Maya", last_name="Rossi", email="maya@example.com", phone="")
MYSELF = (ParticipantInput(person_id="PSELF", people_category_id="Cadults", category_index=1),)
HOLD = Hold.model_validate(payload("hold.response"))


def chosen(product_id: str = KAYAK, adults: int = 2, event_id: str = "event") -> Choice:
    wishes = Wishes(product_id=product_id, party=Party.of({"Cadults": adults}))
    return Choice(wishes=wishes, event_id=event_id, start=START, end=START + timedelta(hours=2))


def draft_with(**known: Any) -> OpenDraft:
    return store.create(DraftState(**({"choice": chosen(), "hold": HOLD} | known)))[0]


def holding(bookeo: responses.RequestsMock, *answers: str, **changes: Any) -> None:
    """Give these saved answers to POST /holds, in this order."""
    products(bookeo)
    for name in answers or ("hold.response",):
        status = payload(name).get("httpStatus", 201)
        answer(bookeo, "POST", "/holds", payload(name) | changes, status=status)


def posted(bookeo: responses.RequestsMock, path: str = "/holds") -> list[dict[str, Any]]:
    """Bodies that were posted, each with its query."""
    posts = [request for request in sent(bookeo) if request.method == "POST"]
    return [json.loads(p.body) | {"query": p.params} for p in posts if str(p.url).split("?")[0].endswith(path)]
