"""The budget of calls: shared, with lanes, honouring a 429, and sturdy."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import LazySettings
from limits import RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter

from booking.services import cache, lanes, sharing, windows
from booking.services.budget import Budget, Grant, Spent, seconds_to_wait
from booking.services.lanes import PATIENCE, Lane, lane
from booking.services.window_file import WindowFile

# Each parallel worker has a database of its own: a test empties it.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS = f"{os.environ.get('TEST_REDIS_URL', 'redis://127.0.0.1:6379')}/{8 + _WORKER % 8}"


def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS, protocol=2, socket_connect_timeout=0.3).ping())
    except redis.RedisError:
        return False


@pytest.fixture(params=["file", "redis"], autouse=True)
def storage(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> Iterator[str]:
    """Both places where windows can be kept."""
    if request.param == "redis" and not _redis_answers():
        pytest.skip("no Redis answers at TEST_REDIS_URL")
    settings.SHARED_REDIS_URL = REDIS if request.param == "redis" else ""
    settings.WINDOWS_FILE = tmp_path / "windows.sqlite3"
    windows._shared.cache_clear()
    cache.forget_everything()
    yield request.param
    cache.forget_everything()
    windows._shared.cache_clear()


def _taken(budget: Budget, lane_: Lane) -> int:
    """How many calls the lane is granted without waiting."""
    count = 0
    while True:
        try:
            budget.take(lane_, patience=0)
        except Spent:
            return count
        count += 1


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def test_no_more_than_the_whole_is_granted_within_the_window() -> None:
    assert _taken(Budget("key", Grant(10, 30)), Lane.CHECKOUT) == 10


def test_lower_lanes_leave_room_for_those_before_them() -> None:
    budget = Budget("key", Grant(20, 30))
    assert _taken(budget, Lane.BACKGROUND) == 8
    assert _taken(budget, Lane.BROWSING) == 6
    assert _taken(budget, Lane.STAFF) == 3
    assert _taken(budget, Lane.CHECKOUT) == 3


def test_keys_have_budgets_of_their_own() -> None:
    assert _taken(Budget("one", Grant(3, 30)), Lane.CHECKOUT) == 3
    assert _taken(Budget("two", Grant(3, 30)), Lane.CHECKOUT) == 3


def test_call_waits_until_there_is_room() -> None:
    budget = Budget("key", Grant(2, 1))
    assert _taken(budget, Lane.CHECKOUT) == 2
    assert 0.2 < budget.take(Lane.CHECKOUT, patience=5) < 3


def test_patience_ends_with_a_word_when_to_come_back() -> None:
    budget = Budget("key", Grant(1, 30))
    budget.take(Lane.CHECKOUT, patience=1)
    began = time.monotonic()
    with pytest.raises(Spent) as spent:
        budget.take(Lane.CHECKOUT, patience=0.3)
    assert time.monotonic() - began < 2
    assert 25 < spent.value.retry_after <= 30


def test_429_closes_the_budget_for_everybody() -> None:
    budget, other_process = (Budget("key", Grant(10, 30)) for _ in range(2))
    budget.pause(30)
    with pytest.raises(Spent) as spent:
        other_process.take(Lane.CHECKOUT, patience=0.1)
    assert 25 < spent.value.retry_after <= 30


def test_lower_lanes_take_nothing_while_a_customer_waits() -> None:
    budget = Budget("key", Grant(10, 2))
    _taken(budget, Lane.CHECKOUT)
    waiting = threading.Thread(target=budget.take, args=(Lane.CHECKOUT, 10))
    waiting.start()
    _until(lambda: bool(sharing.get(budget._waiting_key(Lane.CHECKOUT))))
    windows._shared().storage.reset()
    with pytest.raises(Spent):
        budget.take(Lane.BROWSING, patience=0)
    waiting.join()
    assert budget.take(Lane.BROWSING, patience=5) < 5


def test_day_that_is_called_off_leaves_half_to_those_who_wait() -> None:
    budget = Budget("key", Grant(10, 30))
    assert _taken(budget, Lane.BULK) == 5
    assert _taken(budget, Lane.BROWSING) == 2


@pytest.mark.parametrize("last", [Lane.BULK, Lane.BACKGROUND])
def test_background_is_slow_and_does_not_stop(monkeypatch: pytest.MonkeyPatch, last: Lane) -> None:
    monkeypatch.setattr("booking.services.budget.AGED_SECONDS", 0.3)
    budget = Budget("key", Grant(10, 30))
    _taken(budget, Lane.BROWSING)
    with pytest.raises(Spent):
        budget.take(last, patience=0.2)
    assert budget.take(last, patience=5) > 0.3


def test_waiting_visitors_do_not_take_all_threads() -> None:
    budget = Budget("key", Grant(10, 30))
    _taken(budget, Lane.BROWSING)
    crowd = [threading.Thread(target=_try, args=(budget,)) for _ in range(6)]
    for thread in crowd:
        thread.start()
    _until(lambda: not budget._waiting[Lane.BROWSING]._value)
    began = time.monotonic()
    with pytest.raises(Spent):
        budget.take(Lane.BROWSING, patience=5)
    assert time.monotonic() - began < 0.5
    assert budget.take(Lane.CHECKOUT, patience=0) < 0.5
    for thread in crowd:
        thread.join()


def _try(budget: Budget) -> None:
    with pytest.raises(Spent):
        budget.take(Lane.BROWSING, patience=1)


def test_without_the_shared_windows_this_process_counts_alone(
    settings: LazySettings, tmp_path: Path, storage: str
) -> None:
    settings.SHARED_REDIS_URL = "redis://127.0.0.1:1/0" if storage == "redis" else ""
    settings.WINDOWS_FILE = tmp_path / "no" / "such" / "folder"
    windows._shared.cache_clear()
    windows._own().storage.reset()
    assert _taken(Budget("key", Grant(4, 30)), Lane.CHECKOUT) == 4


def test_lane_decides_how_long_a_call_may_wait() -> None:
    assert lanes.current() == Lane.BROWSING
    assert lanes.seconds_left() == float("inf")
    with lane(Lane.CHECKOUT):
        assert lanes.current() == Lane.CHECKOUT
        assert 0 < lanes.seconds_left() <= PATIENCE[Lane.CHECKOUT].total
        assert seconds_to_wait(Lane.CHECKOUT) <= PATIENCE[Lane.CHECKOUT].wait
    assert lanes.current() == Lane.BROWSING


def _hit(path: Path, times: int, out: "multiprocessing.queues.Queue[int]") -> None:
    limiter, item = MovingWindowRateLimiter(WindowFile(path)), RateLimitItemPerSecond(50, 60)
    out.put(sum(limiter.hit(item, "key") for _ in range(times)))


def test_processes_share_one_file(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    workers = [context.Process(target=_hit, args=(tmp_path / "shared.sqlite3", 40, out)) for _ in range(3)]
    for worker in workers:
        worker.start()
    granted = [out.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(granted) == 50


def test_claims_and_values_are_shared_until_they_end() -> None:
    assert sharing.claim("one", seconds=30)
    assert not sharing.claim("one", seconds=30)
    sharing.release("one")
    assert sharing.claim("one", seconds=30)
