"""Where the demo listens, where it keeps its data, and what it tells its programs through their environment."""

import contextlib
import errno
import os
import secrets
import socket
import sys
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from install import ROOT

VAR = ROOT / "var"
SANDBOX_DATABASE = VAR / "sandbox.sqlite3"
# Not the site's default database: whoever resets the demo must not lose a real one.
SITE_DATABASE = VAR / "demo-site.sqlite3"
QUEUE = VAR / "demo-queue.sqlite3"
METRICS = VAR / "demo-metrics"
SECRET_KEY_FILE = VAR / "demo-secret-key"
_LAST_PORT = 65535
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_OURS = (
    "BOOKEO_",
    "BUSINESS_",
    "CACHE_URL",
    "DATABASE_URL",
    "DJANGO_",
    "GUNICORN_",
    "LOG_",
    "METRICS_TOKEN",
    "QUEUE_URL",
    "SITE_",
    "STATIC_ROOT",
    "WEBHOOK_URL",
    "WEB_",
)


@dataclass(frozen=True)
class Addresses:
    """Where the demo listens."""

    host: str
    port: int
    sandbox_port: int

    @classmethod
    def from_environment(cls) -> Self:
        """Read HOST, PORT and SANDBOX_PORT, or exit with one sentence."""
        port = _port("PORT", 8000)
        return cls(os.environ.get("HOST", "127.0.0.1").strip("[]"), port, _port("SANDBOX_PORT", port + 1))

    @property
    def visited_host(self) -> str:
        """The host to type into a browser on this machine."""
        return _EVERYWHERE.get(self.host, self.host)

    @property
    def site_url(self) -> str:
        """The site, as people see it."""
        return f"http://{_bracketed(self.visited_host)}:{self.port}/"

    @property
    def sandbox_url(self) -> str:
        """The sandbox, as the site sees it."""
        return f"http://127.0.0.1:{self.sandbox_port}/"

    @property
    def webhook_url(self) -> str:
        """Where the sandbox posts its notifications. Like Bookeo it insists on https, except on this machine."""
        return f"{self.site_url}webhooks/bookeo/" if self.visited_host in _LOOPBACK else ""


def site_environment(addresses: Addresses) -> dict[str, str]:
    """The environment of the demo's programs. The keys of a real account in this environment do not reach them."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    is_public = addresses.host in _EVERYWHERE
    return {
        **inherited,
        "DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "bookeo_site.settings",
        "DJANGO_SECRET_KEY": _secret_key(),
        "DJANGO_DEBUG": "false",
        "DJANGO_ALLOWED_HOSTS": "*" if is_public else f"{_bracketed(addresses.host)},127.0.0.1,localhost",
        "DATABASE_URL": f"sqlite:///{quote(str(SITE_DATABASE))}",
        "CACHE_URL": "dbcache://shared_cache",
        "WINDOWS_FILE": str(VAR / "demo-windows.sqlite3"),
        "QUEUE_URL": f"sqlite://{quote(str(QUEUE))}",
        "PROMETHEUS_MULTIPROC_DIR": str(METRICS),
        "WEB_CONCURRENCY": "1",
        # The sandbox sets no limit of its own, unless its knob `throttle` is turned.
        "BOOKEO_CALLS": "60",
        "STATIC_ROOT": str(ROOT / "staticfiles"),
        "SITE_HTTPS": "false",
        "SITE_BEHIND_PROXY": "false",
        "BOOKEO_BASE_URL": f"{addresses.sandbox_url}v2",
        "BOOKEO_SECRET_KEY": "sandbox-secret",
        "BOOKEO_API_KEY": "sandbox-api-key",
        "BOOKEO_LANGUAGE": "en-US",
        "WEBHOOK_URL": addresses.webhook_url,
        "BUSINESS_TIME_ZONE": "Europe/Rome",
        "BUSINESS_CURRENCY": "EUR",
        "PARTICIPANTS_ASKED_FOR": "RIDGE",
        "HOST": _bracketed(addresses.host),
        "PORT": str(addresses.port),
    }


def refuse_taken_port(variable: str, host: str, port: int) -> None:
    """Exit with one sentence, which names the variable to set, when nothing can listen there."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except PermissionError:
        sys.exit(f"Port {port} needs more rights than you have: set {variable} to one above 1023.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken by another program: set {variable} to a free port.")
        sys.exit(f"Nothing can listen on {host!r} ({error.strerror}): set HOST to an address of this machine.")


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _LAST_PORT):
        sys.exit(f"{variable} must be a port from 1 to 65535, not {text!r}.")
    return int(text)


def _secret_key() -> str:
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(SECRET_KEY_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
    return SECRET_KEY_FILE.read_text(encoding="utf-8")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
