/* How each kind of thing looks on the canvas: a shape of its own, then a colour of its own.
   Reads the colours from wangge.css, so that the page's legend and the map cannot disagree. */
(function () {
  "use strict";

  const tokens = new Map();
  function token(name) {
    if (!tokens.has(name))
      tokens.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    return tokens.get(name);
  }

  // 12 000 as the page's language says it in short: 1.2万, 1.2萬, 12K.
  const inShort = new Intl.NumberFormat(document.documentElement.lang,
    { notation: "compact", maximumFractionDigits: 1 });

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
    building(ctx, x, y, r) {
      ctx.rect(x - r * 0.7, y - r * 0.5, r * 1.4, r);
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

  const alone = { branch: 12, station: 13, arrival: 12, member: 9, building: 8 };

  /** Radius in px of a mark that stands for `count` things. */
  function radius(kind, count) {
    return count > 1 ? alone[kind] + 3 + 5 * Math.log10(count) : alone[kind];
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
        const words = count < 10000 ? String(count) : inShort.format(count);
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

  // What lies over what, whatever order the answers come in. Marks follow by their layer.
  const levels = { ground: 0, cell: 1, building: 1.5, boundary: 2, own: 3, line: 4, mark: 5, chosen: 99 };

  /** Streets lie below: nothing may cover them. */
  const onStreets = () => !!document.querySelector(".wangge-map.on-streets");

  // Own cells differ by the weight of their line and by their ground: a grey print still shows it.
  const areaStyles = {
    ground: () => ({ stroke: false, fillColor: "#fff", fillOpacity: onStreets() ? 0 : 1 }),
    boundary: () => ({ color: token("--map-boundary"), weight: 3.5, fill: false }),
    cell: () => ({ color: token("--map-cell"), weight: 1.25, fill: false }),
    own: () => ({ color: token("--map-own"), weight: 3.5, fillColor: token("--map-own"),
      fill: true, fillOpacity: 0.12 }),
    building: () => ({ color: token("--map-building"), weight: 1.25,
      fillColor: token("--map-building"), fill: true, fillOpacity: 0.25 }),
    line: () => ({ color: token("--map-line"), weight: 1.5, opacity: 0.8, fill: false }),
    stays: () => ({ color: token("--map-line"), weight: 1, opacity: 0.6, dashArray: [3, 5], fill: false }),
  };

  /** The paths of a polygon or line: a boundary is a ground below the cells and a line above. */
  function area(geometry, kind, own, people = 1) {
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
    if (depth === undefined) return [];
    const latlngs = L.GeoJSON.coordsToLatLngs(geometry.coordinates, depth);
    const closed = geometry.type.endsWith("Polygon");
    const owned = kind === "line" ? "stays" : "own";
    const looks = kind !== "boundary" ? [own ? owned : kind] : closed ? ["ground", kind] : [kind];
    const thicker = people > 1 ? { weight: 1.5 + 2 * Math.log10(people) } : {};
    return looks.map((look) => Object.assign(
      (closed ? L.polygon : L.polyline)(latlngs, { interactive: false, ...areaStyles[look](), ...thicker }),
      { look, level: levels[kind === "line" ? kind : look] }));
  }

  function choose(path, chosen) {
    if (path.setRadius) path.setStyle({ chosen, color: chosen ? token("--ink") : "#fff",
      weight: chosen ? 3 : 2 });
    else path.setStyle(chosen ? { color: token("--ink"), weight: 4 } : areaStyles[path.look]());
  }

  const style = (kind) => areaStyles[kind]();

  window.WanggeShapes = { mark, area, choose, token, levels, style, onStreets };
})();
