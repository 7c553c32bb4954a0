// A voice recorded by the browser itself; where it cannot, the field for a file beside the button does the same.
"use strict";
(() => {
  if (!navigator.mediaDevices || !window.MediaRecorder) { return; }
  const say = document.body.dataset;
  const LONGEST = 180000;
  let recording = null;

  const stop = () => { if (recording && recording.state !== "inactive") { recording.stop(); } };

  async function record(button) {
    if (recording) { stop(); return; }
    try {
      const heard = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts = [];
      recording = new MediaRecorder(heard, { audioBitsPerSecond: 32000 });
      const end = setTimeout(stop, LONGEST);
      recording.ondataavailable = (event) => { parts.push(event.data); };
      recording.onstop = () => {
        clearTimeout(end);
        heard.getTracks().forEach((track) => { track.stop(); });
        const file = new Blob(parts, { type: recording.mimeType });
        recording = null;
        button.classList.remove("recording");
        button.querySelector("span").textContent = say.sayRecord;
        if (file.size) { document.dispatchEvent(new CustomEvent("nghedan:voice", { detail: file })); }
      };
      recording.start();
      button.classList.add("recording");
      button.querySelector("span").textContent = say.sayStop;
    } catch (fault) {
      recording = null;
      document.dispatchEvent(new CustomEvent("nghedan:no-microphone"));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-record]");
    if (button) { record(button); }
  });
})();
