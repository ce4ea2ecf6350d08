/* Somebody signs in on this tablet, perhaps another than last time: whose session ran out left no
   chance to clear the list away. So every list and its key go, whoever it was for; what was not sent
   stays sealed. Whoever signs in again is handed a new list at once. */
(function () {
  "use strict";

  const form = document.querySelector("form[data-signs-in]"), PATIENCE = 2000;
  if (!form || !window.indexedDB?.databases) return;

  /** Takes the list and its key out of one store of ours. */
  function empty(name) {
    return new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onerror = asked.onblocked = done;
      asked.onupgradeneeded = () => asked.transaction.abort();
      asked.onsuccess = () => {
        const db = asked.result;
        const act = db.transaction("facts", "readwrite");
        ["key", "kept", "proof"].forEach((fact) => act.objectStore("facts").delete(fact));
        act.oncomplete = act.onabort = () => { db.close(); done(); };
      };
    });
  }

  async function clear() {
    const ours = (await indexedDB.databases()).filter(({ name }) => name.startsWith("wangge-"));
    await Promise.all([...ours.map(({ name }) => empty(name)), window.caches?.delete("wangge-shells")]);
  }

  form.addEventListener("submit", async (event) => {
    if (form.dataset.cleared) return;
    event.preventDefault();
    await Promise.race([clear().catch(() => null), new Promise((go) => setTimeout(go, PATIENCE))]);
    form.dataset.cleared = "yes";
    form.requestSubmit(event.submitter);
  });
})();
