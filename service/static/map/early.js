/* Stands in the page itself, before its style sheets: asks for what the map will show while the
   scripts that draw it are still on their way. On a slow network that is one round trip less.
   The view is worked out as Leaflet will (see geo.maps.Opening); should the map open elsewhere all
   the same, the layer asks again by itself (layer.js). */
(function () {
  "use strict";

  const told = JSON.parse(document.getElementById("map-early").textContent), asked = new Map();
  window.WanggeEarly = asked;
  if (/\d\/-?\d/.test(location.hash)) return;

  const SQUARE = 256, PADDING = 24, DEEPEST = 17, RAD = Math.PI / 180;
  const x = (lon) => (lon / 360 + 0.5) * SQUARE;
  const y = (lat) => (0.5 - Math.asinh(Math.tan(lat * RAD)) / 2 / Math.PI) * SQUARE;
  const lon = (at) => (at / SQUARE - 0.5) * 360;
  const lat = (at) => Math.atan(Math.sinh((0.5 - at / SQUARE) * 2 * Math.PI)) / RAD;

  /** What the bars leave of the window, in px, as map.css lays it out. */
  function room() {
    const desk = matchMedia("(min-width: 64em) and (hover: hover) and (pointer: fine)").matches;
    const wide = matchMedia("(min-width: 64em)").matches, root = document.documentElement;
    const rem = parseFloat(getComputedStyle(root).fontSize)
      * (root.dataset.letters !== "large" ? 1 : wide ? 1.25 : 1.3125);
    return desk ? [innerWidth - 14 * rem, innerHeight] : [innerWidth, innerHeight - 7.5 * rem - 1];
  }

  const [[south, west], [north, east]] = told.box, [width, height] = room();
  const fit = Math.log2(Math.min((width - 2 * PADDING) / (x(east) - x(west)),
    (height - 2 * PADDING) / (y(south) - y(north))));
  const zoom = Math.min(DEEPEST, Math.floor(Math.round(fit * 200) / 200 * 2) / 2);
  if (!Number.isFinite(zoom)) return;

  // The whole squares round the view (layer.js), with two px to spare.
  const level = Math.floor(zoom), scale = 2 ** level, half = 2 ** (level - zoom) / 2;
  const middle = [(x(west) + x(east)) / 2 * scale, (y(south) + y(north)) / 2 * scale];
  const from = (at, size) => Math.floor((at - size * half - 2) / SQUARE) * SQUARE / scale;
  const to = (at, size) => Math.ceil((at + size * half + 2) / SQUARE) * SQUARE / scale;
  const box = [lon(from(middle[0], width)), lat(to(middle[1], height)),
    lon(to(middle[0], width)), lat(from(middle[1], height))].map((side) => side.toFixed(6));

  let kept = {};
  try { kept = JSON.parse(localStorage.getItem("wangge.map.layers")) || {}; } catch { /* private mode */ }
  for (const { key, url, shown, near = 0, own } of told.layers) {
    const far = level < near;
    if (!(kept[key] ?? shown) || (far && !own)) continue;
    const further = far ? "&own=true" : "", watch = new AbortController();
    const reply = fetch(`${url}${url.includes("?") ? "&" : "?"}bbox=${box.join(",")}&zoom=${level}${further}`, {
      credentials: "same-origin", signal: watch.signal,
      headers: { Accept: "application/geo+json, application/json" } });
    reply.catch(() => null);   // whoever takes it up is told; nobody may
    asked.set(url, { box: box.map(Number), zoom: level, further, reply, watch });
  }
})();
