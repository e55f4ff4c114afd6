"""Promises about secrets: a password, a key or an address is found in no log, error or printed object."""

import io
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from booking.bookeo import Bookeo, BookeoError, CallRecord, CustomerInput
from booking.bookeo.redaction import RedactionFilter, redact
from tests.bookeo.manners import break_off, closed_port, saying
from tests.bookeo.samples import payload_bytes
from tests.bookeo.wire_server import Manner, WireServer, response

CANARY = "canary-4711"
FILLED = f'{{"httpStatus": 403, "message": "no {CANARY}", "errorId": "E1"}}'.encode()


MANNERS = {
    "right": saying(response(200)),
    "wrong": saying(response(403, FILLED)),
    "fault": saying(response(500, FILLED)),
    "busy": saying(response(503, FILLED)),
    "throttled": saying(response(429, FILLED)),
    "redirected": saying(response(302, b"", f"Location: http://127.0.0.1/?password={CANARY}")),
    "html": saying(response(200, CANARY.encode(), content_type="text/html")),
    "nonsense": saying(response(200, CANARY.encode())),
    "broken headers": saying(b"HTTP/1.1 200 OK\r\nno colon here\r\n: nameless\r\n\r\n"),
    "cut": saying(response(200, b"{}")[:-1]),
    "reset": break_off,
}


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All records of all loggers at DEBUG, without any redaction on the handler."""
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    root = logging.getLogger()
    level = root.level
    # First in line: a handler of the site would redact the record before we see it.
    root.handlers.insert(0, handler)
    root.setLevel(logging.DEBUG)
    yield sink
    root.setLevel(level)
    root.removeHandler(handler)


def _everything_told_by(error: BaseException | None) -> str:
    told = []
    while error is not None:
        told += [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error))]
        told += [repr(frame.f_locals.get("request")) for frame, _ in traceback.walk_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return "".join(told)


@contextmanager
def _library_logging_at(level: int) -> Iterator[None]:
    # We turn the library down; somebody may turn it up again.
    logger = logging.getLogger("urllib3.connectionpool")
    before = logger.level
    logger.setLevel(level)
    yield
    logger.setLevel(before)


@pytest.mark.parametrize("level", [logging.WARNING, logging.DEBUG])
@pytest.mark.parametrize("manner", MANNERS)
def test_password_reaches_no_sink(
    manner: str,
    level: int,
    serve: Callable[[Manner], WireServer],
    connect: Callable[..., Bookeo],
    calls: list[CallRecord],
    everything_logged: io.StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    bookeo = connect(serve(MANNERS[manner]).address)
    with _library_logging_at(level):
        error = _error_of(lambda: bookeo.authenticate_customer(customer_id="C1", password=CANARY))
    printed = capfd.readouterr()
    sinks = [_everything_told_by(error), everything_logged.getvalue(), repr(calls), repr(bookeo), *printed]
    for sink in sinks:
        assert CANARY not in sink
        assert "SECRET-KEY" not in sink
        assert "API-KEY" not in sink
    assert error is None or (error.__cause__ is None and error.__context__ is None)
    assert "operation=authenticate_customer" in everything_logged.getvalue()
    library_spoke = "/authenticate?password=[redacted]" in everything_logged.getvalue()
    assert library_spoke or level > logging.DEBUG or manner == "reset"


def _error_of(call: Callable[[], object]) -> BookeoError | None:
    try:
        call()
    except BookeoError as error:
        return error
    return None


def test_client_turns_the_library_down() -> None:
    with _library_logging_at(logging.DEBUG):
        Bookeo(base_url="https://x/v2", secret_key="S", api_key="A")
        assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.INFO)


def test_refused_connection_tells_no_password(connect: Callable[..., Bookeo], everything_logged: io.StringIO) -> None:
    with pytest.raises(BookeoError) as caught:
        connect(closed_port()).authenticate_customer(customer_id="C1", password=CANARY)
    assert CANARY not in _everything_told_by(caught.value) + everything_logged.getvalue()


def test_body_of_a_write_reaches_no_log(
    serve: Callable[[Manner], WireServer], connect: Callable[..., Bookeo], everything_logged: io.StringIO
) -> None:
    server = serve(saying(response(500, payload_bytes("error.500"))))
    with pytest.raises(BookeoError) as caught:
        connect(server.address).create_customer(customer=CustomerInput(last_name=CANARY))
    assert CANARY not in _everything_told_by(caught.value) + everything_logged.getvalue()
    assert "error_id=1590K260714093322X6CEU" in everything_logged.getvalue()


def test_client_does_not_print_its_keys() -> None:
    bookeo = Bookeo(base_url="https://api.bookeo.com/v2", secret_key="SECRET-KEY", api_key="API-KEY")
    assert repr(bookeo) == "Bookeo(base_url='https://api.bookeo.com/v2', lang='en-US')"


# --- the filter for the handlers of the site


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /x?password=a%20b&lang=en", "GET /x?password=[redacted]&lang=en"),
        ("PASSWORD = 'correct horse', x", "PASSWORD = [redacted], x"),
        ("?secretKey=abc&apiKey=def", "?secretKey=[redacted]&apiKey=[redacted]"),
        ("{'X-Bookeo-secretKey': 'abc', 'X-Bookeo-apiKey': b'def'}", None),
        ("mail to a.b+c@example.co.uk, please", "mail to [redacted], please"),
        ("search?searchText=a.b%40example.com&x", None),
        ("nothing to hide: 12:30 @ noon", "nothing to hide: 12:30 @ noon"),
    ],
)
def test_redact_removes_secrets(text: str, clean: str | None) -> None:
    redacted = redact(text)
    for secret in ("abc", "def", "a%20b", "horse", "example"):
        assert secret not in redacted
    assert clean is None or redacted == clean


def test_redact_is_quick_on_long_texts() -> None:
    started = time.process_time()
    for text in ("a" * 200_000, "a@" * 100_000, "a." * 100_000, "%40" * 60_000, "password=" * 20_000, "'" * 200_000):
        redact(text)
    assert time.process_time() - started < 5


def _logged(log: Callable[[logging.Logger], None], *, secrets: tuple[str, ...] = ()) -> str:
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(extra_text)s", defaults={"extra_text": ""}))
    handler.addFilter(RedactionFilter(secrets))
    logger = logging.Logger("a logger of its own")  # noqa: LOG001 - outside the tree, so no other handler hears it
    logger.addHandler(handler)
    log(logger)
    return sink.getvalue()


def test_filter_cleans_arguments_extra_fields_and_given_secrets() -> None:
    text = _logged(
        lambda logger: logger.info("for %s: %d", "a@example.com", 3, extra={"extra_text": "key hush, b@example.com"}),
        secrets=("hush", ""),
    )
    assert text == "INFO for [redacted]: 3 key [redacted], [redacted]\n"


def test_filter_cleans_tracebacks() -> None:
    def log(logger: logging.Logger) -> None:
        try:
            int("password=" + CANARY)
        except ValueError:
            logger.exception("it failed")

    text = _logged(log)
    assert "Traceback" in text
    assert "password=[redacted]" in text
    assert CANARY not in text


def test_filter_survives_a_slip_in_a_log_call() -> None:
    text = _logged(lambda logger: logger.info("%d people", "three"))  # noqa: PLE1205, PLE1206, RUF100
    assert text == "INFO %d people (its arguments do not fit) \n"
