// Records a voice in the page, where the browser can; the file goes into the form's own box. Ten minutes at most.
// What is said is kept in this browser as it is said, every few seconds, until its form is received or for a week:
// neither a closed tab nor a dead battery costs more than the last words. A form sent meanwhile waits for the end of it.
// It is offered again, and enters the form only when asked: a telephone may be shared, and the voice another's.
(() => {
  const week = 7 * 24 * 3600 * 1000, every = 3000, longest = 600, here = location.pathname;
  const shelf = (deed) => new Promise((answer) => {
    try {
      const asked = indexedDB.open("recordings", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
      asked.onerror = () => answer(null);
      asked.onsuccess = () => {
        const lent = asked.result.transaction("kept", "readwrite"), got = deed(lent.objectStore("kept"));
        lent.oncomplete = () => { asked.result.close(); answer(got && got.result); };
        lent.onabort = () => { asked.result.close(); answer(null); };
      };
    } catch { answer(null); /* no room is lent here */ }
  });
  // A recording is kept in parts: the page it is of, its own name, and the place of the part.
  const keyOf = (name, nth) => `${here}|${name}|${String(nth).padStart(4, "0")}`;
  const isOf = (name) => (key) => key.startsWith(`${here}|${name}|`);
  const named = (name) => (name ? isOf(name) : (key) => key === here);
  const isHere = (key) => key === here || key.startsWith(`${here}|`);
  const each = (deed) => shelf((kept) => {
    kept.openCursor().onsuccess = (event) => {
      const one = event.target.result;
      if (!one) return;
      deed(one);
      one.continue();
    };
  });
  const forgetThose = (test) => each((one) => { if (test(one.key)) one.delete(); });
  const keep = (name, nth, file) => shelf((kept) => { kept.put({ at: Date.now(), file }, keyOf(name, nth)); });
  const isYoung = (one) => Date.now() - one.at < week;
  const swept = each((one) => { if (!isYoung(one.value)) one.delete(); });
  const fileOf = (parts, type) => {
    const bare = (type || parts[0].type || "audio/webm").split(";")[0];
    const ending = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[bare] || "weba";
    return new File(parts, `recording.${ending}`, { type: bare });
  };
  // The latest recording of this page, as far as it went.
  const found = async () => {
    await swept;
    const kept = new Map();
    await each((one) => {
      if (!isHere(one.key)) return;
      const name = one.key.split("|")[1] || "";
      const known = kept.get(name) || { name, at: 0, parts: [] };
      known.parts.push(one.value.file);
      known.at = Math.max(known.at, one.value.at);
      kept.set(name, known);
    });
    const [last] = [...kept.values()].sort((one, other) => other.at - one.at);
    return last ? { name: last.name, file: fileOf(last.parts) } : null;
  };
  // Which recording a form took with it: received, it is forgotten, and no other.
  const leaves = (name) => { try { sessionStorage.setItem("recording-sent", name); } catch { /* no room is lent */ } };
  const left = () => { try { return sessionStorage.getItem("recording-sent"); } catch { return null; } };
  if (document.querySelector("[data-sent]")) {
    const name = left();
    if (name !== null && document.querySelector("[data-voice-received]")) forgetThose(named(name));
    return;
  }
  const player = Object.assign(document.createElement("audio"), { controls: true, hidden: true });
  // Too late to be received: it is still there to listen to, and to save.
  const late = document.querySelector("[data-recorder-left]");
  if (late) return found().then((kept) => {
    if (!kept) return;
    const address = URL.createObjectURL(kept.file);
    const save = Object.assign(document.createElement("a"), { href: address, download: kept.file.name, textContent: late.dataset.save });
    Object.assign(player, { src: address, hidden: false });
    late.append(Object.assign(document.createElement("p"), { textContent: late.dataset.left }), player, save);
    late.hidden = false;
  });
  const place = document.querySelector("[data-recorder]");
  const box = document.querySelector('input[type="file"][name="voice"]');
  if (!place || !box || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", ""];
  const kind = kinds.find((one) => !one || MediaRecorder.isTypeSupported(one));
  const said = place.dataset;
  const pressed = (textContent, hidden) => Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent, hidden });
  const button = pressed(said.record, false), putBack = pressed(said.putBack, true), drop = pressed(said.forget, true);
  const told = Object.assign(document.createElement("p"), { className: "quiet", tabIndex: -1 });
  told.setAttribute("role", "status");
  const elapsed = Object.assign(document.createElement("bdi"), { dir: "ltr" });
  place.append(button, elapsed, told, player, putBack, drop);
  place.hidden = false;
  // ``shown`` names the recording that is shown, ``voice`` is the one in the form, ``waiting`` one that is not;
  // ``send``: what goes once the recording has ended.
  let recorder = null, clock = null, waiting = null, voice = null, shown = null, send = null;
  const stop = () => { if (recorder && recorder.state !== "inactive") recorder.stop(); };
  const forget = () => { if (shown !== null) forgetThose(named(shown)); shown = voice = null; };
  const show = (file, sentence) => {
    if (file) player.src = URL.createObjectURL(file);
    player.hidden = drop.hidden = !file;
    putBack.hidden = true;
    told.textContent = sentence;
  };
  const offer = (file, sentence) => {
    const chosen = new DataTransfer();
    if (file) chosen.items.add(file);
    voice = file;
    box.files = chosen.files;
    show(file, sentence);
    button.textContent = file ? said.again : said.record;
  };
  putBack.addEventListener("click", () => { offer(waiting, said.ready); told.focus(); });
  drop.addEventListener("click", () => { forget(); offer(null, ""); button.focus(); });
  // What was in the form, or offered back, gives way to what was recorded again, once there is something of it.
  const ended = (name, parts, type, kept) => {
    clearInterval(clock);
    elapsed.textContent = "";
    recorder = null;
    const go = send;
    send = null;
    if (!parts.length) { offer(voice, said.refused); return; }
    if (voice || waiting) forget();
    waiting = null;
    shown = name;
    offer(fileOf(parts, type), said.ready);
    if (go) Promise.race([kept, new Promise((done) => setTimeout(done, 2000))]).then(go);
  };
  const record = async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const parts = [], started = Date.now(), name = started.toString(36);
    const made = new MediaRecorder(stream, { ...(kind ? { mimeType: kind } : {}), audioBitsPerSecond: 48000 });
    let kept = Promise.resolve();
    made.addEventListener("dataavailable", ({ data }) => {
      if (!data.size) return;
      const nth = parts.push(data);
      kept = kept.then(() => keep(name, nth, data));
    });
    made.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      ended(name, parts, made.mimeType, kept);
    });
    made.start(every);
    recorder = made;
    show(null, "");
    button.textContent = said.stop;
    clock = setInterval(() => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      elapsed.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= longest) stop();
    }, 500);
  };
  button.addEventListener("click", async () => {
    if (recorder) return stop();
    button.disabled = true; // until the microphone answers: pressed twice, it records once
    try { await record(); } catch { told.textContent = said.refused; }
    button.disabled = false;
  });
  // Sent while it records: the recording ends, enters the form, and the form goes, by the button that was pressed.
  box.form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (recorder) {
      event.preventDefault();
      const by = event.submitter || box.form.querySelector("[type=submit]");
      send = () => by.click();
      told.textContent = said.waits;
      stop();
    } else if (voice && shown !== null) leaves(shown);
  });
  // Another file is chosen: it is the one that counts. None is: the recording stays.
  box.addEventListener("change", () => {
    if (!box.files.length && voice) { offer(voice, said.ready); return; }
    show(null, "");
    button.textContent = said.record;
    if (voice) forget();
    shown = null;
  });
  // A form that comes back has its recording kept by the server, or is told that it cannot be taken.
  const back = document.getElementById("without-voice");
  if (back) back.addEventListener("change", () => { if (back.checked && left() !== null) forgetThose(named(left())); });
  else if (!box.closest(".field--wrong")) found().then((kept) => {
    if (!kept || recorder || box.files.length) return;
    waiting = kept.file;
    shown = kept.name;
    show(kept.file, said.back);
    putBack.hidden = false;
  });
})();
