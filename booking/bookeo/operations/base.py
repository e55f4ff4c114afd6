"""The few ways of calling that all operations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from booking.bookeo.codec import (
    QueryValue,
    build_request,
    decipher,
    decipher_nothing,
    is_empty_success,
    located_id,
)
from booking.bookeo.errors import BookeoError, NotFound
from booking.bookeo.exchange import Answer, Request
from booking.bookeo.models.base import Page
from booking.bookeo.paging import iter_pages
from booking.bookeo.refusals import unexpected
from booking.bookeo.transport import Transport

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Query = Mapping[str, QueryValue]

_ALL_PAGES = 50


class Operations:
    """A group of operations over one transport. ``lang`` is the language when a call names none."""

    def __init__(self, transport: Transport, lang: str) -> None:
        self._transport = transport
        self._lang = lang

    def _read(self, operation: str, path: tuple[str, ...], model: type[M], query: Query, lang: str | None) -> M:
        request = self._request(operation, "GET", path, query=query, lang=lang)
        return decipher(request, self._transport.send(request), model)

    def _turn_page(
        self, operation: str, path: tuple[str, ...], model: type[M], token: str, page_number: int, lang: str | None
    ) -> M:
        query: Query = {"pageNavigationToken": token, "pageNumber": page_number}
        return self._read(operation, path, model, query, lang)

    def _write(
        self,
        operation: str,
        method: str,
        path: tuple[str, ...],
        body: Mapping[str, Any],
        model: type[M],
        *,
        reread: Callable[[str], M],
        query: Query,
        lang: str | None,
    ) -> M:
        """Send an object and return it as Bookeo now has it.

        Some writes may answer without a body (reference 6.3); then ``reread`` fetches the object by
        the id in Location. Whatever fails from there on comes after the write has happened, so it is
        raised as UnexpectedAnswer, whose outcome is unknown.
        """
        request = self._request(operation, method, path, query=query, body=body, lang=lang)
        answer = self._transport.send(request)
        if is_empty_success(answer):
            return _reread(request, answer, reread)
        return decipher(request, answer, model)

    def _delete(self, operation: str, path: tuple[str, ...], lang: str | None, query: Query | None = None) -> None:
        request = self._request(operation, "DELETE", path, query=query or {}, lang=lang)
        decipher_nothing(request, self._transport.send(request))

    def _delete_if_there(self, operation: str, path: tuple[str, ...], lang: str | None) -> None:
        try:
            self._delete(operation, path, lang)
        except NotFound:
            return

    def _request(
        self,
        operation: str,
        method: str,
        path: tuple[str, ...],
        *,
        query: Query,
        lang: str | None,
        body: Mapping[str, Any] | None = None,
        is_write: bool | None = None,
    ) -> Request:
        # The default of the API is the language of the staff (reference 2.3), so a language always goes along.
        query = {**query, "lang": lang or self._lang}
        return build_request(operation, method, path, query=query, body=body, is_write=is_write)


def backend_mode(backend: bool) -> str | None:
    """The value of ``mode`` that acts as a manager; None leaves it out."""
    return "backend" if backend else None


def all_items(first: Page[T], fetch_page: Callable[..., Page[T]]) -> tuple[T, ...]:
    """The items of all pages of a list that is known to be short."""
    return tuple(item for page in iter_pages(first, fetch_page, max_pages=_ALL_PAGES) for item in page.data)


def _reread(request: Request, answer: Answer, reread: Callable[[str], M]) -> M:
    try:
        return reread(located_id(answer))
    except BookeoError:
        pass
    raise unexpected(request, answer, "written, but could not be read back")
