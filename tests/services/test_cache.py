"""What is remembered, for how long, and who waits for whom."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

import pytest
import time_machine

from booking.services import cache, sharing
from booking.services.errors import Unavailable

T = TypeVar("T")

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


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still until it is moved."""
    with time_machine.travel(datetime(2026, 7, 14, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def _times(source: Callable[[], int], product_id: str = PRODUCT) -> int:
    return cache.remembered(cache.times_key(product_id, "first"), keeping=cache.TIMES, fetch=source, subject=product_id)


def _remembered(key: str, fetch: Callable[[], T]) -> T:
    return cache.remembered(key, keeping=cache.SETTINGS, fetch=fetch)


def _is_known(key: str) -> bool:
    return cache.is_known(key, keeping=cache.SETTINGS)


def _unavailable() -> int:
    raise Unavailable("Bookeo is down")


def test_value_is_fetched_again_when_its_time_is_over(clock: time_machine.Traveller) -> None:
    source = Source()
    assert _times(source) == 1
    clock.shift(59)
    assert _times(source) == 1
    clock.shift(17)
    assert _times(source) == 2


def test_old_value_is_shown_once_more_while_a_new_one_is_fetched(clock: time_machine.Traveller) -> None:
    source, fetched = Source(), threading.Event()

    def slow() -> int:
        try:
            return source()
        finally:
            fetched.set()

    _times(slow)
    fetched.clear()
    clock.shift(61)
    assert _times(slow) == 1
    assert fetched.wait(10)
    deadline = time.perf_counter() + 10
    while _times(slow) != 2 and time.perf_counter() < deadline:
        pass
    assert (_times(slow), source.asked) == (2, 2)


def test_old_value_serves_when_bookeo_fails_and_says_how_old_it_is(clock: time_machine.Traveller) -> None:
    fetched_at = datetime.now(UTC)
    with cache.facts():
        assert _times(Source()) == 1
        assert cache.as_of() is None
    clock.shift(3600)
    with cache.facts():
        assert _times(_unavailable) == 1
        assert cache.as_of() == fetched_at
    clock.shift(6 * 3600)
    with pytest.raises(Unavailable):
        _times(_unavailable)


def test_seats_that_have_changed_are_shown_only_when_bookeo_fails() -> None:
    _times(Source())
    cache.forget_times(PRODUCT)
    with cache.facts():
        assert _times(_unavailable) == 1
        assert cache.as_of() is not None


def test_bookeo_is_not_asked_at_once_again_after_a_failure(clock: time_machine.Traveller) -> None:
    source = Source()
    _times(Source())
    clock.shift(3600)
    _times(_unavailable)
    assert (_times(source), source.asked) == (1, 0)


def test_what_is_made_of_an_old_answer_is_as_old(clock: time_machine.Traveller) -> None:
    source = Source()

    def made() -> int:
        return 10 * _times(source)

    def read() -> int:
        return cache.remembered("made", keeping=cache.TIMES_MADE, fetch=made, subject=PRODUCT)

    _times(source)
    clock.shift(50)
    assert read() == 10
    clock.shift(30)
    assert read() == 20


def test_own_write_makes_the_next_reader_ask_and_leaves_other_products() -> None:
    source, other = Source(), Source()
    _times(source)
    _times(other, OTHER)
    cache.forget_times(PRODUCT)

    assert _times(source) == 2
    assert _times(other, OTHER) == 1


def test_all_times_can_be_forgotten_at_once() -> None:
    source, other = Source(), Source()
    _times(source)
    _times(other, OTHER)
    cache.forget_all_times()
    assert (_times(source), _times(other, OTHER)) == (2, 2)


def test_answer_asked_for_before_a_write_is_not_shown_after_it() -> None:
    source = Source()

    def written_to_meanwhile() -> int:
        cache.forget_times(PRODUCT)
        return source()

    _times(written_to_meanwhile)
    assert _times(source) == 2


def test_others_wait_for_the_one_that_fetches() -> None:
    source, begun, go_on = Source(), threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return source()

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(_remembered, "key", slow) for _ in range(20)]
        assert begun.wait(10)
        go_on.set()
        assert {answer.result() for answer in answers} == {1}


def test_others_share_the_failure_of_the_one_that_fetches() -> None:
    """Each asking anew would keep the last of twenty waiting for twenty time-outs."""
    asked, begun, go_on = Source(), threading.Event(), threading.Event()

    def fail_slowly() -> int:
        asked()
        begun.set()
        assert go_on.wait(10)
        raise Unavailable("Bookeo is down")

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(_remembered, "key", fail_slowly)]
        assert begun.wait(10)
        answers += [pool.submit(_remembered, "key", fail_slowly) for _ in range(19)]
        time.sleep(0.1)  # lets them arrive; one that comes late asks for itself, and the count below tells
        go_on.set()
        assert all(isinstance(answer.exception(), Unavailable) for answer in answers)
    assert asked.asked < 20


def test_slow_fetch_holds_up_nobody_who_wants_something_else() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_remembered, "slow", slow)
        assert begun.wait(10)
        assert _remembered("quick", lambda: "quick") == "quick"
        go_on.set()
        assert answer.result() == "slow"


def test_failure_is_nobody_s_memory() -> None:
    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        _remembered("key", fail)
    assert not _is_known("key")
    assert _remembered("key", lambda: 7) == 7
    assert _is_known("key")


def test_memory_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LOCAL_ENTRIES", 8)
    for number in range(30):
        assert _remembered(f"key-{number}", Source()) == 1
    assert sum(_is_known(f"key-{number}") for number in range(30)) <= 8
    assert _is_known("key-29")


def test_other_processes_find_what_one_has_fetched() -> None:
    """This process's own memory is emptied, which leaves the memory that processes share."""
    source = Source()
    _times(source)
    cache._local.clear()
    assert _times(source) == 1


def test_another_process_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process is a flight that is claimed, and an answer that arrives a moment later."""
    source, moment = Source(), time.time()
    assert sharing.claim("flight:key", seconds=10)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_remembered, "key", source)
        sharing.put("key", (moment, 0, 42), seconds=60)
        assert (answer.result(), source.asked) == (42, 0)


def test_nothing_stops_when_the_shared_cache_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def __getattr__(self, name: str) -> Callable[..., None]:
            def fail(*args: object, **kwargs: object) -> None:
                raise ConnectionError("Redis is gone")

            return fail

    monkeypatch.setattr(sharing, "cache", Gone())
    source = Source()
    assert (_times(source), _times(source)) == (1, 1)
    cache.forget_times(PRODUCT)
    assert _times(source) == 2
