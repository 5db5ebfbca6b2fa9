// The script of openiis only adds to pages that work without it.
(() => {
  "use strict";
  const $ = (s, in_ = document) => in_.querySelector(s);
  const body = document.body;
  document.documentElement.classList.add("js");

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
      if (left <= 0) { location.assign("/signin?done=timed-out&next=" + encodeURIComponent(location.pathname)); return; }
      if (left > warn) return;
      if (!dialog.open) dialog.showModal();
      const s = Math.ceil(left / 1000);
      $("[data-left]").textContent = s > 60 ? Math.ceil(s / 60) + " minutes" : s + " seconds";
    }, 1000);
  }

  // ── the client's screen ──────────────────────────────────────────────────

  if (!$("#problems")) ($("[data-focus]") || $("[data-fresh] input[name=last]"))?.focus();
  const printer = $("[data-print]");
  if (printer) { printer.hidden = false; printer.addEventListener("click", () => print()); }

  const form = $("form#client");
  if (form) clientScreen(form);

  function clientScreen(form) {
    const all = (s, in_ = form) => [...in_.querySelectorAll(s)];
    const plain = t => t.trim().toUpperCase();
    let dirty = false;   // something was typed that no draft holds yet
    let typed = 0;       // when something was last typed
    let lost = false;    // the last draft did not arrive
    let sending = null;  // the draft under way
    let busy = false;    // a button was pressed
    let timer = 0;

    // What a field holds, as "Saved value" would say it.
    const holds = field => {
      const set = all("input[type=radio], input[type=checkbox]", field);
      if (field.matches(".tick")) return set[0].checked ? "Yes" : "No";
      if (set.length) return set.filter(b => b.checked).map(b => b.parentElement.textContent.trim()).join(", ");
      const e = $("input, select", field);
      if (!e) return "";
      if (e.matches("select")) return e.value && e.selectedOptions[0].textContent;
      return "date" in e.dataset ? readDate(e.value) || e.value : e.value;
    };
    const savedText = field => {
      if (field.base === undefined) {
        const p = $(".saved", field), fresh = field.closest("[data-new]") && !field.matches(".set:not(#f-gender, #f-race)");
        field.base = p ? p.textContent.replace(/^Saved value: /, "").replace(/^not on file$/, "") :
          fresh ? (field.matches(".tick") ? "No" : "") : holds(field);
      }
      return field.base;
    };
    const mark = field => {
      const base = savedText(field), changed = plain(holds(field)) !== plain(base);
      field.classList.toggle("changed", changed);
      let p = $(".saved", field);
      if (!changed || field.closest("[data-new]")) p?.remove();
      else if (!p) {
        p = document.createElement("p");
        p.className = "saved";
        p.textContent = "Saved value: " + (base ? field.matches(".up") ? base.toUpperCase() : base : "not on file");
        field.append(p);
      }
      return changed;
    };
    const count = () => {
      let n = +form.dataset.elsewhere;
      for (const f of all(".field")) if (f.matches(".changed") && !f.closest(".sub")) n++;
      for (const s of all(".sub")) if ($(".field.changed", s)) n++;
      return n;
    };

    const chip = (text, kind) => {
      const at = $("[data-state]", form);
      const c = document.createElement("span");
      c.className = "chip " + kind;
      c.textContent = text;
      if (at.textContent.trim() !== text) at.replaceChildren(...(text ? [c] : []));
    };
    const tell = () => {
      const n = count();
      if (lost) return chip("Not saved: no connection. Your changes are kept on this page", "bad");
      if (!n && !dirty && !$("[data-state] .warn", form)) return;
      chip(n ? `${n} unsaved ${n > 1 ? "changes" : "change"}${dirty ? "" : ", kept as a draft"}` : "", "warn");
    };
    const say = text => {
      const p = $("[data-said]", form);
      p.textContent = "";
      setTimeout(() => { p.textContent = text; }, 50);
    };

    // Tabs: the links over the three panels show one panel at a time.
    const show = (name, focus) => {
      for (const t of all("[data-tab]")) {
        const here = t.dataset.tab === name;
        t.setAttribute("aria-selected", here);
        t.tabIndex = here ? 0 : -1;
        $("#" + t.dataset.tab, form).hidden = !here;
        if (here && focus) t.focus();
      }
      form.elements.tab.value = name;
    };
    const reveal = e => {
      const panel = e?.closest(".tabpanel");
      if (panel) show(panel.id);
      const d = e?.closest("details");
      if (d) d.open = true;
      return e;
    };

    const begin = () => {
      const bar = $(".tabs", form);
      bar.setAttribute("role", "tablist");
      for (const t of all("[data-tab]")) {
        t.setAttribute("role", "tab");
        t.setAttribute("aria-controls", t.dataset.tab);
        const panel = $("#" + t.dataset.tab, form);
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", t.id);
      }
      show(($("[data-here]", form) || $("[data-tab]", form)).dataset.tab);
      for (const f of all(".field")) savedText(f);
      follow();
    };
    // What depends on other fields.
    const follow = () => {
      const status = form.elements.status?.value, reason = $("[data-reason]", form);
      if (reason) reason.hidden = status !== "Inactive";
      const done = all("[name=confirmed]:checked").length, counter = $("[data-confirmed]", form);
      if (counter) {
        counter.textContent = done + " of 3 confirmed";
        counter.classList.toggle("good", done > 2);
      }
      const list = $("[data-effects]", form);
      if (list) {
        // An option without a number has the effect of the one before it.
        let i = list.value ? list.selectedIndex : 0;
        while (i && !list.options[i].dataset.e) i--;
        $("[data-effect]", form).textContent = i ? "Effect: " + list.dataset.effects.split("|")[list.options[i].dataset.e] : "";
      }
      const aka = $("[data-aka]", form);
      if (aka) {
        const is = n => all(`.field:has([name=${n}])`).some(f => f.matches(".changed"));
        const text = is("last") || is("first") ? aka.dataset.name : is("birth") ? aka.dataset.born : "";
        aka.textContent = text && "Saving adds an AKA: " + text;
      }
    };
    begin();
    if (location.hash.length > 1) reveal(document.getElementById(location.hash.slice(1)));

    form.addEventListener("keydown", e => {
      const t = e.target.closest?.("[role=tab]");
      if (t) {
        const tabs = all("[data-tab]"), step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
        const to = step ? tabs[(tabs.indexOf(t) + step + tabs.length) % tabs.length] : { Home: tabs[0], End: tabs.at(-1) }[e.key];
        if (to) { e.preventDefault(); show(to.dataset.tab, true); }
        if (e.key === " ") { e.preventDefault(); show(t.dataset.tab); }
        return;
      }
      // Enter in the form of a row is Next.
      const sub = e.target.closest?.(".sub");
      if (e.key === "Enter" && sub && e.target.matches("input")) { e.preventDefault(); deed(sub.dataset.next); }
    });
    form.addEventListener("click", e => {
      const t = e.target.closest("[data-tab]");
      if (t) { e.preventDefault(); show(t.dataset.tab); return; }
      const a = e.target.closest('a[href^="#f-"]');
      const to = a && reveal(document.getElementById(a.hash.slice(1)));
      if (to) { e.preventDefault(); (to.matches("fieldset, div") ? $("input", to) || to : to).focus(); }
    });
    addEventListener("keydown", e => {
      if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "s") {
        e.preventDefault();
        form.requestSubmit($("button[value=save]", form));
      }
    });

    // Drafts: what is typed is kept on the server a few seconds later.
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
      }).then(answer => {
        if (answer.status === 204) {
          lost = false;
          if (!idle) dispatchEvent(new Event("openiis:seen"));
          return tell();
        }
        dirty = true;
        if (answer.redirected || answer.status === 401) chip("Not saved: you are signed out. Sign in in another window, then go on here", "bad");
        else chip("Not kept as a draft. Save to see why", "bad");
      }, () => {
        dirty = lost = true;
        tell();
        timer = setTimeout(keep, 5e3);
      }).finally(() => { sending = null; if (typed > at && !busy) later(3e3); });
    };
    const later = ms => { clearTimeout(timer); timer = setTimeout(keep, ms); };
    form.addEventListener("input", e => {
      if (!e.target.name || e.target.matches("[data-deed]")) return;
      dirty = true;
      typed = Date.now();
      const f = e.target.closest(".field");
      if (f) mark(f);
      follow();
      later(3e3);
    });
    form.addEventListener("change", e => {
      const row = e.target.dataset.deed;
      if (row) return deed(row);
      tell();
    });
    addEventListener("online", () => { if (lost) keep(); });
    const beacon = () => dirty && !busy && navigator.onLine && !lost && navigator.sendBeacon(form.action, fields("draft"));
    addEventListener("beforeunload", e => {
      if (!dirty || busy) return;
      if (beacon()) dirty = false; else e.preventDefault();
    });
    addEventListener("pagehide", () => { if (beacon()) dirty = false; });
    addEventListener("pageshow", e => { if (e.persisted) busy = false; });

    // Buttons of the listings change the form in place; when that fails, the
    // browser sends the form as it would without a script.
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
      const next = doc?.querySelector("form#client");
      if (!next) {
        const b = document.createElement("button");
        b.name = "do";
        b.value = value;
        b.hidden = true;
        form.append(b);
        return form.requestSubmit(b);
      }
      lost = dirty = busy = false;
      for (const a of ["elsewhere", "unsaved"]) form.dataset[a] = next.dataset[a];
      const top = scrollY;
      form.replaceChildren(...document.adoptNode(next).childNodes);
      document.title = doc.title;
      if (at.pathname === location.pathname) history.replaceState(null, "", at.pathname + at.search);
      begin();
      scrollTo(0, top);
      const to = $("#problems", form) || $(".goto :is(input, select)", form) || $("[data-focus]", form) || $("[aria-selected=true]", form);
      reveal(to)?.focus();
      say($("[data-said]", form).textContent);
      dispatchEvent(new Event("openiis:seen"));
    };
    form.addEventListener("submit", e => {
      if (busy && !e.submitter?.hidden) { e.preventDefault(); return; }
      const value = e.submitter?.value || "";
      if (/^(contact|comment)-/.test(value) && !e.submitter.hidden) { e.preventDefault(); deed(value); return; }
      if (e.submitter && e.submitter.form === form) {
        if (sending) {
          // A draft that arrived after the save would bring the changes back.
          e.preventDefault();
          const b = e.submitter;
          sending.finally(() => form.requestSubmit(b));
          return;
        }
        busy = true;
        clearTimeout(timer);
      }
    });
  }
})();
