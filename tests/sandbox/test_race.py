"""Capacity is exact when several threads, or processes, want the same seats."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import Sandbox, create_app
from tests.sandbox.bodies import KAYAK_LATER, canoe, kayak, kayak_for_robin
from tests.sandbox.client import Api, Json
from tests.sandbox.conftest import NOW
from tests.sandbox.holder import count_holds
from tests.sandbox.test_booking_changes import moved
from tests.sandbox.test_slots import seats_left


def together(count: int, act: Callable[[], int]) -> Counter[int]:
    """Let threads act at the same moment; answers how often each status came."""
    barrier = threading.Barrier(count)
    statuses: list[int] = []

    def run() -> None:
        barrier.wait(10)
        statuses.append(act())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return Counter(statuses)


@pytest.mark.parametrize(("path", "body"), [("/holds", kayak(1)), ("/bookings", kayak_for_robin(1))])
def test_last_seat_goes_to_one_of_two(app: Sandbox, api: Api, path: str, body: Json) -> None:
    api.created("/holds", kayak(11))
    assert together(2, lambda: Api(app).post(path, body).status) == {201: 1, 403: 1}
    assert seats_left(api) == 0


def test_last_seat_goes_to_one_of_two_that_move(app: Sandbox, api: Api) -> None:
    bookings = [api.created("/bookings", kayak_for_robin(1)) for _ in range(2)]
    api.created("/holds", kayak(11, eventId=KAYAK_LATER))
    waiting = iter([(f"/bookings/{booking['bookingNumber']}", moved(booking)) for booking in bookings])
    assert together(2, lambda: Api(app).put(*next(waiting)).status) == {200: 1, 403: 1}
    assert (seats_left(api), seats_left(api, KAYAK_LATER)) == (11, 0)


def test_one_canoe_is_never_booked_twice(app: Sandbox) -> None:
    statuses = together(6, lambda: Api(app).post("/holds", canoe()).status)
    assert statuses == {201: 2, 403: 4}


def test_processes_share_the_seats(tmp_path: Path) -> None:
    database = str(tmp_path / "shared.sqlite3")
    api = Api(create_app(Path(database), data="empty", knob_values={"clock": NOW}))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        won = pool.starmap(count_holds, [(database, kayak(1), 8)] * 2)
    assert sum(won) == 12
    assert seats_left(api) == 0
