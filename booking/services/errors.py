"""What a visitor can meet when a service cannot do what was asked.

ServiceError
  NotFound           404  no such product, booking or page of times
  TimeGone           409  somebody else was quicker, or the business closed the time
  RuleRefused        409  a rule of the business or of Bookeo forbids it
  CustomerNeeded     403  only members or holders of credits may book this: sign in first
  CodeRefused        422  the promotion or voucher code is not accepted
  DetailsRejected    422  Bookeo refuses what was entered
  SignInFailed       422  one and the same message for every reason
  TooManyAttempts    429  wait, then try again
  Unavailable        503  Bookeo cannot be reached, is busy, or refuses our keys
  OutcomeUnknown     202  a write was sent and its answer is lost; it is looked up, never sent again
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from booking import bookeo

logger = logging.getLogger("booking.services")


class ServiceError(Exception):
    status = 500


class NotFound(ServiceError):
    status = 404


class TimeGone(ServiceError):
    status = 409


class RuleRefused(ServiceError):
    status = 409


class CustomerNeeded(ServiceError):
    status = 403


class CodeRefused(ServiceError):
    status = 422


class DetailsRejected(ServiceError):
    status = 422


class SignInFailed(ServiceError):
    status = 422


class TooManyAttempts(ServiceError):
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts")
        self.retry_after = retry_after


class Unavailable(ServiceError):
    status = 503

    def __init__(self, message: str = "", retry_after: int = 30) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OutcomeUnknown(ServiceError):
    status = 202


# The API has no error codes; these words of a 403 speak of the key, not of a rule of the business (reference 2.7).
PERMISSION_WORDS = ("permission", "authoris", "authoriz", "api key", "apikey", "secret key")


def is_permission_problem(error: bookeo.Refused) -> bool:
    """A 403 may be a business rule or a missing permission; only its text tells (reference 2.7)."""
    return speaks_of(error, PERMISSION_WORDS)


def speaks_of(error: bookeo.Refused, words: tuple[str, ...]) -> bool:
    """Whether the text of a refusal holds one of the words."""
    message = (error.message or "").lower()
    return any(word in message for word in words)


@contextmanager
def rules_may_refuse() -> Iterator[None]:
    """Inside `bookeo_errors_translated`: a 403 that is not about permissions is a rule's refusal."""
    try:
        yield
    except bookeo.Forbidden as error:
        if is_permission_problem(error):
            raise
        raise RuleRefused(str(error)) from error


@contextmanager
def write_may_stand() -> Iterator[None]:
    """Around what is asked after a write was sent: that Bookeo cannot be reached now does not undo the write."""
    try:
        yield
    except Unavailable as error:
        raise OutcomeUnknown(str(error)) from error


@contextmanager
def bookeo_errors_translated() -> Iterator[None]:
    """Turn the wire's errors into a visitor's, and log each one here, once.

    Callers that know more (a refused hold is a time gone) catch the wire's error inside this block.
    """
    try:
        yield
    except bookeo.NotFound as error:
        raise NotFound(str(error)) from error
    except bookeo.HeldBack as error:
        logger.info("held back: %s", error)
        raise Unavailable(str(error), retry_after=max(1, ceil(error.retry_after))) from error
    except bookeo.RateLimited as error:
        logger.warning("upstream busy: %s", error)
        raise Unavailable(str(error), retry_after=max(1, round(error.retry_after or 30))) from error
    except (bookeo.NotAuthorised, bookeo.Forbidden) as error:
        logger.error("upstream refuses our keys or permissions: %s", error)
        raise Unavailable(str(error), retry_after=300) from error
    except bookeo.Invalid as error:
        logger.error("upstream refuses our request: %s", error)
        raise DetailsRejected(str(error)) from error
    except bookeo.BookeoError as error:
        logger.warning("upstream failed: %s", error)
        raise Unavailable(str(error)) from error
