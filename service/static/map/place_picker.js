/* A form's small map: a tap fills in longitude and latitude and says that they are WGS-84. Without
   this script, or when the map cannot be fetched, the same fields are typed by hand. */
(function () {
  "use strict";

  const CLOSE = 16;   // from this zoom buildings can be told apart; see tenants.places

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  class PlacePicker {
    constructor(box) {
      this.box = box;
      this.form = box.closest("form");
      const [west, south, east, north] = box.dataset.bounds.split(",").map(Number);
      this.home = L.latLngBounds([[south, west], [north, east]]);
      box.hidden = false;
      const ground = box.querySelector(".picker-map");
      this.map = L.map(ground, { preferCanvas: true, attributionControl: false, maxZoom: 20,
        zoomControl: false, zoomSnap: 0.5, keyboard: true });
      L.control.zoom({ zoomInText: "＋", zoomOutText: "－" }).addTo(this.map);
      ground.setAttribute("role", "application");
      ground.setAttribute("aria-label", box.dataset.label);
      this.buildings = L.layerGroup().addTo(this.map);
      this.map.on("click", ({ latlng }) => this.pick(latlng));
      ground.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== ground) return;
        event.preventDefault();
        this.pick(this.map.getCenter());
      });
      for (const name of ["lon", "lat"]) this.field(name).addEventListener("change", () => this.show());
      for (const radio of this.form.querySelectorAll("[name=system]"))
        radio.addEventListener("change", () => this.show());
      const known = this.typed();
      if (known) this.map.setView(known, 18);
      else this.map.fitBounds(this.home, { padding: [12, 12] });
      this.map.on("moveend", () => this.near());
      this.show();
      this.draw();
    }

    field(name) { return this.form.querySelector(`[name=${name}]`); }

    /** The typed point, when it is one and in our own system: others are the server's to convert. */
    typed() {
      const system = this.form.querySelector("[name=system]:checked")?.value;
      const [lon, lat] = ["lon", "lat"].map((name) => Number(this.field(name).value || NaN));
      const ours = system === "wgs84" || system === "cgcs2000";
      return ours && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? L.latLng(lat, lon) : null;
    }

    pick({ lat, lng }) {
      const lon = lng.toFixed(7), at = lat.toFixed(7);
      this.field("lon").value = lon;
      this.field("lat").value = at;
      this.form.querySelector("[name=system][value=wgs84]").checked = true;
      this.say(this.box.dataset.picked.replace("{lon}", lon).replace("{lat}", at));
      this.show();
    }

    show() {
      const at = this.typed();
      this.mark?.remove();
      if (at) this.mark = L.circleMarker(at, { radius: 9, weight: 3, color: "#fff", fillOpacity: 1,
        fillColor: token("--map-branch"), interactive: false }).addTo(this.map);
    }

    say(words) { this.box.querySelector(".picker-said").textContent = words; }

    async fetch(layer, bounds) {
      const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
        .map((degrees) => degrees.toFixed(6)).join(",");
      const zoom = Math.max(0, Math.min(24, Math.floor(this.map.getZoom())));
      const reply = await fetch(`${this.box.dataset.features}${layer}?bbox=${box}&zoom=${zoom}`,
        { credentials: "same-origin", headers: { Accept: "application/geo+json" } });
      if (!reply.ok) throw new Error(reply.status);
      return (await reply.json()).features.filter(({ geometry }) => geometry);
    }

    async draw() {
      const looks = { boundary: { color: token("--map-boundary"), weight: 3, fillColor: "#fff", fillOpacity: 1 },
        cells: { color: token("--map-cell"), weight: 1, fill: false } };
      try {
        for (const layer of ["boundary", "cells"]) {
          const found = await this.fetch(layer, this.home.pad(0.2));
          const drawn = L.geoJSON(found, { interactive: false, style: looks[layer] }).addTo(this.map);
          if (layer === "boundary") drawn.bringToBack();
        }
        await this.near();
      } catch { this.say(this.box.dataset.failed); }
    }

    /** Names of what is registered already, close up: drawn as text, never as markup. */
    async near() {
      if (this.map.getZoom() < CLOSE) return void this.buildings.clearLayers();
      const asked = this.asked = Symbol("asked");
      let found;
      try { found = await this.fetch("buildings", this.map.getBounds()); } catch { return; }
      if (asked !== this.asked) return;
      this.buildings.clearLayers();
      const look = { color: token("--ink-soft"), weight: 1.5, fillColor: token("--ink-soft"), fillOpacity: 0.15 };
      L.geoJSON(found, { interactive: false, style: look,
        pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 5, ...look, interactive: false }),
        onEachFeature: ({ properties }, layer) => {
          const name = document.createElement("span");
          name.textContent = properties.label || "";
          if (this.map.getZoom() >= 17)
            layer.bindTooltip(name, { permanent: true, direction: "top", className: "picker-name" });
        } }).addTo(this.buildings);
    }
  }

  for (const box of document.querySelectorAll(".place-picker")) new PlacePicker(box);
})();
