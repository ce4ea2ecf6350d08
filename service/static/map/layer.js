/* One layer of the map: asks the feature API for what is inside the squares in view and draws it
   on the map's canvas. Waits until the finger rests, and gives up an answer nobody needs now. */
(function () {
  "use strict";

  const SQUARE = 256;     // px; see squares()
  const REST = 160;       // ms without movement before a request
  const PATIENCE = 20000; // ms before a request counts as failed

  /** West, south, east, north of the whole squares that cover the view. Small pans then ask
      nothing, and no request says where exactly the middle of the screen is. */
  function squares(map) {
    const zoom = Math.floor(map.getZoom()), view = map.getBounds();
    const down = (n) => Math.floor(n / SQUARE) * SQUARE, up = (n) => Math.ceil(n / SQUARE) * SQUARE;
    const nw = map.project(view.getNorthWest(), zoom), se = map.project(view.getSouthEast(), zoom);
    const a = map.unproject(L.point(down(nw.x), up(se.y)), zoom);
    const b = map.unproject(L.point(up(se.x), down(nw.y)), zoom);
    const within = (n, most) => Math.max(-most, Math.min(most, n)).toFixed(6);
    return [within(a.lng, 180), within(a.lat, 90), within(b.lng, 180), within(b.lat, 90)];
  }

  /** Whether an answer for `held` {box, zoom, further} has all that is asked for now. */
  function covers(held, { box, zoom, further }) {
    if (!held || held.zoom !== zoom || held.further !== further) return false;
    const [west, south, east, north] = box.map(Number);
    return held.box[0] <= west && held.box[1] <= south && held.box[2] >= east && held.box[3] >= north;
  }

  /** The reply that early.js asked for before this script came, when it is of use. */
  function early(url, asked) {
    const found = window.WanggeEarly?.get(url);
    window.WanggeEarly?.delete(url);
    if (covers(found, asked)) return found;
    found?.watch.abort();
    return null;
  }

  class Refusal extends Error {
    constructor(reason) { super(reason); this.reason = reason; }
  }

  /** Reply of a fetch when it is good, else a Refusal with the reason the page has words for.
      `options.begun`: the fetch was begun already, see early(). */
  async function answer(url, { begun, ...options }) {
    const watch = new AbortController();
    const clock = setTimeout(() => watch.abort("slow"), PATIENCE);
    options.signal?.addEventListener("abort", () => watch.abort("unneeded"));
    if (begun) watch.signal.addEventListener("abort", () => begun.watch.abort());
    try {
      const reply = await (begun?.reply
        || fetch(url, { ...options, credentials: "same-origin", signal: watch.signal }));
      if (reply.status === 401 || reply.redirected) throw new Refusal("signedOut");
      if (reply.status === 403 || reply.status === 404) throw new Refusal("hidden");
      if (reply.status === 429) throw new Refusal("busy");
      if (!reply.ok) throw new Refusal("server");
      return await (options.read || ((it) => it.json()))(reply);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (watch.signal.aborted) throw new Refusal(watch.signal.reason);
      // fetch says TypeError when it reached nobody, json() says SyntaxError for half an answer.
      throw new Refusal(error instanceof TypeError ? "offline" : "server");
    } finally {
      clearTimeout(clock);
    }
  }

  const FeatureLayer = L.Layer.extend({
    initialize(settings) {
      this.settings = settings;
      this.paths = [];
      this.failed = null;
    },

    onAdd(map) {
      map.on("moveend", this._soon, this);
      this.refresh();
    },

    onRemove(map) {
      map.off("moveend", this._soon, this);
      clearTimeout(this._timer);
      this._request?.abort();
      this._asked = this._waiting = this.failed = null;
      this._draw([]);
    },

    _soon() {
      clearTimeout(this._timer);
      this._timer = setTimeout(() => this._map && this._ask(), REST);
    },

    /** Asks again even though nothing moved: at the start, on a retry, after a change. */
    refresh() {
      this._asked = null;
      this._ask();
    },

    async _ask(further = "") {
      const box = squares(this._map), zoom = Math.floor(this._map.getZoom());
      const asked = { box: box.map(Number), zoom, further };
      if (covers(this._asked, asked)) return;
      this._request?.abort();
      const request = this._request = new AbortController();
      const { url } = this.settings, begun = early(url, asked);
      this._asked = begun || asked;
      this._tell("loading", null, true);
      try {
        const address = `${url}${url.includes("?") ? "&" : "?"}bbox=${box}&zoom=${zoom}${further}`;
        const found = await answer(address, { begun, signal: request.signal,
          headers: { Accept: "application/geo+json, application/json" } });
        if (request === this._request && this._map) {
          this._draw(found.features || []);
          this._tell("loaded", null, false);
        }
      } catch (error) {
        if (request !== this._request || !this._map || error.reason === "unneeded") return;
        this._asked = null;
        this._tell("failed", error.reason || "server", false);
      }
    },

    _tell(event, reason, waiting) {
      this.failed = reason;
      this._waiting = waiting;
      this._map?.fire("wangge:" + event, { layer: this });
    },

    _draw(features) {
      for (const path of this.paths) path.remove();
      this.paths = this._paths(features);
      if (this._map) for (const path of this.paths) path.addTo(this._map);
      this.markChosen(this._chosen || null);
    },

    _paths(features) {
      const { kind, key } = this.settings, paths = [], places = new Map();
      for (const { geometry, properties = {}, id = properties.id } of features) {
        if (!geometry) continue;
        const thing = { layer: key, kind, id, label: properties.label, own: !!properties.own };
        if (geometry.type !== "Point") {
          WanggeShapes.area(geometry, kind, thing.own, properties.count).forEach((path, i) =>
            paths.push(Object.assign(path, { things: [thing], count: i ? 0 : properties.count || 1 })));
          continue;
        }
        const [lng, lat] = geometry.coordinates;
        thing.latlng = L.latLng(lat, lng);
        const place = properties.cluster ? Symbol("cluster") : lng.toFixed(6) + lat.toFixed(6);
        const here = places.get(place) || { latlng: thing.latlng, things: [], count: 0 };
        here.count += properties.cluster ? properties.count : 1;
        if (!properties.cluster) here.things.push(thing);
        places.set(place, here);
      }
      for (const { latlng, things, count } of places.values())
        paths.push(Object.assign(WanggeShapes.mark(latlng, kind, count), { things, count }));
      return paths;
    },

    /** Redraws the outlines so that only the chosen thing is ringed; nothing chosen is null. */
    markChosen(chosen) {
      this._chosen = chosen;
      if (this.settings.kind === "boundary") return;
      for (const path of this.paths) {
        const is = !!chosen && path.things.some((t) => t.layer === chosen.layer && t.id === chosen.id);
        if (is === !!path.isChosen) continue;
        path.isChosen = is;
        WanggeShapes.choose(path, is);
      }
    },

    /** How many things of this layer are in view. */
    inView() {
      const view = this._map.getBounds();
      return this.paths.reduce((sum, path) => sum + (
        (path.getLatLng ? view.contains(path.getLatLng()) : view.intersects(path.getBounds()))
          ? path.count : 0), 0);
    },

    /** What a tap at this container point may mean: [{path, distance}]; marks within `reach` px,
        or else, with `reach` null, the areas that hold the point. */
    under(at, reach) {
      const map = this._map, found = [], flat = map.containerPointToLayerPoint(at);
      for (const path of this.paths) {
        if (path.getLatLng) {
          if (reach === null) continue;
          const distance = map.latLngToContainerPoint(path.getLatLng()).distanceTo(at);
          if (distance <= Math.max(reach, path.options.radius)) found.push({ path, distance });
        } else if (reach === null && this.settings.kind === "cell" && path._containsPoint(flat)) {
          found.push({ path, distance: 0 });
        }
      }
      return found;
    },

    /** Where marks are, so that names keep off them: [{latlng, radius}]. */
    marks() {
      return this.paths.filter((path) => path.getLatLng)
        .map((path) => ({ latlng: path.getLatLng(), radius: path.options.radius }));
    },

    labels() {
      const { kind } = this.settings;
      return this.paths.filter((path) => path.count === 1 && path.things[0]?.label).map((path) => {
        const { label, own } = path.things[0];
        if (path.getLatLng)
          return { latlng: path.getLatLng(), text: label, away: path.options.radius + 3,
            strong: kind === "branch", rank: kind === "branch" ? 0 : 1 };
        const box = path.getBounds(), map = this._map;
        const room = map.latLngToContainerPoint(box.getNorthEast()).x
          - map.latLngToContainerPoint(box.getSouthWest()).x;
        return { latlng: box.getCenter(), text: label, room, strong: own, rank: 2 };
      });
    },
  });

  window.Wangge = { FeatureLayer, answer };
})();
