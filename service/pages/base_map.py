"""Streets below the map, handed on by our own host: no browser of ours asks a third one."""

from flask import Blueprint, Flask, Response, current_app
from flask_babel import gettext as _

from geo.maps import BaseMap
from service.base_maps import Source, picture, source_of
from service.rights import needs
from tenants.errors import Conflict, InvalidInput
from tenants.scope import Scope

base_map = Blueprint("base_map", __name__)

KEEP = "private, max-age=604800"
KEEP_NOTHING = "private, max-age=300"


def attach(app: Flask) -> None:
    """Refuses to start when the setting says something we cannot draw."""
    app.extensions["base_map"] = source_of(app.config["SETTINGS"].base_map)


def base_map_of(scope: Scope) -> BaseMap | None:
    """What the map page draws below everything."""
    source: Source | None = current_app.extensions["base_map"]
    if source is None:
        return None
    return BaseMap(f"/t/{scope.slug}/ground/", shifted=source.shifted, deepest=source.deepest)


@base_map.get("/ground/<int:z>/<int:x>/<int:y>")
@needs("see_map")
def show(z: int, x: int, y: int) -> Response:
    """One picture of 256 pixels, from the service the office chose, or nothing (204)."""
    source: Source | None = current_app.extensions["base_map"]
    if source is None:
        raise Conflict(_("没有设置底图。"))
    if z > source.deepest or x >= 2**z or y >= 2**z:
        raise InvalidInput(_("没有这块底图：级别或行列号超出范围。"))
    found = picture(source, current_app.extensions["redis"], z, x, y)
    if found is None:
        return Response(status=204, headers={"Cache-Control": KEEP_NOTHING})
    body, media_type = found
    return Response(body, content_type=media_type, headers={"Cache-Control": KEEP})
