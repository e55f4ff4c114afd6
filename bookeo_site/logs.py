"""What a line of the log says, and what must not stand in it: the address of a draft is the key to it, and so is
that of an invitation."""

import copy
import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from booking.services import correlation

DRAFT_ADDRESS = re.compile(r"(/checkout/|/manager/welcome/[0-9]+/)[A-Za-z0-9_-]{32,}")
# Whatever else somebody hands to a log call stays out: Django's own lines carry the whole request.
FIELDS = {
    "timestamp",
    "level",
    "logger",
    "message",
    "request_id",
    "exc_info",
    "method",
    "route",
    "status",
    "duration_ms",
    "operation",
    "attempt",
    "error_id",
    "failure",
    "task",
    "outcome",
    "count",
}


class DraftAddressFilter(logging.Filter):
    """Takes the token out of any line that names a page of a draft or of an invitation, and out of its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = DRAFT_ADDRESS.sub(r"\1…", record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = DRAFT_ADDRESS.sub(r"\1…", record.exc_text)
        return True


class RequestIdFilter(logging.Filter):
    """Says for which request or task a line was written; "-" outside of any."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django writes some lines when the request is over, and hands it to them.
        request = getattr(record, "request", None)
        given = getattr(request, "META", {}).get("HTTP_X_REQUEST_ID", "")
        record.request_id = correlation.current() or given or "-"
        return True


class JsonLines(JsonFormatter):
    """One JSON object a line, of the fields that we know. To be used behind the filters, whose texts it takes."""

    def __init__(self) -> None:
        super().__init__(
            ["levelname", "name", "message", "request_id"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp=True,
            json_ensure_ascii=False,
        )

    def format(self, record: logging.LogRecord) -> str:
        """The traceback as the filters left it, rather than made anew."""
        filtered = copy.copy(record)
        if filtered.exc_text:
            filtered.exc_info = None
        return super().format(filtered)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in log_data.items() if name in FIELDS}
