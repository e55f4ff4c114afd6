"""What the API refuses, as exceptions. `app` turns them into the error body of reference section 2.7."""

from __future__ import annotations

from collections.abc import Mapping

NO_CONTENT = 204


class ApiError(Exception):
    """A refusal with its HTTP status and the text that the caller reads. `headers` come on top of the usual ones."""

    def __init__(
        self, status: int, message: str, *, retry_after: int | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after
        self.headers = dict(headers or {})


def bad_request(message: str, *parts: object) -> ApiError:
    """400: the request itself is wrong. The parts fill the braces of the message."""
    return ApiError(400, message.format(*parts))


def forbidden(message: str, *parts: object) -> ApiError:
    """403: a permission or a business rule refuses. The parts fill the braces of the message."""
    return ApiError(403, message.format(*parts))


def not_found(what: str = "Not found") -> ApiError:
    """404: no such object, or no longer."""
    return ApiError(404, what)


class ConnectionCutError(ConnectionResetError):
    """The `cut` knob: the caller must see a broken connection, never an answer."""
