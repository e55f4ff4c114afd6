"""The command line: serve the sandbox, or start over."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox import knobs
from sandbox.call import PERMISSIONS
from sandbox.knobs import KnobError
from sandbox.operations import check_knob_names
from sandbox.server import PortTakenError, ServeSettings, serve

DEFAULT_DATABASE = Path("var/sandbox.sqlite3")
_TROUBLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code."""
    given = parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except (KnobError, PortTakenError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return _TROUBLE


def parser() -> argparse.ArgumentParser:
    """The commands and their flags."""
    top = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A stand-in for the Bookeo REST API v2 with an invented business. Nothing in it is real.",
        epilog=_knob_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="serve | reset")
    _add_serve(
        commands.add_parser("serve", help="answer HTTP until stopped", epilog=_knob_help(), formatter_class=_Help)
    )
    reset = commands.add_parser("reset", help="delete the database, to start over", formatter_class=_Help)
    reset.add_argument("--db", type=Path, default=DEFAULT_DATABASE, help="the database file")
    reset.set_defaults(run=_reset)
    return top


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Defaults in the texts, and the list of knobs as it is."""


def _knob_help() -> str:
    lines = [_knob_line(f"  {name:26}{knob.explanation}") for name, knob in knobs.KNOBS.items()]
    return "knobs (a knob may name one operation: fail.createBooking=503):\n" + "\n".join(lines)


def _knob_line(text: str) -> str:
    return textwrap.fill(text, 110, subsequent_indent=" " * 28, break_on_hyphens=False)


def _add_serve(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=8801, help="port to listen on")
    add("--db", type=Path, default=DEFAULT_DATABASE, help="the database file, kept and topped up")
    add("--data", choices=("demo", "empty"), default="demo", help="a lively business, or one without bookings")
    add("--time-zone", type=_zone, default="Europe/Rome", help="zone of the business")
    add("--currency", default="EUR", help="currency of the business")
    add("--secret-key", default="sandbox-secret", help="key of the application")
    add("--api-key", default="sandbox-api-key", help="key of the business, with all permissions")
    add(
        "--key",
        action="append",
        default=[],
        type=_key,
        metavar="KEY=PERMISSION,...",
        help=f"one more key, with these permissions of {', '.join(PERMISSIONS)}",
    )
    add("--workers", type=int, default=1, help="processes")
    add("--threads", type=int, default=16, help="threads in each process")
    add("--profile", choices=tuple(knobs.PROFILES), default="quick", help="a set of knobs to begin with")
    add("--knob", action="append", default=[], metavar="NAME=VALUE", help="a knob; may be given again")
    command.set_defaults(run=_serve)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise argparse.ArgumentTypeError("there is no such time zone") from error


def _key(text: str) -> tuple[str, list[str]]:
    value, _, listed = text.partition("=")
    permissions = listed.split(",")
    unknown = [name for name in permissions if name not in PERMISSIONS]
    if not value or unknown:
        raise argparse.ArgumentTypeError(f"there is no permission {unknown[0]!r}" if value else "the key has no value")
    return value, permissions


def _serve(given: argparse.Namespace) -> int:
    values = {**knobs.PROFILES[given.profile], **knobs.parse(given.knob)}
    check_knob_names(values)
    settings = ServeSettings(
        host=given.host,
        port=given.port,
        workers=given.workers,
        threads=given.threads,
        database=given.db,
        app_options={
            "data": given.data,
            "time_zone": given.time_zone,
            "currency": given.currency,
            "secret_key": given.secret_key,
            "api_key": given.api_key,
            "more_keys": dict(given.key),
        },
        knob_values=values,
    )
    serve(settings)
    return 0


def _reset(given: argparse.Namespace) -> int:
    for suffix in ("", "-wal", "-shm", "-lock"):
        Path(f"{given.db}{suffix}").unlink(missing_ok=True)
    print(f"Deleted {given.db}. The next start makes it anew.")
    return 0
