"""A draft is readable with its token alone, and it moves when it becomes personal."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from booking.drafts import DraftGone, DraftMoved, DraftState, WrongProof, follow, open_draft, store, vault
from booking.drafts.state import Contact
from booking.models import Draft
from booking.services.choices import Choice, Party, Wishes
from booking.services.errors import TooManyAttempts

pytestmark = pytest.mark.django_db

START = datetime(2027, 6, 12, 10, tzinfo=UTC)
CHOICE = Choice(
    wishes=Wishes(product_id="4151KAYK", party=Party.of({"Cadults": 2})),
    event_id="4151NE4X_2027-06-12",
    start=START,
    end=START + timedelta(hours=2),
)
CONTACT = Contact(first_name="Maya", last_name="Canary", email="maya@canary.example", phone="+390555010199")
PERSONAL = DraftState(choice=CHOICE, contact=CONTACT)


def _with_contact(state: DraftState) -> DraftState:
    return state.model_copy(update={"contact": CONTACT})


def test_draft_is_found_again_with_its_token() -> None:
    draft, created = store.create(PERSONAL)
    assert created
    assert open_draft(draft.token).state == PERSONAL


def test_row_shows_nothing_of_what_was_typed() -> None:
    store.create(PERSONAL)
    row = Draft.objects.get()
    stored = repr(vars(row)).encode() + bytes(row.sealed)
    for secret in (b"Maya", b"Canary", b"canary.example", b"0555010199", b"4151KAYK"):
        assert secret not in stored


def test_token_stays_out_of_repr() -> None:
    draft, _ = store.create(PERSONAL)
    assert draft.token not in repr(draft)
    assert "Maya" not in repr(draft)


def test_other_token_or_server_secret_opens_nothing(settings: Settings) -> None:
    draft, _ = store.create(PERSONAL)
    with pytest.raises(DraftGone):
        open_draft(vault.new_token())
    settings.SECRET_KEY = "another"
    with pytest.raises(DraftGone):
        open_draft(draft.token)


def test_changed_bytes_are_refused() -> None:
    draft, _ = store.create(PERSONAL)
    row = Draft.objects.get()
    row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
    row.save()
    with pytest.raises(DraftGone):
        open_draft(draft.token)


def test_row_of_another_draft_cannot_be_swapped_in() -> None:
    mine, _ = store.create(DraftState(choice=CHOICE))
    store.create(PERSONAL)
    first, second = Draft.objects.order_by("id")
    first.sealed = second.sealed
    first.save()
    with pytest.raises(DraftGone):
        open_draft(mine.token)


def test_change_builds_on_the_newest_state() -> None:
    draft, _ = store.create(DraftState(choice=CHOICE))
    store.change(draft.token, _with_contact)
    store.change(draft.token, lambda state: state.model_copy(update={"details_done": True}))
    assert open_draft(draft.token).state.contact == CONTACT


def test_draft_runs_out_and_is_swept() -> None:
    draft, _ = store.create(PERSONAL)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=True):
        with pytest.raises(DraftGone):
            open_draft(draft.token)
        store.create(DraftState(choice=CHOICE))
        assert Draft.objects.count() == 1


def test_moved_draft_leaves_the_choice_and_nothing_else() -> None:
    draft, _ = store.create(DraftState(choice=CHOICE))
    moved = store.move(draft.token, _with_contact, proof=CONTACT.email)

    assert moved.token != draft.token
    assert moved.reference == draft.reference
    with pytest.raises(DraftMoved) as caught:
        open_draft(draft.token)
    assert caught.value.state == DraftState(choice=CHOICE)
    assert open_draft(moved.token).state.contact == CONTACT


def test_proof_leads_on_over_several_moves() -> None:
    first, _ = store.create(DraftState(choice=CHOICE))
    second = store.move(first.token, _with_contact, proof=CONTACT.email)
    third = store.move(second.token, lambda state: state, proof=CONTACT.email)
    assert follow(first.token, proof="  MAYA@canary.example ").token == third.token


def test_guessing_is_stopped() -> None:
    draft, _ = store.create(DraftState(choice=CHOICE))
    store.move(draft.token, _with_contact, proof=CONTACT.email)
    for _ in range(store.GUESSES_ALLOWED):
        with pytest.raises(WrongProof):
            follow(draft.token, proof="someone@else.example")
    with pytest.raises(TooManyAttempts):
        follow(draft.token, proof=CONTACT.email)


def test_same_visit_finds_the_same_draft_and_another_does_not() -> None:
    first, created = store.create(DraftState(choice=CHOICE), visit="a" * 24)
    again, created_again = store.create(PERSONAL, visit="a" * 24)

    assert (created, created_again) == (True, False)
    assert again.reference == first.reference
    assert vault.token_of_visit("b" * 24) != first.token
    assert "a" * 24 not in first.token


def test_what_is_too_short_to_name_a_visit_names_none() -> None:
    drafts = [store.create(DraftState(choice=CHOICE), visit="a" * 21) for _ in range(2)]
    assert [created for _, created in drafts] == [True, True]


texts = st.text(max_size=40)


@given(first=texts, last=texts, email=texts, answers=st.lists(st.tuples(texts, texts), max_size=4), proof=texts)
def test_any_state_survives_sealing(
    first: str, last: str, email: str, answers: list[tuple[str, str]], proof: str
) -> None:
    contact = Contact(first_name=first, last_name=last, email=email, custom_fields=tuple(answers))
    state = DraftState(choice=CHOICE, contact=contact, typed=tuple(answers))
    token = vault.new_token()
    sealed = vault.seal(state.model_dump_json(exclude_unset=True).encode(), token, proof=proof)
    assert DraftState.model_validate_json(vault.unseal(sealed, token, proof=proof)) == state
    with pytest.raises(vault.SealBroken):
        vault.unseal(sealed, token, proof=proof + "x")
