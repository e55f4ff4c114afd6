"""Who is coming: the details of a booking's participants, and the linked people that they bring into being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sandbox.booking_schemas import ParticipantInput, ParticipantUpdate
from sandbox.call import Call, Json
from sandbox.errors import bad_request
from sandbox.people import insert_person, linked_people, person_details

Given = Sequence[ParticipantInput] | Sequence[ParticipantUpdate]
_KNOWN_WORDS = ("PSELF", "PNEW", "PUNKNOWN")


def resolve(call: Call, customer_id: str, numbers: Mapping[str, int], given: Given) -> list[Json]:
    """The participants to keep, one for each person; PNEW creates a linked person of the customer."""
    known = {row["id"] for row in linked_people(call.db, customer_id)}
    _check(numbers, given, known)
    by_place = {(one.people_category_id, one.category_index): one for one in given}
    return [
        _resolved(call, customer_id, category, index, by_place.get((category, index)))
        for category, number in numbers.items()
        for index in range(1, number + 1)
    ]


def _check(numbers: Mapping[str, int], given: Given, known: set[str]) -> None:
    places = [(one.people_category_id, one.category_index) for one in given]
    if len(set(places)) != len(places):
        raise bad_request("Two participants have the same category and index")
    if any(index > numbers.get(category, 0) for category, index in places):
        raise bad_request("A participant does not match the numbers of people")
    if sum(one.person_id == "PSELF" for one in given) > 1:
        raise bad_request("The customer can take part only once")
    if any(one.person_id not in known and one.person_id not in _KNOWN_WORDS for one in given):
        raise bad_request("A participant is not linked to the customer")


def _resolved(
    call: Call, customer_id: str, category: str, index: int, one: ParticipantInput | ParticipantUpdate | None
) -> Json:
    person_id = "PUNKNOWN" if one is None else one.person_id
    if one is not None and one.person_id == "PNEW":
        details = person_details(call, one.person_details) if one.person_details else {}
        person_id = insert_person(call.db, customer_id, details, call.now)
    return {"personId": person_id, "peopleCategoryId": category, "categoryIndex": index}
