"""Signing in and booking: what is asked of Bookeo, and what the draft knows afterwards."""

from decimal import Decimal
from typing import Any

import pytest
import responses
import time_machine

from booking.bookeo import Money
from booking.drafts import OpenDraft, follow, journey, open_draft
from booking.models import Attempt
from booking.services import attempts
from booking.services.errors import CodeRefused, CustomerNeeded, OutcomeUnknown, SignInFailed
from booking.services.holds import Codes
from tests.bookeo.samples import payload
from tests.drafts.visits import (
    AFTER_THE_HOLD,
    CONTACT,
    HOLD,
    MEMBER,
    MYSELF,
    NOW,
    YOGA,
    chosen,
    draft_with,
    holding,
    posted,
)
from tests.services.answers import KAYAK, answer, error, listing, products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=True):
        yield


class TestSigningIn:
    def _sign_in(self, draft: OpenDraft) -> OpenDraft:
        return journey.sign_in(draft, email="camille.moreau@example.com", password="right", client="192.0.2.44")

    def test_seats_are_priced_for_the_customer_at_a_new_address(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "hold.credit.response")
        answer(bookeo, "GET", "/customers", "customers.search.response")
        bookeo.add("GET", "https://api.bookeo.test/v2/customers/4151T6RJWA19C4D81150E/authenticate", status=200)
        draft = draft_with(participants=MYSELF, participants_done=True)
        signed_in = self._sign_in(draft)

        (sent,) = posted(bookeo)
        assert (sent["customerId"], sent["query"]["previousHoldId"]) == ("4151T6RJWA19C4D81150E", HOLD.id)
        assert signed_in.token != draft.token
        assert signed_in.state.signed_in is not None
        assert signed_in.state.signed_in.phone == "+33 1 99 00 11 22"
        assert (signed_in.state.participants, signed_in.state.participants_done) == ((), False)
        assert follow(draft.token, proof="Camille.Moreau@example.com").token == signed_in.token

    def test_failure_leaves_the_draft_where_it_is(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "GET", "/customers", listing())
        draft = draft_with()
        with pytest.raises(SignInFailed):
            self._sign_in(draft)
        assert open_draft(draft.token).state == draft.state

    def test_customer_who_may_not_book_it_stays_signed_out(self, bookeo: responses.RequestsMock) -> None:
        products(bookeo)
        answer(bookeo, "POST", "/holds", error(403, "No credits left"), status=403)
        answer(bookeo, "GET", "/customers", "customers.search.response")
        bookeo.add("GET", "https://api.bookeo.test/v2/customers/4151T6RJWA19C4D81150E/authenticate", status=200)
        draft = draft_with(choice=chosen(YOGA), hold=None)
        with pytest.raises(CustomerNeeded):
            self._sign_in(draft)
        assert open_draft(draft.token).state.signed_in is None

    def test_signing_out_prices_the_seats_for_a_guest(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        draft = draft_with(signed_in=MEMBER, details_done=True, participants=MYSELF, participants_done=True)
        state = journey.sign_out(draft).state
        assert "customerId" not in posted(bookeo)[0]
        assert (state.signed_in, state.details_done, state.participants) == (None, False, ())

    def test_signing_out_of_what_is_for_members_gives_the_hold_up(self, bookeo: responses.RequestsMock) -> None:
        products(bookeo)
        state = journey.sign_out(draft_with(choice=chosen(YOGA), signed_in=MEMBER, contact=CONTACT)).state
        assert (state.hold, state.details_done) == (None, True)

    def test_code_that_is_refused_on_leaving_does_not_stay(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "error.400.promotion", "hold.response")
        state = journey.sign_out(draft_with(signed_in=MEMBER, codes=Codes(promotion="MEMBERS"))).state
        assert (state.codes, state.refused_codes) == (Codes(), Codes(promotion="MEMBERS"))
        assert [sent.get("promotionCodeInput") for sent in posted(bookeo)] == ["MEMBERS", None]


class TestBooking:
    def test_guest_is_sent_as_typed_and_tidied(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        address = {"address1": "Via Roma 1", "postcode": "50123", "city": "Firenze", "country": "IT"}
        contact = CONTACT.model_copy(update=address | {"custom_fields": (("K3RTWA", "A friend"),)})
        draft = journey.book(draft_with(contact=contact, codes=Codes(voucher="GIFT"), text_options=(("o", "Grand"),)))

        (sent,) = posted(bookeo, "/bookings")
        assert sent["customer"] == {
            "firstName": "Maya",
            "lastName": "Rossi",
            "emailAddress": "maya@example.com",
            "phoneNumbers": [{"number": "+390555010199", "type": "mobile"}],
            "streetAddress": {
                "address1": "Via Roma 1",
                "city": "Firenze",
                "postcode": "50123",
                "countryCode": "IT",
            },
            "customFields": [{"id": "K3RTWA", "value": "A friend"}],
        }
        assert "customerId" not in sent
        assert (sent["query"]["previousHoldId"], sent["giftVoucherCodeInput"]) == (HOLD.id, "GIFT")
        assert sent["options"] == [{"id": "o", "value": "Grand"}]
        assert draft.state.placed is not None
        assert draft.state.placed.booking_number == "4151607147062318"

    def test_member_is_sent_by_id_even_if_details_were_typed_before(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        journey.book(draft_with(contact=CONTACT, signed_in=MEMBER))
        (sent,) = posted(bookeo, "/bookings")
        assert sent["customerId"] == "C1"
        assert "customer" not in sent

    def test_booked_draft_is_not_booked_again(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        draft = journey.book(draft_with(contact=CONTACT))
        assert journey.book(draft) == draft
        assert journey.settle(draft) == draft
        assert len(bookeo.calls) == 1

    def test_hold_that_ran_out_is_renewed_at_the_same_price(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, id="renewed", expiration="2026-07-14T09:40:00+02:00")
        answer(bookeo, "POST", "/bookings", "booking.create.response", status=201)
        with time_machine.travel(AFTER_THE_HOLD, tick=True):
            journey.book(draft_with(contact=CONTACT))
        assert posted(bookeo, "/bookings")[0]["query"]["previousHoldId"] == "renewed"

    def test_other_price_is_shown_before_it_is_agreed_to(self, bookeo: responses.RequestsMock) -> None:
        price = payload("hold.response")["price"] | {"totalGross": {"amount": "143", "currency": "EUR"}}
        holding(bookeo, price=price)
        draft = draft_with(contact=CONTACT)
        with time_machine.travel(AFTER_THE_HOLD, tick=True), pytest.raises(journey.PriceChanged):
            journey.book(draft)
        assert not Attempt.objects.exists()
        kept = open_draft(draft.token).state.hold
        assert kept is not None
        assert str(kept.price.total_gross.amount) == "143"

    def test_other_amount_left_to_pay_is_shown_before_it_is_agreed_to(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        used_up = HOLD.model_copy(update={"total_payable": Money(amount=Decimal(1), currency="EUR")})
        with time_machine.travel(AFTER_THE_HOLD, tick=True), pytest.raises(journey.PriceChanged):
            journey.book(draft_with(contact=CONTACT, hold=used_up))
        assert not Attempt.objects.exists()

    def test_code_that_is_refused_while_booking_leaves_seats_without_it(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, id="renewed", expiration="2026-07-14T09:40:00+02:00")
        answer(bookeo, "POST", "/bookings", "error.400.promotion", status=400)
        draft = draft_with(contact=CONTACT, codes=Codes(promotion="SUMMER10"))
        with time_machine.travel(AFTER_THE_HOLD, tick=True), pytest.raises(CodeRefused):
            journey.book(draft)

        state = open_draft(draft.token).state
        assert (state.codes, state.refused_codes) == (Codes(), Codes(promotion="SUMMER10"))
        renewed, without = posted(bookeo)
        assert (renewed["promotionCodeInput"], without.get("promotionCodeInput")) == ("SUMMER10", None)
        assert without["query"]["previousHoldId"] == "renewed"

    def test_lost_answer_is_remembered(self, bookeo: responses.RequestsMock) -> None:
        answer(bookeo, "POST", "/bookings", "error.500", status=500)
        draft = draft_with(contact=CONTACT)
        with pytest.raises(OutcomeUnknown):
            journey.book(draft)
        assert open_draft(draft.token).state.in_doubt

    def test_press_that_is_being_looked_for_is_remembered(self, bookeo: responses.RequestsMock) -> None:
        draft = draft_with(contact=CONTACT)
        attempts.begin(attempts.Kind.BOOKING, draft.reference.hex)
        with pytest.raises(OutcomeUnknown):
            journey.settle(draft)
        assert open_draft(draft.token).state.in_doubt

    def test_settling_tells_the_draft_what_was_found(self, bookeo: responses.RequestsMock) -> None:
        draft = draft_with(contact=CONTACT)
        attempt = Attempt.objects.create(
            kind="booking",
            subject=draft.reference.hex,
            reference="web-1",
            product_id=KAYAK,
            event_id="event",
            state="unknown",
        )
        mine = payload("booking.pending.response") | {"externalRef": attempt.reference}
        answer(bookeo, "GET", "/bookings", listing(mine))
        answer(bookeo, "GET", f"/bookings/{mine['bookingNumber']}", mine)
        placed = journey.settle(draft).state.placed
        assert placed is not None
        assert (placed.booking_number, placed.accepted) == (mine["bookingNumber"], False)

    def test_settling_without_a_booking_lets_the_visitor_try_again(self) -> None:
        draft = draft_with(contact=CONTACT)
        assert journey.settle(draft) == draft
