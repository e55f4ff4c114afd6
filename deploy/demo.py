"""Run the whole demo: the sandbox in place of Bookeo, the site on top of it, and the worker beside it.

Standard library only. The first start creates .venv and installs what the site needs; later ones are quick. Data is
kept in var/. Ctrl-C stops everything.

Environment: HOST (127.0.0.1) and PORT (8000) of the site, SANDBOX_PORT (PORT + 1).
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is for whoever starts it with an older Python
    sys.exit("The demo needs Python 3.11 or newer, and was started with %d.%d." % sys.version_info[:2])  # noqa: UP031

import argparse
import contextlib
import fcntl
import hashlib
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from child import LOGS, Child
from demo_settings import (
    METRICS,
    QUEUE,
    SANDBOX_DATABASE,
    SECRET_KEY_FILE,
    SITE_DATABASE,
    VAR,
    Addresses,
    refuse_taken_port,
    site_environment,
)
from install import PYTHON, ROOT, RUNTIME_LOCK, install

OWNER, OWNER_PASSWORD = "owner@example.com", "demo-owner-harbour"


def main() -> None:
    """Run the demo, or throw its data away."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reset", action="store_true", help="remove the demo's data and stop")
    arguments = parser.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)
    _on_signals(signal.default_int_handler)
    try:
        with _only_one_demo():
            reset() if arguments.reset else run(Addresses.from_environment())
    except KeyboardInterrupt:
        # The terminal may be gone, which is one of the reasons for stopping.
        with contextlib.suppress(OSError):
            print("\nThe demo has stopped. Its data is kept in var/.", flush=True)


def reset() -> None:
    """Remove what the demo has stored; nothing else."""
    for stem in (SANDBOX_DATABASE, SITE_DATABASE, QUEUE):
        for path in stem.parent.glob(f"{stem.name}*"):
            path.unlink()
    shutil.rmtree(METRICS, ignore_errors=True)
    SECRET_KEY_FILE.unlink(missing_ok=True)
    print("The demo's data is gone. The next `make demo` starts afresh.")


def run(addresses: Addresses) -> None:
    """Prepare, start the programs, and stay until Ctrl-C or until one of them dies."""
    refuse_taken_port("PORT", addresses.host, addresses.port)
    refuse_taken_port("SANDBOX_PORT", "127.0.0.1", addresses.sandbox_port)
    install(RUNTIME_LOCK)
    children: list[Child] = []
    try:
        start(addresses, children)
        print(_welcome(addresses), flush=True)
        while True:
            for child in children:
                child.check()
            time.sleep(0.5)
    finally:
        # A second Ctrl-C must not leave a program behind.
        _on_signals(signal.SIG_IGN)
        for child in reversed(children):
            child.stop()


def start(addresses: Addresses, children: list[Child]) -> None:
    """Start the programs, adding each to `children` at once, and wait until they answer."""
    environment = site_environment(addresses)
    print("Starting the sandbox and the site …", flush=True)
    port = str(addresses.sandbox_port)
    sandbox = Child("sandbox", ["-m", "sandbox", "serve", "--port", port, "--db", str(SANDBOX_DATABASE)], environment)
    children.append(sandbox)
    is_new = not SITE_DATABASE.exists()
    _manage(environment, "migrate", "--no-input")
    if is_new:
        owner = {**environment, "STAFF_PASSWORD": OWNER_PASSWORD}
        _manage(owner, "create_owner", "--if-none", "--email", OWNER, "--name", "Demo owner")
    _collect_static_files(environment)
    sandbox.wait_until_it_answers("127.0.0.1", addresses.sandbox_port, "/health")
    site = Child("site", ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"], environment)
    children.append(site)
    site.wait_until_it_answers(addresses.visited_host, addresses.port, "/")
    children.append(Child("worker", ["manage.py", "work"], environment))


def _on_signals(action: Callable[[int, FrameType | None], Any] | signal.Handlers) -> None:
    signal.signal(signal.SIGINT, action)
    signal.signal(signal.SIGTERM, action)
    # Under nohup the demo is meant to outlive its terminal.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, action)


@contextlib.contextmanager
def _only_one_demo() -> Iterator[None]:
    with (VAR / "demo.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("The demo of this folder is already running: stop it first, with Ctrl-C where it was started.")
        yield


def _manage(environment: dict[str, str], *arguments: str) -> None:
    command = [str(PYTHON), "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")


def _collect_static_files(environment: dict[str, str]) -> None:
    """Collect them, unless they are those of last time: it is half of a quick start."""
    stamp, manifest = VAR / "collected-static-files", ROOT / "staticfiles" / "staticfiles.json"
    digest = hashlib.sha256()
    for path in [ROOT / RUNTIME_LOCK, *sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    if manifest.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == digest.hexdigest():
        return
    _manage(environment, "collectstatic", "--no-input")
    stamp.write_text(digest.hexdigest(), encoding="utf-8")


def _welcome(addresses: Addresses) -> str:
    return f"""
The demo is ready: {addresses.site_url}

  Nothing in it is real: a made-up business, on a sandbox in place of Bookeo.
  Log in as    guest@example.com    demo-guest
               member@example.com   demo-member
  Manage it    {OWNER}    {OWNER_PASSWORD}    at {addresses.site_url}manager/
  The sandbox  {addresses.sandbox_url}
  Ctrl-C stops it; `make demo-reset` starts over."""


if __name__ == "__main__":
    main()
