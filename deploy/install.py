"""Make .venv hold what a lock file says: `python deploy/install.py requirements-dev.txt`.

Standard library only. Does nothing when that was done before and the lock has not changed since.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is for whoever starts it with an older Python
    sys.exit("This needs Python 3.11 or newer, and was started with %d.%d." % sys.version_info[:2])  # noqa: UP031

import hashlib
import importlib.util
import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = "requirements.txt"
_STAMP = VENV / "installed-locks.json"


def install(lock: str) -> None:
    """Create .venv if need be and install `lock`, a file name at the top of the checkout, into it.

    Exits with one sentence when the machine lacks something.
    """
    if _stamp().get(lock) == _digest(lock) and PYTHON.exists():
        return
    if not _has_pip():
        _create()
    packages = (ROOT / lock).read_text(encoding="utf-8").count("==")
    print(f"Installing up to {packages} packages from {lock} (only when it has changed) …", flush=True)
    _STAMP.unlink(missing_ok=True)
    _pip_install(lock)
    # Every lock holds the runtime lock's packages in the same versions, but not the other way round.
    _STAMP.write_text(json.dumps({name: _digest(name) for name in {lock, RUNTIME_LOCK}}), encoding="utf-8")


def _stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(_STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def _digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _has_pip() -> bool:
    if not PYTHON.exists():
        return False
    # An interrupted creation leaves a Python without pip behind.
    return not _run(PYTHON, "-m", "pip", "--version").returncode


def _create() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "Python's venv module is missing: install it (Debian, Ubuntu: sudo apt install python3-venv) and retry."
        )
    print("Creating .venv …", flush=True)
    made = _run(sys.executable, "-m", "venv", "--clear", VENV)
    if made.returncode:
        sys.exit(f"Python could not create {VENV}:\n{made.stdout}{made.stderr}")


def _pip_install(lock: str) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement", str(ROOT / lock)]
    done = _run(PYTHON, "-m", "pip", "install", *options)
    if done.returncode:
        sys.exit(f"pip could not install {lock}:\n{done.stdout}{done.stderr}")


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words


if __name__ == "__main__":
    for name in sys.argv[1:]:
        install(name)
