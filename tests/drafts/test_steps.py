"""Where a visitor is sent next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.bookeo import Hold
from booking.drafts import DraftState, Placed, SignedIn
from booking.drafts.steps import next_page, steps_of
from booking.services.choices import Choice, Party, Wishes
from tests.bookeo.samples import payload

START = datetime(2027, 6, 12, 10, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(product_id="4151KAYK", party=Party.of({"Cadults": 2})),
    event_id="event",
    start=START,
    end=START + timedelta(hours=2),
)
HELD: dict[str, Any] = {"hold": Hold.model_validate(payload("hold.response"))}
MEMBER = {"signed_in": SignedIn(customer_id="C1", first_name="", last_name="", email="", phone="")}
PLACED = {
    "placed": Placed(booking_number="1", start=START, end=START, accepted=True, total=None, paid=None),
}


@pytest.mark.parametrize(
    ("known", "asks", "page"),
    [
        ({}, False, "sign-in"),
        (MEMBER, False, "details"),
        (HELD, True, "details"),
        (HELD | {"details_done": True}, True, "participants"),
        (HELD | {"details_done": True}, False, "check"),
        (HELD | {"details_done": True, "participants_done": True}, True, "check"),
        (HELD | {"participants_done": True}, True, "details"),
        (HELD | PLACED, True, "confirmed"),
        (PLACED, False, "confirmed"),
    ],
)
def test_first_unfinished_step_comes_next(known: dict[str, Any], asks: bool, page: str) -> None:
    assert next_page(DraftState(choice=CHOICE, **known), asks_participants=asks) == page


def test_participants_are_a_step_only_where_they_are_asked_for() -> None:
    assert [step.name for step in steps_of(asks_participants=True)] == ["times", "details", "participants", "check"]
    assert [step.name for step in steps_of(asks_participants=False)] == ["times", "details", "check"]
