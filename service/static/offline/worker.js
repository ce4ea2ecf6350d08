/* Lets pages open without a network: our own files by their address, and one page that holds
   nobody's data and fills itself from what the tablet keeps (static/offline/tablet.js).
   SHELL = {version, files} is put before this by the server. */
"use strict";

const FILES = `wangge-files-${SHELL.version}`, SHELLS = "wangge-shells", PATIENCE = 12000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(SHELL.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim().then(renew));
});

/** Fetches a shell and, once every shell is of this version, lets the older files go. */
async function keep(address, person) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "manual" });
  // Sent elsewhere: nobody is signed in, and asking for that page would begin another session.
  if (!answer.ok) return;
  const headers = new Headers(answer.headers);
  headers.set("X-Wangge-Version", SHELL.version);
  headers.set("X-Wangge-Kept", String(Date.now()));
  headers.set("X-Wangge-Person", person);
  const shells = await caches.open(SHELLS);
  await shells.put(address, new Response(await answer.arrayBuffer(), { headers }));
  for (const one of await shells.matchAll())
    if (one.headers.get("X-Wangge-Version") !== SHELL.version) return;
  for (const name of await caches.keys())
    if (name.startsWith("wangge-files-") && name !== FILES) await caches.delete(name);
}

async function renew() {
  const shells = await caches.open(SHELLS);
  for (const { url } of await shells.keys()) {
    const person = (await shells.match(url)).headers.get("X-Wangge-Person");
    await keep(url, person).catch(() => null);
  }
}

self.addEventListener("message", (event) => {
  const { keep: address, person, drop } = event.data || {};
  if (address) event.waitUntil(isOld(address, person)
    .then((old) => (old ? keep(address, person) : null)).catch(() => null));
  if (drop) event.waitUntil(caches.delete(SHELLS));
});

/** Another version, some time old, or made for whoever was signed in before. */
async function isOld(address, person) {
  const found = await (await caches.open(SHELLS)).match(address);
  return !found || found.headers.get("X-Wangge-Person") !== person
    || found.headers.get("X-Wangge-Version") !== SHELL.version
    || Math.abs(Date.now() - Number(found.headers.get("X-Wangge-Kept"))) > 3600000;
}

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/"))
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  else if (request.mode === "navigate" && (url.pathname === "/" || url.pathname.startsWith("/t/")))
    event.respondWith(page(request, url));
});

/** The page itself; without a network, or when nothing comes for long, the kept shell. */
async function page(request, url) {
  const shell = await shellOf(url);
  if (!shell) return fetch(request);
  let clock;
  const patience = new Promise((resolve) => { clock = setTimeout(resolve, PATIENCE, null); });
  try {
    return (await Promise.race([fetch(request), patience])) || shell;
  } catch {
    return shell;
  } finally {
    clearTimeout(clock);
  }
}

async function shellOf(url) {
  const shells = await caches.open(SHELLS), [, , tenant] = url.pathname.split("/");
  if (url.pathname !== "/") return shells.match(`/t/${tenant}/tablet`);
  const [first] = await shells.keys();
  return first && shells.match(first);
}
