"""What each process of the race does: a module of its own, quick to import in a new process."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from booking.bookeo import (
    Bookeo,
    BookeoError,
    BookingInput,
    CustomerInput,
    Forbidden,
    ParticipantsInput,
    PeopleNumber,
)

WAIT_SECONDS = 60.0
Outcome = Literal["won", "refused", "failed"]


class Gate(Protocol):
    """A barrier of all buyers in all processes."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until everybody is there."""


@dataclass(frozen=True)
class Attempt:
    """What came of one buyer's attempt in one round. Times are of the machine's monotonic clock, in seconds."""

    round: int
    outcome: Outcome
    began: float
    ended: float
    trouble: str = ""


def client_of(url: str) -> Bookeo:
    """The product's own client, patient enough for a crowd on a small machine."""
    return Bookeo(
        base_url=f"{url}/v2",
        secret_key="sandbox-secret",  # noqa: S106 - opens nothing but a sandbox
        api_key="sandbox-api-key",
        connect_timeout=WAIT_SECONDS,
        read_timeout=WAIT_SECONDS,
        total_timeout=WAIT_SECONDS,
    )


def buy_all(url: str, product_id: str, event_ids: Sequence[str], gate: Gate, threads: int) -> list[Attempt]:
    """Let some threads buy one seat of each event, every time together with all other buyers."""
    bookeo, attempts = client_of(url), list[Attempt]()

    def run(buyer: int) -> None:
        for number, event_id in enumerate(event_ids):
            booking = _booking(product_id, event_id)
            gate.wait(WAIT_SECONDS)
            attempts.append(_attempt(bookeo, booking, number, holds_first=bool(buyer % 2)))

    crowd = [threading.Thread(target=run, args=(buyer,)) for buyer in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return attempts


def _booking(product_id: str, event_id: str) -> BookingInput:
    return BookingInput(
        product_id=product_id,
        event_id=event_id,
        customer=CustomerInput(last_name="Buyer"),
        participants=ParticipantsInput(numbers=(PeopleNumber(people_category_id="Cadults", number=1),)),
    )


def _attempt(bookeo: Bookeo, booking: BookingInput, number: int, *, holds_first: bool) -> Attempt:
    began, trouble = time.monotonic(), ""
    outcome: Outcome = "won"
    try:
        hold = bookeo.create_hold(booking=booking) if holds_first else None
        bookeo.create_booking(booking=booking, previous_hold_id=hold.id if hold else None)
    except Forbidden:
        outcome = "refused"
    except BookeoError as error:
        outcome, trouble = "failed", f"{type(error).__name__}: {error}"
    return Attempt(number, outcome, began, time.monotonic(), trouble)
