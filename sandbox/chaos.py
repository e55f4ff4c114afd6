"""The `chaos` knob: faults by chance. Each is drawn for each call anew, and turns the knob that brings it about."""

from __future__ import annotations

import random
import sqlite3

from sandbox.knobs import CHAOS, Knobs
from sandbox.store import Store, read_state, write_state

_COUNTED = "chaos "
_USUAL_DELAY = "3000-6000"


def struck(store: Store, knobs: Knobs) -> Knobs:
    """The knobs of a call, with those on top that chance turns for it."""
    chances = knobs.get("chaos")
    if chances is None:
        return knobs
    dice, turned = _dice(store, knobs), dict[str, str]()
    for part in chances.split(","):
        fault, _, chance = part.partition("=")
        if dice.random() < float(chance):
            turned |= CHAOS[fault]
    delay = knobs.get("chaos_delay") or _USUAL_DELAY
    return knobs.turned({name: value or delay for name, value in turned.items()})


def begin_anew(db: sqlite3.Connection) -> None:
    """Forget how many calls there were: the same seed makes the same faults again."""
    db.execute("DELETE FROM state WHERE name LIKE ?", (f"{_COUNTED}%",))


def _dice(store: Store, knobs: Knobs) -> random.Random:
    """With a seed, the same for the same call: calls of an operation are counted from when knobs were last set."""
    seed = knobs.get("chaos_seed")
    if seed is None:
        return random.Random()  # noqa: S311 - chance, not secrecy
    name = f"{_COUNTED}{seed} {knobs.operation}"
    with store.writing() as db:
        count = int(read_state(db, name) or 0)
        write_state(db, name, str(count + 1))
    return random.Random(f"{name} {count}")  # noqa: S311
