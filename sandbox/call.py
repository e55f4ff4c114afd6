"""One call to the API: who asks, in which language, at what time, and the open transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from sandbox import moments, money
from sandbox.catalogue import Account
from sandbox.errors import ApiError, bad_request
from sandbox.knobs import Knobs
from sandbox.questions import Localised
from sandbox.strict import Strict, describe

Json = dict[str, Any]
PERMISSIONS = (
    "availability_r",
    "bookings_r_all",
    "bookings_rw_all",
    "customers_r_all",
    "customers_rw_all",
    "payments_r_all",
    "payments_rw_all",
    "blocks_r_all",
    "blocks_rwd_all",
)
_LONGEST_NUMBER = 9
Body = TypeVar("Body", bound=Strict)


@dataclass(frozen=True)
class ApiKey:
    """A key of the business with what it may do."""

    value: str
    permissions: tuple[str, ...]

    def allows(self, permission: str) -> bool:
        """Whether a granted permission covers the needed one: rwd covers rw, rw covers r."""
        domain, _, rest = permission.partition("_")
        level, _, scope = rest.partition("_")
        for granted in self.permissions:
            granted_domain, _, granted_rest = granted.partition("_")
            granted_level, _, granted_scope = granted_rest.partition("_")
            if (granted_domain, granted_scope) == (domain, scope) and granted_level.startswith(level):
                return True
        return False


@dataclass(frozen=True)
class Answer:
    """What a handler gives back: a JSON body or none, and the path of what it created."""

    status: int = 200
    body: Json | None = None
    location: str | None = None


def is_whole_number(text: str) -> bool:
    """Whether a text is a number of at most nine plain digits."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


@dataclass
class Call:
    """Everything a handler needs. `afterwards` runs in a write transaction of its own when a read is done."""

    account: Account
    request: Request
    db: sqlite3.Connection
    key: ApiKey
    lang: str
    now: int
    knobs: Knobs
    afterwards: list[Callable[[sqlite3.Connection], None]] = field(default_factory=list)

    def query(self, name: str) -> str | None:
        """A query parameter."""
        return self.request.args.get(name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean of the query: the words true and false only."""
        value = self.query(name)
        if value is None:
            return default
        if value not in ("true", "false"):
            raise bad_request("Invalid value for {}: must be true or false", name)
        return value == "true"

    def whole_number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number of the query within limits."""
        value = self.query(name)
        if value is None:
            return default
        if not is_whole_number(value) or not least <= int(value) <= most:
            raise bad_request("Invalid value for {}: must be between {} and {}", name, least, most)
        return int(value)

    def moment(self, name: str) -> int | None:
        """A date-time of the query."""
        value = self.query(name)
        return None if value is None else self.parse_time(value, name)

    def backend(self) -> bool:
        """Whether the call acts as a manager: mode of the query."""
        mode = self.query("mode")
        if mode not in (None, "backend"):
            raise bad_request("Invalid value for mode: must be backend")
        return mode == "backend"

    def body(self, model: type[Body]) -> Body:
        """The request body as that model. Raises a 400 that names the first wrong field, or a 415."""
        if self.request.mimetype != "application/json":
            raise ApiError(415, "The content type must be application/json")
        try:
            return model.model_validate_json(self.request.get_data())
        except ValidationError as error:
            raise ApiError(400, describe(error)) from error

    def parse_time(self, text: str, name: str) -> int:
        """Unix seconds of a date-time in the request."""
        return moments.parse(text, self.account.zone, name)

    def time(self, moment: int) -> str:
        """A moment as the answer shows it."""
        return moments.render(moment, self.account.zone)

    def money(self, amount: Decimal) -> dict[str, str]:
        """An amount as the answer shows it."""
        return money.render_money(amount, self.account.currency)

    def text(self, localised: Localised) -> str:
        """A text in the language of the answer."""
        return localised[self.lang]


def inside_call(account: Account, db: sqlite3.Connection, now: int, knobs: Knobs) -> Call:
    """A call that nobody made over HTTP: for filling the demo, and for what staff do in the back office."""
    request = Request(EnvironBuilder().get_environ())
    return Call(account, request, db, ApiKey("inside", ()), account.customer_language, now, knobs)
