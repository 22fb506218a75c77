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
  const MOST_SIGNS = 200000; // in one sending: what is written at length leaves in several
  const PATIENCE = 60000; // milliseconds: an answer that does not come by then is asked again later

  const { open, dealt, put, drop, get, all, change, held, onChange } = globalThis.captureStore(workshop);
  let store = false; // whether this browser keeps what is typed
  // What is said when the store keeps nothing more: the telephone is full, or its browser refuses.
  const unkept = (error) => trouble(error && error.name === "QuotaExceededError" ? say.full : say.no_store);

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
      acts.append(button(say.edit, () => edit(item.ticket)), twice(say.discard, () => drop("items", item.ticket).then(paint)));
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
    const sheets = (await all("sheets")).filter(leavingSheet);
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
  const CHOSEN = ["theme", "province", "lang"];
  let editing = null;
  const begin = (item) => {
    editing = item;
    [...SAID, ...CHOSEN].filter((name) => box(said, name)).forEach((name) => {
      box(said, name).value = item ? item.words[name] || item[name] || "" : SAID.includes(name) ? "" : box(said, name).value;
    });
    box(said, "ticket").value = item ? item.ticket : ticket();
    one("editing").hidden = !item;
  };
  const edit = async (key) => {
    const item = await get("items", key); // as it is now: another window may have changed it
    if (!item) { await paint(); return; }
    // Where nothing more is kept, what is being typed stays in its box.
    try { await setAside(); } catch (error) { unkept(error); return; }
    begin(item);
    draft();
    box(said, SAID[0]).focus();
  };
  // In one deal: the words of here are never out of the store.
  const again = async (item) => {
    const mine = { ...item, ticket: ticket(), state: "kept", number: 0, theirs: null, reason: "", edits: 0 };
    await put("items", mine, { ...item, words: item.theirs, state: "received" });
    await paint();
    send();
  };

  // What is being typed belongs to the window it is typed in: the window holds its name for as long as it lives.
  // Whoever opens the page finds what a window left when it closed; what one still types stays in its own.
  const isDraft = (one_) => one_.key === `${workshop}:said` || one_.key.startsWith(`${workshop}:said:`);
  const saysSomething = (words, names) => names.some((part) => (words[part] || "").trim());
  let draftKey = `${workshop}:said:${ticket()}`;
  const drafts = async () => (await dealt("drafts", "readonly", (kept) => kept.getAll())).filter(isDraft);
  const left = [];
  const findLeft = async () => {
    const found = (await drafts()).sort((a, b) => ((a.at || 0) < (b.at || 0) ? 1 : -1));
    const free = await Promise.all(found.map((one_) => held(one_.key, 500)));
    left.push(...found.filter((one_, nth) => free[nth]));
  };
  // What was being typed when another one is to be changed comes back after it.
  const setAside = async () => {
    const typed = read(said, SAID);
    if (!saysSomething(typed, SAID) || (editing && SAID.every((part) => typed[part] === (editing.words[part] || "")))) return;
    await keepDraft();
    left.unshift(await get("drafts", draftKey));
    draftKey = `${workshop}:said:${ticket()}`;
    await held(draftKey, 500);
  };
  const takeUp = async () => {
    const kept = left.shift();
    if (!kept) return false;
    if (!saysSomething(kept, SAID)) { await drop("drafts", kept.key); return takeUp(); }
    draftKey = kept.key;
    begin(null);
    const known = await get("items", kept.ticket);
    if (kept.editing) editing = known ? { ...known, edits: kept.edits || known.edits } : null;
    // Noted already under that ticket: it begins anew.
    const names = [...SAID, ...CHOSEN, ...(known && !kept.editing ? [] : ["ticket"])];
    names.filter((name) => box(said, name) && kept[name] !== undefined).forEach((name) => { box(said, name).value = kept[name]; });
    one("editing").hidden = !editing;
    return true;
  };
  const keepDraft = () => put("drafts", {
    key: draftKey, at: Date.now(), ticket: box(said, "ticket").value, editing: Boolean(editing), edits: editing ? editing.edits : 0,
    ...read(said, [...SAID, ...CHOSEN]),
  });
  const draft = () => store && keepDraft().catch(unkept);

  // Without a store the form leaves by itself, when it can.
  const plain = (form) => {
    if (navigator.onLine) form.submit();
    else trouble(say.no_store_offline);
  };
  const isTooLong = (words) => Object.values(words).some((text) => text.length > Number(root.dataset.longest));
  // What was noted meanwhile under the same ticket, in another window, stays: this one is another contribution.
  const keepAs = (known, item) => {
    if (!known || (editing && known.edits === editing.edits)) return { ...item, edits: ((known && known.edits) || 0) + 1 };
    return SAID.every((part) => (known.words[part] || "") === item.words[part]) ? known : { ...item, ticket: ticket(), edits: 1 };
  };
  const noteAs = (item) => dealt(["items", "drafts"], "readwrite", (items, drafts_) => {
    const asked = items.get(item.ticket);
    asked.onsuccess = () => { items.put(keepAs(asked.result, item)); drafts_.delete(draftKey); };
  });
  let isReady = false; // once it is, a press takes the words of that very instant
  let noting = false; // pressed twice, it is noted once
  const note = async (event) => {
    event.preventDefault();
    if (noting) return;
    noting = true;
    try {
      if (!isReady) await ready;
      if (store) await noteIt();
      else plain(said);
    } catch (error) { unkept(error); } finally { noting = false; }
  };
  const noteIt = async () => {
    const typed = read(said, SAID);
    const words = Object.fromEntries(Object.entries(typed).map(([part, text]) => [part, text.trim()]));
    if (!SAID.some((part) => words[part])) { one("noted").textContent = say.nothing_said; box(said, SAID[0]).focus(); return; }
    if (isTooLong(words)) { one("noted").textContent = say.too_long; return; }
    const item = {
      ticket: box(said, "ticket").value, workshop, words, ...read(said, CHOSEN),
      written_at: (editing && editing.written_at) || new Date().toISOString(),
      state: "kept", number: 0, reason: "", theirs: null,
    };
    await noteAs(item);
    trouble("");
    // Whoever types the next one already keeps it, and the box they type in.
    const since = Object.entries(read(said, SAID)).filter(([part, text]) => text !== typed[part]);
    begin(null);
    since.forEach(([part, text]) => { box(said, part).value = text; });
    one("noted").textContent = say.noted;
    if (since.length) draft();
    else {
      if (await takeUp()) one("noted").textContent = say.begun;
      box(said, SAID[0]).focus();
    }
    await paint();
    send();
  };

  // The sheet of a table: what is in the boxes, and apart from it the version that was sent (`parcel`) until it arrives.
  const sheetKey = (table) => `${workshop}:${table}`;
  const leavingSheet = (mine) => mine.parcel || (mine.state === "kept" ? mine : null);
  const NOTHING = { words: {}, lang: "", edition: 0 };
  const same = (one_, other) => SHEET.every((part) => (one_[part] || "").trim() === (other[part] || "").trim());
  let shown = { table: 0, words: {}, lang: "", edition: 0 }; // which table the boxes of this window show, and what they began from
  const isAsShown = () => SHEET.every((part) => box(sheet, part).value === (shown.words[part] || "")) && box(sheet, "lang").value === shown.lang;
  const asShown = () => get("sheets", sheetKey(shown.table));
  const showSheet = async () => {
    const table = Number(box(sheet, "table").value);
    const mine = await get("sheets", sheetKey(table));
    if (table !== Number(box(sheet, "table").value)) return;
    const isTyped = mine && mine.state !== "received";
    const now = isTyped ? mine : (mine && mine.known) || NOTHING;
    SHEET.forEach((part) => { box(sheet, part).value = now.words[part] || ""; });
    box(sheet, "lang").value = now.lang || "";
    shown = { table, words: read(sheet, SHEET), lang: box(sheet, "lang").value, edition: (isTyped ? mine.from_edition : now.edition) || 0 };
    tellSheet(mine);
  };
  // Another table is chosen: the boxes are its own once what they hold is kept.
  const turnSheet = async () => {
    try { if (!isAsShown()) await keepSheet(false); } catch (error) { box(sheet, "table").value = shown.table; unkept(error); return; }
    await showSheet();
  };
  const refreshSheet = async () => {
    // Somebody types there, or the store took nothing of it: the boxes stay as they are.
    const isHere = document.hasFocus() && sheet.contains(document.activeElement);
    if (!isHere && isAsShown()) { await showSheet(); return; }
    const mine = await asShown();
    // What this window sent has arrived: what is typed next begins from there.
    if (mine && mine.state === "received" && same(mine.words, shown.words)) shown.edition = mine.from_edition || 0;
    tellSheet(mine);
  };
  const badgeOfSheet = (mine) => {
    if (["conflict", "refused"].includes(mine.state)) return "needs";
    if (mine.state !== "draft") return mine.state;
    if (mine.parcel || (mine.known && mine.known.edition)) return "changed";
    return saysSomething(mine.words, SHEET) ? "draft" : "";
  };
  const tellSheet = (mine) => {
    const place = one("sheet-state");
    const state = mine && badgeOfSheet(mine);
    if (place.dataset.state !== (state || "")) {
      place.replaceChildren();
      if (state) place.append(badge(state));
      place.dataset.state = state || "";
    }
    const other = one("sheet-other");
    const isRefused = mine && mine.reason && ["refused", "draft"].includes(mine.state);
    const isConflict = mine && mine.state === "conflict";
    other.replaceChildren();
    other.hidden = !(isConflict || isRefused);
    if (isRefused) other.append(made("p", mine.reason));
    if (!isConflict) return;
    const both = made("div", "", { className: "capture__both" });
    both.append(wording(say.there, mine.known.words, labels.sheet), wording(say.here, mine.words, labels.sheet));
    other.append(made("p", say.conflict), both, button(say.take_theirs, async () => {
      await put("sheets", { ...mine, state: "received", words: {} });
      showSheet();
    }));
  };
  // Two windows that write the same sheet: what each changed stays.
  const joined = (base, mine, theirs) => {
    if (mine === base || mine === theirs) return theirs;
    return theirs === base ? mine : [theirs, mine].filter(Boolean).join("\n");
  };
  const stateOf = (was, words, lang) => {
    if (was && was.parcel) return same(words, was.parcel.words) && lang === was.parcel.lang ? "kept" : "draft";
    return was && was.known && same(words, was.known.words) && lang === (was.known.lang || "") ? "received" : "draft";
  };
  // Changes nothing in the page: the store may still refuse.
  const typedSheet = (was, typed, isSent) => {
    const { table } = shown;
    const isTyped = was && was.state !== "received";
    const there = (part) => (isTyped ? was.words[part] || "" : shown.words[part] || "");
    const words = Object.fromEntries(SHEET.map((part) => [part, joined(shown.words[part] || "", typed[part], there(part))]));
    const lang = box(sheet, "lang").value;
    const from_edition = isTyped ? was.from_edition : shown.edition;
    const mine = { ...was, key: sheetKey(table), workshop, table, words, lang, from_edition, edits: ((was && was.edits) || 0) + 1, reason: "" };
    if (isSent) return { ...mine, state: "kept", parcel: { table, words, lang, from_edition, edits: mine.edits } };
    return { ...mine, state: stateOf(was, words, lang) };
  };
  const keepSheet = async (isSent) => {
    const { table } = shown;
    let typed = null, kept = null;
    await change("sheets", sheetKey(table), (was) => {
      if (!table || table !== shown.table) return null; // no table is shown yet, or another is by now
      typed = read(sheet, SHEET);
      kept = typedSheet(was, typed, isSent);
      return kept;
    });
    if (kept && table === shown.table) {
      // Whoever types meanwhile keeps those letters too.
      SHEET.forEach((part) => {
        const now = box(sheet, part).value;
        const whole = joined(typed[part], now, kept.words[part]);
        if (whole !== now) box(sheet, part).value = whole;
      });
      shown = { table, words: { ...kept.words }, lang: kept.lang, edition: kept.from_edition };
    }
    tellSheet(await asShown());
  };
  const sendSheet = async (event) => {
    event.preventDefault();
    if (!isReady) await ready;
    if (!store) { plain(sheet); return; }
    const typed = read(sheet, SHEET);
    const wrong = !saysSomething(typed, SHEET) ? say.no_sheet : isTooLong(typed) ? say.too_long : "";
    if (wrong) {
      Object.assign(one("sheet-state"), { textContent: wrong }).dataset.state = "wrong";
      return;
    }
    try { await keepSheet(true); } catch (error) { unkept(error); return; }
    await paint();
    send();
  };

  // Sending.
  const unsent = "unsent";
  class Stopped extends Error {}
  const asked = async (address, options) => {
    let answer;
    try {
      const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
      answer = await fetch(address, { credentials: "same-origin", cache: "no-store", signal, ...options });
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
  // What was typed since it left stays as it is, from the edition that has just arrived.
  const note_sheet = (sent, answer) => change("sheets", sheetKey(sent.table), (mine) => {
    if (!mine) return null;
    const known = answer.edition ? { table: answer.table, edition: answer.edition, words: answer.words, lang: answer.lang } : mine.known;
    const state = answer.state === "already" ? "received" : answer.state;
    const from_edition = state === "received" ? known.edition : mine.from_edition;
    const waits = leavingSheet(mine);
    const parcel = waits && waits.edits !== sent.edits ? { ...waits, from_edition } : null; // sent again since
    const isTyped = mine.state === "draft" || parcel;
    return { ...mine, known, parcel, from_edition, state: isTyped ? mine.state : state, reason: parcel ? "" : answer.reason || "" };
  });
  // As many as one sending carries: ten, and fewer where they are long.
  const some = (found) => {
    let signs = 0;
    return found.slice(0, AT_ONCE).filter((one_, nth) => { signs += JSON.stringify(one_.words).length; return !nth || signs <= MOST_SIGNS; });
  };
  const carry = async () => {
    let token = await pass();
    let fresh = true;
    for (;;) {
      const items = some((await all("items")).filter((item) => item.state === "kept").sort((a, b) => (a.written_at < b.written_at ? -1 : 1)));
      const sheets = some((await all("sheets")).map(leavingSheet).filter(Boolean));
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
      await refreshSheet();
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
    const sheets = (await all("sheets")).flatMap((mine) => {
      const waits = leavingSheet(mine);
      const typed = mine.state === "received" || (waits && same(waits.words, mine.words)) ? null : mine;
      return [waits, typed].filter(Boolean);
    });
    const begun = (await drafts()).filter((one_) => saysSomething(one_, SAID));
    const state = (kept) => (kept.state === "received" ? `${say.received} ${kept.number}` : kept.state === "kept" ? say.kept : say.needs_you);
    const texts = [
      ...begun.map((one_) => written(one_, labels.said)),
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
    return (await all("items")).some((item) => item.state !== "received")
      || (await all("sheets")).some((mine) => leavingSheet(mine) || (mine.state !== "received" && saysSomething(mine.words, SHEET)))
      || (await drafts()).some((one_) => saysSomething(one_, SAID));
  };
  const wipe = async () => {
    for (const mine of await all("sheets")) await drop("sheets", mine.key);
    for (const one_ of await drafts()) await drop("drafts", one_.key);
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
      await open();
      store = true;
    } catch (error) {
      trouble(say.no_store);
      return;
    }
    root.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
    root.querySelectorAll("[data-plain]").forEach((part) => { part.hidden = true; });
    await Promise.all([held(draftKey, 500), findLeft()]);
    const early = read(said, SAID); // typed before all was ready
    begin(null);
    await takeUp();
    const late = Object.entries(early).filter(([part, text]) => text && text !== box(said, part).value);
    late.forEach(([part, text]) => { box(said, part).value = [box(said, part).value, text].filter(Boolean).join("\n"); });
    if (late.length) draft();
    said.addEventListener("input", draft);
    sheet.addEventListener("input", (event) => { if ([...SHEET, "lang"].includes(event.target.name)) keepSheet(false).catch(unkept); });
    box(sheet, "table").addEventListener("change", turnSheet);
    one("send").addEventListener("click", () => send());
    one("export").addEventListener("click", save);
    one("forget").addEventListener("click", () => forget(0));
    if (one("leave")) one("leave").addEventListener("submit", leave);
    window.addEventListener("online", () => send());
    window.addEventListener("offline", () => network(say.offline));
    onChange(() => paint().then(refreshSheet));
    setInterval(() => { if (navigator.onLine) send(); }, 60000);
    await forget(A_WEEK);
    const typed = SHEET.map((part) => [part, box(sheet, part)]).filter(([, area]) => area.value !== area.defaultValue).map(([part, area]) => [part, area.value]);
    await showSheet();
    typed.forEach(([part, text]) => { box(sheet, part).value = joined("", text, box(sheet, part).value); });
    if (typed.length) await keepSheet(false);
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
  // Pressed before all is ready, a form waits for it.
  said.addEventListener("submit", note);
  sheet.addEventListener("submit", sendSheet);
  const ready = start().catch(unkept).finally(() => { isReady = true; });
})();
