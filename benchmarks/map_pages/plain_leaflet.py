"""Leaflet by hand: one page, no folium, the same layers from the same endpoints."""

from __future__ import annotations

import json

LAYERS = ("boundary", "cells", "members", "stations", "branches", "arrivals")

PAGE = """<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8"><title>Leaflet</title>
<link rel="stylesheet" href="%(static)s/leaflet.css"><script src="%(static)s/leaflet.js"></script>
<style nonce="%(nonce)s">html, body, #map { height: 100%%; margin: 0 }</style></head>
<body><div id="map"></div><script nonce="%(nonce)s">
const map = L.map("map", { preferCanvas: true, maxZoom: 19, zoomSnap: 0.5 });
map.fitBounds(%(corners)s, { padding: [24, 24], maxZoom: 17, animate: false });
const group = {};
async function load(layer) {
  const b = map.getBounds().pad(0.2), zoom = Math.floor(map.getZoom());
  const box = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].join(",");
  const found = await (await fetch(`%(api)s/features/${layer}?bbox=${box}&zoom=${zoom}`)).json();
  group[layer]?.remove();
  group[layer] = L.geoJSON(found, { style: { weight: 1.5, fill: false },
    pointToLayer: (feature, at) => L.circleMarker(at, { radius: feature.properties.cluster ? 18 : 7 }),
  }).addTo(map);
}
let timer;
const all = () => Promise.all(%(layers)s.map(load));
map.on("moveend", () => { clearTimeout(timer); timer = setTimeout(all, 160); });
all();
</script></body></html>"""


def page(api: str, corners: list[list[float]], nonce: str) -> str:
    return PAGE % {
        "static": "/static/vendor/leaflet-1.9.4",
        "api": api,
        "corners": json.dumps(corners),
        "layers": json.dumps(LAYERS),
        "nonce": nonce,
    }
