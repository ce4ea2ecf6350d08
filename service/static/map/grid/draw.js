/* Drawing a new cell or a cutting line, corner by corner: a tap, or Enter for the middle of the map.
   Corners snap to those of neighbours, so that the new border is theirs. */
(function () {
  "use strict";

  const { toPlace, toLatLng } = WanggeGrid;
  const SNAP = 16, CLOSE = 22;   // px

  class Drawing {
    /** closed: a cell (three corners at least); otherwise a line (two). done(places), ended(). */
    constructor(map, cells, page, closed, done, ended) {
      Object.assign(this, { map, cells, page, closed, done, ended, places: [] });
      const color = WanggeShapes.token("--accent");
      this.path = (closed ? L.polygon : L.polyline)([], { color, weight: 3, dashArray: [4, 6],
        fillColor: color, fillOpacity: 0.15, interactive: false }).addTo(map);
      this.dots = L.layerGroup().addTo(map);
      this.bar = document.getElementById("grid-drawing");
      this.bar.hidden = false;
      this.bar.querySelector("p").textContent = closed ? page.words.drawing : page.words.cutting;
      this.bar.onclick = ({ target }) => this[target.closest("button")?.dataset.step]?.();
      this._show();
    }

    add(latlng) {
      const { map } = this, at = map.latLngToContainerPoint(latlng), first = this.places[0];
      if (this.closed && this.places.length > 2
        && map.latLngToContainerPoint(toLatLng(first)).distanceTo(at) < CLOSE) return this.finish();
      const near = this.closed ? this.cells.nearest(latlng, SNAP, new Set(), this.page.extraRings()) : null;
      this.places.push(near ? [...near] : toPlace(latlng));
      return this._show();
    }

    back() {
      if (!this.places.length) return this.cancel();
      this.places.pop();
      return this._show();
    }

    finish() {
      if (this.places.length < (this.closed ? 3 : 2)) return;
      const places = this.places;
      this.cancel();
      this.done(places);
    }

    cancel() {
      this.path.remove();
      this.dots.remove();
      this.bar.hidden = true;
      this.ended();
    }

    _show() {
      const places = this.places.map(toLatLng), color = WanggeShapes.token("--accent");
      this.path.setLatLngs(places);
      this.dots.clearLayers();
      places.forEach((place, i) => L.circleMarker(place, { radius: i ? 6 : 10, weight: 3, color: "#fff",
        fillColor: color, fillOpacity: 1, interactive: false }).addTo(this.dots));
      this.bar.querySelector("[data-step=finish]").disabled = places.length < (this.closed ? 3 : 2);
    }
  }

  WanggeGrid.Drawing = Drawing;
})();
