"""Columns as SVG: every size stands where its scale says."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.presenters.charts import HEIGHT, Chart, Column, Part, stacked

SIZES = st.integers(-(10**9), 10**9)


def _chart(*columns: tuple[int, ...]) -> Chart:
    drawn = [
        Column(f"day {n}", f"day {n}", tuple(Part("t1", size) for size in sizes)) for n, sizes in enumerate(columns)
    ]
    return stacked(drawn, scale_text=str)


@given(st.lists(st.lists(SIZES, max_size=5).map(tuple), max_size=92))
def test_bars_are_as_high_as_their_scale_says(columns: list[tuple[int, ...]]) -> None:
    chart = _chart(*columns)
    heights = {int(line.label): float(line.at) for line in chart.lines}
    base = float(chart.base)
    assert heights[0] == base
    assert 2 <= len(heights) <= 7
    top, bottom = max(heights), min(heights)
    scale = (heights[bottom] - heights[top]) / (top - bottom)
    for column, stack in zip(columns, chart.stacks, strict=True):
        sizes = [size for size in column if size]
        assert len(stack.bars) == len(sizes)
        for size, bar in zip(sizes, stack.bars, strict=True):
            assert float(bar.height) == pytest.approx(abs(size) * scale, abs=0.2)
            assert 0 <= float(bar.y) <= HEIGHT


def test_what_is_negative_hangs_from_the_base_and_nothing_overlaps() -> None:
    (stack,) = _chart((30, -10, 20, -5)).stacks
    edges = [(float(bar.y), float(bar.y) + float(bar.height)) for bar in stack.bars]
    base = float(_chart((30, -10, 20, -5)).base)
    assert [edge < base for edge, _ in edges] == [True, False, True, False]
    ordered = sorted(edges)
    assert all(below[0] >= above[1] - 0.2 for above, below in pairwise(ordered))


@pytest.mark.parametrize("number", [0, 1, 7, 31, 92])
def test_labels_have_room(number: int) -> None:
    chart = _chart(*[(5,)] * number)
    places = [float(label.at) for label in chart.labels]
    assert all(later - earlier >= 40 for earlier, later in pairwise(places))
    assert chart.width <= 1100
