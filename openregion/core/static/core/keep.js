// Keeps what is typed at length in a form marked data-keep, in this browser only, until it is saved.
(() => {
  const week = 7 * 24 * 3600 * 1000;
  // What was sent from this page is not offered again.
  if (document.querySelector("[data-sent]")) try {
    Object.keys(localStorage).filter((key) => key.startsWith(`keep:${location.pathname}:`)).forEach((key) => localStorage.removeItem(key));
  } catch { /* no room is lent here */ }
  const same = (one, other) => one.replace(/\r\n/g, "\n").trim() === other.replace(/\r\n/g, "\n").trim();
  document.querySelectorAll("form[data-keep]").forEach((form, nth) => {
    const key = `keep:${location.pathname}:${nth}`;
    const areas = [...form.querySelectorAll("textarea[name]")];
    const told = form.querySelector("[data-kept]");
    // A form for something new starts empty: come back with errors, what it holds is not saved anywhere either.
    const fresh = form.dataset.keep === "new";
    const served = areas.map((area) => (fresh ? "" : area.value));
    const forget = () => { try { localStorage.removeItem(key); } catch { /* no room is lent here */ } };
    const keep = () => {
      if (areas.every((area, at) => same(area.value, served[at]))) return forget();
      const words = Object.fromEntries(areas.map((area) => [area.name, area.value]));
      try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), words })); } catch { /* full */ }
    };
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key)); } catch { /* unreadable */ }
    const changed = areas.filter((area) => kept && area.name in kept.words && !same(area.value, kept.words[area.name]));
    // A form that comes back with errors holds what was typed already.
    if (fresh && areas.some((area) => area.value)) keep();
    else if (!kept || Date.now() - kept.at > week || !changed.length || document.querySelector(".errors")) forget();
    else {
      changed.forEach((area) => { area.value = kept.words[area.name]; });
      told.hidden = false;
    }
    told.querySelector("button").addEventListener("click", () => {
      areas.forEach((area, at) => { area.value = served[at]; });
      told.hidden = true;
      forget();
    });
    form.addEventListener("input", keep);
  });
})();
