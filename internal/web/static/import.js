// The script of the page that tells how far the work on a file is: it asks every two
// seconds, and opens the page again when the work is done.
(() => {
  "use strict";
  const here = document.querySelector("[data-working]");
  if (!here) return;
  const ask = async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Background": "1" } });
      if (answer.redirected) return location.replace(answer.url);
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-working]");
      if (!answer.ok || !next) return location.reload();
      here.querySelector("[data-text]").textContent = next.querySelector("[data-text]").textContent;
      here.querySelector("progress").value = next.querySelector("progress").getAttribute("value");
    } catch {
      // No connection: the next time may be better.
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 2000);
})();
