"""A faithful stand-in for the Bookeo REST API v2, with an invented business. See README.md in this folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from sandbox import chaos, clock, knobs
from sandbox.app import Sandbox
from sandbox.call import ApiKey
from sandbox.demo import fill
from sandbox.demo_business import harbour_and_hills
from sandbox.errors import ConnectionCutError
from sandbox.operations import check_knob_names
from sandbox.store import Store

__all__ = ["ConnectionCutError", "Sandbox", "create_app"]

ALL_PERMISSIONS = ("availability_r", "bookings_rw_all", "customers_rw_all", "payments_rw_all", "blocks_rwd_all")
READ_PERMISSIONS = ("availability_r", "bookings_r_all", "payments_r_all", "blocks_r_all")
READ_ONLY_KEY = "readonly-api-key"


def create_app(
    database: Path,
    *,
    data: Literal["demo", "empty"] = "demo",
    time_zone: str = "Europe/Rome",
    currency: str = "EUR",
    secret_key: str = "sandbox-secret",  # noqa: S107 - a made-up key that opens nothing
    api_key: str = "sandbox-api-key",
    more_keys: Mapping[str, Sequence[str]] | None = None,
    knob_values: Mapping[str, str] | None = None,
) -> Sandbox:
    """The sandbox as a WSGI callable over that database file, which is made or kept and topped up.

    `empty` has the products and the demo log-ins but no bookings. `more_keys` have the permissions that are listed with
    them. `knob_values`, when given, replace the stored knobs.
    A connection cut by a knob is raised as `ConnectionCutError`, a `ConnectionResetError`.
    """
    store = Store(database)
    account = harbour_and_hills(time_zone, currency)
    with store.writing() as db:
        if knob_values is not None:
            check_knob_names(knob_values)
            knobs.save(db, knob_values)
            chaos.begin_anew(db)
        fill(account, db, clock.now(knobs.load(db)), lively=data == "demo")
    permissions = {api_key: ALL_PERMISSIONS, READ_ONLY_KEY: READ_PERMISSIONS, **(more_keys or {})}
    keys = {value: ApiKey(value, tuple(granted)) for value, granted in permissions.items()}
    return Sandbox(account, store, secret_key, keys)
