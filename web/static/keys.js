// Shortcuts of officers' pages. None while somebody types; all can be switched off in the sheet that "?" opens.
"use strict";
(() => {
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  const kept = "phim-tat";
  const read = () => { try { return localStorage.getItem(kept) !== "khong"; } catch { return true; } };
  let on = read();
  let going = 0;

  for (const box of document.querySelectorAll("[data-keys-on]")) {
    box.closest("[hidden]")?.removeAttribute("hidden");
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      try { localStorage.setItem(kept, on ? "co" : "khong"); } catch { /* asked again on the next page */ }
    });
  }
  for (const opener of document.querySelectorAll("[data-keys-open]")) {
    opener.addEventListener("click", (event) => { event.preventDefault(); sheet.showModal(); });
  }
  sheet.querySelector("[data-keys-close]")?.addEventListener("click", () => sheet.close());
  if (location.hash === "#find") document.getElementById("find")?.focus();

  const typing = (target) => target instanceof HTMLElement
    && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
  const step = (by) => {
    const cards = [...document.querySelectorAll("[data-queue] a.card")];
    if (!cards.length) return false;
    const at = cards.indexOf(document.activeElement);
    const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const find = () => {
    const field = document.getElementById("find");
    if (field) { field.focus(); field.select(); } else { location.assign("/can-bo/#find"); }
    return true;
  };
  const go = (key) => {
    const line = sheet.querySelector(`[data-go="${CSS.escape(key)}"]`);
    if (!line) return false;
    location.assign(line.dataset.address);
    return true;
  };
  const inQueue = () => document.activeElement?.matches("[data-queue] a.card");
  const does = {
    "j": () => step(1),
    "k": () => step(-1),
    "ArrowDown": () => inQueue() && step(1),
    "ArrowUp": () => inQueue() && step(-1),
    "/": find,
    "?": () => { sheet.showModal(); return true; },
    "g": () => { going = Date.now(); return true; },
  };
  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "g") return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const second = going && Date.now() - going < 1500;
    going = 0;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (second ? go(key) : Object.hasOwn(does, key) && does[key]()) event.preventDefault();
  });
})();
