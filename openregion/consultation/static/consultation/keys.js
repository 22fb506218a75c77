// Single keys on the pages of moderation: off until the moderator ticks the box (WCAG 2.1.4), kept in this browser.
(() => {
  const box = document.querySelector("[data-keys-on]");
  if (!box) return;
  const name = "moderation:single-keys";
  const remembered = () => { try { return localStorage.getItem(name) === "on"; } catch { return false; } };
  box.closest("[data-keys]").hidden = false;
  box.checked = remembered();
  box.addEventListener("change", () => {
    try { localStorage.setItem(name, box.checked ? "on" : "off"); } catch { /* no room is lent here */ }
  });

  const cases = [...document.querySelectorAll("[data-case]")];
  const here = () => cases.findIndex((one) => one.contains(document.activeElement));
  const go = (step) => {
    const link = document.querySelector(`[data-key="${step > 0 ? "j" : "k"}"]`);
    if (link) return link.click();
    const at = here();
    const next = cases[at < 0 ? (step > 0 ? 0 : -1) : at + step];
    if (next) { next.querySelector("a").focus(); next.scrollIntoView({ block: "nearest" }); }
  };
  const press = (key) => {
    const found = document.querySelector(`[data-key="${key}"]`);
    if (!found && key === "p") {
      const tick = cases[here()]?.querySelector("input[type=checkbox]");
      if (tick) tick.checked = !tick.checked;
    } else if (found instanceof HTMLDetailsElement) {
      found.open = true;
      found.querySelector("input:not([type=hidden]), button").focus();
    } else if (found) found.click();
  };
  const acts = { KeyJ: () => go(1), KeyK: () => go(-1), KeyP: () => press("p"), KeyH: () => press("h"), KeyS: () => press("s") };

  // The place of the key, not its letter: an Arabic keyboard has the same places.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
    if (!box.checked || typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = acts[event.code];
    if (act) { event.preventDefault(); act(); }
  });

  // Covers what is selected in the words, so that nobody has to type the sign.
  document.querySelectorAll("textarea[data-mask]").forEach((area) => {
    const button = area.form.querySelector("[data-mask-selected]");
    button.hidden = false;
    area.addEventListener("focus", () => { button.dataset.on = area.id; });
    button.addEventListener("click", () => {
      if ((button.dataset.on || area.id) !== area.id || area.selectionStart === area.selectionEnd) return;
      area.setRangeText(area.dataset.mask, area.selectionStart, area.selectionEnd, "end");
      area.focus();
    });
  });
})();
