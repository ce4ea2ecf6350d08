"""The cells of a community as GeoJSON: those of today, or of another day."""

from datetime import date
from typing import Any

from flask import Response, g, json
from flask_babel import gettext as _
from marshmallow import EXCLUDE, ValidationError, fields
from shapely.geometry import mapping

from service.api.blueprint import Noun, Sent
from service.api.features import FeatureCollection
from service.rights import needs
from tenants.grid.lookups import Cell, cells_on, cells_today

grid = Noun("grid", __name__, title="网格", description="某一天有效的网格。")


class DayField(fields.Field[date]):
    """2026-11-22; an empty one is today."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        try:
            return date.fromisoformat(str(value)) if value else None
        except ValueError:
            raise ValidationError(_("日期要写成 2026-11-22 这样。")) from None


class OnADay(Sent):
    """Which day's map; a map that asks by box and zoom gets all cells all the same."""

    class Meta:
        unknown = EXCLUDE

    on = DayField(
        load_default=None,
        allow_none=True,
        metadata={"description": "哪一天的网格；不填是今天。", "type": "string", "format": "date"},
    )


@grid.route("/cells")
@needs("see_map")
@grid.arguments(OnADay, location="query")
@grid.response(200, FeatureCollection, content_type="application/geo+json")
@grid.alt_response(422, "UNPROCESSABLE_ENTITY")
def index(wanted: dict[str, Any]) -> Response:
    """全部网格

    每个要素的 properties:id、code、label。
    """
    day = wanted["on"]
    cells = cells_today(g.scope) if day is None else cells_on(g.scope, day)
    found = [_feature(cell) for cell in cells]
    body = json.dumps({"type": "FeatureCollection", "features": found, "total": len(found)})
    return Response(body, content_type="application/geo+json")


def _feature(cell: Cell) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": str(cell.id),
        "geometry": mapping(cell.shape),
        "properties": {
            "id": str(cell.id),
            "code": cell.code,
            "label": cell.name,
            "own": cell.id in g.scope.cell_ids,
        },
    }
