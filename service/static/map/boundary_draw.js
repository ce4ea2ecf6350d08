/* Draws a boundary corner by corner: a tap, or Enter for the middle of the map. Corners near a
   neighbour's are the neighbour's, so that the border is one. The form is filled in with GeoJSON in
   WGS-84; without this script the same field is pasted into by hand, and the server judges both. */
(function () {
  "use strict";

  const SNAP = 16, CLOSE = 22;   // px
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
      let best = null, least = SNAP;
      const seen = this.map.getBounds().pad(0.1);
      for (const corner of this.around) {
        if (!seen.contains([corner[1], corner[0]])) continue;
        const far = near(corner);
        if (far < least) [best, least] = [corner, far];
      }
      this.corners.push(best ? [...best] : [round(latlng.lng), round(latlng.lat)]);
      return this.show();
    }

    back() { this.corners.pop(); this.show(); }

    clear() { this.corners = []; this.show(); }

    show() {
      const places = this.corners.map(([lon, lat]) => [lat, lon]), done = places.length > 2;
      this.path.setLatLngs(places);
      this.dots.clearLayers();
      for (const place of places) L.circleMarker(place, { radius: 6, weight: 2, color: "#fff",
        fillColor: token("--accent"), fillOpacity: 1, interactive: false }).addTo(this.dots);
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
