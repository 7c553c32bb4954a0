// The chat without reloading: sends in order with an id of its own for each message, so that a message sent again
// after a lost connection is taken once; reads a stream of events, or asks every few seconds where there is none.
"use strict";
(() => {
  const body = document.body;
  const say = body.dataset;
  const base = `/${say.slug}/`;
  const pieces = document.getElementById("pieces");
  const outgoing = document.getElementById("outgoing");
  const trouble = document.getElementById("trouble");
  const lost = document.getElementById("lost");
  const compose = document.getElementById("compose");
  const text = document.getElementById("text");
  const head = document.querySelector(".top");
  const photo = document.getElementById("photo");
  const STORE = `nghedan:${say.slug}`;
  const PHOTO_SIDE = 2000;
  const PHOTO_SMALL = 1500000;
  const VOICE_CAP = 2 * 1024 * 1024;
  let seen = Number(say.newest);
  let queue = [];
  let busy = false;
  let retry = 0;

  // --- what came -------------------------------------------------------------------------------------------------

  const near = () => window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 160;
  const toEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight });

  function toNewest() {
    // The end of the page, but never past the beginning of what was said last: a question is read from its top. What
    // the person said, and any question before the newest (whoever comes again by a poster left one), is past; what
    // only offers something, as the confirmation of a booking does, stays open beside the menu and is to be read too.
    const said = [...pieces.querySelectorAll(".piece, .erased")];
    const asks = said.map((item) => item.querySelector("fieldset") !== null);
    const newest = asks.lastIndexOf(true);
    const past = (item, at) => asks[at] && at < newest && item.querySelector("fieldset:not([disabled])") === null;
    const old = said.map((item, at) => "own" in item.dataset || item.classList.contains("erased") || past(item, at)).lastIndexOf(true);
    const first = said[old + 1];
    const end = document.documentElement.scrollHeight - window.innerHeight;
    const top = first ? first.getBoundingClientRect().top + window.scrollY - head.offsetHeight - 12 : end;
    window.scrollTo({ top: Math.max(0, Math.min(end, top)) });
  }

  function dayLine(day) {
    const days = pieces.querySelectorAll("[data-day]");
    const last = days.length ? days[days.length - 1].dataset.day : "";
    if (day === last) { return; }
    const line = document.createElement("li");
    line.className = "day";
    line.dataset.day = day;
    line.textContent = day.split("-").reverse().join("/");
    pieces.append(line);
  }

  function offerPlace() {
    if (navigator.mediaDevices && window.MediaRecorder) {
      for (const button of pieces.querySelectorAll("[data-record]")) { button.hidden = false; }
    }
    // Without scripts, or where the browser knows no place, the question is answered by the map, by typing or passed.
    if (!("geolocation" in navigator)) { return; }
    for (const button of pieces.querySelectorAll("[data-place]")) { button.hidden = false; }
  }

  function close(item) {
    const open = item.querySelector("fieldset:not([disabled])");
    if (open) { open.disabled = true; }
  }

  function choose(words) {
    const open = [...pieces.querySelectorAll(".ours")].reverse().find((item) => item.querySelector("fieldset:not([disabled]) .choice"));
    if (!open) { return; }
    for (const button of open.querySelectorAll(".choice")) {
      const { label, digit } = button.dataset;
      if ([label, digit, `${digit}. ${label}`, `${digit} ${label}`].includes(words)) { button.classList.add("chosen"); return; }
    }
  }

  async function afresh() {
    // Words were erased in the store: what this page still shows of them goes too.
    try {
      const answer = await fetch(`${base}tin?sau=0`, { headers: { accept: "application/json" } });
      if (!answer.ok) { return; }
      const items = await answer.json();
      // Filled again, not said anew: who has the page read aloud has heard it all.
      pieces.parentElement.setAttribute("aria-live", "off");
      pieces.textContent = "";
      seen = 0;
      items.forEach((item) => { show(item, true); });
      news.hidden = true;
      toNewest();
      setTimeout(() => { pieces.parentElement.setAttribute("aria-live", "polite"); }, 1000);
    } catch (fault) { window.setTimeout(afresh, 3000); }
  }

  function show(item, again = false) {
    if (item.seq <= seen) { return; }
    if (item.kind === "erased" && !again) { seen = item.seq; afresh(); return; }
    const follow = near();
    seen = item.seq;
    const holder = document.createElement("template");
    holder.innerHTML = item.html.trim();
    const fresh = holder.content.firstElementChild;
    const before = pieces.querySelector(`[data-at="${item.at}"]`);
    const nothing = document.getElementById("nothing");
    if (nothing) { nothing.remove(); }
    if (item.kind === "own") {
      choose(item.text);
      pieces.querySelectorAll(".ours").forEach(close);
      drop();
    } else if (item.kind === "ours") {
      const nonce = Number(fresh.dataset.nonce);
      if (nonce) {
        for (const other of pieces.querySelectorAll(".ours")) {
          const older = Number(other.dataset.nonce);
          if (older && older < nonce) { close(other); }
        }
      }
      if (queue.some((one) => one.taken)) { drop(); }
    } else {
      pieces.querySelectorAll(".ours").forEach(close);
      if (pieces.lastElementChild && pieces.lastElementChild.classList.contains("erased")) { return; }
    }
    if (before && item.at !== item.seq) {
      before.replaceWith(fresh);
    } else {
      dayLine(item.day);
      fresh.classList.add("fresh");
      pieces.append(fresh);
    }
    offerPlace();
    if (follow || item.kind === "own") { toNewest(); } else if (!again) { unread = fresh; news.hidden = false; }
  }

  // Whoever is reading further up is not torn away from it, only told.
  const news = document.getElementById("news");
  let unread = null;
  news.addEventListener("click", () => { unread.scrollIntoView(); news.hidden = true; text.focus({ preventScroll: true }); });
  window.addEventListener("scroll", () => { if (near()) { news.hidden = true; } }, { passive: true });

  // --- what goes -------------------------------------------------------------------------------------------------

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function keep() {
    // Only for this tab and until it is closed: words that wait must survive a reload, but not the person's visit.
    try {
      const rows = queue.filter((one) => !one.taken).map(({ m, text: words, choice, label, place, file }) => ({ m, text: words, choice, label, place, photo: Boolean(file) }));
      sessionStorage.setItem(STORE, JSON.stringify(rows));
    } catch (fault) { /* a browser that keeps nothing still sends */ }
  }

  function drop() {
    const first = queue.shift();
    if (first) { first.line.remove(); keep(); }
  }

  function fate(one, words) {
    const follow = words === say.sayWaiting && near();
    one.line.querySelector(".fate").textContent = words;
    if (follow) { toEnd(); }
  }

  function enqueue(one) {
    const line = document.createElement("li");
    line.className = "piece own waits";
    const bubble = document.createElement("div");
    bubble.className = "bubble";
    const words = document.createElement("p");
    words.textContent = one.label || one.text || say.sayPhoto;
    const status = document.createElement("p");
    status.className = "fate";
    bubble.append(words);
    line.append(bubble, status);
    one.line = line;
    outgoing.append(line);
    queue.push(one);
    keep();
    note("");
    toEnd();
    pump();
  }

  function note(words) {
    trouble.textContent = "";
    if (!words) { return; }
    const line = document.createElement("p");
    line.className = "trouble";
    line.textContent = words;
    trouble.append(line);
    toEnd();
  }

  async function shrink(file) {
    // A phone's picture of 8 MB takes minutes on a weak line; what the officer needs to see fits in a tenth of it.
    if (file.size <= PHOTO_SMALL || !/^image\/(jpeg|png|webp)$/.test(file.type) || !window.createImageBitmap) { return file; }
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, PHOTO_SIDE / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      image.close();
      const small = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
      return small && small.size < file.size ? small : file;
    } catch (fault) { return file; }
  }

  async function parts(one) {
    const form = new FormData();
    form.append("m", one.m);
    if (one.choice) { form.append("choice", one.choice); }
    if (one.text) { form.append("text", one.text); }
    if (one.place) { form.append("place", one.place); }
    if (one.file && one.voice) {
      form.append("voice", one.file, "voice");
    } else if (one.file) {
      one.small = one.small || await shrink(one.file);
      if (one.small.size > Number(say.photoCap)) { form.append("too_big", "1"); } else { form.append("photo", one.small, "photo"); }
    }
    return form;
  }

  async function pump() {
    const one = queue.find((waiting) => !waiting.taken);
    if (busy || !one) { return; }
    busy = true;
    clearTimeout(retry);
    fate(one, say.saySending);
    let again = 0;
    const before = seen;
    try {
      const answer = await fetch(`${base}gui`, { method: "POST", body: await parts(one), headers: { accept: "application/json" } });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        connected(true);
        one.taken = true;
        fate(one, say.sayTaken);
        keep();
        await sync();
        // Answered already by the stream, and with no words of the person's own: nothing is left to wait for.
        if (seen > before && queue[0] === one) { drop(); }
      } else if (answer.status === 429 || answer.status >= 500) {
        note(told.text || say.sayFailed);
        fate(one, say.sayWaiting);
        again = 5000;
      } else {
        refused(one, told.text || say.sayFailed);
      }
    } catch (fault) {
      // The stream may have brought the message back although the answer to it was lost.
      if (queue.includes(one)) {
        connected(false);
        fate(one, say.sayWaiting);
        again = 3000;
      }
    }
    busy = false;
    if (again) { retry = setTimeout(goOn, again); } else { pump(); }
  }

  function goOn() {
    clearTimeout(retry);
    sync().then(pump).catch(() => {
      connected(false);
      retry = setTimeout(goOn, 3000);
    });
  }

  function refused(one, words) {
    queue.splice(queue.indexOf(one), 1);
    one.line.remove();
    keep();
    if (one.text && !text.value) { text.value = one.text; grow(); }
    note(words);
  }

  // --- reading ---------------------------------------------------------------------------------------------------

  let stream = null;
  let polling = 0;
  let faults = 0;

  function connected(yes) {
    lost.textContent = yes ? "" : say.sayLost;
    lost.hidden = yes;
  }

  async function sync() {
    const answer = await fetch(`${base}tin?sau=${seen}`, { headers: { accept: "application/json" } });
    if (!answer.ok) { throw new Error(String(answer.status)); }
    for (const item of await answer.json()) { show(item); }
    connected(true);
  }

  function poll() {
    clearInterval(polling);
    polling = setInterval(() => { sync().then(pump).catch(() => connected(false)); }, 5000);
  }

  function listen() {
    if (!window.EventSource) { poll(); return; }
    stream = new EventSource(`${base}luong?sau=${seen}`);
    stream.onopen = () => { faults = 0; clearInterval(polling); connected(true); pump(); };
    stream.onmessage = (event) => { show(JSON.parse(event.data)); connected(true); };
    stream.onerror = () => {
      faults += 1;
      if (faults > 1 || !navigator.onLine) { connected(false); }
      // Some proxies swallow streams: ask instead, and try the stream again now and then.
      if (stream.readyState === EventSource.CLOSED || faults > 3) {
        stream.close();
        poll();
        setTimeout(listen, 60000);
      }
    };
  }

  // --- the person ------------------------------------------------------------------------------------------------

  function grow() {
    if (CSS.supports("field-sizing", "content")) { return; }
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
  }

  function sendWords() {
    const words = text.value.trim();
    if (!words) { text.focus(); return; }
    if (words.length > Number(say.maxText)) {
      const figure = (value) => Number(value).toLocaleString("vi-VN");
      note(say.sayLong.replace("{n}", figure(words.length)).replace("{most}", figure(say.maxText)));
      return;
    }
    text.value = "";
    grow();
    enqueue({ m: newId(), text: words });
  }

  // Older browsers do not say which button a form was sent by.
  let touched = null;
  document.addEventListener("click", (event) => { touched = event.target.closest("button"); }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== `${base}gui`) { return; }
    event.preventDefault();
    const pressed = event.submitter || (touched && touched.form === form ? touched : null);
    touched = null;
    if (form !== compose && pressed) {
      enqueue({ m: newId(), choice: pressed.value, label: pressed.dataset.label });
      return;
    }
    sendWords();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      sendWords();
    }
  });
  text.addEventListener("input", () => { grow(); note(""); });
  photo.addEventListener("change", () => {
    for (const file of photo.files) { enqueue({ m: newId(), file, label: `${say.sayPhoto}: ${file.name}` }); }
    photo.value = "";
  });
  photo.multiple = true;

  document.addEventListener("nghedan:voice", (event) => {
    const file = event.detail;
    if (file.size > VOICE_CAP) { note(say.sayVoiceLong); } else { enqueue({ m: newId(), file, voice: true, label: say.sayVoice }); }
  });
  document.addEventListener("nghedan:no-microphone", () => { note(say.sayNoMicrophone); });

  pieces.addEventListener("change", (event) => {
    const field = event.target.closest("[data-voice]");
    const file = field && field.files[0];
    if (!file) { return; }
    if (file.size > VOICE_CAP) { note(say.sayVoiceLong); } else { enqueue({ m: newId(), file, voice: true, label: say.sayVoice }); }
    field.value = "";
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-place]")) { return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { enqueue({ m: newId(), place: `${coords.latitude.toFixed(6)},${coords.longitude.toFixed(6)}`, label: say.sayPlace }); },
      () => { note(say.sayNoPlace); },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
  window.addEventListener("online", goOn);
  window.addEventListener("offline", () => connected(false));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { goOn(); }
  });

  try {
    for (const row of JSON.parse(sessionStorage.getItem(STORE) || "[]")) {
      if (row.photo) { note(say.sayPhotoGone); } else { enqueue(row); }
    }
  } catch (fault) { /* nothing kept */ }
  offerPlace();
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(say.worker, { scope: base }).catch(() => { /* then without: it only helps when there is no line */ });
  }
  history.scrollRestoration = "manual";
  toNewest();
  listen();
})();
