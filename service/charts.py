"""Charts as plain SVG shapes: small, printable, readable without a script. Numbers in, points out.

Lines differ in their dashes and end in their names, not in colour alone; the table behind the
chart says the same to whoever cannot see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 96, 16, 36
_LOWEST = HEIGHT - 8.0
"""The lowest middle of a name that still stands whole in the picture."""
DASHES = ("", "8 4", "2 4", "12 4 2 4")


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name, `points` as SVG wants them, where its name stands, its dashes."""

    name: str
    points: str
    x: float
    y: float
    dashes: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A line chart. ticks: (y, number) of the scale; labels: (x, words) below it."""

    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def line_chart(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]]) -> Chart:
    """Lines over the same labels. Names that would lie on each other are moved apart.

    A number that is not said (None) has no point: the line goes on to the next one.
    """
    said = [
        (name, points)
        for name, values in series
        if (points := [(at, value) for at, value in enumerate(values) if value is not None])
    ]
    most = max((value for _, points in said for _at, value in points), default=0)
    step = _step(most)
    top = max(step, -(-most // step) * step)

    def across(place: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, len(labels) - 1), 1)

    def up(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)

    heights = _apart([up(points[-1][1]) for _, points in said])
    # What was moved apart stays inside the picture: below its foot nothing is drawn.
    heights = [height - max(0.0, max(heights) - _LOWEST) for height in heights]
    curves = tuple(
        Curve(
            name,
            " ".join(f"{across(at)},{up(value)}" for at, value in points),
            across(points[-1][0]) + 6,
            heights[place],
            DASHES[place % len(DASHES)],
        )
        for place, (name, points) in enumerate(said)
    )
    ticks = tuple((up(value), value) for value in range(0, top + 1, step))
    every = max(1, -(-len(labels) // 7))
    shown = tuple(
        (across(place), words) for place, words in enumerate(labels) if place % every == 0
    )
    return Chart(curves, ticks, shown)


def _step(most: int) -> int:
    """A round step that makes about four lines of the scale."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000):
        if most <= 4 * step:
            return step
    power = 10 ** (len(str(most)) - 1)
    return int(-(-most // (4 * power)) * power)


def _apart(heights: list[float], least: float = 16) -> list[float]:
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = list(heights)
    for before, place in zip(order, order[1:], strict=False):
        moved[place] = max(moved[place], moved[before] + least)
    return moved
