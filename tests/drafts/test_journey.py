"""Choosing, holding, codes and details: what is asked of Bookeo, and what the draft knows afterwards."""

import time
from typing import Any, NoReturn

import pytest
import responses
import time_machine

from booking.bookeo import Money
from booking.drafts import DraftMoved, DraftState, follow, journey, open_draft, second_press, store
from booking.models import Draft
from booking.services.errors import CodeRefused, TimeGone, Unavailable
from booking.services.holds import Codes
from tests.bookeo.samples import payload
from tests.drafts.visits import (
    AFTER_THE_HOLD,
    CONTACT,
    HOLD,
    MYSELF,
    NOW,
    VISIT,
    YOGA,
    chosen,
    draft_with,
    holding,
    posted,
)
from tests.services.answers import products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=True):
        yield


def _must_not_wait(seconds: float) -> NoReturn:
    pytest.fail(f"waits {seconds} s for nothing")


class TestChoosing:
    def test_seats_are_held_before_the_draft_is_shown(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        estimate = Money.model_validate({"amount": "130", "currency": "EUR"})
        draft = journey.begin(chosen(), estimate, visit=VISIT)
        state = open_draft(draft.token).state
        assert (state.hold_id, state.estimate, state.choice) == (HOLD.id, estimate, chosen())

    @pytest.mark.parametrize(
        ("name", "meaning"), [("error.403.no-seats", TimeGone), ("error.500", Unavailable), ("error.429", Unavailable)]
    )
    def test_hold_that_fails_leaves_no_draft(
        self, bookeo: responses.RequestsMock, name: str, meaning: type[Exception]
    ) -> None:
        holding(bookeo, name)
        with pytest.raises(meaning):
            journey.begin(chosen(), None, visit=VISIT)
        assert not Draft.objects.exists()

    def test_product_for_members_is_kept_without_a_hold(self, bookeo: responses.RequestsMock) -> None:
        products(bookeo)
        draft = journey.begin(chosen(YOGA), None, visit=VISIT)
        assert open_draft(draft.token).state.hold is None
        assert not posted(bookeo)

    def test_visit_whose_draft_went_on_begins_another(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        first = journey.begin(chosen(), None, visit=VISIT)
        store.move(first.token, lambda state: state, proof=CONTACT.email)
        second = journey.begin(chosen(), None, visit=VISIT)
        assert second.reference != first.reference
        assert open_draft(second.token).state.choice == chosen()
        assert posted(bookeo)[-1]["query"]["previousHoldId"] == HOLD.id

    @pytest.mark.parametrize("visit", ["", "guess"])
    def test_visit_that_is_too_short_to_be_ours_names_no_draft(
        self, bookeo: responses.RequestsMock, visit: str
    ) -> None:
        holding(bookeo)
        tokens = {journey.begin(chosen(), None, visit=visit).token for _ in range(2)}
        assert len(tokens) == 2

    def test_second_press_on_a_time_for_members_waits_for_nothing(
        self, bookeo: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        products(bookeo)
        first = journey.begin(chosen(YOGA), None, visit=VISIT)
        monkeypatch.setattr(time, "sleep", _must_not_wait)
        assert journey.begin(chosen(YOGA), None, visit=VISIT).token == first.token

    def test_second_press_has_the_hold_of_the_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first, _ = store.create(DraftState(choice=chosen()), visit=VISIT)

        def first_press_gets_its_hold(_: float) -> None:
            store.change(first.token, lambda state: state.model_copy(update={"hold": HOLD}))

        monkeypatch.setattr(time, "sleep", first_press_gets_its_hold)
        second = journey.begin(chosen(), None, visit=VISIT)
        assert (second.token, second.state.hold) == (first.token, HOLD)

    def test_second_press_begins_anew_when_the_first_came_to_nothing(
        self, bookeo: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        holding(bookeo)
        first, _ = store.create(DraftState(choice=chosen()), visit=VISIT)
        monkeypatch.setattr(time, "sleep", lambda _: store.discard(first.token))
        second = journey.begin(chosen(), None, visit=VISIT)
        assert second.token != first.token
        assert second.state.hold_id == HOLD.id

    def test_second_press_does_not_wait_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        store.create(DraftState(choice=chosen()), visit=VISIT)
        monkeypatch.setattr(second_press, "LONGEST_SECONDS", 0.0)
        with pytest.raises(Unavailable):
            journey.begin(chosen(), None, visit=VISIT)

    def test_other_time_keeps_everything_and_gives_the_seats_back(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        draft = draft_with(contact=CONTACT, details_done=True, participants=MYSELF, participants_done=True)
        state = journey.rechoose(draft, chosen(event_id="other"), None).state
        assert (state.contact, state.participants, state.participants_done) == (CONTACT, MYSELF, True)
        assert [sent["query"]["previousHoldId"] for sent in posted(bookeo)] == [HOLD.id]

    def test_other_party_asks_anew_who_is_coming(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        draft = draft_with(contact=CONTACT, details_done=True, participants=MYSELF, participants_done=True)
        state = journey.rechoose(draft, chosen(adults=3), None).state
        assert (state.contact, state.details_done) == (CONTACT, True)
        assert (state.participants, state.participants_done) == ((), False)

    def test_time_that_cannot_be_had_changes_nothing(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "error.403.no-seats")
        draft = draft_with()
        with pytest.raises(TimeGone):
            journey.rechoose(draft, chosen(event_id="other"), None)
        assert open_draft(draft.token).state == draft.state


class TestHolding:
    def test_more_time_costs_no_second_hold(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, expiration="2026-07-14T09:28:35+02:00")
        state = journey.hold_again(draft_with()).state
        assert [sent["query"]["previousHoldId"] for sent in posted(bookeo)] == [HOLD.id]
        assert state.hold is not None
        assert state.hold.expiration > HOLD.expiration

    def test_hold_that_ran_out_is_not_given_up_again(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        with time_machine.travel(AFTER_THE_HOLD, tick=True):
            journey.hold_again(draft_with())
        assert "previousHoldId" not in posted(bookeo)[0]["query"]

    def test_code_that_is_not_accepted_any_more_is_left_out(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "error.400.promotion", "hold.response")
        state = journey.hold_again(draft_with(codes=Codes(promotion="SUMMER10"))).state
        assert (state.codes, state.refused_codes) == (Codes(), Codes(promotion="SUMMER10"))
        assert ["promotionCodeInput" in sent for sent in posted(bookeo)] == [True, False]


class TestCodes:
    def test_promotion_is_tried_first(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "hold.promotion.response")
        state = journey.apply_code(draft_with(refused_codes=Codes(promotion="OLD")), "SUMMER10").state
        assert (state.codes, state.refused_codes) == (Codes(promotion="SUMMER10"), Codes())
        assert state.hold_id == payload("hold.promotion.response")["id"]

    def test_voucher_joins_the_promotion(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "error.400.promotion", "hold.credit.response")
        state = journey.apply_code(draft_with(codes=Codes(promotion="SUMMER10")), "GIFT25").state
        assert state.codes == Codes(promotion="SUMMER10", voucher="GIFT25")
        assert posted(bookeo)[1]["giftVoucherCodeInput"] == "GIFT25"

    def test_bad_code_leaves_the_draft_as_it_was(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo, "error.400.promotion")
        draft = draft_with(codes=Codes(promotion="SUMMER10"))
        with pytest.raises(CodeRefused):
            journey.apply_code(draft, "NONSENSE")
        assert open_draft(draft.token).state == draft.state

    def test_codes_are_taken_off_together(self, bookeo: responses.RequestsMock) -> None:
        holding(bookeo)
        state = journey.remove_codes(draft_with(codes=Codes(promotion="SUMMER10", voucher="GIFT25"))).state
        assert (state.codes, state.refused_codes) == (Codes(), Codes())
        assert not {"promotionCodeInput", "giftVoucherCodeInput"} & set(posted(bookeo)[0])


class TestDetails:
    def test_draft_moves_for_the_first_details_and_stays_for_changes(self) -> None:
        draft = draft_with(typed=(("first_name", "May"),))
        moved = journey.save_details(draft, CONTACT, (("option", "Grand Hotel"),))
        assert moved.token != draft.token
        assert (moved.state.details_done, moved.state.typed) == (True, ())
        with pytest.raises(DraftMoved) as caught:
            open_draft(draft.token)
        assert caught.value.state.contact is None

        changed = journey.save_details(moved, CONTACT.model_copy(update={"city": "Pisa"}), ())
        assert changed.token == moved.token
        assert open_draft(moved.token).state.text_options == ()

    def test_half_filled_form_is_kept_at_a_new_address(self) -> None:
        draft = draft_with()
        kept = journey.keep_typed(draft, {"first_name": "Maya", "email": "maya@example.com", "phone": ""})
        assert kept.token != draft.token
        assert kept.state.typed == (("first_name", "Maya"), ("email", "maya@example.com"))
        assert follow(draft.token, proof="Maya@example.com").token == kept.token

    @pytest.mark.parametrize(("known", "typed"), [({}, {"phone": ""}), ({"contact": CONTACT}, {"phone": "055"})])
    def test_address_stays_where_nothing_new_is_personal(self, known: dict[str, Any], typed: dict[str, str]) -> None:
        draft = draft_with(**known)
        assert journey.keep_typed(draft, typed).token == draft.token

    def test_who_is_coming_is_kept(self) -> None:
        state = journey.save_participants(draft_with(typed=(("a", "b"),)), MYSELF).state
        assert (state.participants, state.participants_done, state.typed) == (MYSELF, True, ())
