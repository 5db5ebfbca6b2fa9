// The script of the search. It only adds: a birth date of which the day, or month
// and day, are not known is said back as it was read, and keys go through the
// clients found.
(() => {
  "use strict";
  const months = "January February March April May June July August September October November December".split(" ");
  const read = text => {
    const parts = text.trim().split(/[\/\-., ]+/).filter(p => p);
    const year = parts.findIndex(p => /^\d{4}$/.test(p));
    if (year < 0 || parts.length > 2) return "";
    if (parts.length === 1) return "the year " + parts[0];
    const m = parts[1 - year].toLowerCase();
    const month = /^\d{1,2}$/.test(m) ? months[m - 1] : m.length > 2 && months.find(n => n.toLowerCase().startsWith(m));
    return month ? month + " " + parts[year] : "";
  };
  // After the script of all pages, which reads whole dates.
  addEventListener("DOMContentLoaded", () => addEventListener("change", e => {
    const said = e.target.matches?.("form.search [data-date]") && read(e.target.value);
    if (said) e.target.parentElement.querySelector(".echo").textContent = "Read as " + said;
  }));

  const rows = [...document.querySelectorAll("table.results tbody tr")];
  if (!rows.length || !("keys" in document.body.dataset)) return;
  for (const e of document.querySelectorAll("[data-keyhelp]")) e.hidden = false;
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.shiftKey || e.target.closest?.("input, select, textarea, dialog, summary")) return;
    const at = rows.indexOf(e.target.closest?.("tr"));
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step && (at >= 0 || step > 0 && e.target.matches?.("#count"))) {
      e.preventDefault();
      const to = rows[at + step];
      (to ? to.querySelector("a") : at ? null : document.querySelector("#count"))?.focus();
      return;
    }
    const link = at >= 0 && rows[at].querySelector(`.actions [data-key="${e.key.toLowerCase()}"]`);
    if (link) { e.preventDefault(); link.click(); }
  });
})();
