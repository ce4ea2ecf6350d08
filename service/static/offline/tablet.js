/* The page that works without a network: the kept list, recording in two taps, and the queue. */
(function () {
  "use strict";

  const store = window.WanggeStore, box = window.WanggeOutbox, keeping = window.WanggeKept;
  const page = JSON.parse(document.getElementById("tablet-page").textContent), { words } = page;
  const { make, lineOf, talkOf } = window.WanggeLines, at = (id) => document.getElementById(id);
  const language = document.documentElement.lang;
  let kept = null, map = null, shown;

  const moment = (time) => new Intl.DateTimeFormat(language, { month: "long", day: "numeric",
    hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(time));

  const state = (text) => { at("tablet-state").textContent = text; };

  /* --- the list --- */

  const versionKept = async () => (await store.fact("kept"))?.version;

  /** Another list may have come or this one gone while sending, or in another tab: then what is
      shown goes with it at once. */
  const follow = async () => ((await versionKept()) === shown ? marks() : show());

  async function show() {
    if (!store.able) return state(words.insecure);
    const had = !!kept;
    shown = await versionKept();
    kept = await keeping.read();
    at("tablet-list").replaceChildren();
    map?.remove();
    map = null;
    at("tablet-map").hidden = !kept;
    at("list-count").textContent = kept ? walk().length : "";
    if (!kept) return state(had ? words.expired : words.none);
    state(words.kept.replace("{when}", moment(kept.handed_at)).replace("{until}", moment(kept.expires_at)));
    const acts = { record, correct, talk };
    at("tablet-list").append(...walk().map((line, i) => (line.talk
      ? talkOf(line, i + 1, page, acts) : lineOf(line, i + 1, kept, page, acts))));
    if (!walk().length) at("tablet-list").append(make("p", { class: "quiet" }, words.empty));
    if (at("tablet-map").open) draw();
    return marks();
  }

  /** People and addresses of first talks as they are walked; kept apart, they meet only here. */
  function walk() {
    const talks = kept.talks || [], before = (n) => talks.filter((talk) => talk.at === n);
    return kept.today.flatMap((line, i) => [...before(i), line]).concat(before(kept.today.length));
  }

  function draw() {
    if (map || !kept) return;
    const today = walk().map((line) => (line.talk ? { ...line, member: line.talk, name: line.words } : line));
    map = window.WanggeGround(at("tablet-ground"), { ...kept, today }, { words, chosen: find });
  }

  function find(member) {
    const line = at(`call-${member}`);
    document.querySelector(".call.found")?.classList.remove("found");
    line.classList.add("found");
    line.scrollIntoView({ block: "center" });
    line.querySelector("button").focus({ preventScroll: true });
  }

  /* --- recording --- */

  async function record(line, did, body) {
    await save("visit", body, { label: { name: line.name, did: did.words } });
  }

  async function correct(line, card, changes) {
    await save("member_edit", { member: line.member, changes },
      { seen: card.version, label: { name: line.name, edit: true } });
  }

  async function talk(line, said, body) {
    await save("talk", body, { label: { name: line.words, did: said.words } });
  }

  async function save(kind, body, further) {
    try {
      const act = await box.add(kind, body, further);
      if (lineIdOf(act)) paint(at(`call-${lineIdOf(act)}`), { act, label: further.label, state: "waiting" });
    } catch {
      return WanggeTablet.warn(words.notSaved);
    }
    WanggeTablet.room().catch(() => null);
    // Once the line has been painted.
    return setTimeout(() => marks().then(() => send()), 80);
  }

  /** Whose line an act belongs to: a member's, or an address's. */
  const lineIdOf = ({ kind, body }) => ({ visit: body.member, talk: body.talk })[kind];

  /** Says beside a person what is saved; `entry` is in the queue by now. */
  function paint(line, entry) {
    const saved = line.querySelector(".saved");
    const said = words[entry.state === "applied" ? "done" : "saved"].replace("{did}", entry.label?.did || "");
    const told = entry.act.id + entry.state + (entry.act.kind === "talk" && entry.tries ? "left" : "");
    if (saved.dataset.said === told && saved.childElementCount) return;
    saved.dataset.said = told;
    line.classList.add("recorded");
    const undo = make("button", { type: "button", class: "plain" }, words.undo);
    undo.addEventListener("click", () => takeBack(line, entry.act.id));
    saved.replaceChildren(make("div", { class: "notice good" }, make("span", {}, said)));
    // What was said at an address is taken back only while it has not left the tablet.
    if (entry.act.kind === "visit" || (entry.state === "waiting" && !entry.tries)) saved.append(undo);
  }

  async function takeBack(line, id) {
    const entry = (await box.all()).find(({ act }) => act.id === id);
    if (entry?.act.kind === "talk") await (entry.tries ? null : box.dismiss(entry.sequence));
    else if (entry) await box.withdraw(entry);
    await marks();
    line.querySelector("button").focus();
    send();
  }

  /** Beside each person what was recorded here and is not part of the list yet. */
  async function marks() {
    const entries = await box.all(), back = new Set(entries.filter(({ act }) => act.kind === "withdraw_visit")
      .map(({ act }) => act.body.visit));
    for (const line of document.querySelectorAll(".call")) {
      const whose = line.dataset.member || line.dataset.talk;
      const mine = entries.filter(({ act }) => lineIdOf(act) === whose && !back.has(act.id));
      const last = mine[mine.length - 1];
      if (last && ["waiting", "applied"].includes(last.state)) paint(line, last);
      else {
        line.classList.remove("recorded");
        line.querySelector(".saved").replaceChildren();
      }
    }
    return queue(entries);
  }

  /* --- the queue --- */

  function queue(entries) {
    const shown = entries.filter((entry) => entry.state !== "applied");
    at("queue").hidden = !shown.length;
    at("queue-count").textContent = shown.length || "";
    at("queue-list").replaceChildren(...shown.slice(0, 100).map(item));
  }

  function named({ act, label }) {
    const name = label?.name || words.unknownMember;
    if (act.kind === "member_edit") return words.corrected.replace("{name}", name);
    const did = label?.did || "";
    return act.kind === "withdraw_visit" ? words.undone.replace("{name}", name).replace("{did}", did)
      : name + words.colon + did;
  }

  function item(entry) {
    const { act, answer } = entry, line = make("li", {}, make("span", {}, named(entry)),
      make("time", { datetime: act.made_at }, moment(act.made_at)));
    if (!answer) return line;
    line.append(make("p", { class: "why" }, answer.sentence || ""));
    if (entry.state === "conflict") line.append(bothFacts(answer.facts || {}));
    const actions = make("div", { class: "actions" });
    if (entry.state === "conflict" && act.kind === "member_edit") {
      const mine = make("button", { type: "button" }, words.useMine);
      mine.addEventListener("click", async () => {
        await box.add("member_edit", act.body, { seen: answer.facts.version, label: entry.label });
        await box.dismiss(entry.sequence);
        await marks();
        send();
      });
      actions.append(mine);
    }
    const seen = make("button", { type: "button", class: "plain" }, entry.state === "conflict" ? words.useTheirs : words.dismiss);
    seen.addEventListener("click", async () => { await box.dismiss(entry.sequence); await marks(); });
    actions.append(seen);
    line.append(actions);
    return line;
  }

  /** Two facts side by side; which of them holds is for a person to say. */
  function bothFacts({ now = {}, yours = {} }) {
    const list = make("dl", { class: "facts" });
    for (const field of Object.keys({ ...now, ...yours })) list.append(
      make("dt", {}, `${words[field] || field}${words.colon}${words.now}`), make("dd", {}, String(now[field] ?? "")),
      make("dt", {}, `${words[field] || field}${words.colon}${words.yours}`), make("dd", {}, String(yours[field] ?? "")));
    return list;
  }

  const SAID = { sent: "sent", nothing: "sent", busy: "busy", later: "later", away: "queueAway",
    signedOut: "queueSignedOut", trouble: "queueTrouble", noStanding: "noStanding", withdrawn: "queueWithdrawn" };

  async function send(byHand = false) {
    if (byHand) at("queue-state").textContent = words.sending;
    const said = await WanggeTablet.send(byHand);
    at("queue-state").textContent = words[SAID[said]] || "";
    await marks();
  }

  async function saveFile() {
    const link = make("a", { download: `wangge-${new Date().toISOString().slice(0, 10)}.json` });
    link.href = URL.createObjectURL(await box.toFile());
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async function loadFile({ target }) {
    const [file] = target.files;
    if (!file) return;
    try {
      const { added, known } = await box.fromFile(await file.text());
      at("file-state").textContent = words.fileAdded.replace("{n}", added).replace("{known}", known);
    } catch (error) {
      at("file-state").textContent = error.message === "another" ? words.fileAnother
        : error.message === "wrong" ? words.fileWrong : words.notSaved;
    }
    target.value = "";
    await marks();
    send();
  }

  /* --- together --- */

  document.addEventListener("wangge:kept", async ({ detail }) => {
    if (detail === "fresh") await box.tidy();
    await show();
    if (["withdrawn", "away", "signedOut", "trouble"].includes(detail))
      state(words[detail] + (kept ? " " + at("tablet-state").textContent : ""));
  });
  at("tablet-fetch").addEventListener("click", async () => {
    state(words.fetching);
    await WanggeTablet.send(true);
    await WanggeTablet.fetchNow();
  });
  at("tablet-map").addEventListener("toggle", () => at("tablet-map").open && draw());
  at("queue-send").addEventListener("click", () => send(true));
  at("queue-save").addEventListener("click", saveFile);
  at("queue-load").addEventListener("change", loadFile);
  let soon;
  store.listen(() => { clearTimeout(soon); soon = setTimeout(() => follow().catch(() => null), 150); });
  setInterval(async () => { if (kept && !(await keeping.read())) show(); }, 60000);
  if (store.able) box.ready();
  show().then(() => { document.documentElement.dataset.tablet = "ready"; });
})();
