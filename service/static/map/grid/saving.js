/* Every change goes to the server by itself, one request after the other. A refused shape goes back
   to what the server has; a change by somebody else is shown beside one's own, for a person to
   choose; without a connection the changes wait here and are sent again. */
(function () {
  "use strict";

  const REST = 250, AGAIN = 4000, LOOK = 15000;   // ms

  class Saving {
    /** page: { api, words, say }, on: { kept(answer), refused(problem), conflict(theirs), others(n) } */
    constructor(cells, page, on) {
      Object.assign(this, { cells, page, on, dirty: new Set(), gone: new Map(), busy: false, held: false });
      window.addEventListener("online", () => this.soon(0));
      window.addEventListener("beforeunload", (event) => { if (this.unsaved) event.preventDefault(); });
      setInterval(() => this.look(), LOOK);
    }

    get unsaved() { return this.dirty.size + this.gone.size > 0 || this.busy; }

    change(cells) {
      for (const cell of cells) this.dirty.add(cell);
      this.soon();
    }

    remove(cell) {
      this.dirty.delete(cell);
      if (cell.version !== null) this.gone.set(cell.id, cell.version);
      this.cells.remove(cell.id);
      this.soon();
    }

    soon(after = REST) {
      clearTimeout(this.timer);
      if (this.unsaved) this.page.say(this.page.words.saving);
      this.timer = setTimeout(() => this._send(), after);
    }

    async _send() {
      if (this.busy || this.held || !this.unsaved) return;
      const sent = [...this.dirty].map((cell) => ({ cell, state: this.cells.state(cell) }));
      const gone = new Map(this.gone);
      this.dirty.clear();
      this.gone.clear();
      const body = {
        cells: sent.map(({ cell }) => ({ id: cell.id, version: cell.version, code: cell.code,
          name: cell.name, group: cell.group, geometry: this.cells.geometry(cell),
          ...(cell.version === null ? { continues: cell.continues } : {}) })),
        removed: [...gone].map(([id, version]) => ({ id, version })),
      };
      const answer = await this.post("/edits", body);
      if (answer.ok) return this._kept(answer.body, sent);
      if (answer.status === 422) return this._refused(answer.body, sent, gone);
      sent.forEach(({ cell }) => this.dirty.add(cell));
      gone.forEach((version, id) => this.gone.set(id, version));
      if (answer.status === 409 && answer.body.theirs) {
        this.held = true;
        this.on.conflict(answer.body.theirs);
      } else if (answer.status === 0) this.soon(AGAIN);
      else this.held = true;
      return this.page.say(answer.status ? answer.body.title : this.page.words.offline, true);
    }

    /** POSTs to the draft; {ok, status, body}, status 0 when nobody was reached. */
    async post(path, body) {
      this.busy = true;
      try {
        const reply = await fetch(this.page.api + path, {
          method: "POST", credentials: "same-origin", body: JSON.stringify(body),
          headers: { "Content-Type": "application/json", ...this.page.proof },
        });
        const text = await reply.json().catch(() => ({ title: this.page.words.server }));
        if (reply.status === 401) text.title = this.page.words.signedOut;
        return { ok: reply.ok, status: reply.status, body: text };
      } catch {
        return { ok: false, status: 0, body: {} };
      } finally {
        this.busy = false;
      }
    }

    _kept(answer, sent) {
      for (const feature of answer.features) {
        const cell = this.cells.all.get(feature.id), mine = sent.find((one) => one.cell === cell);
        if (!cell) continue;
        cell.version = feature.properties.version;
        cell.differs = feature.properties.differs;
        cell.saved = mine.state;
        this.cells.redraw(cell);
      }
      this.cells.version = answer.version;
      this.on.kept(answer);
      if (this.unsaved) this.soon(0);
      else this.page.say(this.page.words.saved);
    }

    _refused(problem, sent, gone) {
      // What was removed comes back with the next look; the rest is drawn as the server has it.
      for (const { cell } of sent) {
        if (this.dirty.has(cell)) this.dirty.delete(cell);
        if (cell.saved) this.cells.set(cell, cell.saved);
        else this.cells.remove(cell.id);
      }
      if (gone.size) this.look(true);
      this.on.refused(problem);
    }

    /** After a person chose: go on with what is dirty now. */
    go() {
      this.held = false;
      this.soon(0);
    }

    /** Has somebody else drawn? Their cells are taken over where one's own are not changed. */
    async look(always = false) {
      if (this.unsaved || this.held || (document.hidden && !always)) return;
      try {
        const reply = await fetch(`${this.page.api}/cells?since=${always ? 0 : this.cells.version}`, { credentials: "same-origin" });
        if (!reply.ok || this.unsaved) return;
        const found = await reply.json();
        if (found.version === this.cells.version && !always) return;
        const there = new Set(found.features.map(({ id }) => id)), changed = [];
        for (const cell of this.cells.list) if (!there.has(cell.id)) { changed.push(cell); this.cells.remove(cell.id); }
        for (const feature of found.features) {
          const cell = this.cells.all.get(feature.id);
          if (cell?.version === feature.properties.version) continue;
          changed.push(this.cells.put(feature));
        }
        this.cells.version = found.version;
        if (changed.length) this.on.others(changed, found.state);
      } catch { /* the next look tries again */ }
    }
  }

  WanggeGrid.Saving = Saving;
})();
