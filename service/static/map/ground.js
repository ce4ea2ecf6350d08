/* Streets below the map, from our own host. Pictures drawn in GCJ-02 lie some hundred metres off:
   the layer is moved by what that system adds in the middle of the view, so that a house stands
   where the house is. Over one screen the difference changes by less than anybody can see. */
(function () {
  "use strict";

  const A = 6378245.0, EE = 0.00669342162296594323, RAD = Math.PI / 180;

  function wave(x, y, long) {
    const { sin, sqrt, abs, PI } = Math;
    const even = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3, t = long ? x : y;
    const far = long ? 150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)
      : 160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30);
    const near = ((20 * sin(t * PI) + 40 * sin((t / 3) * PI)) * 2) / 3;
    const start = long ? 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
      : -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x));
    return start + even + near + (far * 2) / 3;
  }

  /** WGS-84 to GCJ-02; the same as geo/coordinates.py. */
  function toGcj({ lat, lng }) {
    if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) return L.latLng(lat, lng);
    const x = lng - 105, y = lat - 35, s = Math.sin(lat * RAD), m = 1 - EE * s * s;
    const up = (wave(x, y, false) * 180) / (((A * (1 - EE)) / (m * Math.sqrt(m))) * Math.PI);
    const right = (wave(x, y, true) * 180) / ((A / Math.sqrt(m)) * Math.cos(lat * RAD) * Math.PI);
    return L.latLng(lat + up, lng + right);
  }

  const Shifted = L.TileLayer.extend({
    _setZoomTransform(level, center, zoom) {
      L.TileLayer.prototype._setZoomTransform.call(this, level, toGcj(center), zoom);
    },
    _getTiledPixelBounds(center) {
      return L.TileLayer.prototype._getTiledPixelBounds.call(this, toGcj(center));
    },
  });

  Wangge.ground = function (map, { url, shifted, deepest }) {
    const Layer = shifted ? Shifted : L.TileLayer;
    new Layer(`${url}{z}/{x}/{y}`, { maxNativeZoom: deepest, maxZoom: map.getMaxZoom(),
      className: "base-map", updateWhenZooming: false }).addTo(map);
    map.getContainer().classList.add("on-streets");
  };

  Wangge.toGcj = toGcj;
})();
