/* On every page of whoever records visits: how much has not been sent yet, sending it whenever that
   may work, keeping the day's list at hand, and clearing the tablet when its person leaves. */
(function () {
  "use strict";

  const store = window.WanggeStore, kept = window.WanggeKept, box = window.WanggeOutbox;
  if (!store) return;
  const { page } = store, EVERY = 60000, LATER = 4000, LITTLE_ROOM = 8 * 1024 * 1024;

  /* --- the count, always in sight --- */

  const pill = document.getElementById("unsent");

  async function count() {
    if (!store.able) return;
    const [waiting, refused, conflict, other, pause] = await Promise.all([
      ...["waiting", "refused", "conflict", "different_body"].map(box.count), store.fact("pause")]);
    const look = refused + conflict + other, said = [];
    if (waiting) said.push(page.words.unsent.replace("{n}", waiting));
    if (look) said.push(page.words.look.replace("{n}", look));
    if (waiting && pause?.why === "signedOut") said.push(page.words.signIn);
    pill.textContent = said.join(page.words.comma);
    pill.hidden = !said.length;
    pill.classList.toggle("urgent", look > 0);
    document.documentElement.dataset.unsent = waiting;
  }

  /* --- sending: on load, when the network is back, when the page is looked at, now and then --- */

  async function send(byHand = false, back = false) {
    const said = await box.flush(byHand, back);
    await count();
    if (!["sent", "nothing"].includes(said)) await again();
    return said;
  }

  /** Once more when the pause is over: one clock, however many asked. */
  async function again() {
    const pause = await store.fact("pause");
    clearTimeout(again.clock);
    if (pause && pause.why !== "signedOut")
      again.clock = setTimeout(send, Math.max(1000, Math.min(EVERY * 5, pause.until - Date.now() + 200)));
  }

  async function fetchWhenDue() {
    if (!store.able || navigator.onLine === false || !(await kept.isDue())) return;
    // Two pages at once ask once.
    const ask = async () => { if (await kept.isDue()) await said(await kept.refresh()); };
    if (navigator.locks) await navigator.locks.request(`${store.name}-fetch`, { ifAvailable: true }, (lock) => lock && ask());
    else await ask();
  }

  async function said(answer) {
    document.dispatchEvent(new CustomEvent("wangge:kept", { detail: answer }));
    if (answer === "fresh") await keepShell();
    if (answer === "withdrawn") tell({ drop: true });
  }

  const both = (back = false) => send(false, back).then(fetchWhenDue).catch(() => null);

  /* --- the page without a network --- */

  function tell(message) {
    navigator.serviceWorker?.ready.then((ready) => ready.active?.postMessage(message));
  }

  const keepShell = async () => tell({ keep: page.here, person: page.person });

  function register() {
    if (!store.able || !navigator.serviceWorker) return;
    navigator.serviceWorker.register(page.worker, { scope: "/" }).catch(() => null);
    navigator.storage?.persist?.().catch(() => null);
  }

  // A button of an ordinary page that reached nobody: what it would have done can be done here.
  document.addEventListener("htmx:sendError", () => setTimeout(() => {
    const said = document.querySelector("#no-connection-said span");
    if (!said || said.querySelector("a")) return;
    const link = document.createElement("a");
    link.href = page.here;
    link.textContent = page.words.goOffline;
    said.append(" ", link);
  }));

  /* --- room: said before anything can be lost --- */

  async function room() {
    if (!navigator.storage?.estimate) return true;
    const { usage = 0, quota = Infinity } = await navigator.storage.estimate();
    const enough = quota - usage > LITTLE_ROOM;
    if (!enough) warn(page.words.noRoom);
    return enough;
  }

  function warn(words) {
    const old = document.getElementById("tablet-warning");
    if (old?.textContent === words) return;
    old?.remove();
    const box = document.createElement("div"), text = document.createElement("span");
    box.id = "tablet-warning";
    box.className = "notice bad";
    box.setAttribute("role", "alert");
    text.textContent = words;
    box.append(text);
    document.getElementById("main").prepend(box);
  }

  /* --- leaving: the list and its key go; what was not sent stays sealed for the same person --- */

  function watchLeaving() {
    for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
      form.addEventListener("submit", async (event) => {
        if (!store.able || form.dataset.cleared) return;
        event.preventDefault();
        await Promise.race([box.flush(true).catch(() => null), new Promise((go) => setTimeout(go, 4000))]);
        const waiting = await box.count("waiting");
        if (waiting && !form.dataset.warned) {
          form.dataset.warned = "yes";
          warn(page.words.leaving.replace("{n}", waiting));
          return;
        }
        await kept.wipe();
        tell({ drop: true });
        await window.caches?.delete("wangge-shells");
        if (!waiting) await store.forget();
        form.dataset.cleared = "yes";
        form.submit();
      });
    }
  }

  window.WanggeTablet = { send, room, warn, count, fetchNow: async () => said(await kept.refresh()) };
  store.listen(() => count().catch(() => null));
  watchLeaving();
  if (!store.able) return;
  room().catch(() => null);
  count().catch(() => warn(page.words.noStore));
  send().catch(() => null);
  // What the tablet keeps is fetched when the page that somebody waits for is there.
  const later = location.pathname === page.here ? 0 : LATER;
  const begin = () => setTimeout(() => { register(); both(); }, later);
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin, { once: true });
  setInterval(() => document.visibilityState === "visible" && both(), EVERY);
  window.addEventListener("online", () => both(true));
  window.addEventListener("offline", () => store.keep("wasAway", true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && both());
})();
