"""Buildings in exactly one cell: which have none, which stand on a line (domain ORG-1)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.grid import cell_of
from geo.grid_faults import Fault, Id
from geo.shapes import to_geojson


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues; the page translates and fills it."""
    return sentence


SENTENCES: Final[dict[str, str]] = {
    "building_without_cell": N_("有 %(buildings)s 栋楼不在任何网格里，请把它们划进相邻的网格。"),
    "building_shared": N_(
        "有 %(buildings)s 栋楼正在几个网格的边线上，请把边线移开，免得两个网格都管或都不管。"
    ),
}


def judge_buildings(
    places: Mapping[Id, tuple[float, float]], cells: Mapping[Id, BaseGeometry]
) -> list[Fault[Id]]:
    """At most two faults, one of a kind, each with all its buildings as points.

    `places`: building -> (lon, lat). They warn and do not refuse: a building may be meant to wait.
    """
    if not places:
        return []
    ids = list(places)
    points = np.array([places[id_] for id_ in ids], dtype=np.float64)
    found = cell_of(points[:, 0], points[:, 1], cells)
    kinds = (
        ("building_without_cell", found.shared == 0),
        ("building_shared", found.shared > 1),
    )
    return [
        Fault(
            code=code,
            sentence=SENTENCES[code],
            values={"buildings": int(where.sum())},
            geometry=to_geojson(shapely.multipoints(points[where])),
            cells=tuple(sorted({c for c in np.array(found.cells, object)[where] if c is not None})),
            blocking=False,
        )
        for code, where in kinds
        if where.any()
    ]
