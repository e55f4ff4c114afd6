"""Two presses of staff on one time: one asks for the seats, and both learn what came of it."""

import pytest

from booking.drafts import desk, second_press
from booking.drafts.desk import DeskDraft
from booking.drafts.desk_states import OrderState
from booking.models import Draft
from booking.services.errors import TimeGone
from tests.drafts.visits import VISIT, chosen

pytestmark = pytest.mark.django_db

STATE = OrderState(staff_id=1, choice=chosen())


def _begin(hold: desk.Step[OrderState]) -> DeskDraft[OrderState]:
    return desk.begin(STATE, visit=VISIT, is_pressed=lambda draft: False, hold=hold)


def _gone(draft: DeskDraft[OrderState]) -> DeskDraft[OrderState]:
    raise TimeGone("gone")


def _asked(draft: DeskDraft[OrderState]) -> DeskDraft[OrderState]:
    return desk.change(draft, lambda state: state.model_copy(update={"asked": True}))


def test_second_press_has_the_draft_of_the_first() -> None:
    first = _begin(_asked)
    second = _begin(_gone)
    assert (second.token, second.reference) == (first.token, first.reference)


def test_second_press_waits_for_the_first_and_learns_that_the_time_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask_while_another_press_waits(draft: DeskDraft[OrderState]) -> DeskDraft[OrderState]:
        monkeypatch.setattr(second_press.time, "sleep", lambda seconds: Draft.objects.all().delete())
        with pytest.raises(TimeGone):
            _begin(_gone)
        return _gone(draft)

    with pytest.raises(TimeGone):
        _begin(ask_while_another_press_waits)
    assert not Draft.objects.exists()
