/* The sheet beside the map: a tapped thing's card, which arrives as HTML from our server, or, when
   several things share a place, the choice between them. Focus goes in, and Esc gives it back. */
(function () {
  "use strict";

  const COUNTED = 16;             // from this zoom on a count stays a count: no home is told apart
  const FINGER = 24, MOUSE = 4;   // px of reach; with a finger every target is 48 px wide

  /** "longitude,latitude" as the cards write it. */
  function latLng(text) {
    const [lng, lat] = text.split(",").map(Number);
    return L.latLng(lat, lng);
  }

  let htmx = null;

  /** What the forms in cards need. It comes with the first card: the map does not wait for it, and
      without it a card can still be read. */
  function forms(address) {
    if (window.htmx || !address) return null;
    htmx ||= new Promise((done) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = () => { htmx = null; script.remove(); done(); };
      document.head.append(script);
    });
    return htmx;
  }

  class Sheet {
    /** page: { cards, signIn, words, layers }, see templates/map/show.html. */
    constructor(map, page, layers) {
      Object.assign(this, { map, page, layers });
      this.aside = document.getElementById("sheet");
      this.body = document.getElementById("sheet-body");
      document.getElementById("sheet-close").addEventListener("click", () => this.close());
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !this.aside.hidden) this.close();
      });
      // A form in the card may answer with another card.
      this.body.addEventListener("htmx:afterSwap", () =>
        this._line(this.body.querySelector("[data-straight-line]")));
      map.on("click", ({ containerPoint, originalEvent }) =>
        this.tap(containerPoint, originalEvent.pointerType === "mouse" ? MOUSE : FINGER));
      map.on("mousemove", ({ containerPoint }) => this._point(containerPoint));
      map.getContainer().addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== map.getContainer()) return;
        event.preventDefault();
        this.tap(map.getSize().divideBy(2));
      });
    }

    /** The nearest mark under the finger; failing that, the cell. A cluster opens by zooming. */
    tap(at, reach = FINGER) {
      const marks = this._under(at, reach), found = marks.length ? marks : this._under(at, null);
      if (!found.length) return this.close();
      const cluster = found[0].path;
      if (!cluster.things.length && this.map.getZoom() >= COUNTED) return this._counted(cluster);
      if (!cluster.things.length)
        return this.map.setView(cluster.getLatLng(), Math.min(this.map.getZoom() + 2, this.map.getMaxZoom()));
      const things = found.flatMap(({ path }) => path.things);
      return things.length > 1 ? this.choose(things) : this.open(things[0]);
    }

    _under(at, reach) {
      return this.layers.filter((layer) => layer._map)
        .flatMap((layer) => layer.under(at, reach)).sort((a, b) => a.distance - b.distance);
    }

    /** A hand over what can be clicked, looked up once a frame. */
    _point(at) {
      cancelAnimationFrame(this._frame);
      this._frame = requestAnimationFrame(() =>
        this.map.getContainer().classList.toggle("on-things", this._under(at, MOUSE).length > 0));
    }

    /** Who may see counts only is told so, instead of zooming for nothing. */
    _counted(cluster) {
      const words = document.createElement("p");
      words.textContent = this.page.words.counted.replace("{n}", cluster.count);
      this.chosen = null;
      this._show([words], cluster.getLatLng());
    }

    choose(things) {
      const { words, layers } = this.page, list = document.createElement("ul");
      const heading = document.createElement("h2");
      heading.textContent = words.several.replace("{n}", things.length);
      list.className = "choices";
      things.forEach((thing, i) => {
        const button = document.createElement("button"), item = document.createElement("li");
        button.type = "button";
        button.className = "choice";
        button.textContent = thing.label || `${layers[thing.layer].label} ${i + 1}`;
        button.addEventListener("click", () => this.open(thing));
        item.append(button);
        list.append(item);
      });
      this._show([heading, list], things[0].latlng);
    }

    async open(thing) {
      const { cards, words } = this.page, wait = document.createElement("p");
      wait.textContent = words.fetching;
      wait.setAttribute("aria-busy", "true");
      this.chosen = thing;
      this._ring(thing);
      this._show([wait], thing.latlng);
      const url = `${cards}${encodeURIComponent(thing.layer)}/${encodeURIComponent(thing.id)}`;
      try {
        const [html] = await Promise.all([Wangge.answer(url, {
          headers: { Accept: "text/html", "HX-Request": "true" }, read: (reply) => reply.text() }),
        forms(this.page.htmx)]);
        if (this.chosen !== thing) return;
        this.body.innerHTML = html;
        window.htmx?.process(this.body);
        this._place(this.body.querySelector("[data-at]"), thing);
        this._line(this.body.querySelector("[data-straight-line]"));
        this._fromHere(this.body.querySelector("[data-at]"));
        this._focus();
      } catch (error) {
        if (this.chosen === thing) this._fail(thing, error.reason);
      }
    }

    _fail(thing, reason) {
      const { words, signIn } = this.page, why = document.createElement("p");
      const again = document.createElement(reason === "signedOut" ? "a" : "button");
      why.textContent = words[reason] || words.server;
      why.setAttribute("role", "alert");
      if (reason === "signedOut") again.href = signIn;
      else again.addEventListener("click", () => this.open(thing));
      again.textContent = reason === "signedOut" ? words.signInAgain : words.retry;
      this._show([why, again], thing.latlng);
    }

    _show(parts, latlng) {
      this.body.replaceChildren(...parts);
      this._line(null);
      this.aside.hidden = false;
      document.body.classList.add("sheet-open");
      this._focus();
      if (latlng) this._uncover(latlng);
    }

    _focus() {
      const heading = this.body.querySelector("h2");
      heading?.setAttribute("tabindex", "-1");
      (heading || this.aside).focus({ preventScroll: true });
    }

    _ring(thing) {
      for (const layer of this.layers) layer.markChosen(thing);
      this.map.fire("wangge:drawn");
    }

    /** The px round the map's edges that the sheet and the status line cover. */
    _covered() {
      const sheet = this.aside.getBoundingClientRect();
      const map = this.map.getContainer().getBoundingClientRect();
      const beside = sheet.width < map.width * 0.8;
      return { paddingTopLeft: [40, 70],
        paddingBottomRight: beside ? [map.right - sheet.left + 90, 40] : [70, map.bottom - sheet.top + 40] };
    }

    /** Moves the map just far enough that the place is not under the sheet. */
    _uncover(latlng) { this.map.panInside(latlng, this._covered()); }

    /** A card opened from a list says where its thing is: data-at="longitude,latitude". */
    _place(element, thing) {
      if (thing.latlng || !element?.dataset.at) return;
      thing.latlng = latLng(element.dataset.at);
      this.map.setView(thing.latlng, Math.max(this.map.getZoom(), 17));
      this._uncover(thing.latlng);
    }

    /** How far the place is from where this device is, once somebody asked where that is. */
    _fromHere(element) {
      if (!this.here || !element?.dataset.at) return;
      const metres = this.map.distance(this.here, latLng(element.dataset.at)), { words } = this.page;
      const said = document.createElement("p"), far = metres < 1000
        ? words.metre.replace("{n}", Math.round(metres / 10) * 10)
        : words.kilometre.replace("{n}", (metres / 1000).toFixed(1));
      said.textContent = words.fromHere.replace("{far}", far);
      element.after(said);
    }

    /** The straight line a card speaks of: data-from and data-to, longitude first. */
    _line(element) {
      this.line?.remove();
      this.line = null;
      if (!element) return void this.map.fire("wangge:drawn");
      const ends = [latLng(element.dataset.from), latLng(element.dataset.to)];
      this.line = L.polyline(ends, { color: WanggeShapes.token("--ink"), weight: 2.5,
        dashArray: [2, 7], interactive: false }).addTo(this.map);
      this.lineLabel = { latlng: L.latLngBounds(ends).getCenter(), strong: true, rank: -1,
        text: element.dataset.words || "" };
      this.map.fitBounds(this.line.getBounds(), { ...this._covered(), maxZoom: this.map.getZoom() });
      this.map.fire("wangge:drawn");
    }

    labels() { return this.line ? [this.lineLabel] : []; }

    close() {
      if (this.aside.hidden) return;
      this.chosen = null;
      this._line(null);
      this._ring(null);
      this.aside.hidden = true;
      document.body.classList.remove("sheet-open");
      this.map.getContainer().focus({ preventScroll: true });
    }
  }

  window.Wangge.Sheet = Sheet;
})();
