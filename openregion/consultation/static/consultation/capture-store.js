// What a telephone keeps of a workshop: contributions, sheets, and what is being typed. Several windows share it.
globalThis.captureStore = (workshop) => {
  "use strict";
  let store = null;
  // Each window tells the others what it changed there.
  const others = "BroadcastChannel" in window ? new BroadcastChannel(`capture:${workshop}`) : null;
  const ring = () => { if (others) others.postMessage("changed"); };
  const onChange = (act) => { if (others) others.onmessage = act; };

  const opened = () => new Promise((done, fail) => {
    const asked = indexedDB.open("capture", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("items", { keyPath: "ticket" }).createIndex("workshop", "workshop");
      asked.result.createObjectStore("sheets", { keyPath: "key" }).createIndex("workshop", "workshop");
      asked.result.createObjectStore("drafts", { keyPath: "key" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
    asked.onblocked = () => fail(new Error("blocked"));
    setTimeout(() => fail(new Error("late")), 5000); // some browsers never answer
  });
  // One deal with the store: all of it is kept, or none. That no room is left is known when the deal ends.
  const dealt = (names, mode, act) => new Promise((done, fail) => {
    const deal = store.transaction(names, mode);
    const asked = act(...[names].flat().map((name) => deal.objectStore(name)));
    deal.oncomplete = () => { done(asked && asked.result); if (mode === "readwrite" && names !== "drafts") ring(); };
    deal.onabort = () => fail(deal.error || new Error("aborted"));
  });
  const put = (name, ...values) => dealt(name, "readwrite", (kept) => { values.forEach((value) => kept.put(value)); });
  const drop = (name, key) => dealt(name, "readwrite", (kept) => kept.delete(key));
  const get = (name, key) => dealt(name, "readonly", (kept) => kept.get(key));
  const all = (name) => dealt(name, "readonly", (kept) => kept.index("workshop").getAll(workshop));
  // Changes a record as it is now, in one go: what was typed meanwhile is not undone.
  const change = (name, key, edit) => dealt(name, "readwrite", (kept) => {
    const asked = kept.get(key);
    asked.onsuccess = () => { const made = edit(asked.result); if (made) kept.put(made); };
  });
  const open = async () => {
    store = await opened();
    await put("drafts", { key: "room", at: Date.now() });
    if ((await get("drafts", "room")) === undefined) throw new Error("nothing is kept");
  };

  // A name that this window alone holds, for as long as it lives; not held when another window has it.
  const held = (name, patience) => new Promise((done) => {
    if (!navigator.locks) { done(true); return; }
    const hurry = new AbortController();
    setTimeout(() => hurry.abort(), patience);
    const hold = () => { done(true); return new Promise(() => null); };
    navigator.locks.request(`capture-draft:${name}`, { signal: hurry.signal }, hold).catch((error) => done(error.name !== "AbortError"));
  });

  return { open, dealt, put, drop, get, all, change, held, onChange };
};
