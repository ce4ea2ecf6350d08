/* Puts the map page together: view, layer switch, status line, locating. The page says everything
   in words it was given (translated on the server) in <script id="map-page">. */
(function () {
  "use strict";

  const layers = [];   // lowest first, as composed
  let page;

  /** Called by the composed script once for each layer. */
  Wangge.layer = (map, settings) =>
    layers.push(new Wangge[settings.tiles ? "TiledLayer" : "FeatureLayer"](settings));

  /** Called last: shows the view of the address's hash, else `first` (the leader's own cells), else
      the whole box, and starts the layers. */
  Wangge.open = function (map, corners, first = corners) {
    page = JSON.parse(document.getElementById("map-page").textContent);
    const home = L.latLngBounds(corners), hash = readHash();
    const names = new WanggeLabels(() => wishes(sheet),
      () => shown().flatMap((layer) => layer.marks()));
    const sheet = new Wangge.Sheet(map, page, layers);
    map.getContainer().setAttribute("aria-label", page.words.map);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-describedby", "map-keys");
    if (hash.view) map.setView(...hash.view);
    else map.fitBounds(L.latLngBounds(first), { padding: [24, 24], maxZoom: 17, animate: false });
    map.on("moveend", () => writeHash(map));
    addControls(map, home, sheet);
    names.addTo(map);
    map.on("wangge:loaded wangge:drawn", () => { inOrder(sheet); names.redraw(); });
    map.on("wangge:loading wangge:loaded wangge:failed moveend", () => say(map));
    wireSwitch(map);
    wireTrouble();
    if (hash.open) sheet.open({ layer: hash.open[0], id: hash.open[1] });
    // A card's form changed something: the server names the event in HX-Trigger.
    document.body.addEventListener("features-changed", again);
    document.documentElement.dataset.map = "ready";
  };

  const shown = () => layers.filter((layer) => layer._map);
  const again = () => shown().forEach((layer) => layer.refresh());

  /** Answers come in any order; areas lie by their level, marks above them as composed. */
  function inOrder(sheet) {
    const { levels } = WanggeShapes, paths = layers.flatMap((layer, i) => layer.paths.map((path) =>
      [path.isChosen ? levels.chosen : path.level ?? levels.mark + i, path]));
    if (sheet.line) paths.push([levels.line, sheet.line]);
    paths.sort((a, b) => a[0] - b[0]).forEach(([, path]) => path.bringToFront());
  }

  function wishes(sheet) {
    return shown().flatMap((layer) => layer.labels()).concat(sheet.labels())
      .sort((a, b) => a.rank - b.rank || (b.strong ? 1 : 0) - (a.strong ? 1 : 0));
  }

  /* --- view in the address: #zoom/latitude/longitude&open=layer/id; a hash is never sent --- */

  function readHash() {
    const text = location.hash.slice(1), view = /(\d+(?:\.\d+)?)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(text);
    const open = /open=([a-z_]+)\/([\w-]+)/.exec(text);
    return { view: view && [[Number(view[2]), Number(view[3])], Number(view[1])],
      open: open && [open[1], open[2]] };
  }

  function writeHash(map) {
    const { lat, lng } = map.getCenter();
    history.replaceState(null, "", `#${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`);
  }

  /* --- controls --- */

  const Scale = L.Control.Scale.extend({
    _updateMetric(most) {
      const metres = this._getRoundNum(most), { metre, kilometre } = page.words;
      const text = metres < 1000 ? metre.replace("{n}", metres) : kilometre.replace("{n}", metres / 1000);
      this._updateScale(this._mScale, text, metres / most);
    },
  });

  function addControls(map, home, sheet) {
    const { words } = page;
    L.control.zoom({ position: "bottomright", zoomInText: "＋", zoomOutText: "－",
      zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    new Scale({ position: "bottomleft", imperial: false, maxWidth: 120 }).addTo(map);
    document.getElementById("map-home").addEventListener("click", () =>
      map.fitBounds(home, { padding: [24, 24], maxZoom: 17 }));
    document.getElementById("map-find").addEventListener("click", () => Wangge.search(sheet));
    document.getElementById("map-locate").addEventListener("click", () => locate(map, home, sheet));
  }

  /** Only this device learns where it is: the place is drawn and kept nowhere. The map moves only
      within the tenant's own box, and then asks for whole squares (see layer.js). */
  function locate(map, home, sheet) {
    const { words } = page;
    if (!navigator.geolocation || !window.isSecureContext) return answered(words.noLocating);
    answered(words.locating);
    return navigator.geolocation.getCurrentPosition(({ coords }) => {
      const here = L.latLng(coords.latitude, coords.longitude);
      sheet.here = here;
      locate.mark?.remove();
      locate.mark = L.layerGroup([
        L.circle(here, { radius: coords.accuracy, weight: 1, interactive: false,
          color: WanggeShapes.token("--map-here"), fillOpacity: 0.08 }),
        L.circleMarker(here, { radius: 7, color: "#fff", weight: 3, fillOpacity: 1,
          interactive: false, fillColor: WanggeShapes.token("--map-here") }),
      ]).addTo(map);
      const inside = home.pad(0.25).contains(here);
      if (inside && !map.getBounds().contains(here)) map.panTo(here);
      answered(inside ? words.located.replace("{n}", Math.round(coords.accuracy)) : words.elsewhere);
    }, (error) => answered(error.code === 1 ? words.locatingRefused : words.locatingFailed),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 });
  }

  /* --- layer switch: which layers are off is remembered on this device --- */

  function wireSwitch(map) {
    const key = "wangge.map.layers", boxes = document.querySelectorAll("#layer-switch [data-layer]");
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(key)) || {}; } catch { /* private mode */ }
    for (const box of boxes) {
      const layer = layers.find((one) => one.settings.key === box.dataset.layer);
      if (!layer) continue;
      box.checked = kept[box.dataset.layer] ?? layer.settings.shown;
      const follow = () => (box.checked ? layer.addTo(map) : layer.remove());
      box.addEventListener("change", () => {
        kept[box.dataset.layer] = box.checked;
        try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* private mode */ }
        follow();
        map.fire("wangge:loaded");
      });
      follow();
    }
  }

  /* --- what is in view, or what went wrong --- */

  function say(map) {
    clearTimeout(say.timer);
    say.timer = setTimeout(() => sayNow(map), 80);
  }

  function sayNow(map) {
    const { words } = page, failed = shown().find((layer) => layer.failed);
    for (const layer of layers) {
      const cell = document.querySelector(`#layer-switch [data-count="${layer.settings.key}"]`);
      if (cell) cell.textContent = layer._map && !layer._waiting ? layer.inView() : "";
    }
    trouble(failed?.failed);
    if (failed) return note("");
    if (performance.now() < answered.until) return undefined;
    if (shown().some((layer) => layer._waiting)) return note(words.fetching);
    const counted = shown().filter((layer) => page.layers[layer.settings.key]?.count)
      .map((layer) => [page.layers[layer.settings.key].count, layer.inView()]);
    const some = counted.filter(([, n]) => n).map(([text, n]) => text.replace("{n}", n));
    return note(some.length ? words.inView.replace("{what}", some.join(words.comma))
      : counted.length ? words.nothing : "");
  }

  function note(text) {
    const line = document.getElementById("map-status");
    if (line.textContent !== text) line.textContent = text;
  }

  /** What somebody asked for is read before what is in view is said again. */
  function answered(text) {
    answered.until = performance.now() + 5000;
    note(text);
  }

  function trouble(reason) {
    const box = document.getElementById("map-trouble"), out = reason === "signedOut";
    box.hidden = !reason;
    if (!reason) return;
    box.querySelector("p").textContent = page.words[reason] || page.words.server;
    box.querySelector("button").hidden = out;
    box.querySelector("a").hidden = !out;
  }

  function wireTrouble() {
    document.querySelector("#map-trouble button").addEventListener("click", again);
    window.addEventListener("online", () => shown().filter((layer) => layer.failed)
      .forEach((layer) => layer.refresh()));
  }
})();
