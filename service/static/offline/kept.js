/* The day's list, its cards and the own cells, sealed with a key that the server handed out, that
   expires, and that the server can withdraw. Each answer replaces all of it. */
(function () {
  "use strict";

  const store = window.WanggeStore;
  if (!store) return;
  const { page } = store;
  const PATIENCE = 30000, FRESH = 10 * 60 * 1000;

  class Refused extends Error {
    constructor(status, code) { super(String(status)); Object.assign(this, { status, code }); }
  }

  /** The parsed JSON of an answer that came whole. Throws Refused, with status 0 for no answer. */
  async function ask(url, options = {}) {
    const watch = new AbortController(), clock = setTimeout(() => watch.abort(), PATIENCE);
    let reply, body = null;
    try {
      reply = await fetch(url, { ...options, credentials: "same-origin", cache: "no-store",
        redirect: "manual", signal: watch.signal });
      const text = await reply.text();
      try { body = JSON.parse(text); } catch { body = null; }
    } catch {
      throw new Refused(0, "no_answer");
    } finally {
      clearTimeout(clock);
    }
    if (!reply.ok) throw new Refused(reply.status, body?.code || "");
    // Half an answer, or the page of some other network: it counts as none.
    if (body === null || typeof body !== "object") throw new Refused(0, "half_an_answer");
    return body;
  }

  const device = () => store.once("device", () => crypto.randomUUID());

  /** This tablet belongs to somebody else's queue: another number for whoever is signed in now. */
  const anotherDevice = () => store.keep("device", crypto.randomUUID());

  /** The time by the server's clock, and never earlier than it has been. */
  async function now() {
    const time = (await store.fact("time")) || { skew: 0, latest: 0 };
    const at = Math.max(Date.now() + time.skew, time.latest);
    if (at - time.latest > 60000) await store.keep("time", { ...time, latest: at });
    return at;
  }

  async function setClock(handedAt) {
    const server = Date.parse(handedAt);
    if (server) await store.keep("time", { skew: server - Date.now(), latest: server });
  }

  /** Fetches all of it anew. Answers what the page should say: "fresh", or why not. */
  async function refresh() {
    if (!store.able) return "insecure";
    let again = false;
    for (;;) {
      try {
        return await take(await ask(`${page.api}/offline?device=${await device()}`));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.status === 409 && !again) {
          again = true;
          await anotherDevice();
          continue;
        }
        if (error.status === 410) await store.drop("device");
        if (error.status === 404 || error.status === 410) await wipe();
        if (error.status === 0) await store.keep("wasAway", true);
        return error.status === 401 ? "signedOut" : error.status === 0 ? "away"
          : error.status === 404 || error.status === 410 ? "withdrawn" : "trouble";
      }
    }
  }

  async function take(answer) {
    const material = Uint8Array.from(atob(answer.key.material), (sign) => sign.charCodeAt(0));
    const known = await store.fact("key");
    const key = known?.id === answer.key.id ? known.key
      : await crypto.subtle.importKey("raw", material, "AES-GCM", false, ["encrypt", "decrypt"]);
    material.fill(0);
    const { key: _handed, csrf_token: proof, ...rest } = answer;
    const sealed = await store.seal(key, rest);
    await setClock(answer.handed_at);
    // One transaction: never a list under a key that does not open it.
    await store.run("facts", "readwrite", (facts) => {
      facts.put({ id: answer.key.id, key, expires: Date.parse(answer.expires_at) }, "key");
      facts.put({ ...sealed, version: answer.version, lead: answer.lead.version, at: Date.now() }, "kept");
      facts.put(proof, "proof");
      facts.delete("wasAway");
    });
    store.changed();
    return "fresh";
  }

  /** What is kept, or null: nothing yet, or its time is over (then it is gone for good). */
  async function read() {
    if (!store.able) return null;
    const [key, kept] = await Promise.all([store.fact("key"), store.fact("kept")]);
    if (!key || !kept) return null;
    if ((await now()) >= key.expires) {
      await wipe();
      return null;
    }
    try {
      return await store.unseal(key.key, kept);
    } catch {
      await wipe();
      return null;
    }
  }

  async function wipe() {
    await store.drop("key", "kept", "proof");
    store.changed();
  }

  /** Whether it is time to ask: nothing kept, some minutes old, or back from being away. Every
      asking is written down for each person on the list, so not more often. */
  async function isDue() {
    const [kept, away] = await Promise.all([store.fact("kept"), store.fact("wasAway")]);
    return !kept || !!away || Math.abs(Date.now() - kept.at) > FRESH;
  }

  window.WanggeKept = { Refused, ask, device, anotherDevice, refresh, read, wipe, isDue, now };
})();
