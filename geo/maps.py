"""Composes the page's map. The only file that imports folium; it never carries a person.

folium puts texts into script literals and links to content networks. So nothing here accepts a
text: a layer is a key, an address on our own host and a way of drawing. Names and counts arrive
later from the feature API and are drawn on a canvas or set as text by our static scripts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import folium
from branca.element import CssLink, Figure, JavascriptLink, MacroElement
from folium.template import Template
from markupsafe import Markup

Kind = Literal["boundary", "cell", "line", "building", "branch", "station", "arrival", "member"]
"""How a layer is drawn; each point kind has its own shape as well as its own colour."""

SCRIPTS: Final = (
    "vendor/leaflet-1.9.4/leaflet.js",
    "bundles/map.js",
)
STYLES: Final = ("bundles/map.css",)
"""Static files a map needs, in the order they load; the caller turns them into addresses."""

MAP_NAME: Final = "wangge_map"
"""The element's id and the script's variable; fixed, so that the same map is the same bytes."""

MAX_ZOOM: Final = 19

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NONCE = re.compile(r"[A-Za-z0-9+/_=-]{16,128}")
_ADDRESS = re.compile(r"/(?!/)[A-Za-z0-9/_.~%?&=-]*")


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in WGS-84 degrees, longitude first. ValueError when it is not one."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        sides = (self.west, self.south, self.east, self.north)
        if not all(math.isfinite(side) for side in sides):
            raise ValueError("bounds must be finite")
        if not (-180 <= self.west <= self.east <= 180 and -90 <= self.south <= self.north <= 90):
            raise ValueError("bounds must be west, south, east, north in degrees")

    def corners(self) -> list[list[float]]:
        """South-west and north-east as Leaflet wants them: latitude first, seven decimals (cm)."""
        return [
            [round(self.south, 7), round(self.west, 7)],
            [round(self.north, 7), round(self.east, 7)],
        ]


@dataclass(frozen=True, slots=True)
class MapParts:
    """What our own page frames: tags for its head, for its body, and the script after both."""

    header: Markup
    html: Markup
    script: Markup
    early: dict[str, Any]
    """Where the map opens (`box`) and its `layers`, topmost first, for static/map/early.js."""


class FeatureLayer(MacroElement):
    """A layer whose features the browser fetches by box and zoom from `url`.

    `name_key` is the key under which the page keeps the layer's translated label; it is also the
    layer's name in the addresses of cards. ValueError for anything that is not a plain key or not
    an address on our own host.

    `tiles` is where its vector tiles are, up to z/x/y: they are drawn below the zoom `near`. With
    `own` the browser asks there for the reader's own shapes besides.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Wangge.layer({{ this._parent.get_name() }}, {{ this.settings|tojson }});"
        "{% endmacro %}"
    )

    def __init__(
        self,
        name_key: str,
        url: str,
        kind: Kind,
        shown: bool = True,
        *,
        tiles: str = "",
        near: int = 0,
        own: bool = False,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        if not _KEY.fullmatch(name_key):
            raise ValueError("a layer's key is lower-case letters, digits and underscores")
        if kind not in get_args(Kind):
            raise ValueError("unknown kind of layer")
        self._name = "layer_" + name_key
        self._id = kind
        self.settings: dict[str, object] = {
            "key": name_key,
            "url": own_address(url),
            "kind": kind,
            "shown": bool(shown),
        }
        if tiles:
            self.settings |= {"tiles": own_address(tiles), "near": int(near), "own": bool(own)}


class BaseMap(MacroElement):
    """Pictures of streets below everything, from `url` on our own host, up to z/x/y.

    `shifted`: they are drawn in GCJ-02, and the browser lays them where they belong.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Wangge.ground({{ this._parent.get_name() }}, {{ this.settings|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, url: str, *, shifted: bool = False, deepest: int = 18) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = "base", "map"
        self.settings = {"url": own_address(url), "shifted": shifted, "deepest": int(deepest)}


class Opening(MacroElement):
    """The map's last word: the box it is about, where it opens, and off the layers go."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Wangge.open({{ this._parent.get_name() }}, {{ this.corners|tojson }}"
        "{% if this.first %}, {{ this.first|tojson }}{% endif %});"
        "{% endmacro %}"
    )

    def __init__(self, bounds: Bounds, first: Bounds | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self._id = "opening", "last"
        self.corners = bounds.corners()
        self.first = None if first is None else first.corners()


class _NoncedScript(JavascriptLink):
    """Deferred, so that a page paints before its map; order among deferred scripts is kept."""

    _template = Template(
        '<script defer src="{{ this.url|e }}" nonce="{{ kwargs["nonce"]|e }}"'
        ' fetchpriority="high"></script>'
    )


class _NoncedStyle(CssLink):
    _template = Template(
        '<link rel="stylesheet" href="{{ this.url|e }}" nonce="{{ kwargs["nonce"]|e }}">'
    )


class OwnMap(folium.Map):
    """folium's map with our files instead of the content networks', and no inline style.

    folium keeps `default_js` and `default_css` as lists on the class and changes them in place;
    ours are made for each map, so that no map can change another's.
    """

    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="wangge-map" id="{{ this.get_name()|e }}"></div>'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        "const {{ this.get_name() }} = "
        "L.map({{ this.get_name()|tojson }}, {{ this.options|tojavascript }});"
        "{% endmacro %}"
    )

    def __init__(self, scripts: Sequence[str], styles: Sequence[str]) -> None:
        # The size is left to the style sheet, the view to `Opening`.
        super().__init__(
            tiles=None,
            prefer_canvas=True,
            zoom_control=False,
            max_zoom=None,
            attribution_control=False,
        )
        # folium takes `max_zoom` for its tiles only; without tiles Leaflet needs it as an option.
        self.options: dict[str, Any] = {**self.options, "max_zoom": MAX_ZOOM, "zoom_snap": 0.5}
        self.options.pop("zoom", None)
        self._name, self._id = MAP_NAME.split("_")
        self.default_js = [(url, own_address(url)) for url in scripts]
        self.default_css = [(url, own_address(url)) for url in styles]

    def render(self, **kwargs: Any) -> str:
        """Fills the figure's three parts; folium's own version would link without a nonce.

        Like every macro element it writes nothing in its own place.
        """
        figure = self.get_root()
        assert isinstance(figure, Figure)
        figure.header._children.clear()
        for name, url in self.default_css:
            figure.header.add_child(_NoncedStyle(url), name=name)
        for name, url in self.default_js:
            figure.header.add_child(_NoncedScript(url), name=name)
        MacroElement.render(self, **kwargs)  # type: ignore[no-untyped-call]
        return ""


