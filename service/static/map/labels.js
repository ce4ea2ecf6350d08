/* Names of cells, branches and stations over the map, on a canvas of their own. Drawn, never
   parsed: whatever a name contains, it is only ink. Those that would overlap are left out. */
(function () {
  "use strict";

  const LONGEST = 14;   // characters; the card has the whole name
  const GAP = 4;        // px kept free round each label

  function shorten(text) {
    const letters = Array.from(String(text).replace(/\s+/g, " ").trim());
    return letters.length > LONGEST ? letters.slice(0, LONGEST - 1).join("") + "…" : letters.join("");
  }

  window.WanggeLabels = L.Layer.extend({
    /** `wishes()` returns [{latlng, text, room, away, strong}], the most wanted first: `room` is
        the width in px the text must fit into, `away` the px to keep from the middle of a mark.
        `marks()` returns [{latlng, radius}], which names cover only when there is no other way. */
    initialize(wishes, marks) { Object.assign(this, { _wishes: wishes, _marks: marks }); },

    onAdd(map) {
      const pane = map.getPane("wangge-labels") || map.createPane("wangge-labels");
      pane.style.zIndex = 450;
      pane.style.pointerEvents = "none";
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", pane);
      map.on("moveend resize viewreset", this.redraw, this);
    },

    onRemove(map) {
      map.off("moveend resize viewreset", this.redraw, this);
      this._canvas.remove();
    },

    redraw() {
      const map = this._map, canvas = this._canvas, size = map.getSize();
      const sharp = window.devicePixelRatio || 1;
      canvas.width = size.x * sharp;
      canvas.height = size.y * sharp;
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      const ctx = canvas.getContext("2d");
      ctx.scale(sharp, sharp);
      ctx.textAlign = "center";
      ctx.textBaseline = "top";
      ctx.lineJoin = "round";
      const names = [], marks = this._marks().map(({ latlng, radius }) => {
        const at = map.latLngToContainerPoint(latlng), r = L.point(radius - 2, radius - 2);
        return L.bounds(at.subtract(r), at.add(r));
      });
      for (const wish of this._wishes()) this._place(ctx, wish, names, marks, size);
    },

    _place(ctx, { latlng, text, room, away, strong }, names, marks, size) {
      const at = this._map.latLngToContainerPoint(latlng), words = shorten(text);
      if (!words || at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) return;
      // The page's letters may be set larger; the map's follow.
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), high = rem * 0.82;
      ctx.font = `${strong ? 600 : 500} ${high}px ${WanggeShapes.token("--type")}`;
      const width = ctx.measureText(words).width;
      if (room && width > room) return;
      const far = (away || 0) + width / 2 + 3;
      const spots = away
        ? [[0, away], [0, -away - high - 2], [far, -high / 2], [-far, -high / 2]]
        : [-0.6, -2.8, 1.6, -5, 3.8].map((lines) => [0, lines * high]);
      const free = spots.map(([dx, dy]) => {
        const x = at.x + dx, y = at.y + dy;
        return { x, y, box: L.bounds([x - width / 2 - GAP, y - 1], [x + width / 2 + GAP, y + high + 4]) };
      }).filter(({ box }) => !names.some((other) => other.intersects(box)));
      const spot = free.find(({ box }) => !marks.some((mark) => mark.intersects(box))) || free[0];
      if (!spot) return;
      names.push(spot.box);
      ctx.strokeStyle = "rgba(255,255,255,.92)";
      ctx.lineWidth = 4;
      ctx.strokeText(words, spot.x, spot.y);
      ctx.fillStyle = WanggeShapes.token(strong ? "--ink" : "--ink-soft");
      ctx.fillText(words, spot.x, spot.y);
    },
  });
})();
