/* Draws a boundary corner by corner: a tap, or Enter for the middle of the map; a corner that is
   there is dragged, or moved by the arrow keys. Corners near a neighbour's are the neighbour's, so
   that the border is one. The form is filled in with GeoJSON in
   WGS-84; without this script the same field is pasted into by hand, and the server judges both. */
(function () {
  "use strict";

  const SNAP = 16, CLOSE = 22;   // px
  const MOST = 250;              // corners that can be taken hold of at once
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const round = (n) => Math.round(n * 1e7) / 1e7;

  class BoundaryDrawing {
    constructor(box) {
      Object.assign(this, { box, form: box.closest("form"), corners: [], around: [] });
      const [west, south, east, north] = box.dataset.bounds.split(",").map(Number);
      box.hidden = false;
      const ground = box.querySelector(".picker-map");
      this.map = L.map(ground, { preferCanvas: true, attributionControl: false, maxZoom: 20,
        zoomControl: false, zoomSnap: 0.5, doubleClickZoom: false });
      L.control.zoom({ zoomInText: "＋", zoomOutText: "－" }).addTo(this.map);
      ground.setAttribute("role", "application");
      ground.setAttribute("aria-label", box.dataset.label);
      const color = token("--accent");
      this.path = L.polygon([], { color, weight: 3, fillColor: color, fillOpacity: 0.15,
        interactive: false });
      this.dots = L.layerGroup();
      this.map.fitBounds([[south, west], [north, east]], { padding: [12, 12], animate: false });
      this.path.addTo(this.map);
      this.dots.addTo(this.map);
      this.map.on("click", ({ latlng }) => this.add(latlng));
      this.map.on("moveend", () => this.handles());
      ground.addEventListener("keydown", (event) => {
        if (event.target !== ground || (event.key !== "Enter" && event.key !== "Backspace")) return;
        event.preventDefault();
        if (event.key === "Enter") this.add(this.map.getCenter()); else this.back();
      });
      box.addEventListener("click", ({ target }) => this[target.closest("[data-step]")?.dataset.step]?.());
      this.form.querySelector("details")?.addEventListener("toggle", () => this.map.invalidateSize());
      box.closest("details")?.addEventListener("toggle", () => {
        this.map.invalidateSize();
        this.map.fitBounds([[south, west], [north, east]], { padding: [12, 12], animate: false });
      });
      this.known();
      this.show();
      this.neighbours();
    }

    /** What the field holds already, such as a boundary that the server did not take. */
    known() {
      const system = this.form.querySelector("[name=system]:checked")?.value;
      if (system !== "wgs84") return;
      try {
        const { type, coordinates } = JSON.parse(this.form.querySelector("[name=geojson]").value);
        if (type === "Polygon") this.corners = coordinates[0].slice(0, -1);
      } catch { /* nothing that could be drawn */ }
    }

    add(latlng) {
      const at = this.map.latLngToContainerPoint(latlng), first = this.corners[0];
      const near = (corner) => this.map.latLngToContainerPoint([corner[1], corner[0]]).distanceTo(at);
      if (this.corners.length > 2 && near(first) < CLOSE) return this.show();
      this.corners.push(this.snapped(latlng));
      return this.show();
    }

    /** The neighbour's corner that is near, else the place itself; longitude first. */
    snapped(latlng) {
      const at = this.map.latLngToContainerPoint(latlng), seen = this.map.getBounds().pad(0.1);
      let best = null, least = SNAP;
      for (const corner of this.around) {
        if (!seen.contains([corner[1], corner[0]])) continue;
        const far = this.map.latLngToContainerPoint([corner[1], corner[0]]).distanceTo(at);
        if (far < least) [best, least] = [corner, far];
      }
      return best ? [...best] : [round(latlng.lng), round(latlng.lat)];
    }

    /** A dot on each corner in view, to be dragged; of too many only so much is shown as fits. */
    handles() {
      if (this.dragged) return;
      // The dots are made anew when the map moves, and whoever goes on by keyboard goes on.
      const held = [...(this.marks || [])].find(([, mark]) => mark.getElement() === document.activeElement);
      this.dots.clearLayers();
      this.marks = new Map();
      const view = this.map.getBounds().pad(0.1);
      const seen = this.corners.map((corner, i) => [corner, i])
        .filter(([[lon, lat]]) => view.contains([lat, lon]));
      if (seen.length <= MOST) for (const [corner, i] of seen) this.handle(corner, i);
      if (held) this.marks.get(held[0])?.getElement().focus();
    }

    handle([lon, lat], i) {
      const title = this.box.dataset.corner;
      const icon = L.divIcon({ className: "draw-corner", iconSize: [44, 44] });
      const mark = L.marker([lat, lon], { icon, draggable: true, title, alt: title }).addTo(this.dots);
      this.marks.set(i, mark);
      mark.on("click", () => mark.getElement().focus());
      mark.on("dragstart", () => { this.dragged = true; });
      mark.on("drag", () => {
        this.corners[i] = this.snapped(mark.getLatLng());
        mark.setLatLng([this.corners[i][1], this.corners[i][0]]);
        this.path.setLatLngs(this.places());
      });
      mark.on("dragend", () => {
        this.dragged = false;
        this.show();
        // After Leaflet has let go of the mark it dragged.
        setTimeout(() => this.marks.get(i)?.getElement().focus());
      });
      mark.on("keydown", ({ originalEvent }) => this.key(originalEvent, i));
    }

    key(event, i) {
      const arrow = ARROWS[event.key];
      if (!arrow && event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      event.stopPropagation();
      if (arrow) {
        const far = event.shiftKey ? 10 : 1, [lon, lat] = this.corners[i];
        const from = this.map.project([lat, lon]).add([arrow[0] * far, arrow[1] * far]);
        const { lng, lat: to } = this.map.unproject(from);
        this.corners[i] = [round(lng), round(to)];
      } else this.corners.splice(i, 1);
      this.show();
      (this.marks.get(i) || this.marks.get(i - 1))?.getElement().focus();
    }

    places() { return this.corners.map(([lon, lat]) => [lat, lon]); }

    back() { this.corners.pop(); this.show(); }

    clear() { this.corners = []; this.show(); }

    show() {
      const places = this.places(), done = places.length > 2;
      this.path.setLatLngs(places);
      this.handles();
      for (const button of this.box.querySelectorAll("[data-step]")) button.disabled = !places.length;
      this.box.querySelector(".picker-said").textContent =
        this.box.dataset.said.replace("{n}", places.length);
      const field = this.form.querySelector("[name=geojson]");
      if (!places.length && !this.filled) return;
      this.filled = true;
      field.value = done
        ? JSON.stringify({ type: "Polygon", coordinates: [[...this.corners, this.corners[0]]] }) : "";
      if (done) this.form.querySelector("[name=system][value=wgs84]").checked = true;
    }

    async neighbours() {
      let found;
      try {
        const reply = await fetch(this.box.dataset.around, { credentials: "same-origin" });
        if (!reply.ok) return;
        found = await reply.json();
      } catch { return; }
      const look = { color: token("--map-boundary"), weight: 1.5, fillColor: "#fff", fillOpacity: 0.6 };
      L.geoJSON(found, { interactive: false, style: look }).addTo(this.map).bringToBack();
      const corners = (list) => typeof list[0] === "number" ? this.around.push(list) : list.forEach(corners);
      for (const { geometry } of found.features) corners(geometry.coordinates);
      this.path.bringToFront();
    }
  }

  for (const box of document.querySelectorAll(".boundary-draw")) new BoundaryDrawing(box);
})();