def own_address(url: str) -> str:
    """The address itself when it is a path on our own host, else ValueError."""
    if not _ADDRESS.fullmatch(url):
        raise ValueError("an address must be a plain path on our own host")
    return url


def compose(
    bounds: Bounds,
    layers: Sequence[FeatureLayer],
    *,
    scripts: Sequence[str],
    styles: Sequence[str],
    nonce: str,
    first: Bounds | None = None,
    ground: BaseMap | None = None,
) -> MapParts:
    """A map over the box with these layers, the first lowest, under a policy with this nonce.

    It opens at `first`, else at the whole box; `ground` lies below everything.

    `scripts` and `styles` are the addresses of `SCRIPTS` and `STYLES`. The script part is a module:
    browsers run it after the deferred scripts, and its names stay out of the global scope.
    """
    if not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is at least 16 characters of base64")
    if len({layer.settings["key"] for layer in layers}) < len(layers):
        raise ValueError("two layers have the same key")
    own_map = OwnMap(scripts, styles)
    if ground is not None:
        own_map.add_child(ground)
    for layer in layers:
        own_map.add_child(layer)
    own_map.add_child(Opening(bounds, first))
    own_map.render(nonce=nonce)
    figure = own_map.get_root()
    assert isinstance(figure, Figure)
    script = figure.script.render()
    return MapParts(
        header=Markup(figure.header.render(nonce=nonce).strip()),
        html=Markup(figure.html.render().strip()),
        script=Markup('<script type="module" nonce="{}">{}</script>').format(
            nonce, Markup(script.strip())
        ),
        early={
            "box": (first or bounds).corners(),
            "layers": [layer.settings for layer in reversed(layers)],
        },
    )
