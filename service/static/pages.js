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
