"""What must not stand in a log: the address of a draft is the key to it."""

import logging
import re

DRAFT_ADDRESS = re.compile(r"(/checkout/)[A-Za-z0-9_-]{32}")


class DraftAddressFilter(logging.Filter):
    """Takes the token out of any line that names a page of a draft, and out of its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = DRAFT_ADDRESS.sub(r"\1…", record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = DRAFT_ADDRESS.sub(r"\1…", record.exc_text)
        return True
