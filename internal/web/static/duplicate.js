// The script of the page of one pair. It only adds: which record stays is said on
// the button, and keys choose what the buttons do.
(() => {
  "use strict";
  const form = document.querySelector("form#pair");
  if (!form) return;
  const all = s => [...form.querySelectorAll(s)];
  const ids = all("[name=survivor]");
  const tell = () => {
    const id = ids.find(e => e.checked)?.value;
    if (id) for (const e of all("[data-survivor]")) e.textContent = id;
  };
  form.addEventListener("change", tell);
  tell();
  if (!("keys" in document.body.dataset)) return;
  for (const e of all("[data-keyhelp]")) e.hidden = false;
  const sure = document.querySelector("#sure");
  let button = null;
  sure.querySelector("[data-no]").addEventListener("click", () => sure.close());
  sure.querySelector("[data-yes]").addEventListener("click", () => {
    sure.close();
    form.requestSubmit(button);
  });
  addEventListener("keydown", e => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest?.("input:not([type=radio]), select, textarea, dialog")) return;
    const key = e.key.toLowerCase();
    const radio = { 1: ids[0], 2: ids[1] }[key];
    if (radio) {
      e.preventDefault();
      radio.checked = true;
      radio.focus();
      tell();
      return;
    }
    button = all("[data-key]").find(b => b.dataset.key === key);
    if (!button) return;
    e.preventDefault();
    if (key === "d" && !form.elements.reason.value.trim()) {
      form.elements.reason.focus();
      return;
    }
    sure.querySelector("h2").textContent = button.textContent.trim().replace(/\s+/g, " ") + "?";
    sure.showModal();
  });
})();
