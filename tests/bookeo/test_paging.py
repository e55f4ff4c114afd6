"""Promises of walking through pages: in order, on demand, never without end."""

from collections.abc import Callable

import pytest

from booking.bookeo import Page, PaginationInfo, UnexpectedAnswer, iter_pages
from booking.bookeo.models import PeopleNumber

TOKEN = "T"


def _page(number: int, total: int, token: str | None = TOKEN) -> Page[PeopleNumber]:
    info = PaginationInfo(total_items=total, total_pages=total, current_page=number, page_navigation_token=token)
    return Page[PeopleNumber](data=(PeopleNumber(people_category_id="C", number=number),), info=info)


def _fetcher(total: int, asked: list[tuple[str, int]]) -> Callable[..., Page[PeopleNumber]]:
    def fetch(*, token: str, page_number: int) -> Page[PeopleNumber]:
        asked.append((token, page_number))
        return _page(page_number, total)

    return fetch


def test_iter_pages_yields_every_page_in_order() -> None:
    asked: list[tuple[str, int]] = []
    pages = list(iter_pages(_page(1, 3), _fetcher(3, asked), max_pages=9))
    assert [page.data[0].number for page in pages] == [1, 2, 3]
    assert asked == [("T", 2), ("T", 3)]


def test_iter_pages_of_a_single_page_asks_for_nothing() -> None:
    asked: list[tuple[str, int]] = []
    assert list(iter_pages(_page(1, 1, None), _fetcher(1, asked), max_pages=9)) == [_page(1, 1, None)]
    assert asked == []


def test_iter_pages_fetches_only_when_wanted() -> None:
    asked: list[tuple[str, int]] = []
    pages = iter_pages(_page(1, 3), _fetcher(3, asked), max_pages=9)
    next(pages)
    assert asked == []


def test_iter_pages_stops_at_the_limit() -> None:
    asked: list[tuple[str, int]] = []
    assert len(list(iter_pages(_page(1, 10**9), _fetcher(10**9, asked), max_pages=4))) == 4
    assert len(asked) == 3


def test_iter_pages_stops_when_the_list_has_become_shorter() -> None:
    asked: list[tuple[str, int]] = []
    assert len(list(iter_pages(_page(1, 5), _fetcher(2, asked), max_pages=9))) == 2


def test_iter_pages_keeps_the_token_when_a_later_page_tells_none() -> None:
    asked: list[str] = []

    def fetch(*, token: str, page_number: int) -> Page[PeopleNumber]:
        asked.append(token)
        return _page(page_number, 3, None)

    list(iter_pages(_page(1, 3), fetch, max_pages=9))
    assert asked == ["T", "T"]


def test_iter_pages_complains_of_pages_that_cannot_be_reached() -> None:
    with pytest.raises(UnexpectedAnswer):
        list(iter_pages(_page(1, 3, None), _fetcher(3, []), max_pages=9))
