"""folium as its first page of instructions shows it, with everything inside the HTML.

Its libraries would come from content networks; here Leaflet comes from our own host and the rest
is left out, which is to folium's advantage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import folium

LEAFLET = (
    '<link rel="stylesheet" href="/static/vendor/leaflet-1.9.4/leaflet.css">'
    '<script src="/static/vendor/leaflet-1.9.4/leaflet.js"></script>'
)


def markers(places: Sequence[tuple[float, float]], corners: list[list[float]], nonce: str) -> str:
    """One folium.Marker for each (longitude, latitude)."""
    drawn = folium.Map(tiles=None)
    for lon, lat in places:
        folium.Marker([lat, lon]).add_to(drawn)
    drawn.fit_bounds(corners)
    return at_home(drawn, nonce)


def polygons(collection: dict[str, Any], corners: list[list[float]], nonce: str) -> str:
    """One folium.GeoJson of all polygons."""
    drawn = folium.Map(tiles=None)
    folium.GeoJson(collection, style_function=lambda _: {"weight": 1, "fill": False}).add_to(drawn)
    drawn.fit_bounds(corners)
    return at_home(drawn, nonce)


def at_home(drawn: folium.Map, nonce: str) -> str:
    """The page with our Leaflet and our nonce in place of every link to elsewhere."""
    html = drawn.get_root().render()
    html = re.sub(r'<script src="https://[^"]*"></script>', "", html)
    html = re.sub(r'<link rel="stylesheet" href="https://[^"]*"/?>', "", html)
    html = html.replace("<head>", "<head>" + LEAFLET, 1)
    return re.sub(r"<(script|style)>", rf'<\1 nonce="{nonce}">', html)
