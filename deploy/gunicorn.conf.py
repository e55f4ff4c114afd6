"""How gunicorn serves the site: `gunicorn -c deploy/gunicorn.conf.py bookeo_site.wsgi:application`.

The environment decides: HOST and PORT, WEB_CONCURRENCY (worker processes), WEB_THREADS (threads in each).
"""

import logging
import os
import re
from pathlib import Path

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

# The workers' heartbeat files belong in memory: a slow disk must not look like a hanging worker.
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn makes files there that have no name
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def hide_tokens(record: logging.LogRecord) -> bool:
    """Take what opens a draft, and query strings, out of a line such as "Error handling request /checkout/…"."""
    text = re.sub(r"/[\w-]{20,}", "/…", record.getMessage())
    record.msg, record.args = re.sub(r"\?\S+", "?…", text), None
    return True


logging.getLogger("gunicorn.error").addFilter(hide_tokens)
