"""Bookeo is gone: what was seen before is shown at once, with its age; nothing keeps a worker longer than its time."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from tests.live import Prepared, Server, run_sandbox, run_site
from tests.plain_browser import PlainBrowser
from tests.shop import KAYAK

ROUNDS = 15


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "sandbox").mkdir()
    with run_sandbox(tmp_path / "sandbox") as server:
        yield server


@pytest.fixture
def site(tmp_path: Path, sandbox: Server, prepared: Prepared) -> Iterator[Server]:
    (tmp_path / "site").mkdir()
    more = {"BOOKEO_READ_TIMEOUT": "2"}
    with run_site(tmp_path / "site", prepared, sandbox_url=sandbox.url, more=more) as server:
        yield server


def _product(site: Server) -> str:
    return urljoin(f"{site.url}/", PlainBrowser.over_http(site.url).get("/").page.link(KAYAK).href)


def _median_seconds(address: str) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert requests.get(address, timeout=30).status_code == 200
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def test_pages_that_were_seen_answer_at_once_when_bookeo_is_gone(site: Server, sandbox: Server) -> None:
    product = _product(site)
    assert requests.get(product, timeout=30).status_code == 200
    sandbox.process.kill()
    sandbox.process.wait(10)

    assert _median_seconds(site.url + "/") < 0.2
    assert _median_seconds(product) < 0.2


@pytest.mark.long
def test_hanging_upstream_keeps_no_worker_longer_than_its_time(site: Server, sandbox: Server) -> None:
    product = _product(site)
    requests.post(f"{sandbox.url}/knobs", json={"latency": "60000"}, timeout=10).raise_for_status()
    began = time.perf_counter()
    assert requests.get(product, timeout=60).status_code == 503
    assert time.perf_counter() - began < 12
