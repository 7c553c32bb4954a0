// Who has the same case open, while this page is.
"use strict";
(() => {
  const place = document.querySelector("[data-here]");
  if (!place) return;
  const words = place.querySelector("span");
  document.addEventListener("luong:presence", (event) => {
    const who = (event.detail && event.detail.who) || [];
    const said = who.map(([name, minutes]) =>
      (minutes < 1 ? place.dataset.now : place.dataset.ago).replace("{name}", name).replace("{n}", minutes));
    place.hidden = !said.length;
    if (said.length) {
      const text = `${said.join("; ")}. ${place.dataset.more}`;
      if (words.textContent !== text) words.textContent = text;
    }
  });
})();
