"""Walking through the pages of a list (reference 2.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from booking.bookeo.errors import UnexpectedAnswer
from booking.bookeo.models.base import Page

T = TypeVar("T")


def iter_pages(first: Page[T], fetch_page: Callable[..., Page[T]], *, max_pages: int) -> Iterator[Page[T]]:
    """Yield the first page and those after it, ``max_pages`` in all at most.

    ``fetch_page`` is called with the keywords ``token`` and ``page_number``, one page at a time and
    only when it is wanted. Compare ``info.total_pages`` with ``max_pages`` to learn of a list that
    was cut. A page that announces more without telling how to get them raises UnexpectedAnswer.
    """
    page, number = first, 1
    yield page
    while number < min(page.info.total_pages, max_pages):
        token = page.info.page_navigation_token or first.info.page_navigation_token
        if token is None:
            raise UnexpectedAnswer("iter_pages", message="more pages, but no token")
        number += 1
        page = fetch_page(token=token, page_number=number)
        yield page
