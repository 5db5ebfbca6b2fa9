// The script of openiis only adds to pages that work without it.
(() => {
  "use strict";
  const $ = (s, in_ = document) => in_.querySelector(s);
  const body = document.body;

  // An error summary takes the focus, so that it is read first.
  $("#problems")?.focus();

  // "/" goes to the search box and "?" to help, unless the person types or has
  // turned the keys off.
  if ("keys" in body.dataset) addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest?.("input, select, textarea, dialog, [contenteditable]")) return;
    if (e.key === "/" && $("#quick")) { e.preventDefault(); $("#quick").focus(); }
    if (e.key === "?") { e.preventDefault(); location.assign($("main [data-help]")?.dataset.help || "/help"); }
  });

  // A form is sent once. The button pressed stays enabled until the browser has
  // read its value, which is why it is shut only afterwards.
  addEventListener("submit", e => {
    const form = e.target;
    if (e.defaultPrevented || form.target) return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { for (const b of form.querySelectorAll("button")) b.setAttribute("aria-disabled", "true"); });
  });
  // A page shown again from the back button can be sent again.
  addEventListener("pageshow", e => {
    if (e.persisted) for (const f of document.forms) {
      delete f.dataset.sent;
      for (const b of f.querySelectorAll("button")) b.removeAttribute("aria-disabled");
    }
  });

  // A date is said back as it was read, month first.
  const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
  const two = n => String(n).padStart(2, "0");
  const readDate = text => {
    const t = text.trim().toLowerCase();
    let m;
    let y, mo, d;
    if ((m = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(t))) [, y, mo, d] = m;
    else if ((m = /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(t))) [, mo, d, y] = m;
    else if ((m = /^([a-z]+|\d{1,2})[\/\-., ]+(\d{1,2})[\/\-., ]+(\d{4}|\d{2})$/.exec(t))) [, mo, d, y] = m;
    else return "";
    if (!/^\d+$/.test(mo)) mo = mo.length > 2 ? months.indexOf(mo.slice(0, 3)) + 1 : 0;
    if (y.length === 2) {
      const now = new Date();
      y = +y + 2000;
      if (new Date(y, mo - 1, d) > now) y -= 100;
    }
    const day = new Date(Date.UTC(+y, mo - 1, +d));
    if (day.getUTCMonth() !== mo - 1 || day.getUTCDate() !== +d) return "";
    return `${two(mo)}/${two(d)}/${y}`;
  };
  addEventListener("change", e => {
    if (!e.target.matches?.("[data-date]")) return;
    const out = e.target.parentElement.querySelector(".echo");
    if (!out) return;
    const read = readDate(e.target.value);
    out.textContent = read && read !== e.target.value ? "Read as " + read : "";
  });

  // Two minutes before the session ends the page says so. Any tab that was used
  // meanwhile counts: they tell each other.
  if (body.dataset.idle) {
    const idle = +body.dataset.idle * 1000, warn = 120e3, dialog = $("#idle");
    const channel = "BroadcastChannel" in window ? new BroadcastChannel("openiis-seen") : null;
    let seen = Date.now();
    const fresh = () => { seen = Date.now(); if (dialog.open) dialog.close(); };
    channel?.addEventListener("message", fresh);
    channel?.postMessage("seen");
    addEventListener("openiis:seen", fresh);
    $("[data-stay]").addEventListener("click", async () => {
      const answer = await fetch("/session", { method: "POST" }).catch(() => null);
      if (answer?.status === 204) { fresh(); channel?.postMessage("seen"); } else location.reload();
    });
    setInterval(() => {
      const left = seen + idle - Date.now();
      if (left <= 0) { if (dialog.open) location.assign("/signin?done=timed-out&next=" + encodeURIComponent(location.pathname)); return; }
      if (left > warn) return;
      if (!dialog.open) dialog.showModal();
      const s = Math.ceil(left / 1000);
      $("[data-left]").textContent = s > 60 ? Math.ceil(s / 60) + " minutes" : s + " seconds";
    }, 1000);
  }
})();
