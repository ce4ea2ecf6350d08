/* One person of the kept list as people see it: why, two taps to record, more when there is time.
   Every text is set as text; nothing that was typed somewhere is ever parsed here. */
(function () {
  "use strict";

  const KIND_OF = { certificate_check: "certificate_check", return_visit: "return_visit" };

  /** make("p", {class: "quiet"}, "words", child...) */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  const field = (label, input) => make("label", {}, label, input);
  const pick = (name, choices, empty) => make("select", { name },
    ...(empty === undefined ? [] : [make("option", { value: "" }, empty)]),
    ...choices.map(({ value, words }) => make("option", { value }, words)));

  function dues(line) {
    return make("ul", { class: "whys" }, ...line.dues.map((due) => make("li", {},
      make("span", { class: `badge ${due.state_sign}` }, due.state_title), " ", make("strong", {}, due.title),
      make("small", {}, ` ${due.why}`))));
  }

  function facts(card, words, choices) {
    if (!card) return null;
    const said = (table, value) => choices[table].find((one) => one.value === value)?.words || value;
    const list = make("dl", { class: "facts" });
    const tell = (name, value) => value && list.append(make("dt", {}, name), make("dd", {}, value));
    tell(words.phone, card.masked_phone);
    tell(words.branch, card.branch);
    tell(words.employer, card.employer);
    tell(words.lastVisits, card.visits.map((visit) =>
      `${visit.happened_on} ${said("outcomes", visit.outcome)}`).join(words.stop));
    return list;
  }

  function further(line, kept, words) {
    const { choices } = kept, kind = KIND_OF[line.dues[0]?.kind] || "contact";
    const kinds = pick("kind", choices.kinds.filter(({ value }) => value !== "report"));
    kinds.value = kind;
    return make("details", {}, make("summary", {}, words.more),
      make("div", { class: "two" },
        field(words.on, make("input", { type: "date", name: "happened_on", value: today(), max: today() })),
        field(words.kind, kinds)),
      make("fieldset", { class: "row" }, make("legend", {}, words.topics),
        ...choices.topics.map(({ value, words: said }) =>
          make("label", {}, make("input", { type: "checkbox", name: "topics", value }), said))),
      make("div", { class: "two" },
        field(words.nextStep, pick("next_step", choices.next_steps)),
        field(words.nextOn, make("input", { type: "date", name: "next_on", min: today() })),
        field(words.wish, pick("wish", choices.wishes, words.noWish)),
        field(words.note.replace("{n}", kept.longest_note),
          make("input", { type: "text", name: "note", maxlength: kept.longest_note, autocomplete: "off" }))),
      make("p", { class: "quiet" }, words.pickAbove));
  }

  function correction(line, card, words, correct) {
    if (!card) return null;
    const form = make("form", { class: "correction" },
      make("div", { class: "two" },
        field(words.phone, make("input", { name: "phone", inputmode: "tel", autocomplete: "off" })),
        field(words.employer, make("input", { name: "employer", autocomplete: "off" }))),
      field(words.address, make("input", { name: "address", autocomplete: "off" })),
      make("button", { type: "submit", class: "plain" }, words.saveCorrection));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const changes = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
      if (Object.keys(changes).length) correct(line, card, changes).then(() => form.reset());
    });
    return make("details", {}, make("summary", {}, words.correct), form);
  }

  const today = () => {
    const date = new Date();
    return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  };

  /** What a tapped result says, as the API takes it. */
  function bodyOf(line, did, form) {
    const said = new FormData(form), text = (name) => String(said.get(name) || "");
    return { member: line.member, happened_on: text("happened_on") || today(), outcome: did.outcome,
      way: did.way, kind: text("kind") || "contact", topics: said.getAll("topics"),
      next_step: text("next_step"), next_on: text("next_on") || null, note: text("note").trim(),
      wish: text("wish") };
  }

  /** The article of a line. `act`: {record(line, did, body), undo(entry), correct(line, card, changes)}. */
  function lineOf(line, number, kept, page, act) {
    const { words, did } = page, card = kept.cards.find(({ member }) => member === line.member);
    const where = [line.cell || words.noPlace, line.attempts ? words.tried.replace("{n}", line.attempts) : ""]
      .filter(Boolean).join(words.comma);
    const form = make("form", { class: "did" },
      make("div", { class: "actions" }, ...did.map((one) => {
        const button = make("button", { type: "button", class: one.outcome === "reached" ? null : "plain", "data-did": one.did },
          one.words, make("span", { class: "unseen" }, words.colon + line.name));
        button.addEventListener("click", () => act.record(line, one, bodyOf(line, one, form)));
        return button;
      })), further(line, kept, words));
    return make("article", { class: "due call", id: `call-${line.member}`, "data-member": line.member },
      make("div", { class: "who" }, make("h3", {}, `${number}. ${line.name}`), make("p", { class: "quiet" }, where)),
      dues(line), form, make("div", { class: "saved", role: "status" }),
      make("details", { class: "did" }, make("summary", {}, words.card),
        facts(card, words, kept.choices), correction(line, card, words, act.correct)));
  }

  /** What was said at an address: its day, and when to come again. Of a talk that is over no more
      than that: which way it ended is never written down, here or there. */
  const saidAt = (talk, one, form) => ({ talk: talk.talk, happened_on: today(), outcome: one.did,
    next_on: one.did === "over" ? null : String(new FormData(form).get("next_on") || "") || null });

  /** The article of an address where somebody is to call; no person is in it. */
  function talkOf(talk, number, page, act) {
    const { words } = page;
    const tried = words.talkTried.replace("{n}", talk.attempts).replace("{most}", talk.most);
    const where = [talk.cell || words.noPlace, tried].filter(Boolean).join(words.comma);
    const form = make("form", { class: "did" },
      make("div", { class: "actions" }, ...page.talk.map((one) => {
        const button = make("button", { type: "button", class: "plain", "data-did": one.did },
          one.words, make("span", { class: "unseen" }, words.colon + talk.words));
        button.addEventListener("click", () => act.talk(talk, one, saidAt(talk, one, form)));
        return button;
      })),
      make("details", {}, make("summary", {}, words.talkMore),
        field(words.talkNext, make("input", { type: "date", name: "next_on", min: today() })),
        make("p", { class: "quiet" }, words.pickAbove), make("p", { class: "quiet" }, words.talkOver)));
    return make("article", { class: "due call talk", id: `call-${talk.talk}`, "data-talk": talk.talk },
      make("div", { class: "who" }, make("h3", {}, `${number}. ${talk.words}`), make("p", { class: "quiet" }, where)),
      dues(talk), form, make("div", { class: "saved", role: "status" }));
  }

  window.WanggeLines = { make, lineOf, talkOf };
})();
