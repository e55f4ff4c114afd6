"""Lists: the result is frozen at search time and its further pages are found by an opaque token (reference 2.5)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

from sandbox.call import Answer, Call, Json
from sandbox.errors import bad_request, not_found
from sandbox.identifiers import new_token

TOKEN_LIFE_SECONDS = 1800
DEFAULT_PAGE_SIZE = 50
_HIGHEST_PAGE = 1_000_000


def listing(call: Call, scope: str, largest: int, search: Callable[[], Sequence[Json]]) -> Answer:
    """The page that the query asks for: of a new search, or of an earlier one by its token."""
    size = call.whole_number("itemsPerPage", DEFAULT_PAGE_SIZE, 1, largest)
    number = call.whole_number("pageNumber", 1, 1, _HIGHEST_PAGE)
    token = call.query("pageNavigationToken")
    if token is not None:
        return Answer(body=stored_page(call, scope, token, number))
    if number != 1:
        raise bad_request("pageNumber needs a pageNavigationToken")
    return Answer(body=first_page(call, scope, size, search()))


def first_page(call: Call, scope: str, size: int, items: Sequence[Json]) -> Json:
    """The first page; when there are more, all of them are kept for half an hour."""
    info = _info(len(items), -(-len(items) // size), 1)
    if len(items) > size:
        info["pageNavigationToken"] = remember(call, scope, size, items)
    return {"data": list(items[:size]), "info": info}


def remember(call: Call, scope: str, size: int, items: Sequence[Json]) -> str:
    """Keep a result under a new token, which is the answer."""
    token = new_token(scope.partition(":")[0])
    call.afterwards.append(lambda db: _keep(db, token, _scope(call, scope), size, items, call.now))
    return token


def _info(total_items: int, total_pages: int, number: int) -> Json:
    return {"totalItems": total_items, "totalPages": total_pages, "currentPage": number}


def stored_page(call: Call, scope: str, token: str, number: int) -> Json:
    """A page of an earlier search by the same key. Raises 404 for a token that is unknown, foreign or too old."""
    row = call.db.execute(
        "SELECT * FROM page WHERE token = ? AND number IN (?, 1) ORDER BY number DESC", (token, number)
    )
    found = row.fetchone()
    if found is None or found["scope"] != _scope(call, scope) or found["expires"] <= call.now:
        raise not_found("Page navigation token not found")
    if found["number"] != number:
        raise bad_request("There is no such page")
    info = _info(found["total_items"], found["total_pages"], number)
    if found["total_pages"] > 1:
        info["pageNavigationToken"] = token
    return {"data": json.loads(found["items"]), "info": info}


def _scope(call: Call, scope: str) -> str:
    return f"{scope} {call.key.value}"


def _keep(db: sqlite3.Connection, token: str, scope: str, size: int, items: Sequence[Json], now: int) -> None:
    pages = [items[start : start + size] for start in range(0, len(items), size)] or [[]]
    db.execute("DELETE FROM page WHERE expires <= ?", (now,))
    db.executemany(
        "INSERT INTO page (token, number, total_items, total_pages, scope, items, expires)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (token, number, len(items), -(-len(items) // size), scope, json.dumps(page), now + TOKEN_LIFE_SECONDS)
            for number, page in enumerate(pages, start=1)
        ],
    )
