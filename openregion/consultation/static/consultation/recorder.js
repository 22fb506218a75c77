// Records a voice in the page, where the browser can; the file goes into the form's own box. Ten minutes at most.
(() => {
  const place = document.querySelector("[data-recorder]");
  const box = document.querySelector('input[type="file"][name="voice"]');
  if (!place || !box || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", ""];
  const kind = kinds.find((one) => !one || MediaRecorder.isTypeSupported(one));
  const said = place.dataset;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet", textContent: said.record });
  const told = Object.assign(document.createElement("p"), { className: "quiet" });
  told.setAttribute("role", "status");
  const elapsed = Object.assign(document.createElement("bdi"), { dir: "ltr" });
  const player = Object.assign(document.createElement("audio"), { controls: true, hidden: true });
  place.append(button, elapsed, told, player);
  place.hidden = false;
  let recorder = null, clock = null;
  const stop = () => { if (recorder && recorder.state !== "inactive") recorder.stop(); };
  const ended = (parts, type, stream) => {
    clearInterval(clock);
    stream.getTracks().forEach((track) => track.stop());
    const bare = (type || "audio/webm").split(";")[0];
    const ending = { "audio/mp4": "m4a", "audio/ogg": "ogg" }[bare] || "weba";
    const file = new File(parts, `recording.${ending}`, { type: bare });
    const chosen = new DataTransfer();
    chosen.items.add(file);
    box.files = chosen.files;
    player.src = URL.createObjectURL(file);
    player.hidden = false;
    elapsed.textContent = "";
    told.textContent = said.ready;
    button.textContent = said.again;
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
  box.addEventListener("change", () => { player.hidden = true; told.textContent = ""; });
})();
