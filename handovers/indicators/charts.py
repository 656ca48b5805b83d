"""Bars for the indicators: where each begins, how long it is, its label. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handovers.indicators.figures import Figure

ROW_HEIGHT = 26
LABEL_WIDTH = 240
BAR_WIDTH = 300
WIDTH = 700


@dataclass(frozen=True)
class Bar:
    """One row of a chart, in units of its view box; `length` 0 where there are too few cases."""

    name: str
    y: int
    length: float
    text: str
    is_known: bool

    @property
    def middle(self) -> int:
        """Where the text of the row stands."""
        return self.y + ROW_HEIGHT // 2

    @property
    def text_x(self) -> float:
        """Where the number stands: just behind the bar."""
        return LABEL_WIDTH + self.length + 8


@dataclass(frozen=True)
class Chart:
    """Horizontal bars on one scale that begins at zero."""

    bars: Sequence[Bar]
    width: int = WIDTH
    label_width: int = LABEL_WIDTH

    @property
    def height(self) -> int:
        """Height of the view box."""
        return ROW_HEIGHT * len(self.bars)

    @property
    def alternative(self) -> str:
        """The whole chart in words."""
        return "; ".join(f"{bar.name}: {bar.text}" for bar in self.bars)


def chart(
    rows: Sequence[tuple[str, Figure]], show: Callable[[Figure], str], most: float | None = None
) -> Chart:
    """A chart of named figures; `most` is the value of the longest bar, by default the largest figure."""
    scale = most or max((figure.value or 0.0 for _name, figure in rows), default=0.0) or 1.0
    return Chart([_bar(n, name, figure, show, scale) for n, (name, figure) in enumerate(rows)])


def _bar(n: int, name: str, figure: Figure, show: Callable[[Figure], str], scale: float) -> Bar:
    value = figure.value
    length = 0.0 if value is None else round(BAR_WIDTH * min(value / scale, 1.0), 1)
    return Bar(name, n * ROW_HEIGHT, length, show(figure), value is not None)
