"""Pictures of figures as plain SVG: where each column, line and label stands. Colours are the style sheet's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

HEIGHT, TOP, FOOT, LEFT = 240, 12, 26, 54
# All of a week fits on a telephone, all of three months beside each other on a desk.
WIDEST, WIDE_COLUMN = 1030, 39
MOST_LINES = 4
# Labels need so much room beside each other.
LABEL_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a column; a negative size hangs below the base line."""

    tone: str
    size: int


@dataclass(frozen=True, slots=True)
class Column:
    """`label` stands below it; `title` is all of it in words."""

    label: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    tone: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The bars of one column."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A label, and where: a height for a line across, a distance for a column."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`base` is the height of zero; marks stand at `LEFT` and below `floor`."""

    width: int
    height: int
    left: int
    right: int
    base: str
    floor: int
    stacks: tuple[Stack, ...]
    lines: tuple[Mark, ...]
    labels: tuple[Mark, ...]


def stacked(columns: Sequence[Column], *, scale_text: Callable[[int], str]) -> Chart:
    """Columns of parts on top of each other, and below zero. `scale_text` writes the sizes at the lines across."""
    highest = max((_above(column) for column in columns), default=0)
    lowest = min((_below(column) for column in columns), default=0)
    step = _step(max(highest - lowest, 1))
    top, bottom = -(-highest // step) * step or step, lowest // step * step
    floor = HEIGHT - FOOT

    def height_of(size: int) -> float:
        return TOP + (top - size) * (floor - TOP) / (top - bottom)

    each = min(WIDEST / max(len(columns), 1), WIDE_COLUMN)
    width = round(LEFT + each * len(columns))
    every = -(-LABEL_WIDTH // max(int(each), 1))
    middles = [LEFT + each * (number + 0.5) for number in range(len(columns))]
    return Chart(
        width=width,
        height=HEIGHT,
        left=LEFT,
        right=width,
        base=_text(height_of(0)),
        floor=floor,
        stacks=tuple(
            Stack(column.title, _bars(column, middle - each * 0.4, each * 0.8, height_of))
            for column, middle in zip(columns, middles, strict=True)
        ),
        lines=tuple(Mark(_text(height_of(size)), scale_text(size)) for size in range(bottom, top + 1, step)),
        labels=tuple(
            Mark(_text(middle), column.label)
            for column, middle in list(zip(columns, middles, strict=True))[:: max(every, 1)]
        ),
    )


def _bars(column: Column, x: float, width: float, height_of: Callable[[int], float]) -> tuple[Bar, ...]:
    bars, up, down = [], 0, 0
    for part in column.parts:
        if not part.size:
            continue
        start = up if part.size > 0 else down
        edges = sorted((height_of(start), height_of(start + part.size)))
        bars.append(Bar(_text(x), _text(edges[0]), _text(width), _text(edges[1] - edges[0]), part.tone))
        up, down = (up + part.size, down) if part.size > 0 else (up, down + part.size)
    return tuple(bars)


def _above(column: Column) -> int:
    return sum(part.size for part in column.parts if part.size > 0)


def _below(column: Column) -> int:
    return sum(part.size for part in column.parts if part.size < 0)


def _step(span: int) -> int:
    """1, 2 or 5 with noughts, so that few lines reach across the span."""
    steps: Iterator[int] = (digit * int(10**power) for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if span <= step * MOST_LINES)


def _text(number: float) -> str:
    return f"{number:.1f}"
