/* A button that could not reach the server must not look as if nothing had happened: htmx swaps
   what the server says, also when it says no; this says that it could not be asked. */
(function () {
  "use strict";

  function say() {
    const words = document.getElementById("no-connection");
    const notice = words.content.firstElementChild.cloneNode(true);
    notice.id = "no-connection-said";
    document.getElementById("no-connection-said")?.remove();
    document.getElementById("main").prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:sendError", say);
  document.addEventListener("htmx:timeout", say);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr?.status) document.getElementById("no-connection-said")?.remove();
  });
})();

/* Larger letters: kept in a cookie, so that the next page is large before it is painted. */
(function () {
  "use strict";

  const switched = document.getElementById("letters"), page = document.documentElement;
  switched?.addEventListener("click", () => {
    const large = page.dataset.letters !== "large";
    if (large) page.dataset.letters = "large";
    else delete page.dataset.letters;
    switched.setAttribute("aria-pressed", String(large));
    document.cookie = `letters=${large ? "large" : ""}; path=/; samesite=lax; max-age=${large ? 31536000 : 0}`;
    window.dispatchEvent(new Event("resize"));
  });
})();
