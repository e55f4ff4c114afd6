"""Who works here, in words."""

from dataclasses import dataclass

from booking.presenters import texts
from booking.services.staff import Member


@dataclass(frozen=True, slots=True)
class MemberLine:
    """`state` is empty for somebody who is as one expects."""

    id: int
    name: str
    email: str
    role: str
    state: str
    active: bool
    second_factor: str
    last_seen: str


def member_line(member: Member) -> MemberLine:
    return MemberLine(
        id=member.id,
        name=member.name,
        email=member.email,
        role=str(member.role or "none").capitalize(),
        state=_state(member),
        active=member.active,
        second_factor="yes" if member.second_factor else "no",
        last_seen=texts.deadline(member.last_seen) if member.last_seen else "never",
    )


def _state(member: Member) -> str:
    if not member.active:
        return "let go"
    return "invited" if member.invited else ""
