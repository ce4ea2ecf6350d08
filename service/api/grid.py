"""The cells of a community as GeoJSON."""

from flask import Response, g, json
from shapely.geometry import mapping

from service.api.blueprint import Noun
from service.api.features import FeatureCollection
from service.rights import needs
from tenants.grid.lookups import Cell, cells_today

grid = Noun("grid", __name__, title="网格", description="今天有效的网格。")


@grid.route("/cells")
@needs("see_map")
@grid.response(200, FeatureCollection, content_type="application/geo+json")
def index() -> Response:
    """全部网格

    每个要素的 properties:id、code、label。
    """
    found = [_feature(cell) for cell in cells_today(g.scope)]
    body = json.dumps({"type": "FeatureCollection", "features": found, "total": len(found)})
    return Response(body, content_type="application/geo+json")


def _feature(cell: Cell) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": str(cell.id),
        "geometry": mapping(cell.shape),
        "properties": {"id": str(cell.id), "code": cell.code, "label": cell.name},
    }
