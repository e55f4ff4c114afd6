"""What the business's API key may do at Bookeo. A call that it may not make says which permission is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from booking import bookeo
from booking.services.errors import Unavailable, is_permission_problem

ASK_AGAIN_SECONDS = 300


class Permission(StrEnum):
    """As Bookeo names them. Writing includes reading (reference 3)."""

    READ_BOOKINGS = "bookings_r_all"
    WRITE_BOOKINGS = "bookings_rw_all"
    READ_CUSTOMERS = "customers_r_all"
    WRITE_CUSTOMERS = "customers_rw_all"
    READ_PAYMENTS = "payments_r_all"
    WRITE_PAYMENTS = "payments_rw_all"


class PermissionMissing(Unavailable):
    """The key lacks `permission`; the owner can grant it in Bookeo's back office."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(f"the key lacks {permission}", retry_after=ASK_AGAIN_SECONDS)
        self.permission = permission


@contextmanager
def needing(permission: Permission) -> Iterator[None]:
    """Around calls of services: a refusal of the key becomes PermissionMissing."""
    try:
        yield
    except Unavailable as error:
        refusal = error.__cause__
        if isinstance(refusal, bookeo.Forbidden) and is_permission_problem(refusal):
            raise PermissionMissing(permission) from error
        raise
