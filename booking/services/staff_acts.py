"""What staff may do, and which role may do it. A role is a group of Django's, an act is one of its permissions.

A new act needs a name, a title and a role here; `keep_in_step`, which runs after every migrate, tells the database.
"""

from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, PermissionsMixin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from booking.models import AuditEntry

Whoever = AbstractBaseUser | AnonymousUser


class Act(StrEnum):
    SEE_DAY = "see_day"
    FIND_BOOKINGS = "find_bookings"
    SEE_BOOKING = "see_booking"
    CHECK_IN = "check_in"
    TAKE_PAYMENT = "take_payment"
    BOOK_FOR_CUSTOMER = "book_for_customer"
    EDIT_CUSTOMER = "edit_customer"
    REFUND = "refund"
    CANCEL_BOOKING = "cancel_booking"
    MOVE_BOOKING = "move_booking"
    RUN_BULK_DAY = "run_bulk_day"
    EXPORT = "export"
    SEE_REPORTS = "see_reports"
    DELETE_CUSTOMER = "delete_customer"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"


# As they end the sentence “You may not …”.
TITLES = {
    Act.SEE_DAY: "see the day",
    Act.FIND_BOOKINGS: "find bookings and customers",
    Act.SEE_BOOKING: "open a booking",
    Act.CHECK_IN: "check people in",
    Act.TAKE_PAYMENT: "take payments",
    Act.BOOK_FOR_CUSTOMER: "book for a customer",
    Act.EDIT_CUSTOMER: "change a customer’s details",
    Act.REFUND: "give money back",
    Act.CANCEL_BOOKING: "cancel a booking",
    Act.MOVE_BOOKING: "move or change a booking",
    Act.RUN_BULK_DAY: "call off or move a whole day",
    Act.EXPORT: "export lists",
    Act.SEE_REPORTS: "see the reports",
    Act.DELETE_CUSTOMER: "delete a customer",
    Act.CHANGE_SETTINGS: "change the settings",
    Act.MANAGE_STAFF: "manage staff",
    Act.SEE_AUDIT: "read the audit log",
}


class Role(StrEnum):
    DESK = "desk"
    MANAGER = "manager"
    OWNER = "owner"


_DESK = frozenset(
    {
        Act.SEE_DAY,
        Act.FIND_BOOKINGS,
        Act.SEE_BOOKING,
        Act.CHECK_IN,
        Act.TAKE_PAYMENT,
        Act.BOOK_FOR_CUSTOMER,
        Act.EDIT_CUSTOMER,
    }
)
_MANAGER = _DESK | {
    Act.REFUND,
    Act.CANCEL_BOOKING,
    Act.MOVE_BOOKING,
    Act.RUN_BULK_DAY,
    Act.EXPORT,
    Act.SEE_REPORTS,
    Act.DELETE_CUSTOMER,
}
ROLES = {Role.DESK: _DESK, Role.MANAGER: _MANAGER, Role.OWNER: frozenset(Act)}


def may(user: Whoever, act: Act) -> bool:
    """Whether this person, signed in and active, has the permission: by role, by itself, or as Django's superuser."""
    return isinstance(user, PermissionsMixin) and user.has_perm(f"{AuditEntry._meta.app_label}.{act}")


def keep_in_step(using: str, **kwargs: Any) -> None:
    """Make the groups and their permissions in the database what they are here; what is no act any more goes."""
    with transaction.atomic(using=using):
        permissions = _permissions(using)
        for role, acts in ROLES.items():
            group, _ = Group.objects.using(using).get_or_create(name=role)
            group.permissions.set([permissions[act] for act in acts])


def _permissions(using: str) -> dict[str, Permission]:
    """Each act leaves an entry in the audit log, so the permissions are those of that model."""
    kind = ContentType.objects.db_manager(using).get_for_model(AuditEntry)
    mine = Permission.objects.using(using).filter(content_type=kind)
    mine.exclude(codename__in=list(Act)).delete()
    known = set(mine.values_list("codename", flat=True))
    new = [Permission(content_type=kind, codename=act, name=f"Can {TITLES[act]}") for act in Act if act not in known]
    Permission.objects.using(using).bulk_create(new)
    return {permission.codename: permission for permission in mine}
