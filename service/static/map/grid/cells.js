/* The cells of a draft in the browser: what the server last said, what the person changed since,
   and which corners and borders neighbours share. Rings are [[lng, lat], ...] without a last point
   that repeats the first; numbers have seven decimals (a centimetre), as the server keeps them. */
(function () {
  "use strict";

  const round = (n) => Math.round(n * 1e7) / 1e7;
  const keyOf = (place) => place[0].toFixed(7) + "," + place[1].toFixed(7);
  const toPlace = ({ lng, lat }) => [round(lng), round(lat)];
  const toLatLng = ([lng, lat]) => L.latLng(lat, lng);
  const copy = (rings) => rings.map((ring) => ring.map((place) => [...place]));

  class Cells {
    /** looks(cell, chosen) answers the path's style. */
    constructor(map, looks) {
      Object.assign(this, { map, looks, all: new Map(), corners: null, version: 0 });
    }

    get list() { return [...this.all.values()]; }

    /** A cell as the server keeps it; one the person has not changed takes its shape. */
    put({ id, geometry, properties }) {
      const cell = this.all.get(id) || this._new(id);
      Object.assign(cell, { code: properties.code, name: properties.label,
        version: properties.version, continues: properties.continues, group: properties.group,
        differs: properties.differs,
        rings: geometry.coordinates.map((ring) => ring.slice(0, -1).map(([x, y]) => [round(x), round(y)])) });
      cell.saved = this.state(cell);
      this.redraw(cell);
      return cell;
    }

    /** A cell that only this browser knows yet. */
    add(id, state) {
      const cell = this._new(id);
      Object.assign(cell, { version: null, differs: "new", saved: null });
      this.set(cell, state);
      return cell;
    }

    _new(id) {
      const path = L.polygon([], { interactive: false }).addTo(this.map);
      const cell = { id, path, rings: [], code: "", name: "", group: null, continues: null };
      this.all.set(id, cell);
      return cell;
    }

    /** What a person can change of a cell. */
    state(cell) {
      return { code: cell.code, name: cell.name, group: cell.group, continues: cell.continues,
        rings: copy(cell.rings) };
    }

    set(cell, state) {
      Object.assign(cell, state, { rings: copy(state.rings) });
      this.redraw(cell);
    }

    remove(id) {
      this.all.get(id)?.path.remove();
      this.all.delete(id);
      this.corners = null;
      if (this.chosen?.id === id) this.chosen = null;
    }

    redraw(cell) {
      this.corners = null;
      cell.path.setLatLngs(cell.rings.map((ring) => ring.map(toLatLng)));
      cell.path.setStyle(this.looks(cell, cell === this.chosen));
      if (cell === this.chosen) cell.path.bringToFront();
    }

    choose(cell) {
      const before = this.chosen;
      this.chosen = cell;
      if (before) this.redraw(before);
      if (cell) this.redraw(cell);
    }

    geometry(cell) {
      return { type: "Polygon", coordinates: cell.rings.map((ring) => [...ring, ring[0]]) };
    }

    /** The smallest cell that holds a place. */
    at(latlng) {
      const [x, y] = toPlace(latlng);
      const holds = this.list.filter((cell) => cell.path.getBounds().contains(latlng)
        && cell.rings.reduce((inside, ring) => inside !== within(ring, x, y), false));
      return holds.sort((a, b) => area(a.rings[0]) - area(b.rings[0]))[0];
    }

    /** Every corner of every cell that lies exactly there: [{cell, ring, at}]. */
    sharing(place) {
      if (!this.corners) {
        this.corners = new Map();
        for (const cell of this.all.values())
          cell.rings.forEach((ring, r) => ring.forEach((corner, at) => {
            const key = keyOf(corner), here = this.corners.get(key);
            if (here) here.push({ cell, ring: r, at });
            else this.corners.set(key, [{ cell, ring: r, at }]);
          }));
      }
      return this.corners.get(keyOf(place)) || [];
    }

    /** The corner, else the point on a border, of cells (but `except`) and `extra` rings nearest
        to a place, within `reach` px; null when there is none. */
    nearest(latlng, reach, except, extra) {
      // Projected, not on the container: those are whole px, and half a px may be a metre.
      const { map } = this, at = map.project(latlng), view = map.getBounds().pad(0.2);
      const px = (place) => map.project(toLatLng(place));
      const rings = this.list.filter((cell) => !except.has(cell) && cell.path.getBounds().intersects(view))
        .flatMap((cell) => cell.rings).concat(extra);
      let corner = null, near = reach;
      for (const ring of rings) for (const place of ring) {
        const far = px(place).distanceTo(at);
        if (far <= near) { near = far; corner = place; }
      }
      if (corner) return corner;
      let best = null;
      near = reach * 0.7;
      for (const ring of rings) ring.forEach((place, i) => {
        const a = px(place), b = px(ring[(i + 1) % ring.length]);
        const on = L.LineUtil.closestPointOnSegment(at, a, b), far = on.distanceTo(at);
        if (far <= near) { near = far; best = toPlace(map.unproject(on)); }
      });
      return best;
    }
  }

  function within(ring, x, y) {
    let inside = false;
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    });
    return inside;
  }

  function area(ring) {
    return Math.abs(ring.reduce((sum, [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length];
      return sum + x * ny - nx * y;
    }, 0)) / 2;
  }

  /** Square metres of a cell, for people to read. */
  function squareMetres(cell) {
    const lat = cell.rings[0][0][1] * Math.PI / 180, degree = 111320;
    const sizes = cell.rings.map((ring) => area(ring) * degree * degree * Math.cos(lat));
    return sizes.slice(1).reduce((rest, hole) => rest - hole, sizes[0]);
  }

  window.WanggeGrid = { Cells, keyOf, toPlace, toLatLng, copy, squareMetres };
})();
