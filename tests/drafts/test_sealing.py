"""Whatever a draft knows comes back as it was, and nothing else opens it."""

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from booking.drafts import DraftState, open_draft, store, vault
from tests.drafts.states import states

few = hypothesis.settings(max_examples=40, deadline=None)


@pytest.mark.django_db
@few
@given(state=states)
def test_any_draft_comes_back_as_it_was(state: DraftState) -> None:
    draft, _ = store.create(state)
    again = open_draft(draft.token).state
    assert again == state
    assert again.model_dump_json(exclude_unset=True) == state.model_dump_json(exclude_unset=True)


@few
@given(state=states)
def test_old_address_shows_the_choice_alone(state: DraftState) -> None:
    hold = None if state.signed_in else state.hold
    assert state.without_personal_data() == DraftState(choice=state.choice, estimate=state.estimate, hold=hold)


@given(plain=st.binary(max_size=200), place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_changed_bit_breaks_the_seal(plain: bytes, place: int, bit: int) -> None:
    token = vault.new_token()
    sealed = bytearray(vault.seal(plain, token))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(vault.SealBroken):
        vault.unseal(bytes(sealed), token)


@given(sealed=st.binary(max_size=40))
def test_any_other_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(vault.SealBroken):
        vault.unseal(sealed, vault.new_token())


def test_same_words_are_sealed_differently_each_time() -> None:
    token = vault.new_token()
    assert len({vault.seal(b"the same", token) for _ in range(20)}) == 20


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {vault.new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert {len(token) for token in tokens} == {32}


def test_token_of_a_visit_is_stable_and_cannot_be_worked_out_without_the_secret(settings: Settings) -> None:
    visit = "V" * 24
    token = vault.token_of_visit(visit)
    assert vault.token_of_visit(visit) == token
    assert len(token) == 32
    settings.SECRET_KEY = "another"
    assert vault.token_of_visit(visit) != token


def test_row_is_found_by_what_does_not_tell_the_token(settings: Settings) -> None:
    token = vault.new_token()
    found_by = vault.key_hash(token)
    assert token not in found_by
    settings.SECRET_KEY = "another"
    assert vault.key_hash(token) != found_by
