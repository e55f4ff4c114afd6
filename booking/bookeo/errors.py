"""What can go wrong between us and Bookeo.

    BookeoError
    ├── HeldBack               not sent: our own gate kept it
    │   ├── BudgetSpent        too many calls at the moment; this one waited as long as it could
    │   └── CircuitOpen        Bookeo has not been answering; we give it a rest
    ├── NoAnswer               nothing came back
    │   ├── ConnectionFailed   the request was never sent
    │   └── AnswerLost         the request went out; what it did is unknown
    ├── Refused                Bookeo answered no
    │   ├── Invalid            400, 405, 406, 415, 422
    │   ├── NotAuthorised      401
    │   ├── Forbidden          403: permission, or a business rule
    │   ├── NotFound           404, 410
    │   ├── Conflict           409
    │   ├── RateLimited        429
    │   └── ProviderFault      5xx
    └── UnexpectedAnswer       a success, or a redirect, that we do not understand

Two questions divide the tree: did an answer come, and could the write have happened? The second
has its own property, ``outcome_unknown``. Statuses are explained in reference 2.7.
"""

from __future__ import annotations


class BookeoError(Exception):
    """Base of everything that a call to Bookeo raises.

    ``operation`` is the client method, ``status`` the HTTP status or None, ``error_id`` what
    Bookeo's support asks for. ``message`` is upstream text: for logs and for matching, never for
    customers. The text of the error itself carries none of it, so it is safe to log.
    """

    def __init__(
        self,
        operation: str,
        *,
        status: int | None = None,
        message: str = "",
        error_id: str | None = None,
        is_write: bool = False,
    ) -> None:
        super().__init__(operation)
        self.operation = operation
        self.status = status
        self.message = message
        self.error_id = error_id
        self.is_write = is_write

    @property
    def outcome_unknown(self) -> bool:
        """Whether a write may have happened although we cannot say so."""
        return False

    def __str__(self) -> str:
        status = "" if self.status is None else f", status {self.status}"
        error_id = "" if self.error_id is None else f", errorId {self.error_id}"
        return f"{self.operation}: {type(self).__name__}{status}{error_id}"

    def __repr__(self) -> str:
        return f"<{self}>"


class HeldBack(BookeoError):
    """Our own gate did not let the request out. ``retry_after`` is when it is worth trying again, in seconds."""

    def __init__(self, operation: str, *, retry_after: float, is_write: bool = False) -> None:
        super().__init__(operation, is_write=is_write)
        self.retry_after = retry_after


class BudgetSpent(HeldBack):
    """The calls that Bookeo grants us are used up for the moment."""


class CircuitOpen(HeldBack):
    """Bookeo failed again and again a moment ago."""


class NoAnswer(BookeoError):
    """Nothing came back."""


class ConnectionFailed(NoAnswer):
    """The request was never sent."""


class AnswerLost(NoAnswer):
    """The request went out, and no complete answer came back in time."""

    @property
    def outcome_unknown(self) -> bool:
        """True for every write."""
        return self.is_write


class Refused(BookeoError):
    """Bookeo answered with a status of 400 or above."""


class Invalid(Refused):
    """The request itself is wrong, or carries an unusable promotion or voucher code."""


class NotAuthorised(Refused):
    """The keys are missing or unknown."""


class Forbidden(Refused):
    """The key lacks a permission, or a rule of the business forbids it: no seats, too late, members only."""


class NotFound(Refused):
    """No such object, or no longer: an expired hold answers so."""


class Conflict(Refused):
    """The object is in a state that does not allow the operation."""


class RateLimited(Refused):
    """Too many calls. ``retry_after`` is the wait that Bookeo asks for, in seconds, if it says one."""

    def __init__(
        self,
        operation: str,
        *,
        status: int | None = None,
        message: str = "",
        error_id: str | None = None,
        is_write: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(operation, status=status, message=message, error_id=error_id, is_write=is_write)
        self.retry_after = retry_after


class ProviderFault(Refused):
    """Bookeo failed on its side."""

    @property
    def outcome_unknown(self) -> bool:
        """True for every write: a fault says nothing about how far the write came."""
        return self.is_write


class UnexpectedAnswer(BookeoError):
    """A success or redirect that we cannot read: our mistake, or a change on their side."""

    @property
    def outcome_unknown(self) -> bool:
        """True for every write."""
        return self.is_write
