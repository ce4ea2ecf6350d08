/* What is wrong with the draft, painted and listed: a full line and a fill refuse it, a dashed line
   reminds. Pressing a line of the list shows its place. */
(function () {
  "use strict";

  const WHOLE = 2000;   // cells up to which everything is judged again after a pause
  const PAUSE = 2500;

  class Faults {
    constructor(map, page, count) {
      Object.assign(this, { map, page, count, found: [], layer: L.layerGroup().addTo(map) });
      this.box = document.getElementById("grid-faults");
    }

    async load() {
      try {
        const reply = await fetch(`${this.page.api}/faults`, { credentials: "same-origin" });
        if (!reply.ok) return;
        this.found = (await reply.json()).features;
        this.draw();
      } catch { /* the list stays as it was */ }
    }

    /** What a save said about its neighbourhood; older news about it is void. */
    around(window, faults) {
      if (window.length) {
        const [west, south, east, north] = window;
        const there = L.latLngBounds([south, west], [north, east]);
        this.found = this.found.filter(({ geometry }) => !geometry || !L.geoJSON(geometry).getBounds().intersects(there));
      }
      this.found = [...faults, ...this.found];
      this.draw();
      clearTimeout(this.timer);
      if (this.count() <= WHOLE) this.timer = setTimeout(() => this.load(), PAUSE);
    }

    draw() {
      this.layer.clearLayers();
      for (const { geometry, properties } of this.found) if (geometry) this.paint(geometry, properties.blocking);
      this._list();
    }

    paint(geometry, blocking, into = this.layer) {
      const color = WanggeShapes.token(blocking ? "--bad" : "--warn");
      const style = { color, weight: blocking ? 3 : 2, dashArray: blocking ? null : [6, 5],
        fillColor: color, fillOpacity: blocking ? 0.3 : 0.12, interactive: false };
      return L.geoJSON(geometry, { style,
        pointToLayer: (_feature, latlng) => L.circleMarker(latlng, { ...style, radius: 9, weight: 4 }) }).addTo(into);
    }

    _list() {
      const { words } = this.page, list = document.createElement("ul");
      const must = this.found.filter(({ properties }) => properties.blocking).length;
      for (const { geometry, properties } of this.found.slice(0, 200)) {
        const item = document.createElement("li"), button = document.createElement("button");
        button.type = "button";
        button.className = "plain";
        const sign = document.createElement("span");
        sign.className = "badge " + (properties.blocking ? "bad" : "warn");
        sign.textContent = properties.blocking ? words.must : words.remind;
        button.append(sign, " " + properties.sentence);
        button.addEventListener("click", () => geometry &&
          this.map.fitBounds(L.geoJSON(geometry).getBounds().pad(1), { maxZoom: 18 }));
        item.append(button);
        list.append(item);
      }
      const summary = this.box.querySelector("summary");
      summary.textContent = !this.found.length ? words.noFaults
        : words.faults.replace("{n}", this.found.length).replace("{must}", must);
      this.box.classList.toggle("bad", must > 0);
      this.box.querySelector("div").replaceChildren(list);
    }
  }

  WanggeGrid.Faults = Faults;
})();
