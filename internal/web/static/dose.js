// The script of the screen that records immunizations. It only adds: every button
// works without it.
(() => {
  "use strict";
  const $ = (s, in_ = document) => in_.querySelector(s);
  const form = $("form#doses");
  if (!form) return;
  const all = (s, in_ = form) => [...in_.querySelectorAll(s)];
  let dirty = false;   // something was typed that no draft holds yet
  let typed = 0;       // when something was last typed
  let lost = false;    // the last draft did not arrive
  let sending = null;  // the draft under way
  let busy = false;    // a button was pressed
  let timer = 0;
  let table = null;    // what a vaccine brings with it

  const named = (row, name) => $(`[name="dose/${row.dataset.id}/${name}"]`, row);
  const rowOf = e => e.closest?.(".dose");
  const chip = (text, kind) => {
    const c = document.createElement("span");
    c.className = "chip " + kind;
    c.textContent = text;
    if ($("[data-state]", form).textContent.trim() !== text) $("[data-state]", form).replaceChildren(...(text ? [c] : []));
  };
  const tell = () => {
    const n = +form.dataset.unsaved;
    if (lost) return chip("Not saved: no connection. Your changes are kept on this page", "bad");
    if (dirty) return chip("Unsaved changes", "warn");
    chip(n ? `${n} ${n > 1 ? "immunizations" : "immunization"} not saved, kept as a draft` : "", "warn");
  };
  const say = text => {
    const p = $("[data-said]", form);
    p.textContent = "";
    setTimeout(() => { p.textContent = text; }, 50);
  };

  // The fields that do not belong to the chosen kind are emptied when they go,
  // and filled again when they come back.
  const follow = row => {
    const kind = $("[name$='/kind']:checked", row)?.value || "";
    row.dataset.kind = kind;
    const day = $("[name$='/date']", row)?.labels[0];
    if (day) day.textContent = kind === "Refused" ? "Date" : "Date Administered";
    const off = "not-" + kind.slice(0, 1).toLowerCase();
    for (const f of all(".field", row)) {
      const gone = f.classList.contains(off) && !f.classList.contains("kept");
      if (gone === f.classList.contains("off")) continue;
      f.classList.toggle("off", gone);
      for (const e of all("input, select", f)) {
        if (e.type === "checkbox") {
          if (gone) { e.was = e.checked; e.checked = false; } else if (e.was) e.checked = true;
        } else if (gone) { e.was = e.value; e.value = ""; } else if (e.was) e.value = e.was;
      }
    }
    const older = $("[data-vaccine] optgroup:last-of-type", row);
    if (older) older.hidden = older.disabled = kind === "Administered" && !older.contains($("[data-vaccine]", row).selectedOptions[0]);
  };
  // What a choice of vaccine brings with it is put where nothing was typed.
  const fill = (e, value) => {
    if (!e || e.value && e.value !== e.filled) return;
    e.value = e.filled = value;
  };
  const iso = text => {
    const m = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
    return m ? `${m[3]}-${m[1].padStart(2, "0")}-${m[2].padStart(2, "0")}` : "";
  };
  const us = d => d && `${d.slice(5, 7)}/${d.slice(8)}/${d.slice(0, 4)}`;
  const bring = row => {
    const vaccine = named(row, "vaccine")?.value;
    if (!table || vaccine === undefined) return;
    const trade = named(row, "trade"), made = table.products.filter(p => p.c === vaccine);
    const list = made.concat(table.older.filter(p => p.c === vaccine));
    const id = "trades-" + row.id;
    let d = document.getElementById(id);
    if (!d) { d = document.createElement("datalist"); d.id = id; row.append(d); }
    d.replaceChildren(...[...new Set(list.map(p => p.t))].map(t => { const o = document.createElement("option"); o.value = t; return o; }));
    trade.setAttribute("list", list.length ? id : "trades");
    const kind = row.dataset.kind;
    if (kind === "Refused") return;
    const only = kind === "Administered" && new Set(made.map(p => p.t)).size === 1 ? made[0] : null;
    fill(trade, only ? only.t : "");
    maker(row);
    const edition = table.vis[vaccine] || "", given = iso(named(row, "date")?.value || "");
    if (kind === "Administered") fill(named(row, "vis"), edition && given && edition <= given ? us(edition) : "");
    const hint = named(row, "vis")?.parentElement.querySelector(".hint");
    if (hint) hint.textContent = edition ? "Current edition: " + us(edition) : "";
  };
  const maker = row => {
    const t = named(row, "trade")?.value.trim().toLowerCase(), vaccine = named(row, "vaccine");
    const found = t ? table.products.concat(table.older).filter(p => p.t.toLowerCase() === t) : [];
    const here = found.filter(p => p.c === vaccine.value);
    if (found.length && !vaccine.value && new Set(found.map(p => p.c)).size === 1) {
      vaccine.value = found[0].c;
      return bring(row);
    }
    const makers = new Set((here.length ? here : found).map(p => p.m));
    fill(named(row, "maker"), makers.size === 1 ? [...makers][0] : "");
  };

  const begin = () => {
    for (const row of all(".dose")) { follow(row); if (table) bring(row); }
  };
  begin();
  if (!$("#problems")) $(".goto :is(input:not([type=hidden]), select)", form)?.focus();
  fetch(form.dataset.table).then(r => r.json()).then(t => { table = t; begin(); }, () => {});

  // What the server finds worth a second look stands beside its field.
  const show = said => {
    const news = [];
    for (const f of all(".field")) {
      const control = $("input:not([type=hidden]), select", f), id = f.id || control?.id;
      const here = said.filter(s => s.at === id);
      const text = here.map(s => s.text).join(" ");
      let p = $(":scope > .check", f);
      if (here.length && $(":scope > .error", f)?.textContent === text) continue;
      if (!text) { p?.remove(); continue; }
      if (!p) {
        p = document.createElement("p");
        p.className = "check";
        p.id = id + "-check";
        f.append(p);
        const by = (control.getAttribute("aria-describedby") || "").split(" ").filter(x => x && x !== p.id);
        control.setAttribute("aria-describedby", [...by, p.id].join(" "));
      }
      if (p.textContent !== text) { p.textContent = text; news.push(here[0].label + ": " + text); }
    }
    if (news.length) say(news.join(" "));
  };

  const fields = action => {
    const d = new URLSearchParams(new FormData(form));
    d.set("do", action);
    return d;
  };
  const keep = () => {
    clearTimeout(timer);
    if (!dirty || busy) return sending;
    dirty = false;
    const at = typed, idle = Date.now() - typed > 30e3;
    return sending = fetch(form.action, {
      method: "POST", body: fields("draft"), keepalive: true, headers: idle ? { "X-Background": "1" } : {},
    }).then(async answer => {
      if (answer.status === 200 && !answer.redirected) {
        const a = await answer.json();
        lost = false;
        if (!idle) dispatchEvent(new Event("openiis:seen"));
        form.dataset.unsaved = a.unsaved;
        if (typed === at) show(a.said);
        return tell();
      }
      dirty = true;
      if (answer.redirected || answer.status === 401) chip("Not saved: you are signed out. Sign in in another window, then go on here", "bad");
      else chip("Not kept as a draft. Save to see why", "bad");
    }).catch(() => {
      dirty = lost = true;
      tell();
      timer = setTimeout(keep, 5e3);
    }).finally(() => { sending = null; if (typed > at && !busy) later(1500); });
  };
  const later = ms => { clearTimeout(timer); timer = setTimeout(keep, ms); };
  form.addEventListener("input", e => {
    if (!e.target.name) return;
    dirty = true;
    typed = Date.now();
    const row = rowOf(e.target);
    if (/\/kind$/.test(e.target.name)) { follow(row); if (table) bring(row); }
    if (table && /\/(vaccine|date)$/.test(e.target.name)) bring(row);
    if (table && /\/trade$/.test(e.target.name)) maker(row);
    tell();
    later(1500);
  });
  form.addEventListener("change", () => { if (dirty) later(300); });
  addEventListener("online", () => { if (lost) keep(); });
  const beacon = () => dirty && !busy && navigator.onLine && !lost && navigator.sendBeacon(form.action, fields("draft"));
  addEventListener("beforeunload", e => {
    if (!dirty || busy) return;
    if (beacon()) dirty = false; else e.preventDefault();
  });
  addEventListener("pagehide", () => { if (beacon()) dirty = false; });
  addEventListener("pageshow", e => { if (e.persisted) busy = false; });

  // Buttons of the rows change the form in place; when that fails, the browser
  // sends the form as it would without a script.
  const deed = async value => {
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    await sending;
    let doc, at;
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields(value) });
      at = new URL(answer.url);
      doc = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok && answer.status !== 422) doc = null;
    } catch {
      lost = dirty = true;
      busy = false;
      return tell();
    }
    const next = doc?.querySelector("form#doses");
    if (!next) {
      if (doc && at.pathname !== location.pathname) { dirty = false; return location.assign(at); }
      const b = document.createElement("button");
      b.name = "do";
      b.value = value;
      b.hidden = true;
      form.append(b);
      return form.requestSubmit(b);
    }
    lost = dirty = busy = false;
    form.dataset.unsaved = next.dataset.unsaved;
    const top = scrollY;
    form.replaceChildren(...document.adoptNode(next).childNodes);
    document.title = doc.title;
    if (at.pathname === location.pathname) history.replaceState(null, "", at.pathname + at.search);
    begin();
    scrollTo(0, top);
    ($("#problems", form) || $(".goto :is(input:not([type=hidden]), select)", form) || $("[data-focus] .rowend button", form) || $("[data-focus]", form) || $(".dose", form))?.focus();
    say($("[data-said]", form).textContent);
    dispatchEvent(new Event("openiis:seen"));
  };
  form.addEventListener("submit", e => {
    if (busy && !e.submitter?.hidden) { e.preventDefault(); return; }
    const b = e.submitter, value = b?.value || "";
    if (/^(dose-|ndc:|next$)/.test(value) && !b.hidden) { e.preventDefault(); deed(value); return; }
    if (!b) return;
    if (sending) {
      // A draft that arrived after the save would bring the changes back.
      e.preventDefault();
      sending.finally(() => form.requestSubmit(b));
      return;
    }
    busy = true;
    clearTimeout(timer);
  });
  form.addEventListener("keydown", e => {
    if (e.key !== "Enter" || !e.target.matches("input:not([type=checkbox]), select")) return;
    const row = rowOf(e.target);
    if (!row || e.isComposing) return;
    e.preventDefault();
    // A scanner ends what it types with Enter.
    if (/\/ndc$/.test(e.target.name)) { if (e.target.value.trim()) deed("ndc:" + row.dataset.id); }
    else if (named(row, "vaccine")?.value) deed("next");
  });
  form.addEventListener("click", e => {
    const a = e.target.closest('a[href^="#f-"]'), to = a && document.getElementById(a.hash.slice(1));
    if (!to) return;
    e.preventDefault();
    const d = to.closest("details");
    if (d) d.open = true;
    (to.matches("input, select") ? to : $("input, select", to) || rowOf(to) || to).focus();
  });
  addEventListener("keydown", e => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "s") {
      e.preventDefault();
      form.requestSubmit($("button[value=save]", form));
    }
  });
})();
