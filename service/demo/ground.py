"""Ground for counties that exist nowhere: a bent mesh of streets.

Two areas that meet share every vertex of their common edge, to the last digit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt

from shapely import Polygon

from service.demo.dice import Dice

Point = tuple[float, float]
"""Longitude, latitude in WGS-84 degrees."""
Node = tuple[int, int]
"""Row from the north, column from the west: a crossing of the mesh."""
Block = tuple[int, int]
"""Row, column of a four-sided piece between crossings."""

_EQUATOR_METRES = 6378137.0
_ECCENTRICITY_SQUARED = 0.00669437999014
_DIGITS = 7  # about a centimetre


@dataclass(frozen=True, slots=True)
class MeshPlan:
    """How a mesh is laid: `step` is (east, north) metres, `jitter` and `bend` are parts of it."""

    columns: int
    rows: int
    centre: Point
    step: tuple[float, float]
    turn_degrees: float
    jitter: float
    bend: float
    bends_per_edge: int


@dataclass(frozen=True, slots=True)
class Mesh:
    """Crossings and the bends between them; `bends` is keyed by the edge's smaller node first."""

    crossings: dict[Node, Point]
    bends: dict[tuple[Node, Node], tuple[Point, ...]]

    def outline(self, blocks: Iterable[Block]) -> Polygon:
        """The blocks as one polygon, anticlockwise.

        Raises ValueError when they are not one piece, enclose a hole or touch at a corner only.
        """
        ahead = _border(blocks)
        first = node = min(ahead)
        ring: list[Point] = []
        while ahead:
            follower = ahead.pop(node)
            ring.append(self.crossings[node])
            ring.extend(self._along(node, follower))
            node = follower
            if node == first:
                break
        if ahead:
            raise ValueError("the blocks are not one piece without a hole")
        return Polygon(ring)

    def inside(self, block: Block, east: float, north: float) -> Point:
        """The point at these shares (0..1) of the block's width and height."""
        row, column = block
        south_west, south_east = (
            self.crossings[row + 1, column],
            self.crossings[row + 1, column + 1],
        )
        north_west, north_east = self.crossings[row, column], self.crossings[row, column + 1]
        lon, lat = (
            (1 - north) * ((1 - east) * south_west[axis] + east * south_east[axis])
            + north * ((1 - east) * north_west[axis] + east * north_east[axis])
            for axis in (0, 1)
        )
        return round(lon, _DIGITS), round(lat, _DIGITS)

    def _along(self, start: Node, end: Node) -> tuple[Point, ...]:
        if start < end:
            return self.bends[start, end]
        return self.bends[end, start][::-1]


def _border(blocks: Iterable[Block]) -> dict[Node, Node]:
    """Each border edge as start -> end, the area on its left."""
    edges: set[tuple[Node, Node]] = set()
    for row, column in blocks:
        corners = ((row + 1, column), (row + 1, column + 1), (row, column + 1), (row, column))
        edges.update(zip(corners, (*corners[1:], corners[0]), strict=True))
    border = [(start, end) for start, end in edges if (end, start) not in edges]
    ahead = dict(border)
    if len(ahead) != len(border):
        raise ValueError("the blocks touch at a corner only")
    return ahead


def lay_mesh(plan: MeshPlan, dice: Dice) -> Mesh:
    """A mesh of slightly crooked streets; the same dice lay the same mesh."""
    metres = {
        (row, column): _crossing(plan, row, column, dice)
        for row in range(plan.rows + 1)
        for column in range(plan.columns + 1)
    }
    bends = {}
    for (row, column), start in metres.items():
        for other in ((row, column + 1), (row + 1, column)):
            if other in metres:
                between = _bent(start, metres[other], plan, dice)
                bends[(row, column), other] = tuple(_degrees(plan, *point) for point in between)
    return Mesh({node: _degrees(plan, *point) for node, point in metres.items()}, bends)


def moved(point: Point, east_metres: float, north_metres: float) -> Point:
    """The point that many metres away, good to a centimetre within a few kilometres."""
    east, north = _metres_a_degree(point[1])
    return (
        round(point[0] + east_metres / east, _DIGITS),
        round(point[1] + north_metres / north, _DIGITS),
    )


def _crossing(plan: MeshPlan, row: int, column: int, dice: Dice) -> Point:
    """Metres east and north of the centre: a lattice that sways, with each crossing a bit off."""
    east_step, north_step = plan.step
    sway = sin(2 * pi * row / plan.rows) * 0.35, sin(2 * pi * column / plan.columns + 1.0) * 0.35
    jitter = dice.between(-plan.jitter, plan.jitter), dice.between(-plan.jitter, plan.jitter)
    return (
        (column - plan.columns / 2 + sway[0] + jitter[0]) * east_step,
        (plan.rows / 2 - row + sway[1] + jitter[1]) * north_step,
    )


def _bent(start: Point, end: Point, plan: MeshPlan, dice: Dice) -> list[Point]:
    count = plan.bends_per_edge
    across = end[1] - start[1], start[0] - end[0]
    points = []
    for number in range(1, count + 1):
        share, off = number / (count + 1), dice.between(-plan.bend, plan.bend)
        points.append(
            (
                start[0] + share * (end[0] - start[0]) + off * across[0],
                start[1] + share * (end[1] - start[1]) + off * across[1],
            )
        )
    return points


def _degrees(plan: MeshPlan, east: float, north: float) -> Point:
    angle = radians(plan.turn_degrees)
    turned = east * cos(angle) - north * sin(angle), east * sin(angle) + north * cos(angle)
    return moved(plan.centre, *turned)


def _metres_a_degree(lat: float) -> tuple[float, float]:
    """Metres in one degree of longitude and of latitude at this latitude, on WGS-84."""
    bulge = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    east = _EQUATOR_METRES / sqrt(bulge) * cos(radians(lat))
    north = _EQUATOR_METRES * (1 - _ECCENTRICITY_SQUARED) / bulge**1.5
    return east * pi / 180, north * pi / 180
