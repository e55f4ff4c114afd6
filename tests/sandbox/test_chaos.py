"""Faults by chance: as often as told, the same again with a seed, and only where they are wanted."""

from collections import Counter

import pytest

from sandbox import ConnectionCutError, Sandbox, chaos
from sandbox.knobs import CHAOS, Knobs
from tests.sandbox.bodies import kayak, kayak_for_robin
from tests.sandbox.client import Api
from tests.sandbox.test_slots import seats_left


def fate(api: Api) -> int:
    """The status that a small call gets; 0 for a connection that was cut."""
    try:
        return api.get("/settings/taxes").status
    except ConnectionCutError:
        return 0


@pytest.mark.parametrize(
    ("fault", "status", "left"),
    [
        ("cut_before", 0, 12),
        ("cut_after", 0, 10),
        ("fail_before", 503, 12),
        ("fail_after", 503, 10),
        ("busy", 429, 12),
        ("slow_before", 201, 10),
        ("slow_after", 201, 10),
    ],
)
def test_every_fault_strikes_before_or_after_the_work(api: Api, fault: str, status: int, left: int) -> None:
    api.knobs = f"chaos.createBooking={fault}=1;chaos_delay=1"
    try:
        assert api.post("/bookings", kayak_for_robin(2)).status == status
    except ConnectionCutError:
        assert status == 0
    assert seats_left(api) == left


def test_faults_strike_about_as_often_as_told(api: Api) -> None:
    api.knobs = "chaos=cut_before=0.2,fail_after=0.1;chaos_seed=1"
    counts = Counter(fate(api) for _ in range(300))
    assert 40 < counts[0] < 80
    assert 10 < counts[503] < 40


def test_seed_makes_the_same_faults_again_when_knobs_are_set_anew(app: Sandbox) -> None:
    api, fates = Api(app), list[list[int]]()
    for seed in ("7", "7", "8"):
        api.client.post("/knobs", json={"chaos": "cut_before=0.3,busy=0.3", "chaos_seed": seed})
        fates.append([fate(api) for _ in range(40)])
    assert fates[0] == fates[1] != fates[2]
    assert len(set(fates[0])) == 3


def test_clock_may_move_without_beginning_anew(app: Sandbox) -> None:
    api = Api(app)
    told = {"chaos": "busy=0.5", "chaos_seed": "7"}
    api.client.post("/knobs", json=told)
    whole = [fate(api) for _ in range(40)]
    api.client.post("/knobs", json=told)
    half = [fate(api) for _ in range(20)]
    api.client.post("/clock", json={"clock": "+60"})
    assert half + [fate(api) for _ in range(20)] == whole


def test_calls_of_other_operations_do_not_disturb_the_order(app: Sandbox) -> None:
    api, fates = Api(app), list[list[int]]()
    for disturbing in (False, True):
        api.client.post("/knobs", json={"chaos": "busy=0.5", "chaos_seed": "7"})
        fates.append([])
        for _ in range(20):
            fates[-1].append(fate(api))
            if disturbing:
                api.get("/settings/languages")
    assert fates[0] == fates[1]


def test_without_a_seed_chance_is_chance(app: Sandbox) -> None:
    held = Knobs({"chaos": "busy=0.5"}, "createHold")
    assert {chaos.struck(app.store, held).get("fail") for _ in range(200)} == {"429", None}


def test_faults_replace_what_is_set_for_the_operation(app: Sandbox) -> None:
    held = Knobs({"chaos": "fail_before=1,slow_after=1", "chaos_delay": "5", "fail.createHold": "500"}, "createHold")
    struck = chaos.struck(app.store, held)
    assert (struck.get("fail"), struck.get("latency_after"), struck.get("latency")) == ("503", "5", None)


def test_chaos_of_nothing_is_no_chaos(api: Api) -> None:
    api.knobs = "chaos=" + ",".join(f"{fault}=0" for fault in CHAOS)
    assert api.post("/holds", kayak(1)).status == 201
