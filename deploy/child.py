"""A program that the demo runs, watches and stops."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

from install import PYTHON, ROOT

LOGS = ROOT / "var" / "log"
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class Child:
    """A program of the demo. What it prints goes to a file in var/log."""

    def __init__(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = LOGS / f"{name}.log"
        with self.log.open("wb") as output:
            # A session of its own, so that Ctrl-C reaches this program only, which then stops them in order.
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                [PYTHON, *arguments],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check(self) -> None:
        """Exit, with the end of its log, when it no longer runs."""
        code = self._process.poll()
        if code is not None:
            self._fail(f"The {self.name} stopped by itself (exit code {code}).")

    def wait_until_it_answers(self, host: str, port: int, path: str) -> None:
        """Return as soon as there is an HTTP answer at the address, whatever it says."""
        deadline = time.monotonic() + START_SECONDS
        while not _answers(host, port, path):
            self.check()
            if time.monotonic() > deadline:
                self._fail(f"The {self.name} did not answer within {START_SECONDS:.0f} seconds.")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask it to stop, and insist after a while."""
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _fail(self, sentence: str) -> NoReturn:
        last_lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        sys.exit("\n".join([sentence, f"The end of {self.log.relative_to(ROOT)}:", *last_lines]))


def _answers(host: str, port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=START_SECONDS)
    try:
        connection.request("GET", path)
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
