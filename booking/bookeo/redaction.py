"""Keeps keys, passwords and e-mail addresses out of logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection
from typing import Final

_REDACTED: Final = "[redacted]"
_NAMED: Final = re.compile(
    r"""((?:password|secretKey|apiKey)["']?\s*[=:]\s*b?)("[^"]*"|'[^']*'|[^&\s"',<>}]+)""",
    re.IGNORECASE,
)
# The look-behind lets a match begin only where an address can begin, which keeps long texts linear.
_EMAIL: Final = re.compile(r"(?<![\w.+%-])[\w.+%-]+?(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_LIBRARY_LOGGERS: Final = ("urllib3", "urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry")
_HARMLESS_FIELDS: Final = logging.makeLogRecord({}).__dict__.keys() - {"msg", "exc_text", "stack_info"}


def redact(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the given secrets, without passwords and keys of URLs, without e-mail addresses."""
    for secret in secrets:
        text = text.replace(secret, _REDACTED)
    text = _NAMED.sub(rf"\1{_REDACTED}", text)
    return _EMAIL.sub(_REDACTED, text)


class RedactionFilter(logging.Filter):
    """Redacts every text of a record: message, traceback, stack and extra fields. Put it on each handler."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; no record is dropped."""
        record.msg, record.args = _message(record), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        for name, value in record.__dict__.items():
            if isinstance(value, str) and name not in _HARMLESS_FIELDS:
                record.__dict__[name] = redact(value, self._secrets)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # A slip in a log call must not become an error of the page that logs.
        return f"{record.msg} (its arguments do not fit)"


def quieten_libraries() -> None:
    """Keep the HTTP library from logging URLs, and redact what it still says at higher levels."""
    for name in _LIBRARY_LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        if not any(isinstance(known, RedactionFilter) for known in logger.filters):
            logger.addFilter(RedactionFilter())
