"""The people who work here: inviting them, giving them a role, letting them go.

Nothing is mailed. Whoever is invited, or has forgotten the password, gets a link from an owner that works once.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter as sessions_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from booking.services import second_factors
from booking.services.errors import DetailsRejected, NotFound, RuleRefused
from booking.services.staff_acts import Role


class EmailTaken(DetailsRejected):
    """Somebody of the staff has it already."""


class LastOwner(RuleRefused):
    """Then nobody could manage staff any more."""


@dataclass(frozen=True, slots=True)
class Member:
    """`invited` means that no password is set yet."""

    id: int
    name: str
    email: str
    role: Role | None
    active: bool
    invited: bool
    second_factor: bool
    last_seen: datetime | None


def find_staff() -> list[Member]:
    """Everybody, those who were let go last, by name."""
    users = User.objects.prefetch_related("groups").order_by("-is_active", "first_name", "username")
    with_factor = set(Authenticator.objects.filter(type__in=second_factors.FACTORS).values_list("user_id", flat=True))
    return [_member(user, second_factor=user.pk in with_factor) for user in users]


def get_member(member_id: int) -> Member:
    """Raises NotFound."""
    user = _user(member_id)
    return _member(user, second_factor=second_factors.has_one(user))


def has_owner() -> bool:
    """Whether an owner can come in; one who was invited and has chosen no password cannot."""
    return _active_owners().exists()


def create_owner(*, name: str, email: str, password: str) -> Member:
    """Raises EmailTaken."""
    return _create(name, email, Role.OWNER, password)


def invite(*, name: str, email: str, role: Role) -> Member:
    """Somebody who still has to choose a password, by a link (`link_key`). Raises EmailTaken."""
    return _create(name, email, role, None)


def change_role(member_id: int, role: Role) -> Member:
    """Counts from their next request on. Raises NotFound, LastOwner."""
    with transaction.atomic():
        user = _user(member_id)
        _another_owner_stays(user, unless=role == Role.OWNER)
        user.groups.set([Group.objects.get(name=role)])
    return get_member(member_id)


def let_go(member_id: int) -> Member:
    """No way in any more, and signed out everywhere. Raises NotFound, LastOwner."""
    with transaction.atomic():
        user = _user(member_id)
        _another_owner_stays(user)
        user.is_active = False
        user.save(update_fields=["is_active"])
    _sign_out_everywhere(user)
    return get_member(member_id)


def take_back(member_id: int) -> Member:
    """Raises NotFound."""
    user = _user(member_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return get_member(member_id)


def remove_second_factor(member_id: int) -> Member:
    """For somebody who has lost it: signed out everywhere, and the password alone is asked for. Raises NotFound."""
    user = _user(member_id)
    Authenticator.objects.filter(user=user).delete()
    _sign_out_everywhere(user)
    return get_member(member_id)


def link_key(member_id: int) -> str:
    """The secret of a link with which this person chooses a password. It is kept nowhere, works once, and stops working
    when they sign in, or after three days. Raises NotFound, also for somebody who was let go."""
    return default_token_generator.make_token(_holder(member_id))


def holder_of(member_id: int, key: str) -> User:
    """Whose link it is. Raises NotFound for one that does not work, whatever the reason."""
    user = _holder(member_id)
    if not default_token_generator.check_token(user, key):
        raise NotFound("this link does not work")
    return user


def choose_password(member_id: int, key: str, password: str) -> Member:
    """With the link of that person, which stops working. Raises NotFound."""
    user = holder_of(member_id, key)
    user.set_password(password)
    user.save(update_fields=["password"])
    _sign_out_everywhere(user)
    return get_member(member_id)


def purge_sessions() -> int:
    """Forget sessions that have run out; how many there were."""
    deleted, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return deleted


def _create(name: str, email: str, role: Role, password: str | None) -> Member:
    email = email.strip().casefold()
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, email, password, first_name=name.strip(), is_staff=True)
            user.groups.add(Group.objects.get(name=role))
    except IntegrityError as error:
        raise EmailTaken("this e-mail is taken") from error
    return get_member(user.pk)


def _user(member_id: int) -> User:
    try:
        return User.objects.get(pk=member_id)
    except User.DoesNotExist as error:
        raise NotFound(f"no member {member_id}") from error


def _holder(member_id: int) -> User:
    user = _user(member_id)
    if not user.is_active:
        raise NotFound(f"member {member_id} was let go")
    return user


def _active_owners() -> models.QuerySet[User]:
    """Those who can come in: not somebody who was invited and has chosen no password yet."""
    owners = User.objects.filter(is_active=True, groups__name=Role.OWNER)
    return owners.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def _another_owner_stays(user: User, *, unless: bool = False) -> None:
    """Raises LastOwner. The lock lets two owners not remove each other at the same moment."""
    Group.objects.select_for_update().get(name=Role.OWNER)
    if (
        not unless
        and _active_owners().filter(pk=user.pk).exists()
        and not _active_owners().exclude(pk=user.pk).exists()
    ):
        raise LastOwner(f"{user.pk} is the last owner")


def _sign_out_everywhere(user: User) -> None:
    sessions_adapter().end_sessions(list(UserSession.objects.filter(user=user)))


def _member(user: User, *, second_factor: bool) -> Member:
    names = {group.name for group in user.groups.all()}
    return Member(
        id=user.pk,
        name=user.get_full_name() or user.username,
        email=user.email,
        role=next((role for role in reversed(Role) if role in names), None),
        active=user.is_active,
        invited=not user.has_usable_password(),
        second_factor=second_factor,
        last_seen=user.last_login,
    )
