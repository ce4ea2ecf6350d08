/* How each kind of thing looks on the canvas: a shape of its own, then a colour of its own.
   Reads the colours from wangge.css, so that the page's legend and the map cannot disagree. */
(function () {
  "use strict";

  const token = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // Each outline stays inside the circle of radius r round (x, y): Leaflet clears by that circle.
  const outlines = {
    branch(ctx, x, y, r) {
      const a = r * 0.78;
      ctx.rect(x - a, y - a, 2 * a, 2 * a);
    },
    station(ctx, x, y, r) {
      [[0, -1], [0.9, -0.25], [0.9, 0.8], [-0.9, 0.8], [-0.9, -0.25]].forEach(([dx, dy], i) =>
        ctx[i ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
      ctx.closePath();
    },
    arrival(ctx, x, y, r) {
      ctx.moveTo(x, y - r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + r);
      ctx.lineTo(x - r, y);
      ctx.closePath();
    },
    member(ctx, x, y, r) {
      ctx.moveTo(x + r * 0.8, y);
      ctx.arc(x, y, r * 0.8, 0, 2 * Math.PI);
    },
  };

  const alone = { branch: 12, station: 13, arrival: 12, member: 9 };

  /** Radius in px of a mark that stands for `count` things. */
  function radius(kind, count) {
    return count > 1 ? alone[kind] + 3 + 3.2 * Math.log10(count) * 1.6 : alone[kind];
  }

  const Mark = L.CircleMarker.extend({
    _updatePath() { this._renderer._drawMark(this); },
  });

  L.Canvas.include({
    _drawMark(mark) {
      if (!this._drawing || mark._empty()) return;
      const ctx = this._ctx, { kind, count, chosen } = mark.options, at = mark._point;
      ctx.beginPath();
      outlines[kind](ctx, at.x, at.y, mark._radius);
      this._fillStroke(ctx, mark);
      ctx.globalAlpha = 1;
      if (count > 1) {
        const words = count < 10000 ? String(count) : (count / 10000).toFixed(1) + "万";
        ctx.fillStyle = "#fff";
        ctx.font = `600 ${words.length > 3 ? 11 : 13}px ${token("--type")}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(words, at.x, at.y + (kind === "station" ? 2 : 0.5));
      } else if (kind === "branch" || chosen) {
        ctx.beginPath();
        ctx.arc(at.x, at.y, 3, 0, 2 * Math.PI);
        ctx.fillStyle = "#fff";
        ctx.fill();
      }
    },
  });

  /** One thing, several in the same place, or a cluster counted by the server. */
  function mark(latlng, kind, count) {
    return new Mark(latlng, {
      kind, count, interactive: false, radius: radius(kind, count),
      color: "#fff", weight: 2, fillColor: token("--map-" + kind), fillOpacity: 1,
    });
  }

  // Own cells differ by line and by ground, so that the difference survives a grey print.
  function areaStyle(kind, own) {
    if (kind === "boundary")
      return { color: token("--map-boundary"), weight: 3.5, fillColor: "#fff", fillOpacity: 1 };
    return own
      ? { color: token("--map-own"), weight: 3, fillColor: token("--map-own"), fillOpacity: 0.1 }
      : { color: token("--map-cell"), weight: 1.25, dashArray: [5, 4], fillOpacity: 0 };
  }

  function area(geometry, kind, own) {
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
    if (depth === undefined) return null;
    const latlngs = L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth);
    const make = geometry.type.endsWith("Polygon") ? L.polygon : L.polyline;
    const line = make === L.polyline ? { fill: false } : {};
    return make(latlngs, { interactive: false, ...areaStyle(kind, own), ...line });
  }

  function choose(path, kind, own, chosen) {
    if (path.setRadius) path.setStyle({ chosen, color: chosen ? token("--ink") : "#fff",
      weight: chosen ? 3 : 2 });
    else path.setStyle(chosen ? { color: token("--ink"), weight: 4, dashArray: null }
      : areaStyle(kind, own));
  }

  window.WanggeShapes = { mark, area, choose, token };
})();
