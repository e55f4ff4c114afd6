"""Ranges that Bookeo accepts, whatever the clocks do."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.services.ranges import LONGEST_RANGE, pieces

ROME = ZoneInfo("Europe/Rome")
moments = st.builds(datetime.fromtimestamp, st.integers(1_577_836_800, 2_208_988_800), st.just(ROME))


@given(start=moments, length=st.timedeltas(timedelta(seconds=1), timedelta(days=400)))
def test_pieces_cover_the_range_without_a_gap_and_none_is_too_long(start: datetime, length: timedelta) -> None:
    end = datetime.fromtimestamp(start.timestamp() + length.total_seconds(), ROME)
    found = list(pieces(start, end))

    assert found[0][0].timestamp() == pytest.approx(start.timestamp())
    assert found[-1][1].timestamp() == pytest.approx(end.timestamp())
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(stop.timestamp() - begin.timestamp() <= LONGEST_RANGE.total_seconds() for begin, stop in found)


@pytest.mark.parametrize(
    ("month", "following", "number"),
    [
        ((2026, 10, 1), (2026, 11, 1), 2),  # 31 days and an hour: clocks go back
        ((2026, 3, 1), (2026, 4, 1), 1),  # an hour short of 31 days
        ((2026, 7, 1), (2026, 8, 1), 1),
        ((2026, 2, 1), (2026, 3, 1), 1),
    ],
)
def test_a_month_is_one_piece_unless_clocks_go_back_in_it(
    month: tuple[int, int, int], following: tuple[int, int, int], number: int
) -> None:
    assert len(list(pieces(datetime(*month, tzinfo=ROME), datetime(*following, tzinfo=ROME)))) == number


def test_nothing_is_asked_for_an_empty_range() -> None:
    moment = datetime(2026, 7, 1, tzinfo=ROME)
    assert list(pieces(moment, moment)) == []
