/* The corners of the chosen cell, to be dragged with a finger or moved with the arrow keys. With
   "together" on, a corner that neighbours share moves for all of them, so that borders stay one. */
(function () {
  "use strict";

  const { keyOf, toPlace, toLatLng } = WanggeGrid;
  const MOST = 250;       // handles on the screen at once
  const SNAP = 14;        // px
  const STEP = 1;         // px an arrow key moves; ten with the shift key
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  class Handles {
    /** page: { words, extraRings() }; done(before) is called after each move with the states of
        all cells that moved, as they were. */
    constructor(map, cells, page, done) {
      Object.assign(this, { map, cells, page, done, together: true, marks: [], cell: null });
      map.on("moveend", () => this.show(this.cell));
    }

    show(cell) {
      if (this.busy) return;
      this.marks.forEach((mark) => mark.remove());
      this.marks = [];
      this.cell = cell;
      if (!cell) return;
      const view = this.map.getBounds().pad(0.1), corners = [];
      cell.rings.forEach((ring, r) => ring.forEach((place, at) => {
        if (view.contains(toLatLng(place))) corners.push([r, at, place]);
      }));
      if (corners.length > MOST) return this.page.say(this.page.words.closer);
      corners.forEach(([r, at, place]) => this._corner(r, at, place));
      corners.forEach(([r, at]) => this._middle(r, at));
    }

    _mark(latlng, look, title) {
      const icon = L.divIcon({ className: "grid-handle " + look, iconSize: [44, 44] });
      const mark = L.marker(latlng, { icon, draggable: true, title, alt: title, zIndexOffset: look === "corner" ? 500 : 0 });
      this.marks.push(mark);
      return mark.addTo(this.map);
    }

    _corner(r, at, place) {
      const mark = this._mark(toLatLng(place), "corner", this.page.words.corner);
      mark.on("dragstart", () => this._take(r, at));
      mark.on("drag", () => mark.setLatLng(this._drag(mark.getLatLng())));
      mark.on("dragend", () => this._drop());
      mark.on("keydown", ({ originalEvent: event }) => this._key(event, r, at));
      mark.on("click", () => mark.getElement().focus());
    }

    /** Dragging the middle of a side makes a new corner of it. */
    _middle(r, at) {
      const ring = this.cell.rings[r], a = ring[at], b = ring[(at + 1) % ring.length];
      const pa = this.map.project(toLatLng(a)), pb = this.map.project(toLatLng(b));
      if (pa.distanceTo(pb) < 56) return;
      const mark = this._mark(this.map.unproject(pa.add(pb).divideBy(2)), "middle", this.page.words.middle);
      mark.on("dragstart", () => { this._split(r, at, mark.getLatLng()); this._take(r, at + 1); });
      mark.on("drag", () => mark.setLatLng(this._drag(mark.getLatLng())));
      mark.on("dragend", () => this._drop());
      mark.on("keydown", ({ originalEvent: event }) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        const before = this._remember([this.cell]);
        this._split(r, at, mark.getLatLng(), before);
        this._finish(before);
      });
    }

    /** A new corner after `at`; neighbours that share this side get it too. */
    _split(r, at, latlng, before = (this.before = this._remember([this.cell]))) {
      const place = toPlace(latlng), ring = this.cell.rings[r];
      const a = ring[at], b = ring[(at + 1) % ring.length];
      if (this.together)
        for (const other of this.cells.list) {
          if (other === this.cell) continue;
          other.rings.forEach((its) => {
            const i = its.findIndex((p, n) => keyOf(p) === keyOf(b) && keyOf(its[(n + 1) % its.length]) === keyOf(a));
            if (i < 0) return;
            this._remember([other], before);
            its.splice(i + 1, 0, [...place]);
            this.cells.redraw(other);
          });
        }
      ring.splice(at + 1, 0, place);
      this.cells.redraw(this.cell);
    }

    _remember(cells, before = new Map()) {
      for (const cell of cells) if (!before.has(cell)) before.set(cell, this.cells.state(cell));
      return before;
    }

    _take(r, at) {
      this.busy = true;
      const place = this.cell.rings[r][at];
      this.taken = this.together ? this.cells.sharing(place) : [{ cell: this.cell, ring: r, at }];
      this.taken = this.taken.map((one) => ({ ...one }));
      this.before = this._remember(this.taken.map(({ cell }) => cell), this.before || new Map());
    }

    _drag(latlng) {
      const moving = new Set(this.taken.map(({ cell }) => cell));
      const snapped = this.cells.nearest(latlng, SNAP, moving, this.page.extraRings());
      const place = snapped ? [...snapped] : toPlace(latlng);
      this._put(place);
      return toLatLng(place);
    }

    _put(place) {
      for (const { cell, ring, at } of this.taken) cell.rings[ring][at] = [...place];
      for (const cell of new Set(this.taken.map((one) => one.cell))) this.cells.redraw(cell);
    }

    _drop() {
      const before = this.before;
      this.taken = this.before = null;
      this._finish(before);
    }

    _finish(before) {
      this.busy = false;
      this.done(before);
      this.show(this.cell);
    }

    _key(event, r, at) {
      const arrow = ARROWS[event.key];
      if (arrow) {
        event.preventDefault();
        event.stopPropagation();
        const far = event.shiftKey ? 10 * STEP : STEP, place = this.cell.rings[r][at];
        this._take(r, at);
        const from = this.map.project(toLatLng(place));
        this._put(toPlace(this.map.unproject(from.add([arrow[0] * far, arrow[1] * far]))));
        this._drop();
        this._focus(r, at);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        this.removeCorner(r, at);
      }
    }

    _focus(r, at) {
      const place = this.cell?.rings[r]?.[at];
      const mark = place && this.marks.find((one) => keyOf(toPlace(one.getLatLng())) === keyOf(place));
      mark?.getElement()?.focus();
    }

    /** Takes a corner away, from every neighbour that shares it when they move together. */
    removeCorner(r, at) {
      const place = this.cell.rings[r][at];
      const sharing = (this.together ? this.cells.sharing(place) : [{ cell: this.cell, ring: r, at }]).map((one) => ({ ...one }));
      if (sharing.some(({ cell, ring }) => cell.rings[ring].length < 4)) return this.page.say(this.page.words.threeCorners);
      const before = this._remember(sharing.map(({ cell }) => cell));
      for (const one of sharing) one.cell.rings[one.ring].splice(one.at, 1);
      for (const { cell } of sharing) this.cells.redraw(cell);
      return this._finish(before);
    }

    /** The corner whose handle has the focus: [ring, index], or null. */
    focused() {
      const mark = this.marks.find((one) => one.getElement() === document.activeElement);
      if (!mark) return null;
      const key = keyOf(toPlace(mark.getLatLng()));
      for (const [r, ring] of this.cell.rings.entries()) {
        const at = ring.findIndex((place) => keyOf(place) === key);
        if (at >= 0) return [r, at];
      }
      return null;
    }
  }

  WanggeGrid.Handles = Handles;
})();
