"""What is remembered, for how long, and who waits for whom."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine

from booking.services import cache

PRODUCT, OTHER = "4151KAYK7R18E08BF0DBF", "4151SALX9E18E0E10F110"


class Source:
    """Gives 1, 2, 3 …: the number of times that it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        return self.asked


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    cache.forget_everything()
    yield
    cache.forget_everything()


def _times(source: Source, product_id: str = PRODUCT) -> int:
    return cache.remembered(cache.times_key(product_id, "first"), seconds=60, fetch=source)


def test_value_is_fetched_again_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    source, moment = Source(), [1000.0]
    monkeypatch.setattr(cache, "time", SimpleNamespace(time=time.time, monotonic=lambda: moment[0]))
    with time_machine.travel(datetime(2026, 7, 14, tzinfo=UTC), tick=False) as clock:
        assert _times(source) == 1
        moment[0] += 59
        clock.shift(59)
        assert _times(source) == 1
        moment[0] += 2
        clock.shift(2)
        assert _times(source) == 2


def test_own_write_makes_the_next_reader_ask_and_leaves_other_products() -> None:
    source, other = Source(), Source()
    _times(source)
    _times(other, OTHER)
    cache.forget_times(PRODUCT)

    assert _times(source) == 2
    assert _times(other, OTHER) == 1


def test_answer_asked_for_before_a_write_is_not_shown_after_it() -> None:
    source = Source()

    def written_to_meanwhile() -> int:
        cache.forget_times(PRODUCT)
        return source()

    cache.remembered(cache.times_key(PRODUCT, "first"), seconds=60, fetch=written_to_meanwhile)
    assert _times(source) == 2


def test_others_wait_for_the_one_that_fetches() -> None:
    source, begun, go_on = Source(), threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return source()

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(cache.remembered, "key", seconds=60, fetch=slow) for _ in range(20)]
        assert begun.wait(10)
        go_on.set()
        assert {answer.result() for answer in answers} == {1}


def test_slow_fetch_holds_up_nobody_who_wants_something_else() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(cache.remembered, "slow", seconds=60, fetch=slow)
        assert begun.wait(10)
        assert cache.remembered("quick", seconds=60, fetch=lambda: "quick") == "quick"
        go_on.set()
        assert answer.result() == "slow"


def test_failure_is_everybody_s_own_and_nobody_s_memory() -> None:
    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        cache.remembered("key", seconds=60, fetch=fail)
    assert not cache.is_known("key")
    assert cache.remembered("key", seconds=60, fetch=lambda: 7) == 7
    assert cache.is_known("key")


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LOCAL_ENTRIES", 5)
    for number in range(20):
        assert cache.remembered(f"key-{number}", seconds=60, fetch=Source()) == 1
    assert sum(cache.is_known(f"key-{number}") for number in range(20)) <= 5
    assert cache.is_known("key-19")


def test_other_processes_find_what_one_has_fetched() -> None:
    """This process's own memory is emptied, which leaves the memory that processes share."""
    source = Source()
    _times(source)
    cache._local.clear()
    assert _times(source) == 1
