"""How gunicorn serves the site: `gunicorn -c deploy/gunicorn.conf.py bookeo_site.wsgi:application`.

The environment decides: HOST and PORT, WEB_CONCURRENCY (worker processes), WEB_THREADS (threads in each), LOG_FORMAT,
PROMETHEUS_MULTIPROC_DIR (where all processes of this machine count; without it, those of this server do).
"""

import logging
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

wsgi_app = "bookeo_site.wsgi:application"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

# Threads, because a request that waits for Bookeo must not hold up the others.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "16"))
# A cache inside one process would let a second worker ask Bookeo again for what the first one knows.
cache_is_shared = not os.environ.get("CACHE_URL", "dbcache").startswith(("locmem", "dummy"))
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if cache_is_shared else "1"))

keepalive = 5
timeout = 30
graceful_timeout = 10
# Nobody needs to steer a running server through a socket file.
control_socket_disable = True

# No access log: the paths under /checkout/ hold the tokens that open a visitor's draft. If you must have one, let
# the proxy in front write it, with those tokens and all query strings removed.
accesslog = None
errorlog = "-"

# The workers' heartbeat files belong in memory: a slow disk must not look like a hanging worker. So do their counts.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - the files have no name or a folder


def hide_tokens(record: logging.LogRecord) -> bool:
    """Take what opens a draft, and query strings, out of a line such as "Error handling request /checkout/…"."""
    text = re.sub(r"/[\w-]{20,}", "/…", record.getMessage())
    record.msg, record.args = re.sub(r"\?\S+", "?…", text), None
    return True


logging.getLogger("gunicorn.error").addFilter(hide_tokens)


class logger_class(Logger):  # type: ignore[misc]  # noqa: N801 - gunicorn looks for this name
    """Writes the server's own lines as the site writes its lines."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        if lines_are_json():
            from bookeo_site.logs import JsonLines, RequestIdFilter  # here gunicorn knows where the site is

            for handler in self.error_log.handlers:
                handler.addFilter(RequestIdFilter())
                handler.setFormatter(JsonLines())


def lines_are_json() -> bool:
    """As bookeo_site/settings.py decides it."""
    usual = "line" if {os.environ.get(name, "").lower() for name in ("DEMO", "DJANGO_DEBUG")} & TRUE else "json"
    return os.environ.get("LOG_FORMAT", usual) == "json"


TRUE = {"true", "1", "yes", "on"}
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
own_folders: list[str] = []


def on_starting(server: Any) -> None:
    """Before anything is counted, say where: any worker can then tell the counts of all."""
    if FOLDER not in os.environ:
        own_folders.append(tempfile.mkdtemp(prefix="site-metrics-", dir=worker_tmp_dir))
        os.environ[FOLDER] = own_folders[0]
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    for counts in folder.glob("*_*.db"):
        if not is_running(counts.stem.rsplit("_", 1)[1]):
            counts.unlink(missing_ok=True)


def is_running(pid: str) -> bool:
    """Whether there is a process with this number."""
    try:
        os.kill(int(pid), 0)
    except PermissionError:  # there is one, of somebody else
        return True
    except (ProcessLookupError, ValueError):
        return False
    return True


def child_exit(server: Any, worker: Any) -> None:
    """What a worker counted remains; what only a living one can say goes."""
    from prometheus_client import multiprocess  # it looks into the environment when it is imported

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    for folder in own_folders:
        shutil.rmtree(folder, ignore_errors=True)
