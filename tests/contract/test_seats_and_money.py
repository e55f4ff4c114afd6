"""Random visitors, one after the other, against the sandbox and against a small model: they never disagree."""

import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from sandbox import create_app
from sandbox.money import render_money
from tests.contract.seats_and_money import SLOTS, Booked, Held, Model, Place
from tests.sandbox.bodies import NEW_CUSTOMER
from tests.sandbox.client import Api
from tests.sandbox.conftest import NOW

DAY = {"startTime": "2026-06-12T00:00:00-00:00", "endTime": "2026-06-12T23:59:59-00:00"}
PLACES = st.builds(Place, slot=st.sampled_from(SLOTS), adults=st.integers(1, 4), children=st.integers(0, 2))
AMOUNTS = st.decimals(Decimal("0.01"), 300, places=2)
SECONDS = st.integers(1, 600)


class Visitors(RuleBasedStateMachine):
    """Holds, replaced holds, bookings, changes, cancellations, payments and refunds, while time goes by."""

    holds: Bundle[str] = Bundle("holds")
    bookings: Bundle[str] = Bundle("bookings")

    @initialize()
    def open(self) -> None:
        """A business without bookings."""
        self.model = Model()
        self.folder = tempfile.TemporaryDirectory()
        self.app = create_app(Path(self.folder.name) / "sandbox.sqlite3", data="empty", knob_values={"clock": NOW})
        self.api = Api(self.app)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.app.store.close()
        self.folder.cleanup()

    @rule(target=holds, place=PLACES, seconds=SECONDS)
    def hold(self, place: Place, seconds: int) -> str | MultipleResults[str]:
        """Hold seats."""
        return self._hold(place, seconds, None)

    @rule(target=holds, old=consumes(holds), place=PLACES, seconds=SECONDS)
    def replace(self, old: str, place: Place, seconds: int) -> str | MultipleResults[str]:
        """Hold other seats instead. A hold that is over counts as given up; a refusal takes nothing away."""
        return self._hold(place, seconds, old)

    def _hold(self, place: Place, seconds: int, old: str | None) -> str | MultipleResults[str]:
        fits = self.model.fits(place, instead_of=old)
        given_up = {} if old is None else {"previousHoldId": old}
        result = self.api.post("/holds", place.body, holdDurationSeconds=seconds, **given_up)
        assert result.status == (201 if fits else 403), result.body
        if not fits:
            return multiple() if old is None else old
        assert Decimal(result.body["totalPayable"]["amount"]) == place.price
        self.model.holds.pop(old or "", None)
        self.model.holds[result.body["id"]] = Held(place, self.model.now + seconds)
        return str(result.body["id"])

    @rule(hold_id=consumes(holds))
    def release(self, hold_id: str) -> None:
        """Give a hold up."""
        lived = self.model.lives(hold_id)
        assert self.api.delete(f"/holds/{hold_id}").status == (204 if lived else 404)
        self.model.holds.pop(hold_id)

    @rule(target=bookings, hold_id=consumes(holds), place=st.none() | PLACES)
    def book_what_was_held(self, hold_id: str, place: Place | None) -> str | MultipleResults[str]:
        """Book with a hold: what it holds, or something else."""
        return self._book(place or self.model.holds[hold_id].place, hold_id)

    @rule(target=bookings, place=PLACES)
    def book(self, place: Place) -> str | MultipleResults[str]:
        """Book without a hold."""
        return self._book(place, None)

    def _book(self, place: Place, hold_id: str | None) -> str | MultipleResults[str]:
        fits = self.model.fits(place, instead_of=hold_id)
        given_up = {} if hold_id is None else {"previousHoldId": hold_id}
        result = self.api.post("/bookings", place.body | {"customer": NEW_CUSTOMER}, **given_up)
        assert result.status == (201 if fits else 403), result.body
        if not fits:
            return multiple()
        self.model.holds.pop(hold_id or "", None)
        self.model.bookings[result.body["bookingNumber"]] = Booked(place)
        return str(result.body["bookingNumber"])

    @rule(number=bookings, place=PLACES)
    def change(self, number: str, place: Place) -> None:
        """Move a booking, or change who comes; its own seats are free for it."""
        booked = self.model.bookings[number]
        possible = not booked.canceled and self.model.fits(place, instead_of=number)
        assert self.api.put(f"/bookings/{number}", place.body).status == (200 if possible else 403)
        if possible:
            booked.place = place

    @rule(number=bookings)
    def cancel(self, number: str) -> None:
        """Cancel a booking, perhaps again."""
        assert self.api.delete(f"/bookings/{number}").status == 204
        self.model.bookings[number].canceled = True

    @rule(number=bookings, amount=AMOUNTS, refund=st.booleans())
    def pay(self, number: str, amount: Decimal, refund: bool) -> None:
        """Record money that came, or went back; also for a cancelled booking."""
        received = -amount if refund else amount
        payment = {"reason": "Desk", "amount": render_money(received, "EUR"), "paymentMethod": "cash"}
        assert self.api.post(f"/bookings/{number}/payments", payment).status == 201
        self.model.bookings[number].payments.append(received)

    @rule(seconds=SECONDS)
    def wait(self, seconds: int) -> None:
        """Let time go by, and holds end."""
        self.model.now += seconds
        moment = datetime.fromisoformat(NOW) + timedelta(seconds=self.model.now)
        self.api.knobs = f"clock={moment.isoformat()}"

    @invariant()
    def seats_agree(self) -> None:
        """The seats left are those of the model, and never fewer than none."""
        slots = {slot["eventId"]: slot["numSeatsAvailable"] for slot in self.api.get("/availability/slots", **DAY).data}
        for slot in SLOTS:
            assert slots[slot.event_id] == self.model.left(slot) >= 0

    @invariant()
    def bookings_agree(self) -> None:
        """Every booking has its slot, price and payments, whatever happened to others."""
        found = self.api.get("/bookings", includeCanceled=True, itemsPerPage=100, **DAY).data
        told = {
            one["bookingNumber"]: (
                one["eventId"],
                one["canceled"],
                Decimal(one["price"]["totalGross"]["amount"]),
                Decimal(one["price"]["totalPaid"]["amount"]),
            )
            for one in found
        }
        assert told == {number: booked.facts for number, booked in self.model.bookings.items()}


TestVisitors = pytest.mark.timeout(400)(Visitors.TestCase)  # some 1,600 steps take their time on a busy machine
TestVisitors.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, database=None, report_multiple_bugs=False
)


@pytest.mark.parametrize("wrong", ["seats", "money"])
def test_disagreement_is_noticed(wrong: str) -> None:
    """The invariants can fail."""
    visitors = Visitors()
    visitors.open()
    number = visitors.book(Place(SLOTS[0], 2, 1))
    assert isinstance(number, str)
    if wrong == "seats":
        visitors.model.bookings.clear()
        check = visitors.seats_agree
    else:
        visitors.model.bookings[number].payments.append(Decimal("0.01"))
        check = visitors.bookings_agree
    with pytest.raises(AssertionError):
        check()
    visitors.teardown()
