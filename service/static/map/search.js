/* One box on the map: a building or a person by name. What is looked for goes in the body of the
   request, so that no name and no number stands in an address or a log. */
(function () {
  "use strict";

  function make(tag, attributes, ...children) {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  }

  /** Opens the sheet with the box; `sheet` is Wangge.Sheet. */
  Wangge.search = function (sheet) {
    const { page } = sheet, { words } = page;
    const input = make("input", { type: "search", name: "words", maxLength: 60, required: true, autocomplete: "off" });
    const said = make("p", {}), list = make("ul", { className: "choices" });
    said.setAttribute("role", "status");
    const form = make("form", {}, make("label", {}, words.findWhat, input),
      make("button", { type: "submit" }, words.find));
    form.setAttribute("role", "search");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      look(input.value.trim());
    });

    async function look(text) {
      if (!text) return;
      said.textContent = words.fetching;
      list.replaceChildren();
      try {
        const proof = JSON.parse(document.body.getAttribute("hx-headers"));
        const found = await Wangge.answer(page.search, { method: "POST",
          headers: { ...proof, "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify({ words: text }) });
        const all = [...found.buildings.map(building), ...found.people.map(person)];
        said.textContent = all.length ? "" : words.foundNothing;
        list.replaceChildren(...all.map((button) => make("li", {}, button)));
        list.querySelector("button")?.focus();
      } catch (error) {
        said.textContent = words[error.reason] || words.server;
      }
    }

    function choice(title, further, open) {
      const button = make("button", { type: "button", className: "choice" }, title);
      if (further) button.append(make("small", { className: "quiet" }, ` ${further}`));
      button.addEventListener("click", open);
      return button;
    }

    function building({ id, title, address, lon, lat }) {
      return choice(title, address, () => {
        const latlng = L.latLng(lat, lon);
        sheet.map.setView(latlng, Math.max(sheet.map.getZoom(), 17.5));
        sheet.open({ layer: "buildings", id, latlng });
      });
    }

    const person = ({ id, name, building: where }) =>
      choice(name, where, () => sheet.open({ layer: "members", id }));

    sheet.chosen = null;
    sheet._show([make("h2", {}, words.find), form, said, list]);
    input.focus();
  };
})();
