"""Serves the sandbox over HTTP/1.1 with keep-alive: gunicorn's threads, and a thread that delivers webhooks."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from sandbox import create_app
from sandbox.delivery import Delivery

_BACKLOG = 256
_GRACEFUL_SECONDS = 1
_KEEP_ALIVE_SECONDS = 75
_MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat files, spared from slow disks


class PortTakenError(Exception):
    """Somebody else listens there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is taken: stop what uses it, or choose another with --port")


@dataclass(frozen=True)
class ServeSettings:
    """Where to listen, how wide, and what to serve. `app_options` go to `create_app`."""

    host: str
    port: int
    workers: int
    threads: int
    database: Path
    app_options: Mapping[str, Any]
    knob_values: Mapping[str, str]


def serve(settings: ServeSettings) -> None:
    """Answer until SIGTERM or SIGINT. Raises PortTakenError before anything is written."""
    listener = _listen(settings.host, settings.port)
    create_app(settings.database, knob_values=settings.knob_values, **settings.app_options).store.close()
    host, port = listener.getsockname()[:2]
    print(f"The sandbox answers at http://{host}:{port}/v2 and explains itself at http://{host}:{port}/", flush=True)
    _Server(settings, listener).run()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(host, port) from error
        raise
    listener.set_inheritable(True)
    return listener


def _start_delivery(worker: Any) -> None:
    Delivery(worker.wsgi.store, worker.wsgi.secret_key).start()


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with the settings that suit a local stand-in."""

    def __init__(self, settings: ServeSettings, listener: socket.socket) -> None:
        self.settings = settings
        self.listener = listener
        super().__init__()

    def load_config(self) -> None:
        values = {
            "bind": f"fd://{self.listener.fileno()}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "control_socket_disable": True,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "graceful_timeout": _GRACEFUL_SECONDS,
            "loglevel": "warning",
            "proc_name": "sandbox",
            "post_worker_init": _start_delivery,
            "worker_tmp_dir": str(_MEMORY_DISK) if _MEMORY_DISK.is_dir() else None,
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self.settings.database, **self.settings.app_options)
