"""How many searches for matching slots a served sandbox answers in a second, and how much memory it takes.

python -m bench.sandbox

Serves the demo business on loopback and asks for a week of kayak tours, over connections that are kept. The callers
run on the same machine and take their share of it. Needs Linux.
"""

import argparse
import http.client
import json
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bench.serving import served_sandbox

_KEYS = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "sandbox-api-key"}
_HEADERS = {**_KEYS, "Content-Type": "application/json"}
_PATH = "/v2/availability/matchingslots?lang=en-US"
_CALLERS_IN_A_PROCESS = 8
_SERVER_PROCESSES = (1, 2)
_CALLERS = (1, 4, 16)
_CREATED = 201


@dataclass(frozen=True)
class Figure:
    """What one set-up did: requests in a second, and the middle and the slow end of the answers in milliseconds."""

    server_processes: int
    callers: int
    per_second: float
    median_ms: float
    slow_ms: float
    megabytes: float


def measure(server_processes: int, callers: Sequence[int], seconds: float) -> list[Figure]:
    """Serve the demo and search it with more and more callers at once, so many seconds each."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served_sandbox(Path(folder) / "sandbox.sqlite3", "--workers", str(server_processes)) as served,
    ):
        call_for(served.url, 1, 1.0)  # what is computed once is not what is measured
        figures = []
        for count in callers:
            took = _call_from_processes(served.url, count, seconds)
            figures.append(
                Figure(
                    server_processes=server_processes,
                    callers=count,
                    per_second=len(took) / seconds,
                    median_ms=statistics.median(took) * 1000,
                    slow_ms=statistics.quantiles(took, n=100)[98] * 1000,
                    megabytes=served.resident_megabytes(),
                )
            )
        return figures


def _call_from_processes(url: str, callers: int, seconds: float) -> list[float]:
    shares = [min(_CALLERS_IN_A_PROCESS, callers - done) for done in range(0, callers, _CALLERS_IN_A_PROCESS)]
    with multiprocessing.get_context("spawn").Pool(len(shares)) as pool:
        return [took for part in pool.starmap(call_for, [(url, share, seconds) for share in shares]) for took in part]


def call_for(url: str, callers: int, seconds: float) -> list[float]:
    """Search with some callers at once until the time is over; answers how many seconds each answer took."""
    took = list[float]()
    crowd = [threading.Thread(target=_search_until, args=(url, seconds, took)) for _ in range(callers)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return took


def _search_until(url: str, seconds: float, took: list[float]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    body, end = _search(), time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        connection.request("POST", _PATH, body, _HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status != _CREATED:
            message = f"a search was answered by {answer.status}"
            raise RuntimeError(message)
        took.append(time.monotonic() - began)
    connection.close()


def _search() -> str:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return json.dumps(
        {
            "productId": "5117KAYAKT19C0A1B2D01",
            "startTime": f"{tomorrow}T00:00:00-00:00",
            "endTime": f"{tomorrow + timedelta(days=6)}T23:59:59-00:00",
            "peopleNumbers": [{"peopleCategoryId": "Cadults", "number": 2}],
        }
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each row is measured")
    given = parser.parse_args(arguments)
    print("| Processes of the sandbox | Callers at once | Searches per second | Median | 99 of 100 within | Memory |")
    print("|---|---|---|---|---|---|")
    for server_processes in _SERVER_PROCESSES:
        for one in measure(server_processes, _CALLERS, given.seconds):
            print(
                f"| {one.server_processes} | {one.callers} | {one.per_second:.0f} | {one.median_ms:.1f} ms"
                f" | {one.slow_ms:.0f} ms | {one.megabytes:.0f} MB |"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
