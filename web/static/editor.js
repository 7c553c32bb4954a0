// The bubble beside the form says what is being typed; kept is only what is sent.
"use strict";
for (const field of document.querySelectorAll("[data-mirror]")) {
  const bubble = document.getElementById(field.dataset.mirror);
  const text = bubble && bubble.querySelector(".line-text");
  if (!text) continue;
  bubble.scrollIntoView({ block: "nearest" });
  field.addEventListener("input", () => { text.textContent = field.value; });
}
