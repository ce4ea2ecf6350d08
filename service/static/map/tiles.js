/* Areas seen from afar: vector tiles that the server simplified together, drawn on canvases and
   kept by the browser under an address that changes with them. Close up, or for the leader's own
   cells, the layer asks for exact shapes like any other (layer.js). */
(function () {
  "use strict";

  const SIDE = 512, EXTENT = 4096;   // px and units of a tile, as geo/tiles.py cuts them

  /* --- Mapbox Vector Tile 2.1, the part of it that geo/tile_bytes.py writes --- */

  function varint(from) {
    let value = 0, shift = 1, byte;
    do {
      byte = from.bytes[from.at++];
      value += (byte & 0x7f) * shift;
      shift *= 128;
    } while (byte > 0x7f);
    return value;
  }

  /** Calls each(field, number or bytes) for every field of a message. */
  function fields(bytes, each) {
    const from = { bytes, at: 0 };
    while (from.at < bytes.length) {
      const key = varint(from), length = varint(from);
      if ((key & 7) !== 2) each(key >> 3, length);
      else each(key >> 3, bytes.subarray(from.at, from.at += length));
    }
  }

  function packed(bytes) {
    const from = { bytes, at: 0 }, numbers = [];
    while (from.at < bytes.length) numbers.push(varint(from));
    return numbers;
  }

  /** Rings in tile units, each [x, y, x, y, ...]; a point is a ring of one. */
  function rings(commands) {
    const found = [], plain = (n) => (n & 1 ? -(n + 1) / 2 : n / 2);
    let x = 0, y = 0;
    for (let i = 0; i < commands.length;) {
      const what = commands[i] & 7, times = commands[i++] >> 3;
      if (what === 7) continue;
      if (what === 1) found.push([]);
      for (let n = 0; n < times; n++) {
        x += plain(commands[i++]);
        y += plain(commands[i++]);
        found[found.length - 1].push(x, y);
      }
    }
    return found;
  }

  const words = new TextDecoder();

  function layerOf(bytes) {
    const layer = { name: "", features: [] }, keys = [], values = [], raw = [];
    fields(bytes, (field, value) => {
      if (field === 1) layer.name = words.decode(value);
      else if (field === 2) raw.push(value);
      else if (field === 3) keys.push(words.decode(value));
      else if (field === 4) fields(value, (_, text) => values.push(words.decode(text)));
    });
    for (const one of raw) {
      const feature = { number: 0, tags: {}, rings: [] };
      fields(one, (field, value) => {
        if (field === 1) feature.number = value;
        else if (field === 4) feature.rings = rings(packed(value));
        else if (field === 2) packed(value).forEach((key, i, all) => {
          if (i % 2 === 0) feature.tags[keys[key]] = values[all[i + 1]];
        });
      });
      layer.features.push(feature);
    }
    return layer;
  }

  /** {shapes: [...], names: [...]}, each feature {number, tags, rings}. */
  function decode(buffer) {
    const found = { shapes: [], names: [] };
    fields(new Uint8Array(buffer), (field, value) => {
      if (field !== 3) return;
      const layer = layerOf(value);
      found[layer.name] = layer.features;
    });
    return found;
  }

  function holds(feature, x, y) {
    let inside = false;
    for (const ring of feature.rings) {
      for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
        const across = ring[i + 1] > y !== ring[j + 1] > y;
        if (across && x < ((ring[j] - ring[i]) * (y - ring[i + 1])) / (ring[j + 1] - ring[i + 1]) + ring[i])
          inside = !inside;
      }
    }
    return inside;
  }

  /* --- the squares on the map --- */

  const Squares = L.GridLayer.extend({
    initialize(owner) {
      this.owner = owner;
      L.setOptions(this, { tileSize: SIDE, pane: "wangge-areas", updateWhenZooming: false, keepBuffer: 1 });
    },

    createTile({ x, y, z }, done) {
      const canvas = document.createElement("canvas"), sharp = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = canvas.height = SIDE * sharp;
      const given = canvas.given = new AbortController();
      Wangge.answer(`${this.owner.settings.tiles}${z - 1}/${x}/${y}`, {
        signal: given.signal, read: (reply) => reply.arrayBuffer(),
      }).then((buffer) => {
        canvas.found = decode(buffer);
        paint(canvas, canvas.found.shapes, this.owner.settings.kind, sharp);
        done(null, canvas);
      }, (error) => {
        if (error.reason !== "unneeded") this.owner._tell("failed", error.reason, false);
        done(error, canvas);
      });
      return canvas;
    },

    _removeTile(key) {
      this._tiles[key]?.el.given.abort();
      L.GridLayer.prototype._removeTile.call(this, key);
    },

    /** [{x, y, found}] of the zoom that is shown. */
    shown() {
      return Object.values(this._tiles || {})
        .filter(({ el, coords }) => el.found && coords.z === this._tileZoom)
        .map(({ el, coords }) => ({ x: coords.x, y: coords.y, found: el.found }));
    },
  });

  function paint(canvas, shapes, kind, sharp) {
    const ctx = canvas.getContext("2d"), unit = EXTENT / SIDE, { style, token } = WanggeShapes;
    ctx.scale(sharp / unit, sharp / unit);
    ctx.beginPath();
    for (const { rings: all } of shapes) for (const ring of all) {
      ctx.moveTo(ring[0], ring[1]);
      for (let i = 2; i < ring.length; i += 2) ctx.lineTo(ring[i], ring[i + 1]);
      ctx.closePath();
    }
    if (kind === "boundary" && !WanggeShapes.onStreets()) {
      ctx.fillStyle = "#fff";
      ctx.fill();
    }
    const { color, weight } = style(kind);
    ctx.strokeStyle = color || token("--map-" + kind);
    ctx.lineWidth = (kind === "boundary" ? 2 : Math.min(weight, 1)) * unit;
    ctx.lineJoin = "round";
    ctx.stroke();
  }

  Wangge.TiledLayer = Wangge.FeatureLayer.extend({
    onAdd(map) {
      if (!map.getPane("wangge-areas")) {
        const pane = map.createPane("wangge-areas");
        pane.style.zIndex = 350;
        pane.style.pointerEvents = "none";
      }
      this._squares = new Squares(this).on("loading", () => this._tell("loading", null, true))
        .on("load", () => this.failed || this._tell("loaded", null, false));
      Wangge.FeatureLayer.prototype.onAdd.call(this, map);
    },

    onRemove(map) {
      this._squares.remove();
      Wangge.FeatureLayer.prototype.onRemove.call(this, map);
    },

    /** Whether squares are shown instead of exact shapes. */
    _far() { return !!this._map && Math.floor(this._map.getZoom()) < this.settings.near; },

    refresh() {
      // A square that failed is asked for again; those in the browser's store cost nothing.
      if (this._far() && this._squares._map) this._squares.redraw();
      Wangge.FeatureLayer.prototype.refresh.call(this);
    },

    _ask() {
      const ask = Wangge.FeatureLayer.prototype._ask;
      if (!this._far()) return ask.call(this).then(() => this._squares.remove());
      if (!this._squares._map) {
        this._request?.abort();
        this._asked = null;
        this._draw([]);
        this._squares.addTo(this._map);
      }
      return this.settings.own ? ask.call(this, "&own=true") : undefined;
    },

    inView() {
      if (!this._far()) return Wangge.FeatureLayer.prototype.inView.call(this);
      const view = this._map.getPixelBounds(), numbers = new Set();
      for (const { x, y, found } of this._squares.shown()) {
        const corner = L.point(x, y).multiplyBy(SIDE);
        if (view.intersects(L.bounds(corner, corner.add([SIDE, SIDE]))))
          found.shapes.forEach(({ number }) => numbers.add(number));
      }
      return numbers.size;
    },

    under(at, reach) {
      const near = Wangge.FeatureLayer.prototype.under.call(this, at, reach);
      if (near.length || reach !== null || !this._far() || !this._squares._map) return near;
      const { key, kind } = this.settings, map = this._map;
      const p = map.project(map.containerPointToLatLng(at), this._squares._tileZoom).divideBy(SIDE);
      const square = this._squares.shown().find(({ x, y }) => x === Math.floor(p.x) && y === Math.floor(p.y));
      const hit = square?.found.shapes.find((shape) => shape.tags.id
        && holds(shape, (p.x - square.x) * EXTENT, (p.y - square.y) * EXTENT));
      return hit ? [{ path: { things: [{ layer: key, kind, id: hit.tags.id }], count: 1 }, distance: 0 }] : [];
    },

    labels() {
      const own = Wangge.FeatureLayer.prototype.labels.call(this);
      if (!this._far()) return own;
      const map = this._map, zoom = this._squares._tileZoom, scale = map.getZoomScale(map.getZoom(), zoom);
      const said = new Set(this.paths.flatMap((path) => path.things.map(({ id }) => id)));
      return own.concat(this._squares.shown().flatMap(({ x, y, found }) => found.names
        .filter(({ tags }) => !said.has(tags.id))
        .map(({ tags, rings: [[px, py]] }) => ({
          latlng: map.unproject(L.point(x + px / EXTENT, y + py / EXTENT).multiplyBy(SIDE), zoom),
          text: tags.label, room: Number(tags.room) * scale, rank: 2 }))));
    },
  });

  Wangge.decodeTile = decode;
})();
