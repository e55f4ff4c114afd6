"""A sandbox served over HTTP on loopback, as its own program, for as long as a measurement needs it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """A running sandbox; `url` has neither the API's base path nor a slash at its end."""

    url: str
    process: "subprocess.Popen[str]"

    def resident_megabytes(self) -> float:
        """Memory that the program and its workers occupy now. Needs Linux."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_resident_kilobytes(pid) for pid in [str(self.process.pid), *children]) / 1024


def _resident_kilobytes(pid: str) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


@contextmanager
def served_sandbox(database: Path, *flags: str, program: str = "sandbox") -> Iterator[Served]:
    """Serve a sandbox on a free port, over a database file that is made when it is not there."""
    command = [sys.executable, "-m", program, "serve", "--port", "0", "--db", str(database), *flags]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own
        try:
            yield Served(_address(process), process)
        finally:
            process.terminate()
            process.wait(_STOP_SECONDS)


def _address(process: "subprocess.Popen[str]") -> str:
    line = process.stdout.readline() if process.stdout else ""
    found = re.search(r"(http://127\.0\.0\.1:\d+)/v2", line)
    if found is None:
        message = f"the sandbox did not start: {line!r}"
        raise RuntimeError(message)
    return found[1]
