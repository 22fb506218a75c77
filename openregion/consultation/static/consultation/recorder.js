// Records a voice in the page, where the browser can; the file goes into the form's own box. Ten minutes at most.
// Until its form is received, the recording stays in this browser for a week: a closed tab does not cost it.
// It is offered again, and enters the form only when asked: a telephone may be shared, and the voice another's.
(() => {
  const week = 7 * 24 * 3600 * 1000, here = location.pathname;
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
  const forget = () => shelf((kept) => kept.delete(here));
  const keep = (file) => shelf((kept) => kept.put({ at: Date.now(), file }, here));
  const isYoung = (one) => Date.now() - one.at < week;
  const swept = shelf((kept) => {
    kept.openCursor().onsuccess = (event) => {
      const one = event.target.result;
      if (!one) return;
      if (!isYoung(one.value)) one.delete();
      one.continue();
    };
  });
  const found = async () => {
    await swept;
    const kept = await shelf((all) => all.get(here));
    return kept && isYoung(kept) ? kept.file : null;
  };
  if (document.querySelector("[data-sent]")) return forget();
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
  const player = Object.assign(document.createElement("audio"), { controls: true, hidden: true });
  place.append(button, elapsed, told, player, putBack, drop);
  place.hidden = false;
  let recorder = null, clock = null, waiting = null;
  const stop = () => { if (recorder && recorder.state !== "inactive") recorder.stop(); };
  const show = (file, sentence) => {
    if (file) player.src = URL.createObjectURL(file);
    player.hidden = drop.hidden = !file;
    putBack.hidden = true;
    told.textContent = sentence;
  };
  const offer = (file, sentence) => {
    const chosen = new DataTransfer();
    if (file) chosen.items.add(file);
    box.files = chosen.files;
    show(file, sentence);
    button.textContent = file ? said.again : said.record;
  };
  putBack.addEventListener("click", () => { offer(waiting, said.ready); told.focus(); });
  drop.addEventListener("click", () => { forget(); offer(null, ""); button.focus(); });
  const ended = (parts, type, stream) => {
    clearInterval(clock);
    stream.getTracks().forEach((track) => track.stop());
    const bare = (type || "audio/webm").split(";")[0];
    const ending = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[bare] || "weba";
    const file = new File(parts, `recording.${ending}`, { type: bare });
    keep(file);
    offer(file, said.ready);
    elapsed.textContent = "";
    recorder = null;
  };
  button.addEventListener("click", async () => {
    if (recorder) return stop();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts = [], started = Date.now();
      recorder = new MediaRecorder(stream, { ...(kind ? { mimeType: kind } : {}), audioBitsPerSecond: 48000 });
      recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
      recorder.addEventListener("stop", () => ended(parts, recorder.mimeType, stream));
      recorder.start();
      button.textContent = said.stop;
      clock = setInterval(() => {
        const seconds = Math.floor((Date.now() - started) / 1000);
        elapsed.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
        if (seconds >= 600) stop();
      }, 500);
    } catch { told.textContent = said.refused; recorder = null; }
  });
  // Another file is chosen: it is the one that counts.
  box.addEventListener("change", () => { show(null, ""); forget(); });
  // A form that comes back has its recording kept by the server, or is told that it cannot be taken.
  const back = document.getElementById("without-voice");
  if (back) back.addEventListener("change", () => { if (back.checked) forget(); });
  else if (!box.closest(".field--wrong")) found().then((kept) => {
    if (!kept || recorder || box.files.length) return;
    waiting = kept;
    show(kept, said.back);
    putBack.hidden = false;
  });
})();
