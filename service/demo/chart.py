"""Which block of the mesh belongs to whom, drawn in text.

North up, one token per block: the letter is the community, the digit its cell. `a0 a0 b1` is two
blocks of cell 0 in community a beside one block of cell 1 in community b.
"""

from collections.abc import Iterable

from shapely import Polygon

from service.demo.ground import Block, Mesh

Lot = dict[str, tuple[Block, ...]]
"""One community's ground: cell digit -> its blocks, from north-west to south-east."""


def read_chart(chart: str) -> dict[str, Lot]:
    """Community letter -> its ground. Raises ValueError when the rows differ in length."""
    rows = [line.split() for line in chart.strip().splitlines()]
    if len({len(row) for row in rows}) != 1:
        raise ValueError("the rows of the chart differ in length")
    lots: dict[str, dict[str, list[Block]]] = {}
    for row, tokens in enumerate(rows):
        for column, token in enumerate(tokens):
            cells = lots.setdefault(token[0], {})
            cells.setdefault(token[1:], []).append((row, column))
    return {
        letter: {digit: tuple(cells[digit]) for digit in sorted(cells)}
        for letter, cells in sorted(lots.items())
    }


def joined(mesh: Mesh, lots: Iterable[Lot]) -> Polygon:
    """All that ground as one polygon."""
    return mesh.outline(block for lot in lots for blocks in lot.values() for block in blocks)
