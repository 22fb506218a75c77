// Keeps what is typed and chosen in a form marked data-keep, in this browser only, until it is received, for a week.
//   data-keep="new"     the form asks for something new: what it holds is saved nowhere, even when it comes back
//   data-keep-in="tab"  somebody else's words, on a device that several people use: they go with the tab
//   data-keep-as="…"    what it is about, where one address asks of several things
//   data-unkept         on a box or around it: never kept, as passwords, files, e-mail addresses and telephones are
// Without a network such a form does not leave: all stays in place, chosen files too, and it says when to press again.
// A link marked data-keep-forget empties the forms of the page for good: the next person's turn.
(() => {
  const week = 7 * 24 * 3600 * 1000, soon = 10 * 60 * 1000;
  const never = ["password", "hidden", "file", "email", "tel", "submit", "button", "image", "reset"];
  const shelves = ["localStorage", "sessionStorage"];
  const on = (shelf, deed) => { try { return deed(window[shelf]); } catch { return null; /* no room is lent, or it is full */ } };
  const drop = (key) => shelves.forEach((shelf) => on(shelf, (one) => one.removeItem(key)));
  const same = (one, other) => (typeof one === "string" ? one.replace(/\r\n/g, "\n").trim() === String(other).replace(/\r\n/g, "\n").trim() : one === other);
  const isChoice = (box) => box.type === "radio" || box.type === "checkbox";
  const isText = (box) => !isChoice(box) && box.tagName !== "SELECT";
  const nameOf = (box) => (isChoice(box) ? `${box.name}=${box.value}` : box.name);
  const chosen = (box, test) => [...box.options].filter(test).map((one) => one.value).join("\n");
  const read = (box) => (isChoice(box) ? box.checked : isText(box) ? box.value : chosen(box, (one) => one.selected));
  // As the page was served: a browser may have put typed words back by itself before we look.
  const servedIn = (box) => {
    if (isChoice(box)) return box.defaultChecked;
    if (isText(box)) return box.defaultValue;
    return chosen(box, (one) => one.defaultSelected) || (box.multiple || !box.options.length ? "" : box.options[0].value);
  };
  const write = (box, value) => {
    if (isChoice(box)) box.checked = value;
    else if (isText(box)) box.value = value;
    else if (box.multiple) [...box.options].forEach((one) => { one.selected = value.split("\n").includes(one.value); });
    else if ([...box.options].some((one) => one.value === value)) box.value = value;
  };
  const isKept = (box) => box.name && ["INPUT", "SELECT", "TEXTAREA"].includes(box.tagName) && !never.includes(box.type) && !box.closest("[data-unkept]");

  // Nothing leaves by itself when a network returns: the person who pressed may be gone, or have changed their mind.
  const stay = (form) => {
    const told = form.querySelector("[data-no-network]"), press = form.querySelector(".form__end");
    if (!told || !press) return;
    press.append(told);
    told.setAttribute("role", "status");
    told.hidden = false;
    let isWaiting = false;
    const say = () => { told.textContent = isWaiting ? told.dataset[navigator.onLine ? "back" : "cut"] : ""; };
    form.addEventListener("submit", (event) => {
      isWaiting = !navigator.onLine;
      say();
      if (!isWaiting) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // nothing takes it for sent
    });
    ["online", "offline"].forEach((change) => addEventListener(change, say));
  };

  const forms = [...document.querySelectorAll("form[data-keep]")];
  const keys = forms.map((form, nth) => `keep:${form.dataset.keepAs || `${location.pathname}:${nth}`}`);
  // What was received by this page is not offered again, nor what is older than a week.
  const done = document.querySelector("[data-sent]");
  shelves.forEach((shelf) => on(shelf, (one) => Object.keys(one).filter((key) => key.startsWith("keep:")).forEach((key) => {
    let at = 0;
    try { at = JSON.parse(one.getItem(key)).at; } catch { /* unreadable */ }
    if (!(Date.now() - at < week) || (done && key.startsWith(`keep:${location.pathname}:`))) one.removeItem(key);
  })));
  // A form that is received may lead elsewhere: we come from it by a redirect, and nothing is said to be wrong.
  const left = on("sessionStorage", (one) => JSON.parse(one.getItem("sent-from")));
  const unsay = () => on("sessionStorage", (one) => one.removeItem("sent-from"));
  const [way] = performance.getEntriesByType("navigation");
  const led = way && way.type === "navigate" && way.redirectCount > 0 && !document.querySelector(".errors, .told .notice--late");
  // Led back to the form itself, for the next one, the page says that something is done.
  // (Signed out meanwhile, a form is answered by a page that loads this too: nothing is received then.)
  const elsewhere = () => !keys.includes(left.key) || document.querySelector(".told .notice--done");
  if (left && led && Date.now() - left.at < soon && elsewhere()) drop(left.key);
  unsay();
  addEventListener("pageshow", (event) => { if (event.persisted) unsay(); });

  forms.forEach((form, nth) => {
    stay(form);
    const key = keys[nth], told = form.querySelector("[data-kept]");
    const shelf = form.dataset.keepIn === "tab" ? "sessionStorage" : "localStorage";
    const boxes = [...form.elements].filter(isKept);
    // A form for something new starts empty: come back with errors, what it holds is not saved anywhere either.
    const fresh = form.dataset.keep === "new";
    const served = boxes.map((box) => (fresh && isText(box) ? "" : servedIn(box)));
    const forget = () => drop(key);
    const store = () => {
      const words = Object.fromEntries(boxes.map((box) => [nameOf(box), read(box)]));
      on(shelf, (one) => one.setItem(key, JSON.stringify({ at: Date.now(), words })));
    };
    const keep = () => (boxes.every((box, at) => same(read(box), served[at])) ? forget() : store());
    const kept = on(shelf, (one) => JSON.parse(one.getItem(key)));
    const changed = boxes.filter((box) => kept && nameOf(box) in kept.words && !same(read(box), kept.words[nameOf(box)]));
    // A form that comes back with errors holds what was typed already, and it is saved nowhere yet.
    if (document.querySelector(".errors")) { if (fresh || kept || form.querySelector(".field--wrong")) store(); }
    else if (fresh && boxes.some((box) => isText(box) && box.value)) store();
    else if (changed.length) {
      changed.forEach((box) => write(box, kept.words[nameOf(box)]));
      const folded = form.closest("details");
      if (folded) folded.open = true;
      if (told) told.hidden = false;
    } else keep();
    if (told) told.querySelector("button").addEventListener("click", () => {
      boxes.forEach((box, at) => write(box, served[at]));
      told.hidden = true;
      forget();
    });
    form.addEventListener("input", keep);
    form.addEventListener("submit", () => on("sessionStorage", (one) => one.setItem("sent-from", JSON.stringify({ key, at: Date.now() }))));
  });
  document.querySelectorAll("[data-keep-forget]").forEach((link) => link.addEventListener("click", () => keys.forEach(drop)));
})();
