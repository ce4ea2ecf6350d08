/* The own cells and where today's people live, numbered in walking order; no network is asked. */
(function () {
  "use strict";

  /** [{at: [longitude, latitude], lines}] of those who have a place, one for each place. */
  function placesOf(today) {
    const places = new Map();
    today.forEach((line, i) => {
      if (!line.place) return;
      const key = line.place.join();
      if (!places.has(key)) places.set(key, { at: line.place, lines: [] });
      places.get(key).lines.push({ ...line, number: i + 1 });
    });
    return [...places.values()];
  }

  /** Draws into `element`; chosen(member) is called for a tapped number. */
  window.WanggeGround = function (element, { cells, today }, { words, chosen }) {
    const map = L.map(element, { preferCanvas: true, attributionControl: false, zoomControl: false,
      zoomSnap: 0.5, maxZoom: 19 });
    L.control.zoom({ position: "bottomright", zoomInText: "＋", zoomOutText: "－",
      zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    const token = (name) => WanggeShapes.token(name), places = placesOf(today);
    const ground = L.geoJSON(cells, { interactive: false,
      style: { color: token("--map-own"), weight: 3, fillColor: token("--map-own"), fillOpacity: 0.12 } });
    const box = ground.getBounds();
    places.forEach(({ at: [lng, lat] }) => box.isValid() ? null : box.extend([lat, lng]));
    if (box.isValid()) map.fitBounds(box, { padding: [20, 20], maxZoom: 18, animate: false });
    else map.setView([35, 105], 4);
    ground.addTo(map);
    for (const { at: [lng, lat], lines } of places) {
      const number = document.createElement("span"), last = lines[lines.length - 1];
      number.className = "tablet-number";
      number.textContent = lines.length > 1 ? `${lines[0].number}–${last.number}` : lines[0].number;
      const mark = L.marker([lat, lng], { keyboard: true, alt: "",
        icon: L.divIcon({ className: "tablet-mark", html: number, iconSize: [44, 44] }) }).addTo(map);
      const name = lines.map((line) => words.ring.replace("{n}", line.number).replace("{name}", line.name));
      mark.getElement().setAttribute("aria-label", name.join(" "));
      mark.getElement().setAttribute("role", "button");
      mark.on("click keypress", () => chosen(lines[0].member));
    }
    return map;
  };
})();
