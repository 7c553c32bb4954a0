// What is typed and not saved yet stays with the tab until the server has it; without this the forms work as ever.
"use strict";
(() => {
  const forms = [...document.querySelectorAll("form[data-unsaved]")];
  const said = document.getElementById("restored");
  if (!forms.length || !said) { return; }
  const done = new URLSearchParams(location.search).get("xong");
  // A page that is loaded again later must not take its old "saved" for a new one.
  if (done) { history.replaceState(null, "", location.pathname + location.hash); }
  const plain = (text) => text.normalize("NFC").replace(/\r\n?/g, "\n").trim();
  const dirty = new Set();
  let leaving = null;

  for (const form of forms) {
    const place = (field) => `unsaved:${form.dataset.unsaved}:${field.name}`;
    // Beside which words and figures it was typed: the server then knows whether another officer wrote meanwhile.
    const beside = (field) => ["s.", "d."].map((kind) => form.elements.namedItem(kind + field.name.slice(2))).filter(Boolean);
    const keep = (field, sent = false) => {
      const entry = { text: field.value, beside: beside(field).map((one) => one.value), sent };
      try { sessionStorage.setItem(place(field), JSON.stringify(entry)); } catch { /* full or forbidden: as without */ }
      dirty.add(field);
    };
    const drop = (field) => {
      try { sessionStorage.removeItem(place(field)); } catch { /* nothing was kept */ }
      dirty.delete(field);
    };
    const kept = (field) => {
      try { return JSON.parse(sessionStorage.getItem(place(field))); } catch { return null; }
    };

    for (const field of form.querySelectorAll("textarea")) {
      const entry = kept(field);
      if (field.dataset.typed !== undefined) {
        keep(field);
      } else if (entry && ((entry.sent && form.dataset.done.split(" ").includes(done)) || plain(entry.text) === plain(field.defaultValue))) {
        drop(field);
      } else if (entry) {
        field.value = entry.text;
        beside(field).forEach((one, at) => { one.value = entry.beside[at] ?? one.value; });
        const line = said.cloneNode(true);
        line.removeAttribute("id");
        line.removeAttribute("role");
        line.hidden = false;
        field.after(line);
        said.hidden = false;
        for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) { box.open = true; }
        keep(field);
      }
      field.addEventListener("input", () => {
        if (field.dataset.typed === undefined && plain(field.value) === plain(field.defaultValue)) { drop(field); } else { keep(field); }
      });
    }
    form.addEventListener("submit", () => {
      leaving = form;
      for (const field of dirty) { if (field.form === form) { keep(field, true); } }
    });
  }
  // Only what the form that is being sent does not carry along is asked about.
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((field) => field.form !== leaving)) { event.preventDefault(); event.returnValue = ""; }
  });
  window.addEventListener("pageshow", () => { leaving = null; });
})();
