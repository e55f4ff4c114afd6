"""Drafts of every kind, for property tests."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from booking.bookeo import Hold, LinkedPersonInput, Money, ParticipantInput
from booking.drafts import Contact, DraftState, Placed, SignedIn
from booking.services.choices import Choice, CourseClass, Party, Wishes
from booking.services.holds import Codes
from tests.bookeo.samples import payload


def _made(make: Callable[..., Any], **fields: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.fixed_dictionaries(fields).map(lambda values: make(**values))


def _several(one: SearchStrategy[Any]) -> SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=3).map(tuple)


words = st.text(max_size=20)
pairs = _several(st.tuples(words, words))
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# Seconds are what the wire tells, from 2020 to 2040.
moments = st.builds(datetime.fromtimestamp, st.integers(1_577_836_800, 2_208_988_800), offsets)
amounts = _made(Money, amount=st.decimals(-(10**9), 10**9, places=2), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
wishes = _made(
    Wishes,
    product_id=words,
    party=st.dictionaries(words, st.integers(0, 99), max_size=4).map(Party.of),
    options=pairs,
    resource_id=words,
)
choices = _made(
    Choice,
    wishes=wishes,
    event_id=words,
    start=moments,
    end=moments,
    classes=_several(_made(CourseClass, start=moments, end=moments)),
)
placed = _made(
    Placed,
    booking_number=words,
    start=moments,
    end=moments,
    accepted=st.booleans(),
    total=st.none() | amounts,
    paid=st.none() | amounts,
)
# Answers of several ages of the API, and one with a field that nobody knows yet.
HOLDS = ("hold.response", "hold.credit.response", "hold.prepaid.response", "hold.response.documented-2015")
holds = st.sampled_from(
    [Hold.model_validate(payload(name) | more) for name in HOLDS for more in ({}, {"newField": {"of": ["tomorrow"]}})]
)
people = _made(
    ParticipantInput,
    person_id=words,
    people_category_id=words,
    category_index=st.integers(1, 99),
    person_details=st.none() | _made(LinkedPersonInput, first_name=words, last_name=words),
)
contacts = _made(Contact, **(dict.fromkeys(Contact.model_fields, words) | {"custom_fields": pairs}))
members = _made(SignedIn, **dict.fromkeys(SignedIn.model_fields, words))
states: SearchStrategy[DraftState] = _made(
    DraftState,
    choice=choices,
    estimate=st.none() | amounts,
    hold=st.none() | holds,
    codes=_made(Codes, promotion=words, voucher=words),
    contact=st.none() | contacts,
    typed=pairs,
    signed_in=st.none() | members,
    text_options=pairs,
    details_done=st.booleans(),
    participants=_several(people),
    participants_done=st.booleans(),
    placed=st.none() | placed,
)
