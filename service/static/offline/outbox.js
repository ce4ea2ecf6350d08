/* What was done and is not with the server yet. An operation has its own number from the moment it
   is saved, and is sent until the server has answered for it; sending twice changes nothing. Its
   place in the queue, not the clock, decides the order. */
(function () {
  "use strict";

  const store = window.WanggeStore, kept = window.WanggeKept;
  if (!store) return;
  const { page } = store;
  const BATCH = 25, SOONEST = 4000, LATEST = 5 * 60 * 1000, FINAL = new Set(["refused", "conflict", "different_body"]);

  /** The queue's own key: made here, never read out, and it outlives what the server handed out. */
  let theKey = null;
  const boxKey = () => (theKey ||= store.once("boxKey", () =>
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]))
    .catch((error) => { theKey = null; throw error; }));

  /** Makes the key before the first tap needs it. */
  const ready = () => boxKey().then(() => null, () => null);

  /** Saves one operation; answers it once it is on disk. Throws when the tablet has no room.
      `label`: what people call it, kept beside it and never sent. */
  async function add(kind, body, { seen = null, label = {} } = {}) {
    const act = { id: crypto.randomUUID(), kind, made_at: withZone(new Date()), seen, body };
    await put([{ act, label }]);
    return act;
  }

  async function put(entries) {
    const key = await boxKey();
    const records = await Promise.all(entries.map(async (entry) =>
      ({ id: entry.act.id, state: "waiting", tries: 0, ...(await store.seal(key, entry)) })));
    await store.run("outbox", "readwrite", (box) => {
      records.forEach((record) => box.add(record));
      box.transaction.commit?.();   // nothing follows: it need not come back to ask
    });
    // Counted anew, here and in other tabs, after whoever waits has been told.
    setTimeout(store.changed);
  }

  /** 2026-11-22T09:30:00.000+08:00 */
  function withZone(date) {
    const east = -date.getTimezoneOffset(), two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
    const local = new Date(date.getTime() + east * 60000).toISOString().slice(0, -1);
    return `${local}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
  }

  /** Everything in the queue in order, opened: {sequence, state, tries, act, label, answer}. */
  async function all() {
    if (!store.able) return [];
    const records = await store.run("outbox", "readonly", (box) => box.getAll());
    if (!records.length) return [];
    const key = await boxKey();
    return Promise.all(records.map(async (record) => ({ ...(await opened(key, record)),
      sequence: record.sequence, state: record.state, tries: record.tries })));
  }

  const seen = new Map();

  /** {act, label, answer} of a record; opened once in each state, however often the queue is shown. */
  async function opened(key, record) {
    const name = `${record.id} ${record.state}`;
    if (!seen.has(name)) seen.set(name, { ...(await store.unseal(key, record)),
      answer: record.answer && await store.unseal(key, record.answer) });
    return seen.get(name);
  }

  const count = (state) => store.run("outbox", "readonly", (box) => box.index("state").count(state));

  async function dismiss(sequence) {
    await store.run("outbox", "readwrite", (box) => box.delete(sequence));
    store.changed();
  }

  /** Takes a visit back: out of the queue when it never left, else by another operation. */
  async function withdraw(entry) {
    const said = await alone(async () => {
      const record = await store.run("outbox", "readonly", (box) => box.get(entry.sequence));
      if (record && record.state === "waiting" && !record.tries) {
        await dismiss(entry.sequence);
        return "taken back";
      }
      await add("withdraw_visit", { visit: entry.act.id }, { label: entry.label });
      // Its line is free again; the operation itself stays with the server.
      if (record && record.state === "applied") await dismiss(entry.sequence);
      return "taken back";
    }, true);
    if (said === "busy") await add("withdraw_visit", { visit: entry.act.id }, { label: entry.label });
  }

  /** Only one page at a time sends or takes back. */
  const alone = (work, ifAvailable) => (navigator.locks
    ? navigator.locks.request(`${store.name}-flush`, { ifAvailable }, (lock) => (lock ? work() : "busy"))
    : work());

  /** Sends what waits. Answers "sent", "nothing", "busy", "later", or why it could not. */
  async function flush(byHand = false, back = false) {
    if (!store.able || !(await count("waiting"))) return "nothing";
    if (!byHand && navigator.onLine === false) return "away";
    return alone(async () => {
      const pause = (await store.fact("pause")) || { until: 0, failures: 0 };
      const wait = pause.until - Date.now(), ago = Date.now() - pause.at;
      // The network is back: what failed for want of it need not wait its time out.
      const sooner = byHand || (back && pause.why === "away" && !(ago >= 0 && ago < SOONEST));
      // A clock that was set back must not make the pause longer than it can be.
      if (!sooner && wait > 0 && wait <= LATEST) return "later";
      const said = await drain();
      if (said === "sent" || said === "nothing") await store.drop("pause");
      else {
        const failures = pause.failures + 1;
        const rest = Math.min(LATEST, SOONEST * 2 ** Math.min(failures - 1, 8)) * (0.75 + Math.random() / 2);
        await store.keep("pause", { at: Date.now(), until: Date.now() + Math.min(rest, LATEST), failures, why: said });
      }
      store.changed();
      return said;
    }, true);
  }

  async function drain() {
    let sent = 0, onlyOne = false, proof = page.proof, proofAsked = false, deviceAsked = false;
    for (;;) {
      const waiting = (await all()).filter(({ state }) => state === "waiting").slice(0, onlyOne ? 1 : BATCH);
      if (!waiting.length) return sent ? "sent" : "nothing";
      await tried(waiting);
      try {
        const left = await settle(waiting, await post(waiting, proof));
        sent += waiting.length - left;
        if (left === waiting.length) return "trouble";
        onlyOne = false;
      } catch (error) {
        if (!(error instanceof kept.Refused)) throw error;
        const { status, code } = error;
        if (status === 400 && code === "form_expired" && !proofAsked) {
          proofAsked = true;
          if ((await kept.refresh()) === "fresh") {
            proof = await store.fact("proof");
            continue;
          }
        } else if (status === 409 && !deviceAsked) {
          deviceAsked = true;
          await kept.anotherDevice();
          continue;
        } else if (status === 422 && waiting.length > 1) {
          onlyOne = true;   // one that cannot be read must not hold up the rest
          continue;
        } else if (status === 422) {
          await settle(waiting, { answers: [{ id: waiting[0].act.id, status: "refused", code, sentence: page.words.unreadable, facts: {} }] });
          continue;
        }
        if (status === 410) await Promise.all([kept.wipe(), store.drop("device")]);
        if (status === 0) await store.keep("wasAway", true);
        return status === 401 ? "signedOut" : status === 404 ? "noStanding"
          : status === 410 ? "withdrawn" : status === 0 ? "away" : "trouble";
      }
    }
  }

  async function post(waiting, proof) {
    const body = { device: await kept.device(),
      operations: waiting.map(({ act, sequence }) => ({ ...act, sequence })) };
    return kept.ask(`${page.api}/operations`, { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": proof } });
  }

  /** Notes that these left the tablet, whatever comes of it. */
  const tried = (waiting) => store.run("outbox", "readwrite", (box) => {
    for (const { sequence } of waiting) {
      const asked = box.get(sequence);
      asked.onsuccess = () => { if (asked.result) box.put({ ...asked.result, tries: asked.result.tries + 1 }); };
    }
  });

  /** Writes down each answer; answers how many operations still wait. */
  async function settle(waiting, reply) {
    const answers = new Map((Array.isArray(reply.answers) ? reply.answers : []).map((one) => [one.id, one]));
    const key = await boxKey(), done = [];
    let left = 0;
    for (const entry of waiting) {
      const answer = answers.get(entry.act.id), status = answer?.status;
      if (status === "applied" || status === "already") done.push([entry.sequence, "applied", null]);
      else if (FINAL.has(status)) done.push([entry.sequence, status, await store.seal(key, answer)]);
      else left += 1;
    }
    const refused = new Set(waiting.filter((entry) => FINAL.has(answers.get(entry.act.id)?.status)).map(({ act }) => act.id));
    for (const entry of await all()) {
      // What was never accepted need not be taken back.
      if (entry.state === "waiting" && entry.act.kind === "withdraw_visit" && refused.has(entry.act.body.visit))
        done.push([entry.sequence, "gone", null]);
    }
    await store.run("outbox", "readwrite", (box) => {
      for (const [sequence, state, answer] of done) {
        if (state === "gone") { box.delete(sequence); continue; }
        const asked = box.get(sequence);
        asked.onsuccess = () => { if (asked.result) box.put({ ...asked.result, state, answer }); };
      }
    });
    store.changed();
    const lead = (await store.fact("kept"))?.lead;
    if (reply.lead?.version && lead && reply.lead.version !== lead) await kept.refresh();
    return left;
  }

  /** Once a newer list is here, what it already knows need not be shown twice. */
  async function tidy() {
    const done = (await all()).filter(({ state }) => state === "applied");
    await store.run("outbox", "readwrite", (box) => { done.forEach(({ sequence }) => box.delete(sequence)); });
  }

  /* --- the queue as a file --- */

  async function toFile() {
    const waiting = (await all()).filter(({ state }) => state !== "applied");
    return new Blob([JSON.stringify({ wangge: "queue", tenant: page.tenant, person: page.person,
      saved_at: withZone(new Date()), operations: waiting.map(({ act, label }) => ({ act, label })) }, null, 1)],
    { type: "application/json" });
  }

  /** Takes a saved queue in again: {added, known}. Throws "wrong" for anything else. */
  async function fromFile(text) {
    let file;
    try { file = JSON.parse(text); } catch { throw new Error("wrong"); }
    const fits = file?.wangge === "queue" && file.tenant === page.tenant && Array.isArray(file.operations)
      && file.operations.every(({ act } = {}) => typeof act?.id === "string" && typeof act.kind === "string" && act.body);
    if (!fits) throw new Error("wrong");
    if (file.person !== page.person) throw new Error("another");
    const known = new Set((await all()).map(({ act }) => act.id));
    const fresh = file.operations.filter(({ act }) => !known.has(act.id));
    if (fresh.length) await put(fresh.map(({ act, label }) => ({ act, label: label || {} })));
    return { added: fresh.length, known: file.operations.length - fresh.length };
  }

  window.WanggeOutbox = { ready, add, all, count, dismiss, withdraw, flush, tidy, toFile, fromFile };
})();
