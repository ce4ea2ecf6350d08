/* What this tablet keeps for one person in one community: an IndexedDB of their own, sealed with
   keys that no script can read out. Nothing here talks to the server. */
(function () {
  "use strict";

  const told = document.getElementById("tablet");
  if (!told) return;
  const page = JSON.parse(told.textContent);
  const NAME = `wangge-${page.tenant}-${page.person}`;
  const able = !!(window.isSecureContext && window.indexedDB && window.crypto?.subtle);
  let opening, gone = false;

  function open() {
    // Whoever comes late must not open again what was just cleared away.
    if (gone) return Promise.reject(new Error("gone"));
    opening ||= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("facts");
        const box = asked.result.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true });
        box.createIndex("id", "id", { unique: true });
        box.createIndex("state", "state");
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => { asked.result.close(); opening = null; };
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    });
    opening.catch(() => { opening = null; });
    return opening;
  }

  /** Runs work(store) in one transaction; answers the result of its last request once it is on
      disk. `strict`: what is said to be saved outlives a flat battery. */
  async function run(store, mode, work) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const act = db.transaction(store, mode, { durability: mode === "readonly" ? "default" : "strict" });
      const last = work(act.objectStore(store));
      act.oncomplete = () => resolve(last?.result);
      act.onabort = act.onerror = () => reject(act.error || last?.error);
    });
  }

  const fact = (key) => run("facts", "readonly", (facts) => facts.get(key));
  const keep = (key, value) => run("facts", "readwrite", (facts) => facts.put(value, key));
  const drop = (...keys) => run("facts", "readwrite", (facts) => { keys.forEach((key) => facts.delete(key)); });

  /** A fact that is made at most once, also when two pages ask at the same moment. */
  async function once(key, make) {
    const found = await fact(key);
    if (found !== undefined) return found;
    const made = await make();
    await run("facts", "readwrite", (facts) => {
      const asked = facts.get(key);
      asked.onsuccess = () => { if (asked.result === undefined) facts.put(made, key); };
    });
    return fact(key);
  }

  async function seal(key, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
  }

  async function unseal(key, { iv, sealed }) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  /** Everything away, the outbox too. */
  async function forget() {
    const db = await open();
    gone = true;
    db.close();
    await new Promise((resolve) => {
      const asked = indexedDB.deleteDatabase(NAME);
      asked.onsuccess = asked.onerror = asked.onblocked = resolve;
    });
  }

  const channel = able && window.BroadcastChannel ? new BroadcastChannel(NAME) : null;
  const listeners = new Set();
  channel?.addEventListener("message", () => listeners.forEach((listen) => listen()));

  /** Tells this page and the others that something changed. */
  function changed() {
    channel?.postMessage("changed");
    listeners.forEach((listen) => listen());
  }

  window.WanggeStore = { page, able, name: NAME, run, fact, keep, drop, once, seal, unseal, forget,
    changed, listen: (listener) => listeners.add(listener) };
})();
