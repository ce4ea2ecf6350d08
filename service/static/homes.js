/* The list of who has no place, by keyboard: a digit picks, Enter decides, S skips, Z undoes.
   Without this script the same buttons are there. */
(function () {
  "use strict";

  const form = document.getElementById("unplaced");
  (form?.querySelector("input[type=radio]:checked") || form?.querySelector("input[type=radio]"))?.focus();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=radio]), select, textarea")) return;
    const key = event.key.toLowerCase();
    if (/^[1-9]$/.test(key) && form) {
      const choice = form.querySelectorAll("input[type=radio]")[Number(key) - 1];
      if (!choice) return;
      choice.checked = true;
      choice.focus();
      event.preventDefault();
    } else if (key === "s" || key === "z") {
      document.querySelector(`[accesskey=${key}]`)?.click();
    }
  });
})();
