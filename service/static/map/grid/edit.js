/* The grid editor: puts cells, handles, saving and faults together, and answers the buttons. All
   words come translated from the page (<script id="grid-page">). */
(function () {
  "use strict";

  const { Cells, Handles, Saving, Faults, Drawing, squareMetres, toLatLng } = WanggeGrid;
  const looks = {
    same: ["--map-cell", 0], renamed: ["--map-cell", 0.04], changed: ["--map-own", 0.12], new: ["--wait", 0.12],
  };
  let page, map, cells, handles, saving, faults, mode = null, boundary = [];
  const undos = [], shown = L.layerGroup();
  const $ = (id) => document.getElementById(id);

  Wangge.layer = () => { /* the boundary is fetched whole, see start() */ };

  Wangge.open = function (theMap, corners) {
    map = theMap;
    page = { ...JSON.parse($("grid-page").textContent), say,
      proof: JSON.parse(document.body.getAttribute("hx-headers")), extraRings: () => boundary };
    map.doubleClickZoom.disable();
    map.getContainer().wanggeMap = map;
    map.getContainer().setAttribute("aria-label", page.words.map);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-describedby", "map-keys");
    const wide = map.getSize().x > 700;
    map.fitBounds(corners, { paddingTopLeft: [wide ? 30 : 12, 60], paddingBottomRight: [wide ? 150 : 12, 80], maxZoom: 18, animate: false });
    L.control.zoom({ position: "bottomright", zoomInText: "＋", zoomOutText: "－",
      zoomInTitle: page.words.zoomIn, zoomOutTitle: page.words.zoomOut }).addTo(map);
    shown.addTo(map);
    start();
  };

  async function start() {
    cells = new Cells(map, (cell, chosen) => {
      const [colour, fill] = looks[cell.differs] || looks.same;
      return { color: WanggeShapes.token(chosen ? "--ink" : colour), weight: chosen ? 4 : 2,
        fill: true, fillColor: WanggeShapes.token(chosen ? "--accent" : colour), fillOpacity: chosen ? 0.16 : fill };
    });
    handles = new Handles(map, cells, page, moved);
    faults = new Faults(map, page, () => cells.all.size);
    saving = new Saving(cells, page, { kept, refused, conflict, others });
    const names = new WanggeLabels(() => cells.list.map((cell) => {
      const box = cell.path.getBounds(), wide = map.latLngToContainerPoint(box.getNorthEast()).x
        - map.latLngToContainerPoint(box.getSouthWest()).x;
      return { latlng: box.getCenter(), text: cell.name || cell.code, room: wide, strong: cell === cells.chosen, rank: 1 };
    }), () => []);
    names.addTo(map);
    page.relabel = () => names.redraw();
    wire();
    try {
      const [ground, drawn] = await Promise.all([get(page.boundary), get(`${page.api}/cells`)]);
      for (const { geometry } of ground.features) {
        WanggeShapes.area(geometry, "boundary", false).forEach((path) => path.addTo(map).bringToBack());
        const parts = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
        boundary = boundary.concat(parts.flatMap((part) => part.map((ring) => ring.slice(0, -1))));
      }
      drawn.features.forEach((feature) => cells.put(feature));
      cells.version = drawn.version;
      page.relabel();
      say(cells.all.size ? page.words.ready : page.words.empty);
    } catch {
      return say(page.words.offline, true);
    }
    await faults.load();
    return (document.documentElement.dataset.map = "ready");
  }

  async function get(url) {
    const reply = await fetch(url, { credentials: "same-origin" });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.json();
  }

  /* --- what happens on the map --- */

  function wire() {
    map.on("click", ({ latlng }) => tap(latlng));
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) { event.preventDefault(); tap(map.getCenter()); }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") mode?.cancel ? mode.cancel() : choose(null);
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && event.target.tagName !== "INPUT") { event.preventDefault(); acts.undo(); }
    });
    $("grid-tools").addEventListener("click", ({ target }) => acts[target.closest("[data-act]")?.dataset.act]?.());
    $("grid-panel").addEventListener("click", ({ target }) => acts[target.closest("[data-act]")?.dataset.act]?.());
    $("grid-together")?.addEventListener("change", ({ target }) => { handles.together = target.checked; });
    $("grid-words")?.addEventListener("submit", (event) => { event.preventDefault(); rename(event.target); });
    tools();
  }

  function tap(latlng) {
    if (mode?.add) return mode.add(latlng);
    const cell = cells.at(latlng);
    if (mode?.merge) return cell && cell !== cells.chosen ? mode.merge(cell) : undefined;
    return choose(cell || null);
  }

  function choose(cell) {
    shown.clearLayers();
    cells.choose(cell);
    handles.show(page.editable ? cell : null);
    const panel = $("grid-panel");
    panel.hidden = !cell;
    document.body.classList.toggle("sheet-open", !!cell);
    if (cell) {
      describe(cell);
      const form = $("grid-words");
      if (form) { form.code.value = cell.code; form.named.value = cell.name; form.group.value = cell.group || ""; form.group.disabled = !!cell.continues; }
    }
    tools();
    page.relabel?.();
  }

  function describe(cell) {
    const panel = $("grid-panel");
    panel.querySelector("h2").textContent = cell.name || cell.code;
    panel.querySelector("[data-says]").textContent = page.words.size
      .replace("{code}", cell.code).replace("{n}", Math.round(squareMetres(cell)).toLocaleString("en"))
      + page.words.comma + page.words.differs[cell.differs];
  }

  function tools() {
    for (const button of document.querySelectorAll("[data-act]")) {
      const needs = button.dataset.needs;
      if (button.dataset.act === "undo") button.disabled = !undos.length;
      else if (needs) button.disabled = !cells?.chosen || !!mode;
    }
  }

  const begin = (made) => { mode = made; tools(); };
  const end = () => { mode = null; map.getContainer().classList.remove("drawing"); tools(); };

  /** before: Map(cell -> state, or null for one that is new). */
  function moved(before) {
    undos.push([...before].map(([cell, state]) => ({ id: cell.id, state })));
    saving.change([...before.keys()]);
    tools();
    page.relabel();
  }

  /* --- what the buttons do --- */

  const acts = {
    close: () => choose(null),
    draw() {
      choose(null);
      map.getContainer().classList.add("drawing");
      begin(new Drawing(map, cells, page, true, (places) => {
        const codes = new Set(cells.list.map(({ code }) => code));
        let number = 1;
        while (codes.has("N" + number)) number += 1;
        const cell = cells.add(crypto.randomUUID(), { code: "N" + number, name: page.words.fresh.replace("{n}", number),
          group: null, continues: null, rings: [places] });
        undos.push([{ id: cell.id, state: null }]);
        saving.change([cell]);
        choose(cell);
      }, end));
    },
    split() {
      const cell = cells.chosen;
      map.getContainer().classList.add("drawing");
      begin(new Drawing(map, cells, page, false, (line) =>
        ask("/split", { cell: seen(cell), line }, [cell], page.words.wasSplit), end));
    },
    merge() {
      const kept = cells.chosen;
      say(page.words.merging);
      begin({ merge(other) {
        end();
        ask("/merge", { kept: seen(kept), other: seen(other) }, [kept, other], page.words.wasMerged);
      }, cancel() { end(); say(""); } });
    },
    remove() {
      const cell = cells.chosen;
      undos.push([{ id: cell.id, state: cells.state(cell) }]);
      choose(null);
      saving.remove(cell);
      say(page.words.removed);
    },
    corner() {
      const at = handles.focused();
      if (at) handles.removeCorner(...at);
      else say(page.words.chooseCorner);
    },
    async snap() {
      const cell = cells.chosen;
      if (saving.unsaved) return say(page.words.waitSaved);
      const reply = await fetch(`${page.api}/cells/${cell.id}/snapped`, { credentials: "same-origin" }).catch(() => null);
      const found = await reply?.json().catch(() => null);
      if (!reply?.ok || !found) return say(found?.title || page.words.offline, true);
      if (!found.moves.length) return say(page.words.nothingToSnap);
      shown.clearLayers();
      faults.paint(found.geometry, false, shown);
      for (const { from, to } of found.moves)
        L.polyline([from, to].map(toLatLng), { color: WanggeShapes.token("--bad"), weight: 5, interactive: false }).addTo(shown);
      const far = Math.max(...found.moves.map(({ metres }) => metres));
      return offer(page.words.snapped.replace("{n}", found.moves.length).replace("{m}", far), [
        [page.words.keepSnapped, () => {
          const before = new Map([[cell, cells.state(cell)]]);
          cell.rings = found.geometry.coordinates.map((ring) => ring.slice(0, -1));
          cells.redraw(cell);
          moved(before);
          choose(cell);
        }],
        [page.words.dropSnapped, () => choose(cell)],
      ]);
    },
    undo() {
      const last = undos.pop();
      if (!last || mode) return;
      for (const { id, state } of last) {
        const cell = cells.all.get(id);
        if (cell && state) { cells.set(cell, state); saving.change([cell]); }
        else if (cell) saving.remove(cell);
        else if (state) saving.change([cells.add(crypto.randomUUID(), state)]);
      }
      choose(cells.chosen && cells.all.get(cells.chosen.id) || null);
      say(page.words.undone);
    },
  };

  const seen = (cell) => ({ id: cell.id, version: cell.version });

  /** Cutting and joining are the server's work; both wait until everything is saved. */
  async function ask(path, body, touched, words) {
    if (saving.unsaved) return say(page.words.waitSaved, true);
    const before = touched.map((cell) => ({ id: cell.id, state: cells.state(cell) }));
    const answer = await saving.post(path, body);
    if (!answer.ok) {
      if (answer.body.theirs) saving.look(true);
      return say(answer.status ? answer.body.title : page.words.offline, true);
    }
    const known = new Set(cells.all.keys());
    answer.body.removed.forEach((id) => cells.remove(id));
    answer.body.features.forEach((feature) => cells.put(feature));
    cells.version = answer.body.version;
    const fresh = answer.body.features.filter(({ id }) => !known.has(id));
    undos.push([...before, ...fresh.map(({ id }) => ({ id, state: null }))]);
    faults.around(answer.body.window, answer.body.faults);
    choose(cells.all.get(answer.body.features[0].id));
    return say(words);
  }

  function rename(form) {
    const cell = cells.chosen;
    if (!cell) return;
    const before = new Map([[cell, cells.state(cell)]]);
    Object.assign(cell, { code: form.code.value.trim(), name: form.named.value.trim(), group: form.group.value || null });
    moved(before);
    choose(cell);
  }

  /* --- what the server said --- */

  function kept(answer) {
    faults.around(answer.window, answer.faults);
    if (cells.chosen) describe(cells.chosen);
    page.relabel();
  }

  function refused(problem) {
    undos.pop();
    choose(null);
    shown.clearLayers();
    if (problem.shape) {
      const painted = faults.paint(problem.shape, true, shown);
      if (!map.getBounds().intersects(painted.getBounds())) map.fitBounds(painted.getBounds().pad(0.5), { maxZoom: 18 });
    }
    say(problem.title, true);
    tools();
  }

  function conflict(theirs) {
    const mine = theirs.map(({ id }) => cells.all.get(id)).filter(Boolean);
    shown.clearLayers();
    const paint = (geometry, token, dashArray) => L.geoJSON(geometry, { interactive: false,
      style: { color: WanggeShapes.token(token), weight: 4, dashArray, fillOpacity: 0.08 } }).addTo(shown);
    mine.forEach((cell) => paint(cells.geometry(cell), "--bad", null));
    theirs.filter((one) => !one.removed).forEach((one) => paint(one.geometry, "--wait", [8, 7]));
    const who = [...new Set(theirs.map((one) => one.who).filter(Boolean))].join(page.words.comma);
    offer((theirs.some((one) => one.removed) ? page.words.conflictRemoved : page.words.conflict).replace("{who}", who || page.words.somebody), [
      [page.words.mine, () => { theirs.forEach(keepMine); saving.go(); }],
      [page.words.theirs, () => { theirs.forEach(takeTheirs); saving.go(); saving.look(true); }],
    ]);
  }

  function keepMine(one) {
    const cell = cells.all.get(one.id);
    if (cell && one.removed) {
      const state = cells.state(cell);
      saving.dirty.delete(cell);
      cells.remove(cell.id);
      saving.dirty.add(cells.add(crypto.randomUUID(), state));
    } else if (cell) cell.version = one.version;
    else if (saving.gone.has(one.id)) one.removed ? saving.gone.delete(one.id) : saving.gone.set(one.id, one.version);
  }

  function takeTheirs(one) {
    const cell = cells.all.get(one.id);
    saving.gone.delete(one.id);
    if (cell) saving.dirty.delete(cell);
    if (one.removed) return cells.remove(one.id);
    return cells.put({ id: one.id, geometry: one.geometry, properties: { ...(cell || {}), code: one.code,
      label: one.name, version: one.version, differs: "changed", continues: cell?.continues ?? null, group: cell?.group ?? null } });
  }

  function others(changed, state) {
    if (page.editable && state !== "draft") return location.reload();
    shown.clearLayers();
    for (const cell of changed) if (cells.all.has(cell.id))
      L.geoJSON(cells.geometry(cell), { interactive: false, style: { color: WanggeShapes.token("--wait"), weight: 5, dashArray: [8, 7], fill: false } }).addTo(shown);
    if (cells.chosen && !cells.all.has(cells.chosen.id)) choose(null);
    faults.load();
    return say(page.words.others.replace("{n}", changed.length));
  }

  /* --- words --- */

  function say(text, bad = false) {
    const line = $("map-status");
    line.textContent = text;
    line.classList.toggle("bad", bad);
    line.setAttribute("role", bad ? "alert" : "status");
  }

  function offer(words, choices) {
    const box = $("grid-offer"), row = box.querySelector("div");
    box.querySelector("p").textContent = words;
    row.replaceChildren(...choices.map(([label, act], i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      if (i) button.className = "plain";
      button.addEventListener("click", () => { box.hidden = true; shown.clearLayers(); act(); });
      return button;
    }));
    box.hidden = false;
    row.firstElementChild.focus();
    say("");
  }
})();
