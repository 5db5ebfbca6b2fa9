// What a visitor can find on a page. Everything here ends at once, without a
// promise or a timer, so that it also answers where pages may not run scripts.
(() => {
  "use strict";
  const clean = s => s.replace(/\s+/g, " ").trim().replace(/ ([.,:;)?])/g, "$1");
  const shown = el => el.checkVisibility({ visibilityProperty: true });
  const part = scope => {
    const all = [...document.querySelectorAll(scope)].filter(shown);
    if (all.length !== 1) throw `${all.length} parts ${scope} can be seen, not 1`;
    return all[0];
  };

  // words is what can be read in an element, leaving out the parts named.
  const words = (el, but = "") => {
    const out = [];
    const walk = n => {
      if (n.nodeType === 3) out.push(n.data);
      if (n.nodeType !== 1 || n.matches("script, style, template, noscript:not(:has(*))") || but && n.matches(but) || !shown(n) && n.tagName !== "OPTION") return;
      if (n.matches("select, textarea, datalist")) return;
      for (const c of n.childNodes) walk(c);
    };
    for (const c of el.childNodes) walk(c);
    return clean(out.join(" "));
  };
  const label = el => clean(words(el, "i, small, .sr"));
  const one = (list, what) => {
    list = [...new Set(list)];
    if (list.length === 1) return list[0];
    throw list.length ? `${list.length} of ${what}, not 1: name the part of the page` : `no ${what}`;
  };

  // field finds the control or the set of choices a label belongs to.
  const field = (scope, want) => {
    const found = [];
    for (const l of scope.querySelectorAll("label")) if (shown(l) && label(l) === want && l.control) found.push(l.control);
    for (const l of scope.querySelectorAll("legend")) if (shown(l) && label(l) === want) found.push(l.parentElement);
    for (const c of scope.querySelectorAll("[aria-label]")) if (c.matches("input, select, textarea") && shown(c) && c.ariaLabel === want) found.push(c);
    return one(found, `field "${want}"`);
  };
  const choice = (set, want) => one([...set.querySelectorAll("label")].filter(l => label(l) === want && l.control).map(l => l.control), `choice "${want}"`);

  // spot brings an element into view and says where to press it.
  const spot = el => {
    if (!shown(el)) throw "what to press cannot be seen";
    if (el.matches(".sr-focus")) el.focus(); // there for the keyboard, and seen once it is reached
    if (el.disabled || el.ariaDisabled === "true") throw "what to press is disabled";
    el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const r = [...el.getClientRects()].find(r => r.width && r.height);
    if (!r) throw "what to press has no size";
    const x = r.x + r.width / 2, y = r.y + r.height / 2;
    const at = document.elementFromPoint(x, y);
    if (!at || !(el.contains(at) || at.contains(el) && at.closest("label")?.control === el)) throw `what to press is covered by ${at?.outerHTML.slice(0, 80)}`;
    return { x, y };
  };
  const type = el => {
    if (el.readOnly || el.disabled) throw "the field cannot be changed";
    el.scrollIntoView({ block: "center", behavior: "instant" });
    el.focus();
    if (document.activeElement !== el) throw "the field takes no focus";
    el.select();
  };

  // pressed marks the page: what comes next is another, or the same whose form a
  // script has shown anew.
  const pressed = el => { document.webtestPressed = el.form?.firstElementChild ?? document.body; };

  const does = {
    text: s => ({ text: words(s) }),
    status: s => ({ text: [...s.querySelectorAll("[role=status]")].filter(shown).map(e => words(e)).join(" | ") }),
    has: () => ({}),
    press(s, want) {
      const named = els => [...s.querySelectorAll(els)].filter(shown).filter(e =>
        (e.ariaLabel || words(e)) === want || words(e, ".sr, .badge, .chip, kbd") === want || e.value === want && e.tagName === "INPUT");
      let all = named("button, input[type=submit]");
      if (!all.length) all = named("a[href], summary, [role=tab]");
      const el = one(all, `button or link "${want}"`);
      pressed(el);
      const goes = el.matches("a[href]") && !el.getAttribute("href").startsWith("#") || !!el.form && el.type === "submit";
      return { ...spot(el), goes };
    },
    fill(s, want) { const el = field(s, want); type(el); return { text: el.value }; },
    blur() { document.activeElement?.blur(); return {}; },
    choose(s, want, option) {
      const el = field(s, want);
      if (el.tagName !== "SELECT") {
        const c = choice(el, option);
        return c.checked ? { done: true } : spot(c);
      }
      const o = one([...el.options].filter(o => clean(o.textContent) === option), `option "${option}" of "${want}"`);
      el.focus();
      el.value = o.value;
      el.dispatchEvent(new Event("input", { bubbles: true }));
      el.dispatchEvent(new Event("change", { bubbles: true }));
      return { done: true };
    },
    tick(s, want, on) {
      const el = field(s, want);
      return el.checked === (on === "Yes") ? { done: true } : spot(el);
    },
    pick(s, ...want) {
      const rows = [...s.querySelectorAll("tr")].filter(r => shown(r) && r.querySelector("input[type=radio]") && want.every(w => words(r).includes(w)));
      const row = one(rows, `row with ${want.join(", ")}`), el = row.querySelector("input[type=radio]");
      if (el.checked) return { done: true };
      const button = row.querySelector("button.noscript");
      pressed(el);
      return spot(button && shown(button) ? button : el);
    },
    holds(s, want) {
      const el = field(s, want);
      if (el.tagName === "FIELDSET") {
        const on = [...el.querySelectorAll("input")].filter(i => i.checked);
        return { text: on.map(i => label(i.labels[0])).join(", ") };
      }
      if (el.tagName === "SELECT") return { text: clean(el.selectedOptions[0]?.textContent ?? "") };
      if (el.type === "checkbox") return { text: el.checked ? "Yes" : "" };
      return { text: el.value };
    },
    ready: () => ({ done: document.readyState === "complete", pressed: !!document.webtestPressed, replaced: document.webtestPressed?.isConnected === false }),
  };
  return (deed, scope, args) => {
    try { return does[deed](part(scope), ...args); } catch (e) { return { error: String(e?.stack || e) }; }
  };
})()
