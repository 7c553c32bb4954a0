// One form by keyboard alone: a digit answers and the cursor goes on. Without this it is an ordinary form.
"use strict";
(() => {
  const form = document.getElementById("typing");
  const save = document.getElementById("save");
  document.body.classList.add("scripted");
  const fields = () => [...form.querySelectorAll(".row:not(.passed) input")];
  let asking = null;   // the question to the server that the next field depends on
  let held = [];       // keys pressed meanwhile
  let sending = false; // the page is being left for the answer to what was sent

  const next = (field) => {
    const all = fields();
    const target = all[all.indexOf(field) + 1] ?? save;
    target.focus();
    target.select?.();
  };
  const back = (field) => {
    const all = fields();
    const target = all[(field === save ? all.length : all.indexOf(field)) - 1];
    target?.focus();
    target?.select();
  };

  // What the digit means, beside the field.
  const echo = (field) => {
    const row = field.closest(".row");
    const said = row.querySelector(".echo");
    const lines = [...row.querySelectorAll(".codes li")];
    if (!said || !lines.length) { return; }
    const single = field.dataset.jumps !== "" || lines.some((line) => line.dataset.digit === field.value.trim());
    const parts = single ? [field.value.trim()] : field.value.trim().split(/[^0-9]+/).flatMap((part) => lines.length < 10 ? [...part] : [part]);
    const meant = parts.filter(Boolean).map((part) => lines.find((line) => line.dataset.digit === part));
    for (const line of lines) { line.classList.toggle("on", meant.includes(line)); }
    said.classList.toggle("odd", meant.includes(undefined));
    said.textContent = meant.includes(undefined) ? form.dataset.odd : meant.map((line) => line.lastChild.textContent.trim()).join("; ");
  };

  // Which questions are to be answered now: the server knows the conditions, this page does not.
  const ask = async () => {
    try {
      const answer = await fetch(form.dataset.shown, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } });
      const hidden = new Set((await answer.json()).hidden);
      for (const row of form.querySelectorAll("[data-id]")) { row.classList.toggle("passed", hidden.has(row.dataset.id)); }
    } catch { /* Without an answer nothing changes: what should have been passed over is left out when saving. */ }
  };
  const goOn = async (field) => {
    if (field.dataset.asks && field.value !== field.dataset.asked) {
      field.dataset.asked = field.value;
      asking = ask();
      await asking;
      asking = null;
    }
    next(field);
    const keys = held;
    held = [];
    for (const key of keys) { await press(key); }
  };
  // A key that came while the server was asked, as if it were pressed now.
  const press = async (key) => {
    const field = document.activeElement;
    if (asking) { held.push(key); } else if (key === "Enter") {
      if (field === save) { save.click(); } else { await goOn(field); }
    } else if (key === "Backspace") {
      if (field === save || field.value === "") { back(field); } else { field.value = field.value.slice(0, -1); echo(field); }
    } else if (field !== save) { field.value += key; await typed(field); }
  };
  const typed = async (field) => {
    echo(field);
    const value = field.value.trim();
    const bare = value.replace(/[^0-9A-Za-z]/g, "");
    const whole = field.dataset.signs ? bare.length >= Number(field.dataset.signs) : (field.dataset.jumps ?? "").split(" ").filter(Boolean).includes(value);
    if (whole) { await goOn(field); }
  };

  form.addEventListener("input", (event) => { if (event.target.matches("input")) { typed(event.target); } });
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
    const field = event.target;
    const plain = event.key.length === 1 || event.key === "Enter" || event.key === "Backspace";
    if (asking && plain) { event.preventDefault(); held.push(event.key); return; }
    if (field === save) {
      if (event.key === "Backspace" || event.key === "ArrowUp") { event.preventDefault(); back(save); }
      return;
    }
    if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); goOn(field); }
    else if (event.key === "ArrowUp" || (event.key === "Backspace" && field.value === "")) { event.preventDefault(); back(field); }
  });
  form.addEventListener("change", (event) => { if (event.target.dataset.asks && !asking && event.target.value !== event.target.dataset.asked) { event.target.dataset.asked = event.target.value; ask(); } });
  // The next empty form comes without a new page, so that no key is lost between two forms.
  const send = async () => {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } });
    return answer.ok && (await answer.json());
  };
  const clear = (kept) => {
    for (const field of form.querySelectorAll(".row input")) {
      field.value = "";
      delete field.dataset.asked;
      echo(field);
    }
    for (const row of form.querySelectorAll(".wrong")) { row.classList.remove("wrong"); }
    for (const fault of document.querySelectorAll(".fault, main > .trouble:not(#lost)")) { fault.remove(); }
    for (const row of form.querySelectorAll("[data-id]")) { row.classList.toggle("passed", kept.hidden.includes(row.dataset.id)); }
    const told = document.querySelector("#saved span");
    told.textContent = told.dataset.say.replace("{so}", kept.saved);
    told.parentNode.hidden = false;
    document.getElementById("forms").textContent = kept.forms;
    window.scrollTo(0, 0);
    fields()[0].focus({ preventScroll: true });
  };
  form.addEventListener("submit", async (event) => {
    if (!form.dataset.stay) { save.disabled = true; return; }
    event.preventDefault();
    if (asking) { return; }
    const lost = document.getElementById("lost");
    let kept = false;
    try {
      asking = send();
      kept = await asking;
      lost.hidden = true;
    } catch { lost.hidden = false; held = []; return; } finally { asking = null; }
    // What is wrong the page itself says best.
    if (!kept) { sending = true; form.submit(); return; }
    clear(kept);
    const keys = held;
    held = [];
    for (const key of keys) { await press(key); }
  });
  window.addEventListener("pageshow", () => { save.disabled = false; sending = false; });
  // Whoever leaves in the middle is asked first: nothing of a form is kept until it is saved.
  const begun = () => [...form.querySelectorAll(".row input")].some((field) => field.value !== (form.dataset.stay ? "" : field.defaultValue));
  form.addEventListener("submit", () => { sending = !form.dataset.stay; });
  window.addEventListener("beforeunload", (event) => { if (!sending && begun()) { event.preventDefault(); } });
  // The legend of the open question is not to lie behind the bar at the foot of a phone.
  form.addEventListener("focusin", (event) => { event.target.closest(".row")?.scrollIntoView({ block: "nearest" }); });
  for (const field of form.querySelectorAll(".row input")) { echo(field); }
  // A key pressed before the browser comes to autofocus would be lost.
  if (document.activeElement === document.body) { (form.querySelector("[autofocus]") ?? fields()[0]).focus(); }
  // What was pressed before this script ran.
  const early = document.activeElement;
  if (early.form === form && early.matches("input") && early.value !== early.defaultValue) { typed(early); }
})();
