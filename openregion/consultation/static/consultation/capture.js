// The rapporteur's page: keeps each contribution on the telephone, and sends it once when there is a network.
(() => {
  "use strict";
  const root = document.querySelector("[data-capture]");
  const told = (id) => JSON.parse(document.getElementById(id).textContent);
  const say = told("capture-words");
  const labels = told("capture-parts");
  const { key: workshop, number, tokenAt, sendAt, worker } = root.dataset;
  const one = (name, within = root) => within.querySelector(`[data-${name}]`);
  const A_WEEK = 7 * 24 * 3600 * 1000;
  const AT_ONCE = 10;

  // The store: contributions, sheets, and what is being typed.
  let store = null;
  const open = () => new Promise((done, fail) => {
    const asked = indexedDB.open("capture", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("items", { keyPath: "ticket" }).createIndex("workshop", "workshop");
      asked.result.createObjectStore("sheets", { keyPath: "key" }).createIndex("workshop", "workshop");
      asked.result.createObjectStore("drafts", { keyPath: "key" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
    asked.onblocked = () => fail(new Error("blocked"));
  });
  const within = (name, mode, act) => new Promise((done, fail) => {
    const deal = store.transaction(name, mode);
    const asked = act(deal.objectStore(name));
    deal.oncomplete = () => done(asked && asked.result);
    deal.onabort = deal.onerror = () => fail(deal.error);
  });
  const put = (name, value) => within(name, "readwrite", (kept) => kept.put(value));
  const drop = (name, key) => within(name, "readwrite", (kept) => kept.delete(key));
  const get = (name, key) => within(name, "readonly", (kept) => kept.get(key));
  const all = (name) => within(name, "readonly", (kept) => kept.index("workshop").getAll(workshop));
  // Changes a record as it is now, in one go: what was typed meanwhile is not undone.
  const change = (name, key, edit) => new Promise((done, fail) => {
    const deal = store.transaction(name, "readwrite");
    const kept = deal.objectStore(name);
    const asked = kept.get(key);
    asked.onsuccess = () => { const made_ = edit(asked.result); if (made_) kept.put(made_); };
    deal.oncomplete = done;
    deal.onabort = deal.onerror = () => fail(deal.error);
  });

  const ticket = () => {
    const drawn = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...drawn)).replace(/\+/g, "-").replace(/\//g, "_");
  };

  // What is shown.
  const trouble = (words, signIn = false) => {
    one("trouble").hidden = !words;
    one("trouble-words").textContent = words || "";
    one("sign-in").hidden = !signIn;
  };
  const network = (words) => { one("network").textContent = words; };
  const made = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
  const clock = new Intl.DateTimeFormat(document.documentElement.lang === "ar" ? "ar-MA-u-nu-latn" : document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const badge = (state, more) => {
    const drawn = root.querySelector(`[data-badge-of="${state}"]`).content.cloneNode(true);
    if (more) drawn.firstElementChild.append(" ", Object.assign(made("bdi", more), { dir: "ltr" }));
    return drawn;
  };
  const wording = (title, words, names) => {
    const box = made("div", "");
    if (title) box.append(made("p", title, { className: "capture__title" }));
    Object.keys(names).filter((part) => words[part]).forEach((part) => {
      box.append(made("p", names[part], { className: "quiet" }), made("blockquote", words[part], { dir: "auto" }));
    });
    return box;
  };
  const button = (label, act, kind = "button button--quiet") => {
    const drawn = made("button", label, { type: "button", className: kind });
    drawn.addEventListener("click", () => act(drawn));
    return drawn;
  };
  const twice = (label, act) => button(label, (drawn) => {
    if (drawn.dataset.sure) return act();
    drawn.dataset.sure = "yes";
    drawn.textContent = say.discard_sure;
    return null;
  }, "button button--grave");

  const leaving = new Set(); // tickets on their way
  const codes = new Map(); // codes are shown when asked, and kept nowhere
  const NEEDS = ["differs", "refused"];
  const tell = (item) => {
    const drawn = one("item").content.cloneNode(true);
    const row = drawn.querySelector("li");
    const state = leaving.has(item.ticket) ? "sending" : NEEDS.includes(item.state) ? "needs" : item.state;
    row.dataset.ticket = item.ticket;
    row.dataset.state = state;
    one("badge", row).append(badge(state, item.number ? `${item.number}` : ""));
    one("time", row).textContent = clock.format(new Date(item.written_at));
    one("words", row).append(wording("", item.words, labels.said));
    const why = item.state === "differs" ? say.differs : item.reason;
    one("reason", row).hidden = !why || !NEEDS.includes(item.state);
    one("reason", row).textContent = why || "";
    if (item.state === "differs") {
      one("words", row).hidden = true;
      one("both", row).hidden = false;
      one("both", row).append(wording(say.there, item.theirs || {}, labels.said), wording(say.here, item.words, labels.said));
    }
    if (codes.has(item.ticket)) {
      one("code", row).hidden = false;
      one("code", row).append(`${say.code} `, Object.assign(made("bdi", codes.get(item.ticket)), { dir: "ltr" }));
    }
    const acts = one("acts", row);
    if (item.state === "kept" || item.state === "refused") {
      acts.append(button(say.edit, () => edit(item)), twice(say.discard, () => drop("items", item.ticket).then(paint)));
    } else if (item.state === "differs") {
      acts.append(
        button(say.as_another, () => again(item)),
        twice(say.keep_theirs, () => put("items", { ...item, words: item.theirs, state: "received" }).then(paint)),
      );
    } else if (!codes.has(item.ticket)) acts.append(button(say.show_code, () => showCode(item)));
    return row;
  };
  const paint = async () => {
    const items = (await all("items")).sort((a, b) => (a.written_at < b.written_at ? 1 : -1));
    const sheets = (await all("sheets")).filter((sheet) => sheet.state === "kept");
    const count = (states) => items.filter((item) => states.includes(item.state)).length;
    root.querySelector("[data-count=kept]").textContent = count(["kept"]) + sheets.length;
    root.querySelector("[data-count=received]").textContent = count(["received"]);
    root.querySelector("[data-count=needs]").textContent = count(NEEDS);
    const focused = document.activeElement && document.activeElement.closest("[data-ticket]");
    const held = focused && [focused.dataset.ticket, [...focused.querySelectorAll("button")].indexOf(document.activeElement)];
    one("items").replaceChildren(...items.map(tell));
    one("none").hidden = items.length > 0;
    if (held) {
      const back = one("items").querySelector(`[data-ticket="${held[0]}"]`);
      const press = back && [...back.querySelectorAll("button")][held[1]];
      if (press) press.focus();
    }
  };

  // What somebody says.
  const said = root.querySelector("form[data-said]");
  const sheet = root.querySelector("form[data-sheet]");
  const box = (form, name) => form.elements.namedItem(name);
  const read = (form, names) => Object.fromEntries(
    names.filter((name) => box(form, name)).map((name) => [name, box(form, name).value]),
  );
  const SAID = Object.keys(labels.said);
  const SHEET = Object.keys(labels.sheet);
  let editing = null;
  const begin = (item) => {
    editing = item;
    [...SAID, "theme", "province", "lang"].filter((name) => box(said, name)).forEach((name) => {
      box(said, name).value = item ? item.words[name] || item[name] || "" : SAID.includes(name) ? "" : box(said, name).value;
    });
    box(said, "ticket").value = item ? item.ticket : ticket();
    one("editing").hidden = !item;
  };
  const edit = (item) => { begin(item); draft(); box(said, SAID[0]).focus(); };
  const again = async (item) => {
    await put("items", { ...item, words: item.theirs, state: "received" });
    await put("items", { ...item, ticket: ticket(), state: "kept", number: 0, theirs: null, reason: "", edits: 0 });
    await paint();
    send();
  };
  const draft = () => store && put("drafts", {
    key: `${workshop}:said`, ticket: box(said, "ticket").value, editing: Boolean(editing),
    ...read(said, [...SAID, "theme", "province", "lang"]),
  }).catch(() => trouble(say.no_store));
  const note = async (event) => {
    if (!store) return; // without a store the form leaves by itself
    event.preventDefault();
    const typed = read(said, SAID);
    const words = Object.fromEntries(Object.entries(typed).map(([part, text]) => [part, text.trim()]));
    if (!SAID.some((part) => words[part])) { one("noted").textContent = say.nothing_said; box(said, SAID[0]).focus(); return; }
    const before = editing || {};
    const known = editing ? await get("items", before.ticket) : null;
    const item = {
      ticket: box(said, "ticket").value, workshop, words, ...read(said, ["theme", "province", "lang"]),
      written_at: before.written_at || new Date().toISOString(), edits: ((known && known.edits) || 0) + 1,
      state: "kept", number: 0, reason: "", theirs: null,
    };
    try {
      await put("items", item);
      await drop("drafts", `${workshop}:said`);
    } catch (error) { trouble(say.no_store); return; }
    // Whoever types the next one already keeps it, and the box they type in.
    const since = Object.entries(read(said, SAID)).filter(([part, text]) => text !== typed[part]);
    begin(null);
    since.forEach(([part, text]) => { box(said, part).value = text; });
    if (since.length) draft();
    else box(said, SAID[0]).focus();
    one("noted").textContent = say.noted;
    await paint();
    send();
  };

  // The sheet of a table.
  const sheetKey = (table) => `${workshop}:${table}`;
  const showSheet = async () => {
    const table = Number(box(sheet, "table").value);
    const mine = await get("sheets", sheetKey(table));
    const shown = mine && mine.state !== "received" ? mine : (mine && mine.known) || { words: {}, lang: "", edition: 0 };
    SHEET.forEach((part) => { box(sheet, part).value = shown.words[part] || ""; });
    box(sheet, "lang").value = shown.lang || "";
    const from = mine && mine.state !== "received" ? mine.from_edition : shown.edition;
    box(sheet, "from_edition").value = from || 0;
    tellSheet(mine);
  };
  const tellSheet = (mine) => {
    const place = one("sheet-state");
    place.replaceChildren();
    const state = mine && (mine.state === "conflict" || mine.state === "refused" ? "needs" : mine.state);
    if (state === "kept" || state === "received" || state === "needs") place.append(badge(state));
    const other = one("sheet-other");
    other.replaceChildren();
    other.hidden = !mine || !["conflict", "refused"].includes(mine.state);
    if (other.hidden) return;
    other.append(made("p", mine.state === "conflict" ? say.conflict : mine.reason));
    if (mine.state !== "conflict") return;
    const both = made("div", "", { className: "capture__both" });
    both.append(wording(say.there, mine.known.words, labels.sheet), wording(say.here, mine.words, labels.sheet));
    other.append(both, button(say.take_theirs, async () => {
      await put("sheets", { ...mine, state: "received", words: {} });
      showSheet();
    }));
  };
  const keepSheet = (state) => {
    const table = Number(box(sheet, "table").value);
    const typed = { ...read(sheet, [...SHEET, "lang"]), from_edition: Number(box(sheet, "from_edition").value) };
    const words = Object.fromEntries(SHEET.map((part) => [part, typed[part]]));
    return change("sheets", sheetKey(table), (was) => ({
      ...was, key: sheetKey(table), workshop, table, words, lang: typed.lang, from_edition: typed.from_edition,
      state, edits: ((was && was.edits) || 0) + 1, reason: "",
    }));
  };
  const sendSheet = async (event) => {
    if (!store) return;
    event.preventDefault();
    if (!SHEET.some((part) => box(sheet, part).value.trim())) { one("sheet-state").textContent = say.no_sheet; return; }
    await keepSheet("kept");
    await showSheet();
    await paint();
    send();
  };

  // Sending.
  const unsent = "unsent";
  class Stopped extends Error {}
  const asked = async (address, options) => {
    let answer;
    try {
      answer = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
    } catch (error) { throw new Stopped(unsent); }
    let read_ = null;
    try { read_ = await answer.json(); } catch (error) { /* a page came instead */ }
    return { status: answer.status, told: read_ };
  };
  const pass = async () => {
    const { status, told: answer } = await asked(tokenAt, { headers: { Accept: "application/json" } });
    if (!answer || status >= 500) throw new Stopped(unsent);
    // What the page said when it was kept on the telephone gives way to what is so now.
    root.querySelectorAll("[data-closed]").forEach((notice) => notice.remove());
    if (!answer.signed_in) { trouble(answer.reason || say.signed_out, true); throw new Stopped(""); }
    if (!answer.may) { trouble(answer.reason); throw new Stopped(""); }
    await learn(answer.sheets || []);
    return answer.token;
  };
  // Notes how the sheets are on the platform; what is being written here stays as it is.
  const learn = async (known) => {
    for (const other of known) {
      const place = { key: sheetKey(other.table), workshop, table: other.table, known: other };
      await change("sheets", place.key, (was) => ({ state: "received", words: {}, lang: "", edits: 0, ...was, ...place }));
    }
  };
  const post = async (token, parcel) => {
    const options = { method: "POST", body: JSON.stringify(parcel), headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token } };
    const { status, told: answer } = await asked(sendAt, options);
    if (status === 200 && answer) return answer;
    if (answer && answer.signed_in === false) trouble(answer.reason, true);
    else if (answer && answer.reason) trouble(answer.reason);
    else throw new Stopped(status === 403 ? "token" : unsent);
    throw new Stopped("");
  };
  const parcelOf = (item) => ({ ticket: item.ticket, words: item.words, lang: item.lang || "", theme: item.theme || "", province: item.province || "", written_at: item.written_at });
  const note_answer = (sent, answer) => change("items", sent.ticket, (item) => {
    if (!item || item.edits !== sent.edits) return null; // edited while it was on its way: it leaves again
    const state = answer.state === "already" ? "received" : answer.state;
    const more = state === "received" ? { received_at: item.received_at || Date.now() } : {};
    return { ...item, ...more, state, number: answer.number || 0, reason: answer.reason || "", theirs: answer.words || null };
  });
  const note_sheet = (sent, answer) => change("sheets", sent.key, (mine) => {
    if (!mine) return null;
    const known = answer.edition ? { table: answer.table, edition: answer.edition, words: answer.words, lang: answer.lang } : mine.known;
    const state = answer.state === "already" ? "received" : answer.state;
    if (mine.edits !== sent.edits) return { ...mine, known, from_edition: state === "received" ? known.edition : mine.from_edition };
    return { ...mine, known, state, reason: answer.reason || "" };
  });
  const carry = async () => {
    let token = await pass();
    let fresh = true;
    for (;;) {
      const items = (await all("items")).filter((item) => item.state === "kept").sort((a, b) => (a.written_at < b.written_at ? -1 : 1)).slice(0, AT_ONCE);
      const sheets = (await all("sheets")).filter((mine) => mine.state === "kept").slice(0, AT_ONCE);
      if (!items.length && !sheets.length) return;
      items.forEach((item) => leaving.add(item.ticket));
      await paint();
      try {
        const answer = await post(token, {
          items: items.map(parcelOf),
          sheets: sheets.map((mine) => ({ table: mine.table, words: mine.words, lang: mine.lang || "", from_edition: mine.from_edition || 0 })),
        });
        for (const item of items) {
          const found = answer.items.find((other) => other.ticket === item.ticket);
          await note_answer(item, found || { state: "refused", reason: "" });
        }
        for (const mine of sheets) {
          const found = answer.sheets.find((other) => other.table === mine.table);
          await note_sheet(mine, found || { state: "refused", reason: "" });
        }
        fresh = true;
      } catch (error) {
        if (!(error instanceof Stopped) || error.message !== "token" || !fresh) throw error;
        fresh = false; // the token had been changed meanwhile: once more with a new one
        token = await pass();
      } finally { items.forEach((item) => leaving.delete(item.ticket)); }
    }
  };
  let busy = null;
  const send = () => {
    if (!store) return Promise.resolve();
    if (busy) return busy.then(() => (navigator.onLine ? send_once() : null));
    return send_once();
  };
  const send_once = () => {
    if (busy) return busy;
    const turn = async () => {
      if (!navigator.onLine) { network(say.offline); return; }
      trouble("");
      try {
        // Two windows of the same page take turns.
        await (navigator.locks ? navigator.locks.request(`capture:${workshop}`, carry) : carry());
        network(say.online);
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        if (error.message) network(navigator.onLine ? say.unreachable : say.offline);
      }
    };
    busy = turn().finally(async () => {
      busy = null;
      await paint();
      const mine = await get("sheets", sheetKey(Number(box(sheet, "table").value)));
      if (mine && !sheet.contains(document.activeElement)) await showSheet();
      else tellSheet(mine);
    });
    return busy;
  };
  const showCode = async (item) => {
    try {
      const token = await pass();
      const answer = await post(token, { items: [parcelOf(item)], sheets: [] });
      if (answer.items[0] && answer.items[0].code) codes.set(item.ticket, answer.items[0].code);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (error.message) network(navigator.onLine ? say.unreachable : say.offline);
    }
    await paint();
  };

  // The last resort, and tidying.
  const written = (words, names) => Object.keys(names).filter((part) => words[part]).map((part) => `${names[part]}\n${words[part]}`).join("\n\n");
  const save = async () => {
    const items = (await all("items")).sort((a, b) => (a.written_at < b.written_at ? -1 : 1));
    const sheets = (await all("sheets")).filter((mine) => mine.state !== "received");
    const state = (kept) => (kept.state === "received" ? `${say.received} ${kept.number}` : kept.state === "kept" ? say.kept : say.needs_you);
    const texts = [
      ...items.map((item) => `${item.written_at} · ${state(item)}\n\n${written(item.words, labels.said)}`),
      ...sheets.map((mine) => `${box(sheet, "table").labels[0].textContent} ${mine.table}\n\n${written(mine.words, labels.sheet)}`),
    ];
    const file = URL.createObjectURL(new Blob([texts.join("\n\n————————\n\n"), "\n"], { type: "text/plain;charset=utf-8" }));
    const link = made("a", "", { href: file, download: `${say.file_name}-${number}.txt` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(file), 60000);
  };
  const forget = async (age) => {
    const gone = (await all("items")).filter((item) => item.state === "received" && Date.now() - (item.received_at || 0) >= age);
    for (const item of gone) await drop("items", item.ticket);
    await paint();
  };

  // Whoever gives a telephone back: the platform forgets the pass; what has arrived goes, what has not stays.
  const unsentHere = async () => {
    const typed = await get("drafts", `${workshop}:said`);
    const said_ = (words, names) => names.some((part) => (words[part] || "").trim());
    return (await all("items")).some((item) => item.state !== "received")
      || (await all("sheets")).some((mine) => mine.state !== "received" && said_(mine.words, SHEET))
      || Boolean(typed && said_(typed, SAID));
  };
  const wipe = async () => {
    for (const mine of await all("sheets")) await drop("sheets", mine.key);
    await drop("drafts", `${workshop}:said`);
    const page = location.pathname.replace(/^\/[a-z]+/, ""); // the same page in all its languages
    if ("caches" in window) {
      const names = (await caches.keys()).filter((name) => name.startsWith("capture:") && name.includes(`${page}:`));
      await Promise.all(names.map((name) => caches.delete(name)));
    }
    if (!("serviceWorker" in navigator)) return;
    const workers = await navigator.serviceWorker.getRegistrations();
    await Promise.all(workers.filter((one_) => one_.scope.endsWith(page)).map((one_) => one_.unregister()));
  };
  const leave = async (event) => {
    event.preventDefault();
    const form = event.target;
    const tell_ = (words) => { one("leaving").textContent = words; };
    if (!navigator.onLine) { tell_(say.forget_later); return; }
    if (busy) await busy;
    const waits = await unsentHere();
    if (waits && !form.dataset.sure) { form.dataset.sure = "yes"; tell_(say.unsent); return; }
    await forget(0);
    if (!waits) await wipe();
    form.submit();
  };

  const start = async () => {
    try {
      store = await open();
      await put("drafts", { key: "room", at: Date.now() });
      if ((await get("drafts", "room")) === undefined) throw new Error("nothing is kept");
    } catch (error) {
      store = null;
      trouble(say.no_store);
      return;
    }
    root.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
    root.querySelectorAll("[data-plain]").forEach((part) => { part.hidden = true; });
    const kept = await get("drafts", `${workshop}:said`);
    const early = read(said, SAID); // typed before all was ready
    begin(null);
    if (kept) {
      if (kept.editing) editing = (await get("items", kept.ticket)) || null;
      [...SAID, "theme", "province", "lang", "ticket"].filter((name) => box(said, name) && kept[name] !== undefined).forEach((name) => { box(said, name).value = kept[name]; });
      one("editing").hidden = !editing;
    }
    Object.entries(early).filter(([part, text]) => text && text !== box(said, part).value).forEach(([part, text]) => {
      box(said, part).value = [box(said, part).value, text].filter(Boolean).join("\n");
    });
    said.addEventListener("input", draft);
    said.addEventListener("submit", note);
    sheet.addEventListener("input", (event) => { if (SHEET.includes(event.target.name)) keepSheet("draft"); });
    sheet.addEventListener("submit", sendSheet);
    box(sheet, "table").addEventListener("change", showSheet);
    one("send").addEventListener("click", () => send());
    one("export").addEventListener("click", save);
    one("forget").addEventListener("click", () => forget(0));
    if (one("leave")) one("leave").addEventListener("submit", leave);
    window.addEventListener("online", () => send());
    window.addEventListener("offline", () => network(say.offline));
    setInterval(() => { if (navigator.onLine) send(); }, 60000);
    await forget(A_WEEK);
    await showSheet();
    await paint();
    root.dataset.ready = "yes";
    if (navigator.storage && navigator.storage.persist) {
      navigator.storage.persist().then((sure) => { if (!sure) one("may-clear").hidden = false; }).catch(() => null);
    }
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(worker).catch(() => null);
      navigator.serviceWorker.ready.then(() => { root.dataset.installed = "yes"; });
    }
    send();
  };
  start();
})();
